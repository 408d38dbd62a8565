"""What django-allauth asks of us: who it is, how somebody is made, what a link begins with. Every rule has its home.

allauth's own counters, hashers and writers are passed by: `accounts.people` is the one way in (S2), and every change
leaves its event.
"""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from accounts.audit import journal
from accounts.audit.journal import About
from accounts.lifecycle import LOGIN
from accounts.models import User
from accounts.people import mails, services, signin, tokens
from accounts.web import entry
from config.kernel import names
from config.kernel.errors import Code, DomainError, Invalid, NameTaken
from config.kernel.roles import Role
from config.kernel.states import Verb

_FACTORS = {"password": tokens.PASSWORD, "mfa": tokens.TOTP}


class AccountAdapter(DefaultAccountAdapter):
    """Named in ACCOUNT_ADAPTER."""

    # ── who it is ────────────────────────────────────────────────────────────────────────────────────────────────

    def get_client_ip(self, request: Any) -> str:
        return str(request.client_address)

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        """The user of a right password; what else they have is asked for next. Raises ValidationError for all else."""
        identifier = str(credentials["username"])
        by, device = entry.nobody(request), entry.device_of(request, identifier)
        try:
            user = signin.prove_password(identifier, credentials["password"], by=by, kind=signin.ANY, device=device)
            entry.password_is_right(request, user)
            return user
        except DomainError as error:
            journal.refuse(by, Verb.ADD, About(LOGIN.kind), error)
            raise forms.ValidationError(error.sentence, code=str(error.code), params=dict(error.facts)) from None

    def login(self, request: Any, user: Any) -> None:
        methods = [_FACTORS[record["method"]] for record in get_authentication_records(request, user)]
        try:
            entry.begin(request, user, list(dict.fromkeys(methods)))
        except DomainError:  # what was proved a moment ago is so no more
            clear_login(request)
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login"))) from None

    def logout(self, request: Any) -> None:
        entry.leave(request)

    def post_login(self, request: Any, user: Any, **given: Any) -> Any:
        response = super().post_login(request, user, **given)
        entry.remember(response, request, user)
        return response

    def get_login_stages(self) -> list[str]:
        """Each is passed before anybody is signed in."""
        return [
            "accounts.web.stages.MailStage",
            "allauth.mfa.stages.AuthenticateStage",
            "accounts.web.stages.EnrolStage",
        ]

    def get_login_redirect_url(self, request: Any) -> str:
        return entry.way_home(request.user)

    # ── how somebody is made ─────────────────────────────────────────────────────────────────────────────────────

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP

    def clean_username(self, username: str, shallow: bool = False) -> str:
        try:
            name = names.clean_user_name(username)
            # It stands in mails, and beside other people's addresses: it is to look like neither.
            if mark := next((mark for mark in "@/:" if mark in name), ""):
                raise Invalid(Code.BAD_CHARACTER, field="name", character=mark)
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None
        if not shallow and User.objects.filter(name_key=names.name_key(name)).exists():
            raise forms.ValidationError(NameTaken(field="name").sentence)
        return name

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> User:
        given = form.cleaned_data
        return services.register(
            given["username"], Role.DEVELOPER, by=entry.nobody(request), password=given["password1"]
        )

    def set_password(self, user: Any, password: str) -> None:
        services.change_password(user, password, by=entry.actor_of(self.request, user))

    def confirm_email(self, request: Any, email_address: EmailAddress) -> bool:
        """The one who reads that mailbox has said so: from now on it is theirs."""
        return mails.confirm(email_address, by=entry.actor_of(request, email_address.user))

    # ── what a link begins with ──────────────────────────────────────────────────────────────────────────────────

    def get_email_confirmation_url(self, request: Any, emailconfirmation: Any) -> str:
        return self._link(request, reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return self._link(self.request, path.replace("UID-KEY", quote(key)))

    def send_account_already_exists_mail(self, email: str) -> None:
        told = {"password_reset_url": self._link(self.request, reverse("account_reset_password"))}
        self.send_mail("account/email/account_already_exists", email, told)

    def send_confirmation_mail(self, request: Any, emailconfirmation: Any, signup: bool) -> None:
        """To the mail of somebody who is here another one: it cannot be confirmed (S13)."""
        email = emailconfirmation.email_address.email
        if User.objects.filter(email=email).exclude(pk=emailconfirmation.email_address.user_id).exists():
            self.send_account_already_exists_mail(email)
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def _link(self, request: Any, path: str) -> str:
        """From POLIS_BASE_URL, not from what the request says it was sent to (S19)."""
        return f"{settings.BASE_URL}{path}" if settings.BASE_URL else str(request.build_absolute_uri(path))
