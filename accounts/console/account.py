"""One's own profile: user name, avatar, language, time zone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import policies
from accounts.access.actor import Actor
from accounts.audit.journal import About
from accounts.console.room import Room, Visit
from accounts.console.ways import address, lead_to
from accounts.pages.forms import CleanField, ReadForm
from accounts.pages.secrets import of_version
from accounts.people import profile
from config.kernel import names
from config.kernel.policies import Policy
from config.kernel.states import Verb


def _line(text: str, *, field: str) -> str:
    return names.clean_text(text, field=field, longest=40)


class ProfileForm(ReadForm):
    """What one may change of oneself; "" as language or time zone is the platform's."""

    name = CleanField(
        profile.clean_name,
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("You sign in with it. 2 to 64 characters without white space."),
        widget=forms.TextInput({"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}),
    )
    avatar = CleanField(_line, label=gettext_lazy("Avatar"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("Of what we mail to you. These pages follow the choice at their foot."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), required=False, help_text=gettext_lazy("In which moments are shown to you.")
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(user, name) for name in type(self).base_fields}, **kwargs)
        self.user = user
        platform = _("As the platform has it (%(choice)s)")
        names_of = dict(settings.LANGUAGES)
        of_platform = names_of.get(settings.LANGUAGE_CODE, settings.LANGUAGE_CODE)
        languages: Any = self.fields["language"]
        languages.choices = [("", platform % {"choice": of_platform}), *settings.LANGUAGES]
        zones: Any = self.fields["time_zone"]
        known = [(zone, zone) for zone in sorted(profile.zones())]
        zones.choices = [("", platform % {"choice": settings.TIME_ZONE}), *known]

    def given(self) -> dict[str, Any]:
        """A name that is to stay is none to look for: it would count as a guess."""
        given = dict(self.cleaned_data)
        return given if given["name"] != self.user.name else {key: given[key] for key in given if key != "name"}


class ProfileRoom(Room):
    """Oneself."""

    kind, section = "user", "company"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.ME}

    def urls(self) -> list[URLPattern]:
        return [self.form_at("profile", self.edit, "profile", Verb.SET)]

    def edit(self, visit: Visit) -> HttpResponse:
        """Change it."""
        user = visit.by.user
        assert user is not None

        def do(form: ReadForm) -> HttpResponse:
            profile.update_me(by=of_version(visit.by, visit.request.POST), read=form.read)
            messages.success(visit.request, _("Your profile is saved."))
            return lead_to(address("profile"))

        told = {
            "title": _("Your profile"),
            "user_id": user.key,
            "submit": pgettext("button", "Save"),
            "version": user.version,
            "back": address("company"),
        }
        return self.ask(visit, lambda data: ProfileForm(user, data), do, told, template="console/profile.html")

    def about(self, named: Mapping[str, str], by: Actor) -> About:
        return About(self.kind)
