"""A secret on a page: what is asked before it is rotated, what is shown this once, what is told of it ever after."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.access.actor import Actor
from accounts.machine import rotation
from accounts.machine.rotation import Rotated
from accounts.pages import show, verbs

SECRETS = 20
# What ends within this stands out.
SOON = timedelta(days=7)
_LONGEST_VERSION = 9  # digits
_GRACES = (0, 3_600, 86_400, 604_800)


@dataclass(frozen=True, slots=True)
class Shown:
    """The new value, what became of the one before it, and what it is called."""

    name: str
    value: str
    told: list[tuple[Any, Any]]

    @classmethod
    def rotated(cls, name: str, done: Rotated, *told: tuple[Any, Any]) -> "Shown":
        """Of a secret that is held and counted."""
        rows = [*told, (_("Number"), done.secret.number)]
        if (before := done.previous) is not None:
            rows.append((_("The one before is good until"), good_until(before.ended_at, before.good_until)))
        return cls(name, done.value, rows)


class GraceForm(verbs.VerbForm):
    """How long the present secret stays good: as its company has it (`own`), or as is chosen; not less than `least`."""

    grace_seconds = forms.TypedChoiceField(
        label=gettext_lazy("The present one stays good for"),
        coerce=int,
    )

    def __init__(self, thing: Any, now: datetime, *args: Any, own: int, least: int = 0, **kwargs: Any) -> None:
        super().__init__(thing, now, *args, **kwargs)
        offered = sorted({max(own, least), *(each for each in _GRACES if each >= least)})
        self.fields["grace_seconds"].choices = [(each, _grace(each)) for each in offered]
        self.initial = {"grace_seconds": max(own, least)}

    def given(self) -> dict[str, Any]:
        return {"grace_seconds": self.cleaned_data["grace_seconds"]}


def of_version(by: Actor, data: Any) -> Actor:
    """The caller, meaning the version that their form was shown for; none fits where it names none."""
    text = data.get("version", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_VERSION
    return replace(by, if_match=frozenset({int(text)} if is_number else ()))


def good_until(ended_at: datetime | None, until: datetime | None) -> str:
    """When a secret ends or ended, for a page."""
    return show.moment(ended_at or until) if ended_at or until else pgettext("end", "never")


def secrets_of(thing: Any, by: Actor) -> list[dict[str, Any]]:
    """The newest secrets of a thing that `by` sees, as its page shows them: never a value."""
    return secrets_and_outsiders(thing, by, ())[0]


def secrets_and_outsiders(thing: Any, by: Actor, people: Iterable[str]) -> tuple[list[dict[str, Any]], frozenset[str]]:
    """Its secrets; and who of those that have seen them, and of these people, may not operate it today."""
    rows = list(thing.secrets.defer("sealed").order_by("-number")[:SECRETS])
    live = [secret.shown_to for secret in rows if secret.is_live(by.now)]
    outside = rotation.outsiders(thing, [*live, *people], by=by)
    return [_told(secret, by.now, outside) for secret in rows], outside


def _told(secret: Any, now: datetime, outside: frozenset[str]) -> dict[str, Any]:
    return {
        "number": secret.number,
        "hint": secret.hint,
        "is_live": secret.is_live(now),
        "is_known_outside": secret.is_live(now) and secret.shown_to in outside,
        "is_ending": secret.is_live(now) and secret.good_until is not None and secret.good_until <= now + SOON,
        "created": show.moment(secret.created_at),
        "ends": good_until(secret.ended_at, secret.good_until),
        "used": show.used(secret),
    }


def _grace(seconds: int) -> str:
    return show.duration(seconds) if seconds else _("no time: it ends at once")
