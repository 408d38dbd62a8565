"""What may be done to a thing, as its pages offer it and foretell it, and what was done to close it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access.actor import Actor
from accounts.console import things
from accounts.pages import effects, show, verbs
from config.kernel import words
from config.kernel.states import Side, Table, Verb, settled

# What a verb does, as who owns the thing is told before it is done.
EFFECTS = {
    **verbs.EFFECTS,
    Verb.DIS: gettext_lazy(
        "It is out of service at once, with everything under it. You cannot lift this yourself: it ends when you say, "
        "or when an administrator enables it on your request."
    ),
    Verb.DOL: gettext_lazy(
        "It goes into your bin, out of service, with everything under it. From there an administrator restores it on "
        "your request, as long as the bin is kept."
    ),
}
_SUBMITS = {
    Verb.DIS: pgettext_lazy("button", "Disable it"),
    Verb.DOL: pgettext_lazy("button", "Move it to the bin"),
    Verb.DEL: pgettext_lazy("button", "Delete it for good"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """Something that this person may do now, and the page that asks for what it needs."""

    word: Any
    address: str
    is_dangerous: bool = False


def told_of(table: Table, thing: Any, verb: Verb, by: Actor) -> dict[str, Any]:
    """What stands beside the form of a verb: what it does, to how many below, and what is in its way."""
    word = verbs.word_for(verb, thing, by.now)
    effect = effects.foretell(
        table, thing, verb, by=by, list_of=lambda kind: things.list_of(kind, **{table.kind: thing.key})
    )
    return {
        "subtitle": word,
        "effect": EFFECTS[verb],
        "below": effect.told,
        "in_the_way": effect.in_the_way,
        "submit": _SUBMITS.get(verb, word) if word == words.verb(verb) else word,
        "is_dangerous": verb in verbs.DANGEROUS,
    }


def closing(thing: Any, by: Actor) -> list[tuple[Any, Any]]:
    """Who closed it and who deleted it, when and why: nothing where nobody did."""
    facts = settled(thing.facts, by.now)
    rows: list[tuple[Any, Any]] = []
    if facts.disabled_at is not None:
        rows += [
            (_("Disabled by"), words.SIDES[Side(facts.disabled_side)]),
            (_("Disabled at"), show.moment(facts.disabled_at)),
            (_("Reason"), facts.reason or show.NOTHING),
            (_("Until"), show.until(facts.expires_at)),
        ]
    if facts.deleted_at is not None:
        rows.append((_("Deleted at"), show.moment(facts.deleted_at)))
    return rows
