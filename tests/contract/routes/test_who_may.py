"""Each route is answered as the tables say, to everybody; who is refused has changed nothing."""

from typing import Any

import pytest

from accounts.models import (
    AccessKey,
    AccessToken,
    Invitation,
    Login,
    Notice,
    Organization,
    PolicyBook,
    Request,
    User,
)  # fmt: skip
from apps.models import App, AppCode, AppGrant, AppSecret, Gateway, GatewayGrant, GatewaySecret
from cities.models import City, CityGrant, Transfer
from projects.models import Project, ProjectGrant, ProjectSecret
from tests.contract.routes import apig, apps, keystone, projects, xdua
from tests.contract.routes.calls import SCENES, forms_of, prepare
from tests.contract.routes.routes import heads, routes
from tests.contract.routes.table import route_of, writes
from tests.contract.routes.who import PEOPLE, Stage, undone

NATIVE = apps.EVERY
TABLE = NATIVE | xdua.TABLE
# What a caller may not is told by what they send: then a stale version is told before.
BY_WHAT_IS_SENT = ("banned", "the-limit")
# So is what an operator may not: all but the owner's own.
BY_WHAT_IS_OWN = ("the-switch", "its-secret", "to-another")
WRITES = [head for head in NATIVE if writes(head)]
MODELS: tuple[Any, ...] = (
    AccessKey, AccessToken, App, AppCode, AppGrant, AppSecret, City, CityGrant, Gateway, GatewayGrant, GatewaySecret,
    Invitation, Login, Notice, Organization, PolicyBook, Project, ProjectGrant, ProjectSecret, Request, Transfer, User,
)  # fmt: skip
# Links of the chain: of these one, the city, is enough where it is told before something else.
LINKS = {"zone", "corp", "shop", "user", "token", "login"}
# Why, in the words of either dialect, for those of whom there is but one reason.
CHAIN = {"chain_closed", "ChainNotEnabled"}
REASONS = {
    "anonymous": {"token_missing", "TokenMissing"},
    "color": {"wrong_color", "WrongColor"},
    "audience": {"wrong_audience", "WrongAudience"},
    **dict.fromkeys(("city", "zone", "corp", "shop"), CHAIN),
    "user": {"user_disabled", "UserDisabled"},
    "token": {"token_disabled", "TokenDisabled"},
    "login": {"login_disabled", "LoginDisabled"},
}


def test_every_route_has_its_rows() -> None:
    every = TABLE | projects.CLOUDROOM
    assert {route_of(head) for head in every | keystone.TABLE | apig.TABLE | apig.DEVLTMPL} == heads()
    assert set(SCENES) == set(every)
    assert set(keystone.SCENES) == set(keystone.TABLE)


@pytest.mark.parametrize("head", TABLE)
def test_everybody_is_answered_as_the_table_says(head: str, stage: Stage) -> None:
    row = TABLE[head]
    for form in forms_of(head):
        answered = {who: answer(stage, who, head, form, is_good=row["owner"] < 400) for who in PEOPLE}
        assert answered == row, form


@pytest.mark.parametrize("head", WRITES)
def test_only_who_may_is_told_that_a_version_is_stale(head: str, stage: Stage) -> None:
    row = {who: status for who, status in NATIVE[head].items() if who not in LINKS}
    # What stands in the way of who may is told after it.
    expected = {who: 412 if status < 400 or status == 409 else status for who, status in row.items()}
    if head.endswith(BY_WHAT_IS_SENT):
        expected |= {who: 412 for who in ("owner", "color", "audience") if row[who] == row["owner"]}
    if head.endswith(BY_WHAT_IS_OWN):
        expected["operator"] = 412
    is_good = expected["owner"] == 412
    answered = {who: answer(stage, who, head, is_good=is_good, If_Match='"0.0.0"') for who in row}
    assert answered == expected


@pytest.mark.parametrize("head", projects.CLOUDROOM)
def test_a_person_is_no_company(head: str, stage: Stage) -> None:
    for who, status in projects.CLOUDROOM[head].items():
        with undone():
            caller = PEOPLE[who](stage)
            call, _ = prepare(head, stage, caller)
            before = things()
            answered = call.send(caller)
            assert (answered.status, answered.body["RspCode"]) == (status, "4"), who
            assert things() == before


def test_what_a_route_has_no_row_for_is_no_method_of_it(stage: Stage) -> None:
    known = {path: {method for each, method in routes() if each == path} for path, _ in routes()}
    for path, methods in known.items():
        if not path.startswith("/api/v1/"):
            continue
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - methods:
            answered = stage.cast.alice.call(method, path.replace("{id}", stage.cast.city.key))
            assert answered.status == 405, (method, path)
            assert set(answered.headers["Allow"].split(", ")) - {"HEAD"} == methods


def answer(stage: Stage, who: str, head: str, form: str = "", *, is_good: bool, **headers: str) -> int:
    """The status for one of the people, on things of their own; all is then as if it had not been."""
    with undone():
        caller = PEOPLE[who](stage)
        call, _ = prepare(head, stage, caller, form)
        before = things()
        answered = call.send(caller, **headers)
        if answered.status >= 400 or not writes(head):
            assert things() == before, f"{who} has changed something"
        else:
            assert things() != before, f"for {who} nothing was to be done"
        if answered.status in (401, 403) and who in REASONS and head != "POST /login":
            told = answered.body.get("code") or answered.body.get("reason")
            assert told in REASONS[who] or (who in ("color", "audience") and not is_good), (who, told)
        return answered.status


def things() -> list[Any]:
    """All that calls can change, but for the trail and what is counted."""
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS]
