"""Mails about notices: who gets one, in which language, what is in it; tried again until it has left, not for ever."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import call_command

from accounts.machine import notices
from accounts.machine.notices import Happening
from accounts.models import Notice, User
from accounts.people import mailing
from tests.cast import Cast
from tests.notices.telling import told

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def alice(cast: Cast) -> User:
    user = cast.alice.user
    assert user is not None
    User.objects.filter(pk=user.pk).update(email="alice@example.com")
    Notice.objects.all().delete()
    user.refresh_from_db()
    return user


def tell(user: User, *, name: str = "Alice_City", now: datetime = NOON, occasion: str = "DIS", **facts: Any) -> Notice:
    happening = Happening("disabled", "city", "abcd1234", name, occasion, {"reason": "spam", **facts})
    notices.tell(User.objects.filter(pk=user.pk), happening, now)
    return Notice.objects.latest("pk")


class Failing(locmem.EmailBackend):
    """A server that takes nothing until it is told to; it says whom it was to be for."""

    is_up = False

    def send_messages(self, messages: Any) -> int:
        if not Failing.is_up:
            raise OSError(f"451 {messages[0].to}")
        return super().send_messages(messages)


def test_a_mail_is_plain_text_to_one_person(alice: User, settings: Any) -> None:
    settings.BASE_URL = "https://polis.example.com"
    tell(alice, ends_at=NOON + timedelta(days=1))
    assert mailing.send_waiting(NOON) == 1
    sent = mail.outbox[0]
    assert (sent.subject, sent.to, sent.cc, sent.bcc) == ("[Polis] Disabled: City “Alice_City”", [alice.email], [], [])
    assert sent.from_email == "Polis <polis@localhost>"
    assert sent.body == (
        "City “Alice_City” was disabled by an administrator. It is back at 2031-03-05 20:00 (Asia/Shanghai). "
        "Reason: spam\n\nhttps://polis.example.com/\n"
    )
    assert sent.message().get_content_type() == "text/plain"
    assert sent.message()["Auto-Submitted"] == "auto-generated"


def test_without_an_address_of_ours_there_is_no_link(alice: User) -> None:
    tell(alice)
    mailing.send_waiting(NOON)
    assert "http" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("", "[Polis] Disabled: City “Alice_City”", "Reason: spam"),
        ("en", "[Polis] Disabled: City “Alice_City”", "Reason: spam"),
        ("zh-hans", "[Polis] 已冻结：城市“Alice_City”", "原因：spam"),
    ],
)
def test_it_is_in_its_readers_language(alice: User, language: str, subject: str, body: str) -> None:
    User.objects.filter(pk=alice.pk).update(language=language)
    tell(alice)
    mailing.send_waiting(NOON)
    assert mail.outbox[0].subject == subject
    assert body in mail.outbox[0].body


def test_it_tells_the_time_where_its_reader_is(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/Berlin")
    tell(alice, ends_at=NOON)
    mailing.send_waiting(NOON)
    assert "2031-03-04 13:00 (Europe/Berlin)" in mail.outbox[0].body


def test_what_was_sent_is_not_sent_again(alice: User) -> None:
    tell(alice)
    assert [mailing.send_waiting(NOON), mailing.send_waiting(NOON + timedelta(days=2))] == [1, 0]
    row = Notice.objects.get()
    assert (row.mail_at, row.mailed_at, row.attempts) == (None, NOON, 1)


@pytest.mark.parametrize("change", [{"email": ""}, {"state": 1, "disabled_at": NOON, "disabled_side": "admin"}])
def test_who_has_no_mail_or_is_closed_gets_none_and_can_read_it(alice: User, change: dict[str, Any]) -> None:
    User.objects.filter(pk=alice.pk).update(**change)
    tell(alice)
    assert mailing.send_waiting(NOON) == 0
    assert mail.outbox == []
    assert Notice.objects.get().mail_at is None
    assert told(alice) == [("disabled", "city", "Alice_City")]


def test_what_was_read_meanwhile_is_not_mailed(alice: User) -> None:
    tell(alice)
    Notice.objects.update(read_at=NOON)
    assert mailing.send_waiting(NOON) == 0
    assert mail.outbox == []


def test_a_server_that_is_down_is_tried_again_and_not_for_ever(
    alice: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.is_up = False
    tell(alice)
    attempts = []
    for minute in range(0, 4 * 24 * 60, 2):
        before = Notice.objects.get().attempts
        mailing.send_waiting(NOON + timedelta(minutes=minute))
        if Notice.objects.get().attempts > before:
            attempts.append(minute)
    assert attempts == [0, 2, 12, 72, 432]
    assert Notice.objects.get().mail_at is None
    assert mail.outbox == []
    assert "alice@example.com" not in caplog.text
    assert caplog.text.count("OSError") == 5


def test_it_leaves_as_soon_as_the_server_is_up_again(alice: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.is_up = False
    tell(alice)
    assert mailing.send_waiting(NOON) == 0
    Failing.is_up = True
    assert mailing.send_waiting(NOON + timedelta(minutes=1)) == 0
    assert mailing.send_waiting(NOON + timedelta(minutes=2)) == 1
    assert len(mail.outbox) == 1


def test_one_bad_mail_holds_up_no_other(alice: User, cast: Cast) -> None:
    vera = cast.vera.user
    assert vera is not None
    User.objects.filter(pk=vera.pk).update(email="vera@example.com")
    tell(alice)
    Notice.objects.update(event="unheard_of")
    tell(vera)
    assert mailing.send_waiting(NOON) == 1
    assert [sent.to for sent in mail.outbox] == [["vera@example.com"]]


def test_a_sender_that_died_leaves_it_to_the_next(alice: User) -> None:
    tell(alice)
    assert len(mailing._take(NOON) or []) == 1  # and then it is no more
    assert mailing.send_waiting(NOON) == 0, "it is taken"
    assert mailing.send_waiting(NOON + timedelta(minutes=2)) == 1


def test_where_no_server_is_set_nothing_is_sent_and_what_is_old_never_is(alice: User, settings: Any) -> None:
    own = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = mailing.NOT_SENT
    tell(alice, occasion="old")
    assert mailing.send_waiting(NOON) == 0
    tell(alice, occasion="new", now=NOON + timedelta(days=3))
    assert mailing.send_waiting(NOON + timedelta(days=3, hours=1)) == 0
    settings.EMAIL_BACKEND = own
    assert mailing.send_waiting(NOON + timedelta(days=3, hours=2)) == 1


def test_a_name_makes_no_header(alice: User) -> None:
    tell(alice, name="A\r\nBcc: eve@example.com\r\n\r\nHello", reason="\r\nBcc: eve@example.com")
    assert mailing.send_waiting(NOON) == 1
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert mail.outbox[0].subject == "[Polis] Disabled: City “A  Bcc: eve@example.com    Hello”"


def test_the_command_tells_and_sends(alice: User) -> None:
    tell(alice)
    out = io.StringIO()
    with time_machine.travel(NOON, tick=False):
        call_command("send_notices", stdout=out)
    assert out.getvalue() == "0 notices, 1 mails sent\n"
