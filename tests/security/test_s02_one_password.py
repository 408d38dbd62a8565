"""S2: one password, one counter; what the md5 doors take, the others do not."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from accounts.access.actor import Actor, Door
from accounts.models import Lockout, User
from accounts.people import services, signin
from config.kernel.errors import Code, DomainError
from config.kernel.roles import Role
from tests.cast import Answer, Caller
from tests.factories import make_user

PASSWORD = "correct horse 9"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def login(name: str, pwd: str, **more: Any) -> Answer:
    return Caller().call("POST", "/login", {"by": "name", "ustr": name, "pwd": pwd, **more})


def nobody(address: str = "10.0.0.1") -> Actor:
    return Actor(Actor.system().now, Door.ADMIN, address=address, is_anonymous=True)


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice", password=PASSWORD, email="alice@polis.example")


def test_login_takes_the_md5_in_any_case(alice: User) -> None:
    for pwd in (md5(PASSWORD), md5(PASSWORD).upper()):
        answer = login("alice", pwd)
        assert (answer.status, answer.result["id"]) == (200, alice.key)
        assert Caller(answer.result["token"]).verb("QRI").status == 200


def test_login_takes_name_and_mail(alice: User) -> None:
    assert login("Alice", md5(PASSWORD)).status == 200
    by_mail = Caller().call("POST", "/login", {"by": "mail", "ustr": "Alice@polis.example", "pwd": md5(PASSWORD)})
    assert by_mail.status == 200


def test_plain_text_at_login_is_wrong(alice: User) -> None:
    assert login("alice", PASSWORD).reason == "WrongUserOrPassword"


def test_the_md5_where_plain_text_is_expected_is_wrong(alice: User) -> None:
    assert signin.sign_in("alice", PASSWORD, by=nobody()) == alice
    with pytest.raises(DomainError) as refused:
        signin.sign_in("alice", md5(PASSWORD), by=nobody())
    assert refused.value.code is Code.SIGNIN_FAILED


def test_what_is_stored_is_argon2_of_the_md5(alice: User) -> None:
    from argon2 import PasswordHasher

    algorithm, encoded = alice.password.split("$", 1)
    assert algorithm == "argon2_md5"
    assert encoded.startswith("argon2id$")
    assert PasswordHasher().verify("$" + encoded, md5(PASSWORD))


def test_a_wrong_name_and_a_wrong_password_are_one_answer(alice: User) -> None:
    answers = [login("alice", md5("wrong")), login("nobody_here", md5("wrong")), login("alice", "not an md5")]
    assert [(answer.status, answer.body) for answer in answers] == [(401, answers[0].body)] * 3
    assert answers[0].body["reason"] == "WrongUserOrPassword"


@pytest.mark.parametrize("role", [Role.ZOON, Role.GOD])
def test_the_md5_door_is_shut_for_the_powerful(db: None, role: Role) -> None:
    make_user("boss", role, password=PASSWORD)
    assert login("boss", md5(PASSWORD)).reason == "WrongUserOrPassword"


@pytest.mark.parametrize("weak", ["password1", "bobby", "bobby@polis.example"])
def test_the_md5_of_what_can_be_guessed_is_refused(db: None, weak: str) -> None:
    user = make_user("bobby", email="bobby@polis.example")
    services.change_password(user, weak, by=Actor.system())
    for pwd in (md5(weak), md5(weak).upper()):
        assert login("bobby", pwd).reason == "WrongUserOrPassword"


@pytest.mark.usefixtures("standing_clock")
def test_failures_at_two_doors_add_up(alice: User) -> None:
    for number in range(5):
        if number % 2:
            with pytest.raises(DomainError):
                signin.sign_in("alice", "wrong", by=nobody("127.0.0.1"))
        else:
            login("alice", md5("wrong"))
    assert Lockout.objects.get().failures == 5
    with pytest.raises(DomainError) as refused:
        signin.sign_in("alice", PASSWORD, by=nobody("127.0.0.1"))
    assert refused.value.code is Code.TOO_MANY_REQUESTS


@pytest.mark.usefixtures("standing_clock")
def test_the_web_door_counts_with_the_others(alice: User) -> None:
    client = Client()
    for _ in range(5):
        client.post("/account/login", {"login": "alice", "password": "wrong"})
    assert login("alice", md5(PASSWORD)).status == 429


@pytest.mark.usefixtures("standing_clock")
def test_by_whichever_name_one_is_called_it_is_one_count(alice: User) -> None:
    for _ in range(5):
        login("alice", md5("wrong"))
    by_mail = Caller().call("POST", "/login", {"by": "mail", "ustr": "alice@polis.example", "pwd": md5("wrong")})
    assert (by_mail.status, by_mail.reason) == (429, "TooManyRequests")


def test_a_password_in_the_query_string_is_refused_unread(alice: User) -> None:
    answer = Caller().call("POST", f"/login?by=name&ustr=alice&pwd={md5(PASSWORD)}")
    assert (answer.status, answer.reason) == (400, "SecretInQuery")


def test_a_disabled_user_is_told_no_more_than_a_wrong_password(alice: User) -> None:
    from accounts.lifecycle import USER
    from config.kernel.states import Verb

    services.switch(USER, alice, Verb.DIS, by=Actor.system())
    assert login("alice", md5(PASSWORD)).reason == "WrongUserOrPassword"
