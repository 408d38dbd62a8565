"""The pages of one's own account, beside those of django-allauth: what one proves oneself with, and where from."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import factors, logins, mails, services, tokens
from accounts.people.sessions import LOGIN
from accounts.web import entry
from accounts.web.door import STATUSES
from accounts.web.forms import EnrolForm, MailForm, NewPasswordForm, ProofForm
from accounts.web.stages import EnrolStage
from config.kernel.errors import DomainError, NotVisible

_form = require_http_methods(["GET", "HEAD", "POST"])


def _told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What cannot be done is said on one's account's page; what one does not see is not there."""

    @wraps(view)
    def answered(request: Any, *args: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except NotVisible:
            raise Http404 from None
        except DomainError as error:
            messages.error(request, error.sentence)
            return HttpResponseRedirect(reverse("account"))

    return answered


@never_cache
@login_required
def overview(request: Any) -> HttpResponse:
    """Name, mail, password, second factor; and where one is signed in."""
    by = entry.signed_in(request)
    told = {
        "has_factor": factors.has_one(request.user),
        "must_have_factor": factors.must_have_one(request.user),
        "codes_left": factors.codes_left(request.user),
        "sessions": logins.mine(by=by),
        "this": request.session.get(LOGIN),
    }
    return render(request, "account/overview.html", told)


@_form
@never_cache
@sensitive_post_parameters()
@login_required
def reauthenticate(request: Any) -> HttpResponse:
    """Password and second factor anew, then back to what needed it."""
    form = ProofForm(request.user, request.POST or None, has_factor=factors.has_one(request.user))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            entry.prove_again(request, form.cleaned_data["password"], form.cleaned_data.get("code", ""))
            return HttpResponseRedirect(_next(request))
        except DomainError as error:
            form.add_error(None, error.sentence)
            status = STATUSES.get(error.code, 200)
    return render(request, "account/reauthenticate.html", {"form": form, "next": _next(request)}, status=status)


@_form
@never_cache
@sensitive_post_parameters()
@login_required
@_told
def change_password(request: Any) -> HttpResponse:
    """Another password; it signs out everywhere, here too (S5)."""
    if not entry.is_fresh(request):
        return _prove_first(request)
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(request.user, form.cleaned_data["password1"], by=entry.signed_in(request))
        entry.leave(request)
        messages.success(request, _("Your password is changed. Sign in with it."))
        return HttpResponseRedirect(reverse("account_login"))
    return render(request, "account/change_password.html", {"form": form})


@_form
@never_cache
@login_required
@_told
def change_mail(request: Any) -> HttpResponse:
    """Another e-mail address, from when the link that goes there is opened. Whether it is somebody's is not told."""
    if not entry.is_fresh(request):
        return _prove_first(request)
    form = MailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = mails.wait_for(request.user, form.cleaned_data["email"], by=entry.signed_in(request))
        if not address.verified:
            send_verification_email_to_address(request, address)
        messages.success(request, _("We have sent a link to %s. It counts once that is opened.") % address.email)
        return HttpResponseRedirect(reverse("account"))
    return render(request, "account/change_mail.html", {"form": form})


@_form
@sensitive_post_parameters()
@login_stage_required(stage=EnrolStage.key, redirect_urlname="account_login")
def enrol(request: Any) -> HttpResponse:
    """On the way in, for whose role needs a second factor."""
    stage = request._login_stage
    user = stage.login.user
    try:
        entry.check_still(request, user)
        codes = _enrolled(request, user, entry.just_proved(request, user))
    except DomainError:  # closed meanwhile, or enrolled in another window
        return stage.abort()
    if isinstance(codes, HttpResponse):
        return codes
    user.refresh_from_db()
    entry.password_is_right(request, user)
    entry.note(request, user, tokens.TOTP)
    stage.login.redirect_url = reverse("account")
    stage.exit()
    return _show_codes(request, codes)


@_form
@never_cache
@sensitive_post_parameters()
@login_required
@_told
def add_factor(request: Any) -> HttpResponse:
    """An authenticator app, and the recovery codes that stand in for it."""
    if not entry.is_fresh(request):
        return _prove_first(request)
    codes = _enrolled(request, request.user, entry.signed_in(request))
    if isinstance(codes, HttpResponse):
        return codes
    entry.stay(request)
    return _show_codes(request, codes)


@_form
@never_cache
@login_required
@_told
def drop_factor(request: Any) -> HttpResponse:
    """Back to the password alone, for whose role allows it."""
    if not entry.is_fresh(request):
        return _prove_first(request)
    if request.method == "POST":
        factors.drop(request.user, by=entry.signed_in(request))
        entry.stay(request)
        return HttpResponseRedirect(reverse("account"))
    told = {"must_have_factor": factors.must_have_one(request.user)}
    return render(request, "account/drop_factor.html", told)


@require_POST
@never_cache
@login_required
@_told
def renew_codes(request: Any) -> HttpResponse:
    """New recovery codes in the place of the old ones."""
    if not entry.is_fresh(request):
        return _prove_first(request, back=reverse("account"))
    codes = factors.renew_codes(request.user, by=entry.signed_in(request))
    entry.stay(request)
    return _show_codes(request, codes)


@require_POST
@never_cache
@login_required
@_told
def sign_out(request: Any, key: str) -> HttpResponse:
    """One of one's browsers, wherever it stands."""
    logins.end(key, by=entry.signed_in(request))
    messages.success(request, _("That browser is signed out."))
    return HttpResponseRedirect(reverse("account"))


def _enrolled(request: Any, user: Any, by: Any) -> HttpResponse | list[str]:
    """The recovery codes once a code of the app is right; until then the page that asks for one."""
    form = EnrolForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        codes = factors.enrol(user, form.secret, by=by, code=form.cleaned_data["code"])
        clear_totp_secret(request)
        return codes
    adapter = mfa_adapter()
    link = adapter.build_totp_url(user, form.secret)
    told = {"form": form, "seed": form.secret, "link": link, "picture": adapter.build_totp_svg(link)}
    return render(request, "account/add_factor.html", told)


def _show_codes(request: Any, codes: list[str]) -> HttpResponse:
    """This once."""
    response = render(request, "account/codes.html", {"codes": codes})
    response["Cache-Control"] = "no-store"
    return response


def _prove_first(request: Any, *, back: str = "") -> HttpResponse:
    query = urlencode({"next": back or request.path})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")


def _next(request: Any) -> str:
    """Where to go on: a page of ours alone."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("account")
