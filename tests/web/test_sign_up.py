"""Signing up: a developer's account, whose mail counts once its reader has confirmed it."""

import hashlib
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import AuditEvent, Organization, User
from config.kernel.roles import Role
from tests.cast import Caller
from tests.factories import make_user
from tests.site.console import Browser, Page
from tests.web.visitor import PASSWORD, is_in, sent_link

pytestmark = pytest.mark.django_db


def sign_up(name: str = "newcomer", email: str = "new@polis.example", password: str = PASSWORD) -> Page:
    return Browser().post("/account/signup", username=name, email=email, password1=password)


def test_from_nothing_to_signed_in() -> None:
    page = sign_up()
    assert (page.status, page.headers["Location"]) == (302, "/account/mail/sent")
    user = User.objects.get(name="newcomer")
    assert (user.role, user.email, user.corp.kind, user.is_corp_admin) == (Role.DEVELOPER, "", "corp", True)
    assert [message.to for message in mail.outbox] == [["new@polis.example"]]
    browser = Browser()
    browser.post(sent_link())
    user.refresh_from_db()
    assert user.email == "new@polis.example"
    assert browser.sign_in("newcomer", PASSWORD).headers["Location"] == "/console/"
    assert is_in(browser)


def test_it_leaves_its_events_without_what_is_personal() -> None:
    sign_up()
    Browser().post(sent_link())
    told = AuditEvent.objects.filter(kind="user").values_list("verb", "actor_kind", "door")
    assert list(told.order_by("id")) == [("ADD", "anonymous", "console"), ("SET", "user", "console")]
    assert "new@polis.example" not in str(list(AuditEvent.objects.values()))


def test_before_the_link_is_opened_nobody_is_let_in_and_the_link_is_sent_again(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "confirm_email": None}
    sign_up()
    browser = Browser()
    assert browser.sign_in("newcomer", PASSWORD).headers["Location"] == "/account/mail/sent"
    assert not is_in(browser)
    assert len(mail.outbox) == 2


def test_looking_at_the_link_confirms_nothing() -> None:
    """What a mail program opens to look at is not what a person does."""
    sign_up()
    page = Browser().get(sent_link())
    assert page.status == 200
    assert User.objects.get(name="newcomer").email == ""


def test_a_mail_of_somebodys_is_answered_as_any_other() -> None:
    make_user("owner", email="new@polis.example")
    taken, free = sign_up("first"), sign_up("second", "free@polis.example")
    assert (taken.status, taken.headers["Location"]) == (free.status, free.headers["Location"])
    assert [str(each.body).count("has one already") for each in mail.outbox] == [1, 0]
    # Nor is it told by what becomes of them: both are made, and neither is let in.
    for name in ("first", "second"):
        page = Browser().sign_in(name, PASSWORD)
        assert (page.status, page.headers["Location"]) == (302, "/account/mail/sent")
    assert User.objects.get(name="first").email == ""


def test_of_two_who_give_one_mail_it_is_whose_link_is_opened_first() -> None:
    sign_up("first")
    first = sent_link()
    EmailAddress.objects.create(user=make_user("second"), email="new@polis.example")
    Browser().post(first)
    assert User.objects.get(name="first").email == "new@polis.example"


def test_a_mail_that_became_anothers_meanwhile_is_not_taken_from_them() -> None:
    sign_up("first")
    make_user("quicker", email="new@polis.example")
    page = Browser().post(sent_link())
    assert User.objects.get(name="first").email == ""
    assert page.status in {200, 302}
    assert not EmailAddress.objects.get(user__name="first").verified


def test_until_the_mail_is_confirmed_no_other_door_lets_them_in_either() -> None:
    sign_up()
    pwd = hashlib.md5(PASSWORD.encode()).hexdigest()
    sent = {"by": "name", "ustr": "newcomer", "pwd": pwd}
    assert Caller().call("POST", "/login", sent).reason == "WrongUserOrPassword"
    Browser().post(sent_link())
    assert Caller().call("POST", "/login", sent).status == 200


def test_a_mail_that_is_not_confirmed_holds_up_nobody_elses(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    sign_up("squatter")
    sign_up("owner")
    Browser().post(sent_link())
    assert User.objects.get(name="owner").email == "new@polis.example"
    assert User.objects.get(name="squatter").email == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "https://evil.example/x"}, "/"),
        ({"name": "somebody@polis.example"}, "@"),
        ({"name": "x"}, "2"),
        ({"name": "two words"}, "U+0020"),
        ({"name": "OWNER"}, "taken"),
        ({"email": "nonsense"}, "valid email"),
        ({"password": "password"}, "common"),
        ({"password": "newcomer"}, "similar"),
        ({"password": "1"}, "short"),
    ],
)
def test_what_is_wrong_is_said_and_makes_nothing(given: dict[str, str], said: str) -> None:
    make_user("owner")
    before = (User.objects.count(), Organization.objects.count())
    page = sign_up(**given)
    assert page.status == 200
    assert said in page.text
    assert (User.objects.count(), Organization.objects.count()) == before
    assert mail.outbox == []


def test_nobody_makes_themselves_more_than_a_developer() -> None:
    Browser().post(
        "/account/signup", username="sly", email="sly@polis.example", password1=PASSWORD, role="god", corp="1",
        is_corp_admin="1", is_staff="1", is_superuser="1",
    )  # fmt: skip
    assert User.objects.get(name="sly").role == Role.DEVELOPER


def test_where_the_platform_is_closed_there_is_no_form(settings: Any) -> None:
    settings.SIGNUP = False
    assert "Nobody can sign up here" in sign_up().text
    assert "Make an account" not in Browser().get("/account/login").text
    assert not User.objects.filter(name="newcomer").exists()


def test_an_address_can_make_so_many_a_minute(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    statuses = [sign_up(f"name{number}", f"n{number}@polis.example").status for number in range(3)]
    assert statuses == [302, 302, 429]
