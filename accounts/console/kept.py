"""What somebody has typed outlives the end of their sign-in, and the proof that is asked for in between.

It waits in their browser, in a sealed cookie: whoever sends forms by the thousand fills nothing of ours. It is for the
same person, at the same page, for an hour; and never a secret (S15, S25).
"""

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from config.kernel import vault

COOKIE = "polis_kept"
_PATH = "/console"
_AGE = 3600
# What a form says of itself, and what is never kept.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "as", "version", "once"})
_SECRET = ("secret", "password", "code")
_MOST = 2_200  # bytes: sealed, it has to find room in a cookie


def to_the_door(request: Any) -> HttpResponse:
    """To sign in, and back."""
    return _by_way_of(request, reverse("account_login"))


def to_proof(request: Any) -> HttpResponse:
    """To prove oneself anew (S3), and back."""
    return _by_way_of(request, reverse("account_reauthenticate"))


def fill(request: Any, form: Form) -> bool:
    """Put what was typed here before into the form again; was there anything?"""
    held = _read(request)
    if held.get("path") != request.path or held.get("by") != request.user.key:
        return False
    for name, values in held["fields"].items():
        if name in form.fields:
            is_many = getattr(form.fields[name].widget, "allow_multiple_selected", False)
            form.initial[name] = values if is_many else values[-1]
    messages.info(request, _("What you had typed is here again. It has not been sent yet."))
    return True


def forget(response: HttpResponse) -> None:
    """It is there again: it need not wait any more."""
    response.delete_cookie(COOKIE, path=_PATH)


def _by_way_of(request: Any, address: str) -> HttpResponse:
    page = _page_of(request)
    way = f"{address}?{urlencode({'next': page})}"
    # A page of another look: a browser that asks by a script is to load it whole.
    is_scripted = bool(request.headers.get("HX-Request"))
    response = HttpResponse(status=204, headers={"HX-Redirect": way}) if is_scripted else HttpResponseRedirect(way)
    if request.method == "POST" and (typed := _typed(request, urlsplit(page).path)):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, typed, _AGE, path=_PATH, secure=secure, httponly=True, samesite="Lax")
    return response


def _page_of(request: Any) -> str:
    """Where to come back to: the page that was asked for, or the one on which something was typed or pressed."""
    if request.method in {"GET", "HEAD"}:
        return str(request.get_full_path())
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return reverse("console:home")
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _typed(request: Any, path: str) -> str:
    """What was sent from the page at a path, sealed; "" for nothing, or for more than finds room."""
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name not in _NOT_TYPED and not any(word in name for word in _SECRET)
    }
    if not fields or not request.POST.get("as"):
        return ""
    text = json.dumps({"path": path, "by": request.POST["as"], "fields": fields}, ensure_ascii=False)
    return vault.protect(text, COOKIE) if len(text.encode()) <= _MOST else ""


def _read(request: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(vault.reveal(request.COOKIES.get(COOKIE, ""), COOKIE))
    except (vault.Unreadable, ValueError):
        return {}
    return found
