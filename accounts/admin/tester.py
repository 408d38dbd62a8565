"""The tester: this user, this token, this verb, this thing, and what each check would say."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import Credential, User
from accounts.people import explaining, tokens
from accounts.people.explaining import Explanation
from config.kernel import ids, names, registry, words
from config.kernel.errors import Code, DomainError, Invalid

_WORDS = {
    "credential": pgettext_lazy("check", "Signed in, and in service"),
    "enable": pgettext_lazy("check", "The interface is open"),
    "https": pgettext_lazy("check", "Over HTTPS"),
    "chain: city": pgettext_lazy("check", "The token's city"),
    "chain: zone": pgettext_lazy("check", "The token's zone"),
    "chain: corp": pgettext_lazy("check", "The user's company"),
    "chain: shop": pgettext_lazy("check", "The token's shop"),
    "chain: user": pgettext_lazy("check", "The user"),
    "chain: token": pgettext_lazy("check", "The token"),
    "chain: login": pgettext_lazy("check", "The token's sign-in"),
    "color": pgettext_lazy("check", "Colour"),
    "audience": pgettext_lazy("check", "Audience"),
    "shop": pgettext_lazy("check", "Shop"),
    "visible": pgettext_lazy("check", "Sees the thing"),
    "permitted": pgettext_lazy("check", "Is permitted, by role or grant"),
    "scope": pgettext_lazy("check", "The token's scope"),
    "state": pgettext_lazy("check", "The thing's state"),
}


class TesterForm(forms.Form):
    """Who, with what, does which verb, to what."""

    user = forms.CharField(
        label=gettext_lazy("User name or id"),
        max_length=64,
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off", "autocapitalize": "none"}),
    )
    token = forms.CharField(
        label=gettext_lazy("Id of a token or access key of theirs"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Empty: signed in at a console."),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off", "autocapitalize": "none"}),
    )
    policy = forms.ChoiceField(label=gettext_lazy("Policy"), widget=UnfoldAdminSelectWidget)
    thing = forms.CharField(
        label=gettext_lazy("Thing"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("city/ID, project/ID, gateway/ID or app/ID; of Create what it is made in."),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy"].choices = [
            (row.name, f"{row.name} · {words.verb(row.verb)}") for row in registry.policies()
        ]


def read(form: forms.Form) -> dict[str, Any]:
    """What a form was given. Raises Invalid, with the errors beside their fields."""
    if not form.is_valid():
        raise Invalid(Code.BAD_REQUEST, field=next(iter(form.errors)))
    return dict(form.cleaned_data)


def answer(form: TesterForm, now: datetime) -> dict[str, Any] | None:
    """What the page says; None where the form is at fault, which it tells beside its fields."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    user = _user(given["user"])
    if user is None:
        form.add_error("user", _("There is no such user."))
        return None
    token = tokens.find_by_id(given["token"], now) if given["token"] else None
    if given["token"] and (token is None or token.user_id != user.pk):
        form.add_error("token", _("This user has no such token."))
        return None
    policy = registry.find_policy(given["policy"])
    assert policy is not None
    try:
        return _told(explaining.explain(user, token, policy, given["thing"], now=now), user, token)
    except DomainError as error:
        form.add_error("thing", error.sentence)
        return None


def _user(text: str) -> User | None:
    rows = User.objects.select_related("corp")
    return rows.filter(name_key=names.name_key(text)).first() or rows.filter(key=ids.foreign_id(text)).first()


def _told(explanation: Explanation, user: User, token: Credential | None) -> dict[str, Any]:
    refusal = explanation.refusal
    return {
        "user": user,
        "token": token,
        "policy": explanation.policy,
        "refusal": _WORDS[refusal.name] if refusal is not None else "",
        "why": refusal.error.sentence if refusal is not None and refusal.error is not None else "",
        "steps": [
            {
                "word": _WORDS[step.name],
                "is_passed": step.is_passed,
                "is_asked": step.is_asked,
                "is_first": step is refusal,
                "why": step.error.sentence if step.error is not None else "",
            }
            for step in explanation.steps
        ],
    }
