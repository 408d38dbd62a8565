"""How people's own resources are described in the native API's OpenAPI: what is answered, member by member."""

from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.models import Request
from accounts.people.wording import EVENTS
from config.dialects.native.openapi import STATE, nested, nullable, shape
from config.kernel.policies import ENABLES

REQUEST_STATES = tuple(str(state) for state in Request.State)

_CREDENTIAL: dict[str, Any] = {
    "name": str,
    "state": STATE,
    "reason": str,
    "scopes": list,
    "cities": list,
    "addresses": list,
    "audience": str,
    "shop": str,
    "secret_hint": str,
    "expires_at": nullable("date-time"),
    "last_used_at": nullable("date-time"),
    "last_used_ip": nullable(str),
    "created_at": "date-time",
    "updated_at": "date-time",
    "version": int,
    "url": str,
}


def _with_secret(member: str) -> dict[str, Any]:
    """The member that a new credential is shown by, once; null when the call is repeated."""
    once = partial(serializers.CharField, allow_null=True, help_text="shown this once; null in a replay")
    shown = partial(serializers.DateTimeField, required=False, help_text="in a replay: when it was shown")
    return {member: once, "secret_shown_at": shown}


TOKEN = shape("Token", id=str, **_CREDENTIAL)
NEW_TOKEN = shape("NewToken", id=serializers.CharField, **_CREDENTIAL, **_with_secret("token"))
ACCESS_KEY = shape("AccessKey", ak=str, **_CREDENTIAL)
NEW_ACCESS_KEY = shape("NewAccessKey", ak=serializers.CharField, **_CREDENTIAL, **_with_secret("sk"))
GRANT = shape(
    "Grant",
    id=str,
    thing=str,
    thing_name=str,
    user=str,
    role=("viewer", "operator", "owner"),
    status=("active", "pending"),
    expires_at=nullable("date-time"),
    granted_by=nullable(str),
    created_at="date-time",
    version=int,
    url=str,
)
EVENT = shape(
    "Event",
    at="date-time",
    actor=str,
    actor_kind=("user", "corp", "gateway", "system", "anonymous"),
    door=str,
    request_id=str,
    verb=str,
    thing=str,
    thing_name=str,
    city=str,
    outcome=("ok", "refused"),
    code=str,
    before=dict,
    after=dict,
    batch=str,
    count=int,
)
COMPANY = shape(
    "Organization",
    id=str,
    name=str,
    comp_id=int,
    state=STATE,
    has_api=bool,
    project_limit=int,
    grace_seconds=int,
    has_secret=bool,
    created_at="date-time",
    updated_at="date-time",
    version=int,
    url=str,
)
_corp = nested("Corp", id=str, name=str)
USER = shape(
    "User",
    id=str,
    name=str,
    email=str,
    role=("developer", "zoon", "god"),
    state=STATE,
    reason=str,
    expires_at=nullable("date-time"),
    corp=_corp,
    is_corp_admin=bool,
    created_at="date-time",
    updated_at="date-time",
    version=int,
    url=str,
)
OF_COMPANY = OpenApiParameter("id", str, OpenApiParameter.PATH, description="the company's public id")
MEMBER = shape("Member", id=str, name=str, is_admin=bool, state=STATE)
MEMBER_ID = OpenApiParameter("member", str, OpenApiParameter.PATH, description="the person's public id")
MEMBERSHIP = shape("Membership", id=str, name=str, is_admin=bool)
_INVITATION: dict[str, Any] = {
    "id": str,
    "organization": nested("InvitingOrganization", id=str, name=str),
    "email": str,
    "is_admin": bool,
    "status": str,
    "invited_by": nullable(str),
    "created_at": "date-time",
    "version": int,
    "url": str,
}
INVITATION = shape("Invitation", **_INVITATION)
MY_INVITATION = shape("MyInvitation", **_INVITATION)
INVITATION_ID = OpenApiParameter("invitation", str, OpenApiParameter.PATH, description="the invitation's public id")
NEW_COMP_SECRET = shape("NewCompSecret", id=str, comp_id=int, **_with_secret("comp_secret"))
BINNED = shape(
    "Binned",
    kind=str,
    id=str,
    name=str,
    deleted_at="date-time",
    deleted_by=str,
    purge_at=nullable("date-time"),
)
_organization = nested("MyOrganization", id=str, name=str, is_admin=bool)
_token = nested("MyToken", or_null=True, id=str, name=str, scopes=list, cities=list, expires_at=nullable("date-time"))
_limit = nested("MyLimit", used=int, limit=nullable(int))
ME = shape(
    "Me",
    id=str,
    name=str,
    email=str,
    avatar=str,
    language=str,
    time_zone=str,
    role=("developer", "zoon", "god"),
    organization=_organization,
    may=lambda: serializers.DictField(child=serializers.ListField(child=serializers.CharField())),
    limits=lambda: serializers.DictField(child=_limit()),
    token=_token,
    created_at="date-time",
    updated_at="date-time",
    version=int,
)
POLICY = shape(
    "Policy",
    name=str,
    documented=dict,
    overridden=nested("PolicyOverridden", enable=ENABLES, acitys=str),
    effective=nested(
        "PolicyEffective",
        http_schema=str,
        method=str,
        color=str,
        audience=str,
        shop=str,
        subject=str,
        roles=list,
        resource=str,
        kparam=str,
        action=str,
        acitys=str,
        enable=ENABLES,
    ),
    overridable=bool,
    follows=nullable(str),
    version=int,
)
NOTICE = shape(
    "Notice",
    id=str,
    event=EVENTS,
    thing=str,
    thing_name=str,
    reason=nullable(str),
    role=nullable(str),
    days=nullable(int),
    ends_at=nullable("date-time"),
    secret=nullable(int),
    secrets=nullable(int),
    user=nullable(str),
    grant=nullable(str),
    request=nullable(str),
    granted=nullable(bool),
    text=str,
    created_at="date-time",
    read_at=nullable("date-time"),
    version=int,
    url=str,
)
MARKED = shape("NoticesMarked", marked=int)
_asker = nested("RequestUser", id=str, name=str)
REQUEST = shape(
    "Request",
    id=str,
    thing=str,
    thing_name=str,
    verb=("recycle", "enable"),
    message=str,
    state=REQUEST_STATES,
    user=_asker,
    answer=str,
    answered_by=nullable(str),
    answered_at=nullable("date-time"),
    created_at="date-time",
    version=int,
    url=str,
)
