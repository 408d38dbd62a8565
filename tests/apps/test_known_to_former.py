"""S9: a live secret that was shown to somebody who is no operator today is marked so, where secrets are read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import User
from accounts.people import companies, services
from apps.models import App, AppCode, AppSecret
from apps.services import codes, gateways
from cities.models import CityGrant
from config.kernel.roles import Share
from config.kernel.states import Verb
from projects.models import ProjectSecret
from tests.cast import Caller, Cast, Company
from tests.factories import actor, make_app, make_gateway, make_project, make_token, make_user, share
from tests.site.console import Browser

HOUR = 3600


@pytest.fixture
def app(cast: Cast) -> App:
    """alice's, with a secret of her making, in her city, which oscar operates and vera views."""
    project = make_project(user(cast.alice), city=cast.city.key)
    return make_app(make_gateway(user(cast.alice), project), user(cast.alice))[0]


def user(caller: Caller) -> User:
    assert caller.user is not None
    return caller.user


def rotate(caller: Caller, path: str) -> int:
    done = caller.api("POST", f"{path}/rotate", {"grace_seconds": HOUR})
    assert done.status == 200, done.body
    return int(done.body["secret"]["n"])


def marked(caller: Caller, path: str) -> list[int]:
    """Of a thing's secrets, as this caller reads them, the numbers of those with the mark."""
    found = caller.api("GET", f"{path}/secrets")
    assert found.status == 200, found.body
    return [each["n"] for each in found.body["results"] if each["known_to_former"]]


def make_code(caller: Caller, app: App) -> str:
    made = caller.api("POST", f"apps/{app.key}/codes", {})
    assert (made.status, made.body["known_to_former"]) == (201, False)
    return str(made.body["id"])


def marked_codes(caller: Caller, app: App) -> list[str]:
    shown = caller.api("GET", f"apps/{app.key}/codes").body["results"]
    return [each["id"] for each in shown if each["known_to_former"]]


def grant(caller: Caller, thing: str, to: User, **given: Any) -> str:
    """A grant of an operator's share; its id."""
    made = caller.api("POST", "grants", {"thing": thing, "user": to.key, "role": "operator"} | given)
    assert made.status == 201, made.body
    return str(made.body["id"])


def withdraw(cast: Cast) -> None:
    """What oscar has on the city."""
    grant = CityGrant.objects.get(user=cast.oscar.user)
    assert cast.alice.api("DELETE", f"grants/{grant.key}").status == 204


# ── grants ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("on", ["app", "gateway", "project", "city"])
def test_a_grant_that_is_taken_away_marks_what_its_holder_was_shown(cast: Cast, app: App, on: str) -> None:
    """On the thing itself, and on each that stands above."""
    things = {
        "app": f"app/{app.key}",
        "gateway": f"gateway/{app.gateway.key}",
        "project": f"project/{app.gateway.project.key}",
        "city": f"city/{cast.city.key}",
    }
    path, given = f"apps/{app.key}", grant(cast.alice, things[on], user(cast.charlie))
    number, code = rotate(cast.charlie, path), make_code(cast.charlie, app)
    assert (marked(cast.alice, path), marked_codes(cast.alice, app)) == ([], [])
    assert marked(cast.charlie, path) == []
    assert cast.alice.api("DELETE", f"grants/{given}").status == 204
    for caller in (cast.alice, cast.oscar, cast.vera, cast.zoe):
        assert (marked(caller, path), marked_codes(caller, app)) == ([number], [code])
    assert cast.alice.api("GET", f"apps/{app.key}/codes/{code}").body["known_to_former"] is True


def test_a_grant_that_has_ended_marks(cast: Cast, app: App) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ends = timezone.now() + timedelta(seconds=60)
        grant(cast.alice, f"app/{app.key}", user(cast.charlie), expires_at=ends.isoformat())
        number = rotate(cast.charlie, f"apps/{app.key}")
        clock.shift(timedelta(seconds=59))
        assert marked(cast.alice, f"apps/{app.key}") == []
        clock.shift(timedelta(seconds=1))
        assert marked(cast.alice, f"apps/{app.key}") == [number]


