"""When a token and an access key were last used, and from where: told to whose they are, written behind."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.machine import usage
from accounts.models import AccessKey, AccessToken, AuditEvent
from tests.accounts.signing import send, sign
from tests.cast import Caller, Cast
from tests.factories import make_token
from tests.site.console import Browser

NOON, STAMP = "2031-03-04T12:00:00+00:00", "2031-03-04T12:00:00Z"
UNUSED = {"last_used_at": None, "last_used_ip": None}


@pytest.fixture
def clock(cast: Cast) -> Iterator[Any]:
    """It stands at noon."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def alice(clock: Any, cast: Cast) -> Caller:
    """She has just proved who she is."""
    assert cast.alice.user is not None
    return Caller(make_token(cast.alice.user), cast.alice.user)


@pytest.fixture
def token(alice: Caller) -> Any:
    """One of hers, that nobody has used."""
    return made(alice, "tokens", scopes=["read"])


@pytest.fixture
def key(alice: Caller) -> Any:
    return made(alice, "access-keys")


def made(alice: Caller, path: str, **given: Any) -> Any:
    answer = alice.api("POST", path, {"name": "ci", **given})
    assert answer.status == 201
    assert {name: answer.body[name] for name in UNUSED} == UNUSED
    usage.flush()
    return answer.body


def told(alice: Caller, path: str) -> dict[str, Any]:
    """What is told of it once all is written."""
    usage.flush()
    found = alice.api("GET", path).body
    listed = alice.api("GET", path.partition("/")[0]).body["results"]
    assert found in listed
    return {name: found[name] for name in UNUSED}


@pytest.mark.parametrize(
    "call",
    [
        lambda caller: caller.api("GET", "me"),
        lambda caller: caller.api("POST", "cities", {"name": "Beyond_its_scope"}),
        lambda caller: caller.api("GET", "cities/zzzzzzzz"),
        lambda caller: caller.verb("QRI"),
        lambda caller: Caller().call("GET", "/v3/projects", X_Auth_Token=caller.token),
    ],
    ids=["native", "out of scope", "not found", "XDUA", "Keystone"],
)
def test_a_token_that_was_let_in_was_used(token: Any, alice: Caller, call: Callable[[Caller], Any]) -> None:
    """At every door, and whatever came of the call."""
    call(Caller(token["token"]))
    assert told(alice, f"tokens/{token['id']}") == {"last_used_at": STAMP, "last_used_ip": "127.0.0.1"}


def test_a_key_that_has_signed_was_used(key: Any, alice: Caller) -> None:
    assert send(sign(key["ak"], "not its secret", "GET", "/v3/projects"), address="192.0.2.7").status == 401
    assert told(alice, f"access-keys/{key['ak']}") == UNUSED
    assert send(sign(key["ak"], key["sk"], "GET", "/v3/projects"), address="192.0.2.7").status == 200
    assert told(alice, f"access-keys/{key['ak']}") == {"last_used_at": STAMP, "last_used_ip": "192.0.2.7"}


@pytest.mark.parametrize("end", ["expired", "disabled", "elsewhere"])
def test_what_is_refused_at_the_door_was_not_used(end: str, clock: Any, alice: Caller) -> None:
    given = {"expired": {"expires_at": "2031-03-04T13:00:00Z"}, "elsewhere": {"addresses": ["192.0.2.0/24"]}}
    token = made(alice, "tokens", **given.get(end, {}))
    if end == "expired":
        clock.shift(timedelta(hours=2))
    if end == "disabled":
        alice.api("POST", f"tokens/{token['id']}/disable")
    assert Caller(token["token"]).api("GET", "me").status in (401, 403)
    assert told(alice, f"tokens/{token['id']}") == UNUSED


def test_the_pages_of_whose_it_is_are_no_use(token: Any, alice: Caller) -> None:
    Browser(alice.user).get(f"/console/tokens/{token['id']}")
    alice.api("PATCH", f"tokens/{token['id']}", {"name": "other"})
    assert told(alice, f"tokens/{token['id']}") == UNUSED


def test_a_use_is_no_change_of_it(token: Any, key: Any, alice: Caller, clock: Any) -> None:
    """No version goes up, no event is left, and who has read it before is not told that it is the same."""
    path, events = f"tokens/{token['id']}", AuditEvent.objects.count()
    before = alice.api("GET", path)
    clock.shift(timedelta(hours=1))
    Caller(token["token"]).api("GET", "me")
    send(sign(key["ak"], key["sk"], "GET", "/v3/projects"))
    usage.flush()
    after = alice.api("GET", path, If_None_Match=before.headers["ETag"])
    assert alice.api("GET", f"{path}?fields=id,name", If_None_Match=before.headers["ETag"]).status == 304
    used = [after.body["last_used_at"], alice.api("GET", f"access-keys/{key['ak']}").body["last_used_at"]]
    assert (after.status, before.body["last_used_at"], used) == (200, None, ["2031-03-04T13:00:00Z"] * 2)
    assert (after.body["version"], after.headers["ETag"]) == (1, before.headers["ETag"])
    assert AuditEvent.objects.count() == events
    for row in (AccessToken.objects.get(key=token["id"]), AccessKey.objects.get(key=key["ak"])):
        assert (row.version, row.updated_at.isoformat()) == (1, NOON)


def test_the_call_itself_writes_nothing(token: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Caller(token["token"]).api("GET", "me").status == 200
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


def test_the_console_says_so(token: Any, alice: Caller) -> None:
    hers = Browser(alice.user)
    page = f"/console/tokens/{token['id']}"
    assert "last used: never" in hers.get("/console/tokens").text
    assert facts(hers.get(page).source, "Last used") == "never"
    Caller(token["token"]).api("GET", "me")
    usage.flush()
    assert "last used: 2031-03-04 20:00 · 127.0.0.1" in hers.get("/console/tokens").text
    assert facts(hers.get(page).source, "Last used") == "2031-03-04 20:00 · 127.0.0.1"


def test_so_does_the_super_console(token: Any, cast: Cast) -> None:
    zoe = Browser(cast.zoe.user)
    assert facts(zoe.get(f"/admin/accounts/accesstoken/{token['id']}/change/").source, "Last used") == "never"
    Caller(token["token"]).api("GET", "me")
    usage.flush()
    for page in (f"{token['id']}/change/", ""):
        assert "2031-03-04 20:00 · 127.0.0.1" in zoe.get(f"/admin/accounts/accesstoken/{page}").text


def facts(text: str, word: str) -> str:
    """What stands beside a word."""
    return " ".join(text.partition(f"<dt>{word}</dt>")[2].partition("<dd>")[2].partition("</dd>")[0].split())
