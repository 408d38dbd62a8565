"""S5: a dead credential stays dead, whoever tries, in whatever way."""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_TOKEN, LOGIN, USER
from accounts.models import AccessToken, AuditEvent, Login, User
from accounts.people import services, tokens
from config.kernel.errors import WrongState
from config.kernel.states import State, Verb
from tests.cast import Caller, Cast
from tests.factories import make_token, make_user

PASSWORD = "correct horse 9"
SYSTEM = Actor.system


def signed_in(name: str) -> Caller:
    pwd = hashlib.md5(PASSWORD.encode()).hexdigest()
    answer = Caller().call("POST", "/login", {"by": "name", "ustr": name, "pwd": pwd})
    return Caller(answer.result["token"])


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice", password=PASSWORD)


def test_an_ended_token_is_as_unknown_as_one_that_never_was(alice: User) -> None:
    text = make_token(alice)
    token = AccessToken.objects.get()
    services.switch(ACCESS_TOKEN, token, Verb.DEL, by=SYSTEM())
    token.refresh_from_db()
    assert (token.state, token.digest) == (State.DELETED, f"ended:{token.pk}")
    assert Caller(text).verb("QRI").reason == "TokenUnknown"


@pytest.mark.parametrize("verb", [Verb.ENB, Verb.DIS])
def test_no_verb_revives_an_ended_token(alice: User, verb: Verb) -> None:
    text = make_token(alice)
    token = AccessToken.objects.get()
    services.switch(ACCESS_TOKEN, token, Verb.DEL, by=SYSTEM())
    with pytest.raises(WrongState):
        services.switch(ACCESS_TOKEN, token, verb, by=SYSTEM())
    assert Caller(text).verb("QRI").status == 401


def test_a_credential_knows_no_recycling(alice: User) -> None:
    make_token(alice)
    with pytest.raises(KeyError):
        services.switch(ACCESS_TOKEN, AccessToken.objects.get(), Verb.RCC, by=SYSTEM())


def test_a_disabled_token_is_refused_and_its_owner_may_enable_it_again(alice: User) -> None:
    caller = Caller(make_token(alice))
    token = AccessToken.objects.get()
    services.switch(ACCESS_TOKEN, token, Verb.DIS, by=SYSTEM())
    assert caller.verb("QRI").reason == "TokenDisabled"
    services.switch(ACCESS_TOKEN, token, Verb.ENB, by=SYSTEM())
    assert caller.verb("QRI").status == 200


def test_an_expired_token_is_refused(alice: User) -> None:
    caller = Caller(make_token(alice, ends_at=timezone.now() - timedelta(seconds=1)))
    assert caller.verb("QRI").reason == "TokenExpired"


def test_a_changed_password_ends_every_login_and_no_issued_token(alice: User) -> None:
    caller, issued = signed_in("alice"), Caller(make_token(alice))
    services.change_password(alice, "another horse 10", by=SYSTEM())
    assert caller.verb("QRI").reason == "TokenExpired"
    assert issued.verb("QRI").status == 200


def test_disabling_a_user_ends_their_logins_for_good(alice: User) -> None:
    caller, issued = signed_in("alice"), Caller(make_token(alice))
    services.switch(USER, alice, Verb.DIS, by=SYSTEM())
    assert caller.verb("QRI").reason == "TokenExpired"
    assert issued.verb("QRI").reason == "UserDisabled"
    services.switch(USER, alice, Verb.ENB, by=SYSTEM())
    assert caller.verb("QRI").reason == "TokenExpired"
    assert issued.verb("QRI").status == 200


def test_a_session_ends_with_the_password(cast: Cast) -> None:
    assert cast.root.user is not None
    client = Client()
    client.force_login(cast.root.user)
    assert client.get("/admin/cities/city/").status_code == 200
    services.change_password(User.objects.get(pk=cast.root.user.pk), "another horse 10", by=SYSTEM())
    assert client.get("/admin/cities/city/").status_code == 302


def test_a_session_ends_with_a_ban_and_does_not_come_back(cast: Cast) -> None:
    assert cast.zoe.user is not None
    client = Client()
    client.force_login(cast.zoe.user)
    services.switch(USER, cast.zoe.user, Verb.DIS, by=SYSTEM())
    assert client.get("/admin/cities/city/").status_code == 302
    services.switch(USER, cast.zoe.user, Verb.ENB, by=SYSTEM())
    assert client.get("/admin/cities/city/").status_code == 302


def test_an_ended_login_ends_its_tokens(alice: User) -> None:
    caller = signed_in("alice")
    services.switch(LOGIN, Login.objects.get(), Verb.DEL, by=SYSTEM())
    assert caller.verb("QRI").reason == "TokenExpired"


def test_no_policy_lets_a_disabled_token_through(alice: User) -> None:
    """GET's row accepts any state of the login: a disabled login serves for it, a disabled token never (S11)."""
    caller = signed_in("alice")
    made = caller.verb("ADD", data={"name": "Alice_City"}).result["id"]
    services.switch(LOGIN, Login.objects.get(), Verb.DIS, by=SYSTEM())
    assert caller.verb("GET", made).status == 200
    assert caller.verb("OFF", made).reason == "LoginDisabled"
    services.switch(ACCESS_TOKEN, AccessToken.objects.get(), Verb.DIS, by=SYSTEM())
    assert caller.verb("GET", made).reason == "TokenDisabled"


def test_a_bin_restores_nothing_of_a_credential_and_each_end_is_one_event(alice: User) -> None:
    make_token(alice)
    token = AccessToken.objects.get()
    before = AuditEvent.objects.count()
    services.switch(ACCESS_TOKEN, token, Verb.DEL, by=SYSTEM())
    event = AuditEvent.objects.latest("id")
    assert AuditEvent.objects.count() == before + 1
    assert (event.verb, event.kind, event.thing) == ("DEL", "accesstoken", token.key)
    assert tokens.PREFIX not in str(event.after)