def test_a_role_that_is_lowered_marks_and_given_back_it_does_not(cast: Cast, app: App) -> None:
    path, city = f"apps/{app.key}", CityGrant.objects.get(user=cast.oscar.user)
    number, code = rotate(cast.oscar, path), make_code(cast.oscar, app)
    cast.alice.api("PATCH", f"grants/{city.key}", {"role": "viewer"})
    assert (marked(cast.alice, path), marked_codes(cast.alice, app)) == ([number], [code])
    assert (marked(cast.oscar, path), marked_codes(cast.oscar, app)) == ([number], [code]), "to themselves, too"
    cast.alice.api("PATCH", f"grants/{city.key}", {"role": "operator"})
    assert (marked(cast.alice, path), marked_codes(cast.alice, app)) == ([], [])


def test_the_keys_of_a_gateway_that_a_former_operator_has_made_are_marked(cast: Cast, app: App) -> None:
    project = app.gateway.project.key
    made = cast.oscar.api("POST", "gateways", {"project": project, "name": "Oscars_Gate"})
    path = f"gateways/{made.body['id']}"
    assert marked(cast.alice, path) == []
    withdraw(cast)
    assert marked(cast.alice, path) == [1]
    number = rotate(cast.alice, path)
    assert marked(cast.alice, path) == [1]
    assert cast.alice.api("DELETE", f"{path}/secrets/1").status == 204
    assert (number, marked(cast.alice, path)) == (2, [])


def test_what_is_good_no_more_is_not_marked(cast: Cast, app: App) -> None:
    path = f"apps/{app.key}"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        rotate(cast.oscar, path)
        code = make_code(cast.oscar, app)
        assert cast.alice.api("DELETE", f"{path}/secrets/2").status == 204
        rotate(cast.oscar, path)
        withdraw(cast)
        assert marked(cast.alice, path) == [3], "2 was shown to them, too"
        assert cast.alice.api("DELETE", f"{path}/secrets/1").status == 204
        rotate(cast.alice, path)
        assert marked(cast.alice, path) == [3]
        clock.shift(timedelta(seconds=HOUR))
        assert marked(cast.alice, path) == []
    cast.alice.api("DELETE", f"{path}/codes/{code}")
    assert marked_codes(cast.alice, app) == []


def test_a_transfer_marks_what_those_were_shown_whose_grants_end_with_it(cast: Cast, app: App) -> None:
    path, given = f"apps/{app.key}", grant(cast.alice, f"app/{app.key}", user(cast.charlie))
    hers, his = rotate(cast.oscar, path), make_code(cast.charlie, app)
    assert given
    assert (marked(cast.alice, path), marked_codes(cast.alice, app)) == ([], [])
    dora = make_user("dora")
    taker = Caller(make_token(dora), dora)
    offered = cast.alice.api("POST", f"cities/{cast.city.key}/transfer", {"user": dora.key})
    assert (offered.status, marked(cast.alice, path)) == (201, [])
    assert taker.api("POST", f"cities/{cast.city.key}/transfer/accept").status == 200
    for caller in (cast.alice, taker, cast.zoe):
        assert (marked(caller, path), marked_codes(caller, app)) == ([hers], [his])
    for caller in (cast.oscar, cast.charlie):
        assert caller.api("GET", f"{path}/secrets").status == 404


# ── people and companies ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_owners_own_are_never_marked(cast: Cast, app: App) -> None:
    for path in (f"apps/{app.key}", f"gateways/{app.gateway.key}", f"projects/{app.gateway.project.key}"):
        rotate(cast.alice, path)
        assert AppSecret.objects.filter(shown_to=user(cast.alice).key).exists()
        for caller in (cast.alice, cast.oscar, cast.vera, cast.zoe, cast.root):
            assert marked(caller, path) == []
    make_code(cast.alice, app)
    for caller in (cast.alice, cast.oscar):
        assert marked_codes(caller, app) == []


@pytest.fixture
def colleague(cast: Cast) -> Caller:
    """An admin of alice's company."""
    made = make_user("adam")
    User.objects.filter(pk=made.pk).update(corp=user(cast.alice).corp, is_corp_admin=True)
    made.refresh_from_db()
    return Caller(make_token(made), made)


