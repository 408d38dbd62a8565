"""The text of a notice, made from what happened when somebody reads it, in their language and their time zone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from config.kernel import words

EVENTS = (
    "disabled", "enabled", "deleted", "restored", "purged", "purge_coming", "shared", "offered", "secret_expiring",
    "secret_known", "request_answered",
)  # fmt: skip
_ROLES = {"viewer": lambda: _("viewer"), "operator": lambda: _("operator")}


def language_of(user: User | None) -> str:
    """A person's own; who has chosen none reads the platform's."""
    return (user.language if user is not None else "") or settings.LANGUAGE_CODE


def text(notice: Notice, zone: str = "") -> str:
    """All of it, in the language that is active."""
    told = _Told(notice, zone)
    sentences = [sentence for sentence in _SENTENCES[notice.event](told) if sentence]
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)


def subject(notice: Notice) -> str:
    """One line: what a mail is called."""
    return _SUBJECTS[notice.event]() % {"thing": _Told(notice, "").thing}


class _Told:
    """A notice's facts, as sentences are filled with them."""

    def __init__(self, notice: Notice, zone: str) -> None:
        self.facts: Mapping[str, Any] = notice.facts
        self.zone = ZoneInfo(zone or settings.TIME_ZONE)
        kind = words.KINDS.get(notice.kind, notice.kind)
        self.thing = _("%(kind)s “%(name)s”") % {"kind": kind, "name": notice.thing_name or notice.thing}

    def say(self, sentence: str, **more: Any) -> str:
        return sentence % {"thing": self.thing, **more}

    def moment(self, name: str = "ends_at") -> str:
        """A fact that is a moment; "" where there is none."""
        if not (value := self.facts.get(name)):
            return ""
        at = datetime.fromisoformat(value)
        try:
            return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M} ({self.zone.key})"
        except OverflowError:  # the ends of what a date can hold are beyond them in another zone
            return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} (UTC)"


def _disabled(told: _Told) -> list[str]:
    until, reason = told.moment(), told.facts.get("reason")
    return [
        told.say(_("%(thing)s was disabled by an administrator.")),
        _("It is back at %(until)s.") % {"until": until} if until else _("It stays so until it is enabled again."),
        _("Reason: %(reason)s") % {"reason": reason} if reason else "",
    ]


def _purged(told: _Told) -> list[str]:
    if told.facts.get("by_time"):
        return [told.say(_("%(thing)s was in the recycle bin for its whole time and is gone for good."))]
    return [told.say(_("%(thing)s was deleted for good by an administrator."))]


def _purge_coming(told: _Told) -> list[str]:
    return [
        told.say(_("%(thing)s is in the recycle bin and will be gone for good after %(until)s."), until=told.moment()),
        _("To keep it, ask an administrator to restore it."),
    ]


def _shared(told: _Told) -> list[str]:
    role = _ROLES.get(told.facts.get("role", ""), lambda: "")()
    until = told.moment()
    return [
        told.say(_("%(thing)s was shared with you, as %(role)s."), role=role),
        _("The share ends at %(until)s.") % {"until": until} if until else "",
    ]


def _offered(told: _Told) -> list[str]:
    role = _ROLES.get(told.facts.get("role", ""), lambda: "")()
    return [
        told.say(_("You are offered a share of %(thing)s, as %(role)s."), role=role),
        _("To take it up, sign in with an account that has this e-mail address. If you expect nothing, ignore this."),
    ]


def _secret_expiring(told: _Told) -> list[str]:
    days, until, number = int(told.facts["days"]), told.moment(), told.facts.get("secret")
    if number is None:
        head = told.say(_("%(thing)s ends at %(until)s."), until=until)
    else:
        head = told.say(_("Secret %(number)s of %(thing)s ends at %(until)s."), until=until, number=number)
    return [head, _("Less than %(days)s days are left: make a new one in time.") % {"days": days}]


def _secret_known(told: _Told) -> list[str]:
    person, many = told.facts["user"], int(told.facts["secrets"])
    return [
        told.say(_("%(person)s does not operate %(thing)s any more."), person=person),
        _("Secrets there that they know and that are still good: %(many)s.") % {"many": many},
        _("Rotate what they should not have."),
    ]


def _request_answered(told: _Told) -> list[str]:
    verb, answer = words.verb(told.facts["verb"]), told.facts.get("answer")
    granted = _("Your request was granted: %(verb)s, %(thing)s.")
    refused = _("Your request was refused: %(verb)s, %(thing)s.")
    return [
        told.say(granted if told.facts["granted"] else refused, verb=verb),
        _("Answer: %(answer)s") % {"answer": answer} if answer else "",
    ]


_SENTENCES: Mapping[str, Callable[[_Told], list[str]]] = {
    "disabled": _disabled,
    "enabled": lambda told: [told.say(_("%(thing)s was enabled again by an administrator."))],
    "deleted": lambda told: [told.say(_("%(thing)s was moved to the recycle bin by somebody else."))],
    "restored": lambda told: [told.say(_("%(thing)s was restored from the recycle bin by an administrator."))],
    "purged": _purged,
    "purge_coming": _purge_coming,
    "shared": _shared,
    "offered": _offered,
    "secret_expiring": _secret_expiring,
    "secret_known": _secret_known,
    "request_answered": _request_answered,
}
_SUBJECTS: Mapping[str, Callable[[], str]] = {
    "disabled": lambda: _("Disabled: %(thing)s"),
    "enabled": lambda: _("Enabled again: %(thing)s"),
    "deleted": lambda: _("In the recycle bin: %(thing)s"),
    "restored": lambda: _("Restored: %(thing)s"),
    "purged": lambda: _("Gone for good: %(thing)s"),
    "purge_coming": lambda: _("Soon gone for good: %(thing)s"),
    "shared": lambda: _("Shared with you: %(thing)s"),
    "offered": lambda: _("Offered to you: %(thing)s"),
    "secret_expiring": lambda: _("Ends soon: %(thing)s"),
    "secret_known": lambda: _("Secrets known to a former operator: %(thing)s"),
    "request_answered": lambda: _("Your request was answered: %(thing)s"),
}
