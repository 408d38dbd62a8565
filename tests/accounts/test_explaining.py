"""What would happen, told without doing it: each row of the table is also called, and is answered as it was told."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_TOKEN
from accounts.models import AccessToken, AuditEvent, User
from accounts.people import services, tokens
from accounts.people.explaining import Explanation, explain
from cities.models import City
from config.kernel import registry
from config.kernel.errors import Invalid
from config.kernel.states import Verb
from tests.accounts.test_policy_door import close, make_shop
from tests.cast import Caller, Cast
from tests.factories import do, make_city, make_gateway, make_project, make_token
from tests.policies import CLOSED, override

pytestmark = pytest.mark.django_db
LINKS = ("city", "zone", "corp", "shop", "user", "token", "login")
STEPS = ["credential", "enable", "https", *(f"chain: {link}" for link in LINKS), "color", "audience", "shop"]
OF_THE_THING = ["visible", "permitted", "scope", "state"]


def told(user: User | None, row: str, thing: str = "", text: str = "") -> Explanation:
    """Of a person in a session, or with the token of a text."""
    policy = registry.find_policy(row)
    assert policy is not None
    assert user is not None
    token = AccessToken.objects.get(digest=tokens.digest_of(text)) if text else None
    now = timezone.now()
    found = tokens.find_by_id(token.key, now) if token is not None else None
    return explain(user, found, policy, thing, now=now)


def refusal(explanation: Explanation) -> tuple[str, str] | None:
    step = explanation.refusal
    return (step.name, str(step.error.code)) if step is not None and step.error is not None else None


# Who, with a token of which reach, which verb: what would refuse, and with which code.
CASES: list[tuple[str, dict[str, Any], str, tuple[str, str] | None]] = [
    ("alice", {}, "GET", None),
    ("alice", {}, "OFF", None),
    ("alice", {}, "PUB", None),
    ("alice", {}, "RCC", ("permitted", "forbidden")),
    ("alice", {}, "DEL", None),
    ("vera", {}, "GET", None),
    ("vera", {}, "OFF", ("permitted", "forbidden")),
    ("oscar", {}, "DOL", ("permitted", "forbidden")),
    ("charlie", {}, "GET", ("visible", "not_found")),
    ("charlie", {}, "DEL", ("visible", "not_found")),
    ("zoe", {}, "DIS", None),
    ("zoe", {}, "SET", ("permitted", "forbidden")),
    ("alice", {"scopes": ["read"]}, "OFF", ("scope", "out_of_scope")),
    ("alice", {"scopes": ["off"]}, "OFF", None),
    ("vera", {"scopes": ["read"]}, "OFF", ("permitted", "forbidden")),
    ("alice", {"cities": ["zzzzzzzz"]}, "GET", ("visible", "not_found")),
    ("alice", {"audience": "zzzzzzzz"}, "GET", ("chain: city", "chain_closed")),
]
NATIVE = {
    "GET": ("GET", ""), "OFF": ("POST", "/offline"), "PUB": ("POST", "/publish"), "RCC": ("POST", "/recycle"),
    "DOL": ("DELETE", ""), "DIS": ("POST", "/disable"), "SET": ("PATCH", ""),
}  # fmt: skip


@pytest.mark.parametrize(("who", "reach", "verb", "expected"), CASES)
def test_what_is_told_is_what_happens(cast: Cast, who: str, reach: Any, verb: str, expected: Any) -> None:
    user = getattr(cast, who).user
    text = make_token(user, **reach)
    name, thing = f"{verb.title()}State", f"city/{cast.city.key}"
    before = (list(City.objects.values()), AuditEvent.objects.count())
    explanation = told(user, name, thing, text)
    assert refusal(explanation) == expected
    assert [step.name for step in explanation.steps] == STEPS + OF_THE_THING
    assert (list(City.objects.values()), AuditEvent.objects.count()) == before, "nothing is done"
    if verb in NATIVE:
        method, tail = NATIVE[verb]
        answer = Caller(text).api(method, f"cities/{cast.city.key}{tail}", {} if method in ("POST", "PATCH") else None)
        assert (answer.body or {}).get("code") == (expected[1] if expected else None)


def test_after_the_first_refusal_the_others_are_still_told(cast: Cast) -> None:
    shop = make_shop()
    assert shop.parent is not None
    assert shop.parent.parent is not None
    close(shop.parent.parent)
    override("OffState", enable=CLOSED)
    text = make_token(cast.vera.user, shop=shop, scopes=["read"])  # type: ignore[arg-type]
    explanation = told(cast.vera.user, "OffState", f"city/{cast.city.key}", text)
    assert [step.name for step in explanation.steps if step.error is not None] == [
        "enable", "chain: zone", "color", "shop", "permitted",
    ]  # fmt: skip
    assert refusal(explanation) == ("enable", "api_not_supported")
    assert [step.name for step in explanation.steps if not step.is_asked] == ["scope"]


def test_a_session_has_no_token_to_be_short_of_anything(cast: Cast) -> None:
    explanation = told(cast.alice.user, "DelState", f"city/{cast.city.key}")
    assert refusal(explanation) is None
    assert all(step.is_passed for step in explanation.steps)


@pytest.mark.parametrize(("verbs", "verb", "code"), [
    ([Verb.DIS], "OFF", "wrong_state"), ([Verb.DIS], "DEL", "wrong_state"), ([Verb.DOL], "SET", "wrong_state"),
    ([Verb.OFF], "SET", None),
])  # fmt: skip
def test_the_state_is_the_last_to_refuse(cast: Cast, verbs: list[Verb], verb: str, code: str | None) -> None:
    assert cast.alice.user is not None
    for each in verbs:
        do(cast.city, each, Actor.system())
    found = refusal(told(cast.alice.user, f"{verb.title()}State", f"city/{cast.city.key}"))
    assert found == (("state", code) if code else None)


def test_a_dead_credential_is_told_first(cast: Cast) -> None:
    assert cast.alice.user is not None
    row = AccessToken.objects.get(digest=tokens.digest_of(cast.alice.token))
    services.switch(ACCESS_TOKEN, row, Verb.DIS, by=Actor.system())
    explanation = told(cast.alice.user, "QriState", "", cast.alice.token)
    assert refusal(explanation) == ("credential", "token_disabled")
    assert [step.name for step in explanation.steps if step.error is not None] == ["credential", "chain: token"]


@pytest.mark.parametrize(("who", "row", "expected"), [
    ("alice", "QriState", None), ("alice", "QryState", ("permitted", "forbidden")), ("root", "QryState", None),
    ("alice", "AddState", None), ("alice", "QriBin", None), ("alice", "GetPolicy", None),
])  # fmt: skip
def test_a_verb_of_no_thing_is_told_too(cast: Cast, who: str, row: str, expected: Any) -> None:
    assert refusal(told(getattr(cast, who).user, row)) == expected


def test_what_is_made_in_something_and_what_is_no_lifecycles_is_asked_of_its_service(cast: Cast) -> None:
    alice = cast.alice.user
    assert alice is not None
    city = make_city(alice, "Tram_City")
    project = make_project(alice, city=city.key)
    gateway = make_gateway(alice, project)
    for row, thing in (
        ("AddGateway", f"project/{project.key}"), ("AddApp", f"gateway/{gateway.key}"),
        ("RotateGateway", f"gateway/{gateway.key}"), ("RotateProject", f"project/{project.key}"),
        ("ShareGrant", f"city/{city.key}"),
    ):  # fmt: skip
        assert refusal(told(alice, row, thing)) is None, row
        assert refusal(told(cast.charlie.user, row, thing)) == ("visible", "not_found"), row
        assert refusal(told(cast.zoe.user, row, thing)) == ("permitted", "forbidden"), row
    do(city, Verb.DIS, Actor.system())
    assert refusal(told(alice, "RotateGateway", f"gateway/{gateway.key}")) == ("state", "wrong_state")


@pytest.mark.parametrize(("row", "thing"), [
    ("DisState", "project/zzzzzzzzzz"), ("DisState", "city"), ("DisState", "policy/x"), ("QriBin", "city/zzzzzzzz"),
    ("AddState", "project/zzzzzzzzzz"),
])  # fmt: skip
def test_a_thing_of_another_kind_is_refused(cast: Cast, row: str, thing: str) -> None:
    with pytest.raises(Invalid) as refused:
        told(cast.alice.user, row, thing)
    assert refused.value.field == "thing"