@pytest.mark.parametrize("kind", ["apps", "gateways", "projects"])
def test_an_admin_of_the_company_who_is_one_no_more_is_marked(
    cast: Cast, app: App, colleague: Caller, kind: str
) -> None:
    keys = {"apps": app.key, "gateways": app.gateway.key, "projects": app.gateway.project.key}
    path = f"{kind}/{keys[kind]}"
    number = rotate(colleague, path)
    assert marked(cast.alice, path) == []
    people = User.objects.filter(pk=user(colleague).pk)
    people.update(is_corp_admin=False)
    assert marked(cast.alice, path) == [number], "a member views"
    people.update(is_corp_admin=True, corp=user(cast.charlie).corp)
    assert marked(cast.alice, path) == [number], "of another company"


def disable(person: User) -> None:
    services.switch(USER, person, Verb.DIS, by=Actor.system())


def remove(person: User) -> None:
    User.objects.filter(pk=person.pk).delete()


@pytest.mark.parametrize("gone", [disable, remove])
def test_who_is_not_there_any_more_is_marked(cast: Cast, app: App, gone: Callable[[User], None]) -> None:
    number, code = rotate(cast.oscar, f"apps/{app.key}"), make_code(cast.oscar, app)
    gone(user(cast.oscar))
    assert (marked(cast.alice, f"apps/{app.key}"), marked_codes(cast.alice, app)) == ([number], [code])


def test_a_company_is_never_marked(cast: Cast, app: App) -> None:
    corp, project = user(cast.alice).corp, app.gateway.project
    secret = companies.new_secret(corp, by=Actor.system())
    assert corp.comp_id is not None
    called = Company(corp.comp_id, secret).call("project/update/secret", OperateAppId=project.key)
    assert called.said[0] == "0"
    newest = ProjectSecret.objects.filter(holder=project).latest("number")
    assert newest.shown_to == f"corp:{corp.comp_id}"
    assert marked(cast.alice, f"projects/{project.key}") == []


def test_the_platform_is_never_marked(cast: Cast, app: App) -> None:
    gateways.rotate_key(app.gateway.key, by=Actor.system())
    codes.create_code(app.key, App.objects.with_chain(), by=Actor.system(), read=dict)
    assert AppCode.objects.get().shown_to == ""
    assert marked(cast.alice, f"gateways/{app.gateway.key}") == []
    assert marked_codes(cast.alice, app) == []


# ── what it costs ────────────────────────────────────────────────────────────────────────────────────────────────────


def cost(caller: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert caller.api("GET", path).status == 200
    return len(asked)


def test_more_secrets_of_the_same_people_cost_no_more_queries(cast: Cast, app: App) -> None:
    path = f"apps/{app.key}"
    own = cost(cast.alice, f"{path}/secrets")
    rotate(cast.oscar, path)
    few = cost(cast.alice, f"{path}/secrets")
    assert few == own + 2, "who oscar is, and what he has"
    for number in range(1, 9):
        assert cast.alice.api("DELETE", f"{path}/secrets/{number}").status == 204
        rotate(cast.oscar, path)
    assert cost(cast.alice, f"{path}/secrets") == few


def test_more_codes_of_the_same_people_cost_no_more_queries(cast: Cast, app: App) -> None:
    path = f"apps/{app.key}/codes"
    make_code(cast.alice, app)
    own = cost(cast.alice, path)
    make_code(cast.oscar, app)
    few = cost(cast.alice, path)
    assert few == own + 2
    for _ in range(3):
        make_code(cast.oscar, app)
    assert cost(cast.alice, path) == few
    assert cost(cast.alice, f"{path}?fields=id,hint") == own, "nobody has asked for it"


# ── the super-console ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "hint"),
    [("en", "seen by somebody without an operator's share in it"), ("zh-CN", "曾显示给现无操作者权限的人")],
)
def test_the_page_has_a_hint_of_it(cast: Cast, app: App, language: str, hint: str) -> None:
    page = f"/admin/apps/app/{app.key}/change/"
    rotate(cast.oscar, f"apps/{app.key}")
    zoon = Browser(cast.zoe.user, language)
    assert hint not in zoon.get(page).text
    withdraw(cast)
    assert zoon.get(page).text.count(hint) == 1
    share(cast.city, user(cast.oscar), Share.OPERATOR, by=actor(user(cast.alice)))
    make_code(cast.oscar, app)
    withdraw(cast)
    assert zoon.get(page).text.count(hint) == 2
