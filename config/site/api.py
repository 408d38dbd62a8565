"""The native API's addresses: every resource of every floor."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api.audit import AuditViewSet
from accounts.api.credentials import AccessKeyViewSet, TokenViewSet
from accounts.api.grants import GrantViewSet
from accounts.api.invitations import CompanyInvitationViewSet, InvitationViewSet
from accounts.api.me import MeViewSet
from accounts.api.members import MemberViewSet
from accounts.api.notices import NoticeViewSet
from accounts.api.organizations import OrganizationViewSet
from accounts.api.policies import PolicyViewSet
from accounts.api.requests import RequestViewSet
from accounts.api.users import UserViewSet
from apps.api.native.apps import AppViewSet
from apps.api.native.codes import AppCodeViewSet
from apps.api.native.gateways import GatewayViewSet
from apps.api.native.verifications import VerificationViewSet
from cities.api.native import CityViewSet
from cities.api.transfers import OfferViewSet, TransferViewSet
from config.site.bin import BinViewSet
from projects.api.native import ProjectViewSet

PREFIX = "api/v1/"


RESOURCES = {
    "cities": CityViewSet,
    "transfers": OfferViewSet,
    "organizations": OrganizationViewSet,
    "projects": ProjectViewSet,
    "gateways": GatewayViewSet,
    "apps": AppViewSet,
    "apps/(?P<id>[^/]+)/codes": AppCodeViewSet,
    "verifications": VerificationViewSet,
    "grants": GrantViewSet,
    "tokens": TokenViewSet,
    "access-keys": AccessKeyViewSet,
    "audit": AuditViewSet,
    "policies": PolicyViewSet,
    "bin": BinViewSet,
    "notices": NoticeViewSet,
    "requests": RequestViewSet,
    "users": UserViewSet,
    "organizations/(?P<id>[^/]+)/members": MemberViewSet,
    "organizations/(?P<id>[^/]+)/invitations": CompanyInvitationViewSet,
    "invitations": InvitationViewSet,
}
router = SimpleRouter(trailing_slash=False)
for name, resource in RESOURCES.items():
    router.register(f"{PREFIX}{name}", resource, basename=name)

urlpatterns = [
    *router.urls,
    path(f"{PREFIX}cities/<str:id>/transfer", TransferViewSet.as_view(TransferViewSet.methods), name="transfer"),
    *(
        path(
            f"{PREFIX}cities/<str:id>/transfer/{step}", TransferViewSet.as_view({"post": step}), name=f"transfer-{step}"
        )
        for step in ("accept", "decline")
    ),
    path(f"{PREFIX}me", MeViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="me"),
]
