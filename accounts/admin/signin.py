"""Signing in to the super-console: the one password function, one answer to every failure, a remembered device."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts.access.actor import Actor
from accounts.admin import caller
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.models import Login, User
from accounts.people import devices, signin, tokens
from accounts.people.sessions import PROVED_AT
from config.kernel.errors import Code, DomainError
from config.kernel.states import Verb

BACKEND = "accounts.access.backend.PolisBackend"
_HINTS = {"autocapitalize": "none", "autocomplete": "username", "autofocus": True}


class SignInForm(forms.Form):
    """A name and a password in plain text; whether they are right is not the form's to say."""

    name = forms.CharField(label=_("User name"), max_length=254, strip=False, widget=UnfoldAdminTextInputWidget(_HINTS))
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        widget=UnfoldAdminPasswordWidget({"autocomplete": "current-password"}),
    )

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class SignInView(LoginView):
    """Administrators only: a developer's right password is answered as a wrong one."""

    form_class: Any = SignInForm
    template_name = "admin/polis/sign_in.html"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(can_sign_in=settings.DEVELOPMENT, **given)

    def form_valid(self, form: Any) -> HttpResponse:
        name = form.cleaned_data["name"]
        device = devices.known_device(self.request.COOKIES, name)
        by = caller.nobody(self.request)
        try:
            user = _steward(name, form.cleaned_data["password"], device, by)
        except DomainError as error:
            journal.refuse(by, Verb.ADD, About("login"), error)
            return self._refused(form, error)
        login(self.request, user, backend=BACKEND)
        self.request.session[PROVED_AT] = self.request.now.isoformat()
        self.request.session["login"] = _begin(user, self.request).key
        return _remember(HttpResponseRedirect(self.get_success_url()), name, device)

    def _refused(self, form: Any, error: DomainError) -> HttpResponse:
        form.add_error(None, error.sentence)
        response = self.form_invalid(form)
        if error.code is Code.TOO_MANY_REQUESTS:
            response.status_code = caller.STATUSES[error.code]
            response["Retry-After"] = str(error.facts["retry_after"])
        return response


def _begin(user: User, request: Any) -> Login:
    """The signing in as a row and an event, as at every door."""
    ends_at = request.now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return tokens.begin_login(user, by=caller.actor_of(request), ends_at=ends_at)


def _steward(name: str, password: str, device: str, by: Actor) -> User:
    user = signin.sign_in(name, password, by=by, device=device)
    if not user.is_staff:
        raise DomainError(Code.SIGNIN_FAILED)
    return user


def _remember(response: HttpResponse, name: str, device: str) -> HttpResponse:
    response.set_cookie(
        devices.cookie_name(name),
        devices.issue(name, device),
        max_age=devices.MAX_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
