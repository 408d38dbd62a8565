"""What is typed at the door. What is right, the one function of all doors says (S2)."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.audit import journal
from accounts.audit.journal import About
from accounts.lifecycle import LOGIN
from accounts.models import User
from accounts.people import signin, tokens
from accounts.web import entry
from config.kernel.errors import DomainError
from config.kernel.states import Verb

_PASSWORD = 1024


def password_field(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=_PASSWORD, widget=widget)


def code_field(**given: Any) -> forms.CharField:
    hints = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none", "autofocus": True}
    return forms.CharField(label=_("Code"), max_length=32, widget=forms.TextInput(hints), **given)


class LoginForm(AllauthLoginForm):
    """A name or a mail, and a password in plain text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        field = forms.CharField(
            label=_("User name or e-mail"), max_length=254, strip=False, widget=forms.TextInput(hints)
        )
        self.fields["login"] = field
        self.fields["password"] = password_field(_("Password"), "current-password")

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"])

    def _login_with_password(self, request: Any, *args: Any) -> Any:
        response = super()._login_with_password(request, *args)
        entry.keep_end(request)  # allauth's would begin anew with each change of the session
        return response


class SignupForm(AllauthSignupForm):
    """A developer's: name, mail, password. The mail is theirs once it is confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].help_text = _("2 to 64 characters without spaces. You sign in with it.")
        self.fields["email"].label = _("E-mail")
        self.fields["email"].help_text = _("We send a link there, to be opened before the first sign-in.")
        self.fields["password1"] = password_field(_("Password"), "new-password")

    def validate_unique_email(self, value: str) -> str:
        """Whether it is somebody's is told to whoever reads that mailbox, and to nobody else (S13)."""
        return value.lower()

    def save(self, request: Any) -> Any:
        """Made whosever the mail is: that nobody can confirm it is all that differs."""
        from allauth.account.adapter import get_adapter

        user = get_adapter().save_user(request, None, self)
        # Not allauth's own: that would take the address for the user's before anybody has confirmed it.
        EmailAddress.objects.create(user=user, email=self.cleaned_data["email"], primary=True)
        return user


class ResetForm(ResetPasswordForm):
    """To a confirmed mail alone, and of who signs in by password: what merely waits to be confirmed opens nothing."""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        found = User.objects.filter(email=email)
        self.users = [user for user in found if user.has_usable_password() and user.is_active]
        return email


class CodeForm(AuthenticateForm):
    """The second factor, right after the password."""

    code = code_field()

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).replace(" ", "")
        by = entry.nobody(context.request)
        try:
            entry.check_still(context.request, self.user)
            signin.prove_code(self.user, code, by=by)
        except DomainError as error:
            journal.refuse(by, Verb.ADD, About(LOGIN.kind), error)
            raise forms.ValidationError(_("This code is not right, or was used before.")) from None
        return code

    def save(self) -> None:
        entry.note(context.request, self.user, tokens.TOTP)


class EnrolForm(ActivateTOTPForm):
    """A code of the app that was just given its key."""

    code = code_field()


class ProofForm(forms.Form):
    """All factors anew, for what needs them fresh (S3)."""

    def __init__(self, user: Any, *args: Any, has_factor: bool, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("Password"), "current-password")
        if has_factor:
            self.fields["code"] = code_field()


class NewPasswordForm(forms.Form):
    """Another password."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["password1"] = password_field(_("New password"), "new-password")

    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.user)
        return password


class MailForm(forms.Form):
    """Another e-mail address."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}))
