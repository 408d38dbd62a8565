"""The form of a new credential: what it may be used for, until when, on which cities, from where (S4)."""

from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access.actor import Actor
from accounts.pages.forms import CleanField, ReadForm, clean_label
from accounts.pages.moments import MomentField, in_zone
from config.kernel import names, registry, scopes, words

# As many as a credential may be bound to.
MOST_CITIES = 100
_MOST_ADDRESSES = 100
_LONGEST = 64

SCOPES = {
    scopes.READ: gettext_lazy("Read: see what you see"),
    scopes.VERBS: gettext_lazy("Write: make, change, publish, disable, delete, share, hand on"),
    scopes.CREDENTIALS: gettext_lazy("Credentials: make and end tokens and access keys"),
}
_PLAIN = [scope for scope in SCOPES if scope != scopes.CREDENTIALS]
_SINGLE = sorted(scopes.KNOWN - set(scopes.ALL))
_LASTS = (
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("365 days")),
    ("", gettext_lazy("No end")),
)


def word_of(scope: str) -> str:
    """A scope as a person reads it."""
    return str(SCOPES.get(scope) or f"{words.verb(scope.upper())} ({scope})")


def cities_of(by: Actor) -> list[tuple[str, str]]:
    """The newest cities that one has, by id and name."""
    cities: Any = registry.kind("city").model._default_manager
    return list(cities.listed_for(by, page=slice(MOST_CITIES)).values_list("key", "name"))


class CredentialForm(ReadForm):
    """A new one: by itself good for 90 days, for all but making more."""

    name = CleanField(
        clean_label,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What it is for, so that you know it again."),
        max_length=_LONGEST,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        required=False,
        choices=list(SCOPES.items()),
        initial=_PLAIN,
        widget=forms.CheckboxSelectMultiple,
    )
    verbs = forms.MultipleChoiceField(
        label=gettext_lazy("Or certain things alone"),
        required=False,
        choices=[(scope, scope) for scope in _SINGLE],
        help_text=gettext_lazy("Beside what is ticked above. Untick that to narrow it."),
        widget=forms.CheckboxSelectMultiple({"class": "columns"}),
    )
    lasts = forms.ChoiceField(
        label=gettext_lazy("How long it is good"),
        required=False,
        choices=_LASTS,
        initial="90",
        widget=forms.RadioSelect,
    )
    expires_at = MomentField(label=gettext_lazy("Or until"))
    cities = forms.MultipleChoiceField(
        label=gettext_lazy("Cities"),
        required=False,
        help_text=gettext_lazy("With none ticked it reaches all that you see. With some, it reaches these alone."),
        widget=forms.CheckboxSelectMultiple({"class": "columns"}),
    )
    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        required=False,
        help_text=gettext_lazy("From where it may be used: IP addresses or networks (192.0.2.0/24), one a line."),
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, by: Actor, *args: Any, lists_cities: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        singles: Any = self.fields["verbs"]
        singles.choices = [(scope, word_of(scope)) for scope in _SINGLE]
        self.fields["expires_at"].help_text = in_zone(_("A moment that is given here counts."))
        cities: Any = self.fields["cities"]
        cities.choices = cities_of(by) if lists_cities else []
        if not cities.choices:
            del self.fields["cities"]

    def clean_addresses(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["addresses"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > _MOST_ADDRESSES:
            raise forms.ValidationError(_("At most %(many)s.") % {"many": _MOST_ADDRESSES})
        return found

    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        ends_at = given["expires_at"]
        if ends_at is None and given["lasts"]:
            ends_at = self.by.now + timedelta(days=int(given["lasts"]))
        return {
            "name": given["name"],
            "scopes": [*given["scopes"], *given["verbs"]],
            "ends_at": ends_at,
            "cities": given.get("cities", []),
            "addresses": given["addresses"],
        }


class NameForm(ReadForm):
    """The name, which is all that can be changed."""

    name = CleanField(
        clean_label, label=gettext_lazy("Name"), max_length=_LONGEST, widget=forms.TextInput({"autofocus": True})
    )


class ReasonForm(ReadForm):
    """Why it is disabled."""

    reason = CleanField(
        partial(names.clean_text, longest=_LONGEST),
        label=gettext_lazy("Reason"),
        required=False,
        help_text=gettext_lazy("At most 64 characters."),
        widget=forms.TextInput({"autofocus": True}),
    )
