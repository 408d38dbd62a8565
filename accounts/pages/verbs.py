"""What a verb asks for before it is done: a form each, whose values the executor takes."""

import unicodedata
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.machine.executor import Done
from accounts.pages import show
from accounts.pages.forms import ReadForm
from accounts.pages.moments import MomentField
from config.kernel import names, words
from config.kernel.errors import Invalid
from config.kernel.states import State, Verb

_MINUTE = "%Y-%m-%dT%H:%M"

# What a verb does, said before it is done.
EFFECTS = {
    Verb.DIS: gettext_lazy(
        "It is out of service at once, with everything under it. Its owner cannot lift it; the reason is shown to them."
    ),
    Verb.ENB: gettext_lazy("It is what it was before: what its owner took off line stays off line."),
    Verb.RCC: gettext_lazy("It comes out of the recycle bin as what it was: a ban that still holds is still there."),
    Verb.DEL: gettext_lazy("This is final: it goes for good, with what lies in the recycle bin under it."),
    Verb.DOL: gettext_lazy("It goes into the recycle bin, and can be recycled from there."),
    Verb.OFF: gettext_lazy("It is taken off line until it is published again."),
    Verb.PUB: gettext_lazy("It is in service again."),
}


DANGEROUS = frozenset({Verb.DEL, Verb.DIS, Verb.DOL})


def word_for(verb: Verb, thing: Any, now: datetime) -> str:
    """What the verb is called where it stands: DIS over a ban amends that."""
    is_amending = verb is Verb.DIS and thing.state_at(now) is State.DISABLED
    return pgettext("verb", "Change the ban") if is_amending else words.verb(verb)


def outcome(done: Done, verb: str) -> tuple[int, str]:
    """How a page tells that a verb was done: the level of the message, and its sentence."""
    told = {"verb": words.verb(verb), "name": done.thing.name}
    if done.changed:
        return messages.SUCCESS, _("%(verb)s: %(name)s. Done.") % told
    return messages.INFO, _("%(verb)s: %(name)s. It was so already; nothing has changed.") % told


class VerbForm(ReadForm):
    """A confirmation."""

    def __init__(self, thing: Any, now: datetime, *args: Any, **kwargs: Any) -> None:
        self.thing, self.now = thing, now
        super().__init__(*args, **kwargs)

    def given(self) -> dict[str, Any]:
        return {}


class DisableForm(VerbForm):
    """Why, and until when. Over a ban that holds, what is left standing is what it says now. No thing: of many."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        strip=False,
        help_text=gettext_lazy("At most 64 characters."),
        widget=forms.TextInput({"autofocus": True}),
    )
    expires_at = MomentField(label=gettext_lazy("Until"))

    def __init__(self, thing: Any, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, now, *args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["expires_at"].help_text = _("Empty: until it is lifted. Time zone: %s.") % zone
        if thing is not None and thing.state_at(now) is State.DISABLED:
            self.initial = {"reason": thing.reason, "expires_at": _for_input(thing.expires_at)}

    def clean_reason(self) -> str:
        try:
            return names.clean_text(self.cleaned_data["reason"], field=_("Reason"), longest=64)
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None

    def clean_expires_at(self) -> datetime | None:
        ends_at: datetime | None = self.cleaned_data["expires_at"]
        if ends_at is not None and ends_at <= self.now:
            raise forms.ValidationError(_("This must be in the future."))
        return ends_at

    def given(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "expires_at": self.cleaned_data["expires_at"]}


class NameForm(VerbForm):
    """The name, typed: nothing goes by a slip."""

    name = forms.CharField(
        label=gettext_lazy("Type the name"),
        strip=False,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if unicodedata.normalize("NFC", typed) != self.thing.name:
            raise forms.ValidationError(_("This is not its name."))
        return typed


FORMS: dict[Verb, type[VerbForm]] = {Verb.DIS: DisableForm, Verb.DOL: NameForm, Verb.DEL: NameForm}


def form_for(verb: Verb, thing: Any, now: datetime, data: Any = None) -> VerbForm:
    """The form of a verb, filled with what was sent."""
    return FORMS.get(verb, VerbForm)(thing, now, data)


def _for_input(at: datetime | None) -> str:
    return show.here(at).strftime(_MINUTE) if at is not None else ""
