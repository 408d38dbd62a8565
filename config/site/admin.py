"""The super-console: which kinds it shows, who may enter, and no address beyond what is listed here."""

from typing import Any

from csp.constants import UNSAFE_EVAL
from csp.decorators import csp_update
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from accounts.admin import caller
from accounts.admin.audit import AuditEventAdmin
from accounts.admin.credentials import AccessKeyAdmin, TokenAdmin
from accounts.admin.locks import LockAdmin
from accounts.admin.operations import OperationAdmin
from accounts.admin.people import UserAdmin
from accounts.admin.policies import PolicyAdmin
from accounts.admin.requests import RequestAdmin
from accounts.models import (
    AccessKey,
    AccessToken,
    AuditEvent,
    Lockout,
    Operation,
    Organization,
    PolicyBook,
    Request,
    User,
)
from accounts.web import entry
from apps.admin.apps import AppAdmin
from apps.admin.gateways import GatewayAdmin
from apps.models import App, Gateway
from cities.admin import CityAdmin
from cities.models import City
from config.site import overview
from projects.admin.companies import CompanyAdmin
from projects.admin.projects import ProjectAdmin
from projects.models import Project

# What unfold's pages need beyond all others' (S25): its Alpine makes functions of the texts in x-* attributes, and its
# stylesheet has pictures in it.
_BY_UNFOLD = {"script-src": [UNSAFE_EVAL], "img-src": ["data:"]}


class PolisSite(UnfoldAdminSite):
    """For zoon and god. Whoever else is signed in is led to their own console, and what they send is refused."""

    site_title = site_header = "Polis"

    def has_permission(self, request: Any) -> bool:
        return caller.may_enter(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Ours alone: of Django's there is no password page, no history, no autocompletion, no search."""
        pages: list[URLPattern | URLResolver] = [
            path("", self.admin_view(self.index), name="index"),
            path("login/", self.login, name="login"),
            path("logout/", require_POST(self.logout), name="logout"),
        ]
        for model, pages_of in self._registry.items():
            pages.append(path(f"{model._meta.app_label}/{model._meta.model_name}/", include(pages_of.urls)))
        return [*pages, re_path(r"^(?P<url>.*)$", self.admin_view(self.catch_all_view))]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        @csp_update(_BY_UNFOLD)
        def guard(request: Any, *args: Any, **named: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                return self.turned_away(request)
            return inner(request, *args, **named)

        return guard

    def index(self, request: Any, extra_context: Any = None) -> HttpResponse:
        """How many of what, and what waits."""
        context = {**self.each_context(request), "title": _("Home"), **overview.context(request)}
        return TemplateResponse(request, "admin/polis/home.html", context)

    def login(self, request: Any, extra_context: Any = None) -> HttpResponseBase:
        if request.user.is_authenticated:
            if not self.has_permission(request):
                return self.turned_away(request)
            return HttpResponseRedirect(reverse("admin:index"))
        query = urlencode({"next": request.GET.get("next") or reverse("admin:index")})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")

    def logout(self, request: Any, extra_context: Any = None) -> HttpResponse:
        entry.leave(request)
        return HttpResponseRedirect(reverse("account_login"))

    def get_app_list(self, request: Any, app_label: Any = None) -> list[Any]:
        return []  # Django's own menu, which would ask for pages that are not there

    def get_sidebar_list(self, request: Any) -> list[dict[str, Any]]:
        pages = [each for each in self._registry.values() if each.has_module_permission(request)]
        entries = [entry for each in pages for entry in each.menu()]
        here = max((link for _word, _icon, link in entries if request.path.startswith(link)), key=len, default="")
        items = [_menu_item(*entry, is_active=entry[-1] == here) for entry in entries]
        return [{"items": [_home(request), *items]}]

    def turned_away(self, request: Any) -> HttpResponse:
        """A developer who looks in is led to the developers' console."""
        if request.method in {"GET", "HEAD"} and not request.user.is_staff:
            return HttpResponseRedirect(reverse("console:home"))
        return self.refused(request)

    def refused(self, request: Any) -> HttpResponse:
        """For somebody signed in who is no steward: a plain refusal, and a way out."""
        context = {**self.each_context(request), "title": _("For administrators only")}
        response = TemplateResponse(request, "admin/polis/refused.html", context, status=403)
        add_never_cache_headers(response)
        return response


def _home(request: Any) -> dict[str, Any]:
    link = reverse("admin:index")
    return _menu_item(_("Home"), "home", link, is_active=request.path == link)


def _menu_item(title: Any, icon: str, link: str, *, is_active: bool) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": link, "active": is_active, "has_permission": True}


site = PolisSite()
site.register(City, CityAdmin)
site.register(Project, ProjectAdmin)
site.register(Gateway, GatewayAdmin)
site.register(App, AppAdmin)
site.register(Organization, CompanyAdmin)
site.register(User, UserAdmin)
site.register(AccessToken, TokenAdmin)
site.register(AccessKey, AccessKeyAdmin)
site.register(Request, RequestAdmin)
site.register(Operation, OperationAdmin)
site.register(Lockout, LockAdmin)
site.register(AuditEvent, AuditEventAdmin)
site.register(PolicyBook, PolicyAdmin)
