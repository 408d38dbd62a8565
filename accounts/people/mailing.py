"""The mails about notices: sent outside every request, from the rows themselves, until each has left once.

A mail is taken before it is sent: it is tried again later whatever becomes of whoever has taken it. So it leaves at
least once, and two that send at the same time take different ones.
"""

import logging
import unicodedata
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.access.visibility import governed_kinds
from accounts.machine.notices import offered_to
from accounts.machine.reminders import grants_of
from accounts.models import Grant, Notice, User
from accounts.people import wording

log = logging.getLogger("polis.mail")

NOT_SENT = "django.core.mail.backends.dummy.EmailBackend"
# How long after each attempt the next one may be; after the last there is none.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 360, 1440))
# A mail that could not leave for so long tells nothing that is news.
LONGEST = timedelta(days=3)
# Mails to people who are nobody here, by one giver within a day.
OFFERS_A_DAY = 50
_BATCH = 50


def send_waiting(now: datetime | None = None) -> int:
    """Send what waits and is due; how many left. Where no mail server is set nothing is sent, nor kept for long."""
    moment, sent = now or timezone.now(), 0
    _address_offers(moment)
    if settings.EMAIL_BACKEND == NOT_SENT:
        Notice.objects.filter(mail_at__lt=moment - LONGEST).update(mail_at=None)
        return 0
    while (taken := _take(moment)) is not None:
        sent += _send(taken, moment)
    return sent


def _address_offers(now: datetime) -> None:
    """An offer to the mail of somebody who is here is theirs to read: whoever made it does not learn that (S13).

    That is an offer's first attempt.
    """
    for notice in list(Notice.objects.filter(user=None, mail_at__lte=now, attempts=0).order_by("mail_at")):
        grant = _grant_of(notice, now)
        user = User.objects.filter(email=grant.invited).first() if grant is not None else None
        rows = Notice.objects.filter(pk=notice.pk, user=None)
        try:
            with transaction.atomic():
                rows.update(user=user, attempts=1)
        except IntegrityError:  # they were told of this one already
            rows.delete()


def _take(now: datetime) -> list[Notice] | None:
    """The next that are due, taken; those of them that concern nobody any more are done with. None: none is due."""
    with transaction.atomic():
        due = Notice.objects.filter(mail_at__lte=now).order_by("mail_at").select_related("user")
        rows: list[Notice] = list(due.select_for_update(skip_locked=True, of=("self",))[:_BATCH])
        for row in rows:
            is_last = row.attempts >= len(WAITS)
            row.mail_at = None if is_last or _is_over(row, now) else now + WAITS[row.attempts]
            row.attempts += row.mail_at is not None
        Notice.objects.bulk_update(rows, ["mail_at", "attempts"])
    return [row for row in rows if row.mail_at is not None] if rows else None


def _is_over(notice: Notice, now: datetime) -> bool:
    """It was read, or is old, or there is nobody who would read a mail of it."""
    if notice.read_at is not None or notice.created_at < now - LONGEST:
        return True
    return notice.user is not None and not (notice.user.email and notice.user.is_enabled(now))


def _send(taken: list[Notice], now: datetime) -> int:
    sent, connection = 0, get_connection()
    for notice in taken:
        try:
            message = _written(notice, now)
            if message is not None:
                connection.open()
                message.connection = connection
                message.send()
        except Exception as error:
            # Its own words may hold the address.
            log.warning("notice %s not mailed, attempt %s: %s", notice.pk, notice.attempts, type(error).__name__)
            connection = get_connection()  # the one before it may be dead
            continue
        mailed_at = now if message is not None else None
        Notice.objects.filter(pk=notice.pk).update(mail_at=None, mailed_at=mailed_at)
        sent += message is not None
    connection.close()
    return sent


def _written(notice: Notice, now: datetime) -> EmailMessage | None:
    """Plain text in its reader's language; None where there is nobody to write to."""
    user = notice.user
    if not (address := user.email if user is not None else _offered_to(notice, now)):
        return None
    with translation.override(wording.language_of(user)):
        parts = [wording.text(notice, user.time_zone if user is not None else "")]
        if settings.BASE_URL:  # never what a client says the host is (S19)
            parts.append(f"{settings.BASE_URL}/")
        subject = f"[Polis] {_line(wording.subject(notice))}"
    body = "\n\n".join(parts) + "\n"
    return EmailMessage(subject, body, to=[address], headers={"Auto-Submitted": "auto-generated"})


def _offered_to(notice: Notice, now: datetime) -> str:
    """The mail of an offer that still stands; "" where it does not, or its giver has had enough of them for a day."""
    grant = _grant_of(notice, now)
    sent = Notice.objects.filter(user=None, mailed_at__gt=now - timedelta(days=1), facts__by=notice.facts["by"])
    if grant is None or sent[:OFFERS_A_DAY].count() >= OFFERS_A_DAY:
        return ""
    return grant.invited


def _grant_of(notice: Notice, now: datetime) -> Grant | None:
    """The offer as it stands now: it may have been taken back, and made anew."""
    kind = next(kind for kind in governed_kinds() if kind.name == notice.kind)
    pending = grants_of(kind).filter(content_object__key=notice.thing, user=None, live=True, ends_at__gt=now)
    return next((grant for grant in pending if notice.occasion.startswith(offered_to(grant.invited))), None)


def _line(text: str) -> str:
    """One line of what can be seen: names are their owners' choice."""
    return "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)[:200]
