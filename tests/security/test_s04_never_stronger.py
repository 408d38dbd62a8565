"""S4: a credential never makes a stronger one; and it reaches no further than was said at its making."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.lifecycle import ACCESS_TOKEN, USER
from accounts.models import AccessToken, Organization, User
from accounts.people import credentials, services
from config.kernel.errors import Code, DomainError
from config.kernel.states import Verb
from tests.cast import Answer, Caller, Cast
from tests.factories import make_city, make_token

CREDENTIALS = "credentials"
DAY = "2031-03-05T12:00:00Z"


@pytest.fixture
def alice(cast: Cast) -> User:
    assert cast.alice.user is not None
    return cast.alice.user


def make(maker: Caller, **given: Any) -> Answer:
    return maker.api("POST", "tokens", {"name": "made"} | given)


def refused(answer: Answer, field: str) -> bool:
    if answer.status == 201:
        return False
    pointers = [fault["pointer"] for fault in answer.body["errors"]]
    assert (answer.status, answer.code, pointers) == (403, "exceeds_maker", [f"#/{field}"])
    return True


# The maker's scopes; what is asked for; may it be had?
SCOPES = [
    (["read", "verbs", CREDENTIALS], ["read", "verbs", CREDENTIALS], True),
    (["read", "verbs", CREDENTIALS], ["get", "share"], True),
    (["read", CREDENTIALS], ["read"], True),
    (["read", CREDENTIALS], ["get", "qri"], True),
    (["read", CREDENTIALS], ["set"], False),
    (["read", CREDENTIALS], ["verbs"], False),
    (["read", CREDENTIALS], ["read", "verbs"], False),
    (["verbs", CREDENTIALS], ["read"], False),
    (["verbs", CREDENTIALS], ["get"], False),
    (["verbs", CREDENTIALS], ["dol", "share"], True),
    (["get", CREDENTIALS], ["get"], True),
    (["get", CREDENTIALS], ["get", CREDENTIALS], True),
    (["get", CREDENTIALS], ["read"], False),
    (["get", CREDENTIALS], ["git"], False),
    (["set", CREDENTIALS], ["verbs"], False),
    ([CREDENTIALS], [CREDENTIALS], True),
    ([CREDENTIALS], ["get"], False),
]


@pytest.mark.parametrize(("own", "wanted", "may"), SCOPES)
def test_no_scope_is_made_that_the_maker_has_not(alice: User, own: list[str], wanted: list[str], may: bool) -> None:
    answer = make(Caller(make_token(alice, scopes=own)), scopes=wanted)
    assert refused(answer, "scopes") is not may
    if may:
        assert answer.body["scopes"] == wanted


@pytest.mark.parametrize("path", ["tokens", "access-keys"])
@pytest.mark.parametrize("own", [["read", "verbs"], ["read"], ["add", "set", "get"]])
def test_without_the_scope_credentials_nothing_is_made(alice: User, own: list[str], path: str) -> None:
    answer = Caller(make_token(alice, scopes=own)).api("POST", path, {"name": "made", "scopes": ["get"]})
    assert (answer.status, answer.code) == (403, "out_of_scope")
    assert answer.body["detail"] == "This access token does not have the scope credentials."


def test_what_is_left_out_is_the_makers_without_credentials(cast: Cast, alice: User) -> None:
    ends_at = timezone.now() + timedelta(days=2)
    reach = {"cities": (cast.city.key,), "addresses": ("127.0.0.0/8",), "ends_at": ends_at, "audience": cast.city.key}
    maker = Caller(make_token(alice, scopes=["get", "set", CREDENTIALS], **reach))
    body = make(maker).body
    assert (body["scopes"], body["cities"], body["addresses"]) == (["get", "set"], [cast.city.key], ["127.0.0.0/8"])
    assert (body["audience"], body["shop"]) == (cast.city.key, "XdUaXduA")
    assert body["expires_at"] == ends_at.isoformat().replace("+00:00", "Z")
    assert make(Caller(body["token"])).code == "out_of_scope"
    only = Caller(make_token(alice, scopes=[CREDENTIALS]))
    assert make(only).body["errors"][0] | {"detail": ""} == {"pointer": "#/scopes", "code": "required", "detail": ""}


# The maker's addresses; what is asked for; may it be had?
ADDRESSES = [
    ([], ["10.0.0.0/8"], True),
    ([], [], True),
    (["127.0.0.0/8"], ["127.0.0.1"], True),
    (["127.0.0.0/8"], ["127.0.0.0/8"], True),
    (["127.0.0.0/8"], ["127.64.0.0/10", "127.0.0.1/32"], True),
    (["127.0.0.0/8"], [], False),
    (["127.0.0.0/8"], ["126.0.0.0/7"], False),
    (["127.0.0.0/8"], ["0.0.0.0/0"], False),
    (["127.0.0.0/8"], ["127.0.0.1", "128.0.0.1"], False),
    (["127.0.0.0/8"], ["::/0"], False),
    (["127.0.0.0/8"], ["::1"], False),
    (["127.0.0.0/8"], ["::ffff:127.0.0.0/104"], False),
    (["127.0.0.1", "::1"], ["::1"], True),
    (["127.0.0.1", "2001:db8::/32"], ["2001:db8:1::/48"], True),
    (["127.0.0.1", "2001:db8::/32"], ["2001:db9::/48"], False),
    (["127.0.0.1", "2001:db8::/32"], ["0.0.0.0/0"], False),
]


@pytest.mark.parametrize(("own", "wanted", "may"), ADDRESSES)
def test_no_address_is_let_in_that_the_maker_is_not(alice: User, own: list[str], wanted: list[str], may: bool) -> None:
    answer = make(Caller(make_token(alice, addresses=own)), addresses=wanted)
    assert refused(answer, "addresses") is not may


def test_no_city_is_reached_that_the_maker_does_not_reach(cast: Cast, alice: User) -> None:
    first, second = cast.city.key, make_city(alice, "Second_City").key
    bound = Caller(make_token(alice, cities=[first]))
    assert make(bound, cities=[first]).status == 201
    for wanted in ([], [second], [first, second], ["zzzzzzzz"]):
        assert refused(make(bound, cities=wanted), "cities")
    free = make(cast.alice, cities=[first, second, first])
    assert free.body["cities"] == [first, second]


def test_a_city_that_is_hidden_is_as_unknown_as_one_that_is_not(cast: Cast) -> None:
    hidden, absent = (make(cast.charlie, cities=[key]) for key in (cast.city.key, "zzzzzzzz"))
    for answer in (hidden, absent):
        assert (answer.status, answer.body.pop("request_id") != "") == (422, True)
    assert hidden.body == absent.body
    assert hidden.body["errors"][0]["detail"] == "cities must be one of ids of cities that you can see."


@pytest.mark.parametrize(
    ("wanted", "may"),
    [("2031-03-05T12:00:00Z", True), ("2031-03-05T11:59:59Z", True), ("2031-03-05T12:00:01Z", False), (None, False)],
)
def test_it_ends_no_later_than_its_maker(alice: User, wanted: str | None, may: bool) -> None:
    with time_machine.travel("2031-03-04T12:00:00+00:00", tick=False) as clock:
        end = timezone.now() + timedelta(days=1)
        answer = make(Caller(make_token(alice, ends_at=end)), expires_at=wanted)
        assert refused(answer, "expires_at") is not may
        if may:
            clock.shift(timedelta(days=1))
            assert Caller(answer.body["token"]).api("GET", "me").code == "token_expired"


def test_another_audience_and_shop_only_from_the_platforms_own(cast: Cast, alice: User) -> None:
    corp = alice.corp
    shop = Organization(kind="shop", name="shop", parent=corp, created_at=corp.created_at, updated_at=corp.updated_at)
    shop.save()
    made = make(cast.alice, audience=cast.city.key, shop=shop.key, scopes=["read", "verbs", CREDENTIALS])
    assert (made.status, made.body["audience"], made.body["shop"]) == (201, cast.city.key, shop.key)
    narrow = Caller(made.body["token"])
    assert narrow.api("GET", "me").status == 200
    assert (make(narrow).body["audience"], make(narrow).body["shop"]) == (cast.city.key, shop.key)
    assert refused(make(narrow, audience="ConsoleX"), "audience")
    assert refused(make(narrow, shop="XdUaXduA"), "shop")


def test_a_maker_that_was_ended_or_disabled_meanwhile_makes_nothing(cast: Cast, alice: User) -> None:
    """What is read after the door has let the maker in is read before its row is locked."""
    for table, verb, code in (
        (ACCESS_TOKEN, Verb.DIS, Code.TOKEN_DISABLED),
        (ACCESS_TOKEN, Verb.DEL, Code.TOKEN_DISABLED),
        (USER, Verb.DIS, Code.USER_DISABLED),
    ):
        make_token(alice)
        token = AccessToken.objects.select_related("user__corp", "shop").latest("id")
        by = Actor(timezone.now(), Door.NATIVE, alice, token, proved_at=timezone.now())
        row = token if table is ACCESS_TOKEN else alice

        def meanwhile(table: Any = table, row: Any = row, verb: Verb = verb) -> dict[str, Any]:
            services.switch(table, row, verb, by=Actor.system())
            return {"name": "made"}

        before = AccessToken.objects.count()
        with pytest.raises(DomainError) as raised:
            credentials.make(ACCESS_TOKEN, by=by, read=meanwhile)
        assert (raised.value.code, AccessToken.objects.count()) == (code, before)


@pytest.mark.parametrize(
    ("allowed", "address", "may"),
    [
        (["192.0.2.0/24"], "192.0.2.7", True),
        (["192.0.2.0/24"], "192.0.3.7", False),
        (["192.0.2.7"], "192.0.2.8", False),
        (["192.0.2.0/24"], "::ffff:192.0.2.7", True),
        (["192.0.2.0/24"], "2001:db8::1", False),
        (["2001:db8::/32", "192.0.2.7"], "2001:db8::1", True),
        (["192.0.2.0/24"], "", False),
    ],
)
def test_it_serves_from_its_addresses_alone_at_every_door(
    cast: Cast, alice: User, allowed: list[str], address: str, may: bool
) -> None:
    text = make_token(alice, addresses=allowed)
    caller = Caller(text, client=Client(REMOTE_ADDR=address, raise_request_exception=False))
    native, xdua = caller.api("GET", f"cities/{cast.city.key}"), caller.verb("GET", cast.city.key)
    assert (native.status, xdua.status) == ((200, 200) if may else (403, 403))
    if not may:
        assert (native.code, xdua.reason) == ("address_not_allowed", "AddressNotAllowed")
        spoofed = caller.api("GET", "me", X_Forwarded_For=allowed[0].partition("/")[0])
        assert spoofed.code == "address_not_allowed"
