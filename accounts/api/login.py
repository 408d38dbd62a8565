"""POST /login [vendor, minimal]: a name and the md5 of a password, for an access token of 15 minutes."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import policies
from accounts.access.actor import Door
from accounts.doors.base import DoorMixin
from accounts.doors.xdua import merged_params
from accounts.people import services, signin, tokens
from accounts.people.reach import Reach
from accounts.policies import SIGN_IN
from config.dialects.fields import DomainSerializer, Line, Text
from config.dialects.xdua.envelope import Envelope
from config.kernel import ids, names
from config.kernel.errors import Code, DomainError, Invalid


def _clean_kind(value: str, *, field: str) -> str:
    if value not in signin.BY:
        raise Invalid(Code.BAD_CHOICE, field=field, allowed=", ".join(signin.BY))
    return value


def _clean_password(value: str, *, field: str) -> str:
    # Its form tells nothing of whether it is right: any other text is simply wrong.
    return names.clean_text(value, field=field, longest=256)


class LoginSerializer(DomainSerializer):
    """# assumed: `role` is taken and does not narrow the token: the vendor's pages do not say what it does."""

    by = Text(_clean_kind)
    ustr = Line(longest=254)
    pwd = Text(_clean_password)
    shop = Line(longest=8, required=False)
    role = Line(longest=32, required=False)


class LoginView(DoorMixin, APIView):
    """Signs in; every other method is 405."""

    door = Door.XDUA
    kind = "login"
    verb = "ADD"
    dialect = Envelope({})

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "POST":
            raise DomainError(Code.METHOD_NOT_ALLOWED, method=request.method, allowed="POST")
        policies.check(SIGN_IN, self.actor, is_secure=request.is_secure())

    @extend_schema(
        operation_id="login",
        summary="登录 · sign in",
        description="The password as the md5 hex of its plain text; the token lives 15 minutes.",
        request=LoginSerializer,
        responses={200: OpenApiTypes.OBJECT, "4XX": OpenApiTypes.OBJECT},
        auth=[],
        tags=["login"],
    )
    def post(self, request: Any) -> Response:
        given = LoginSerializer(data=merged_params(request)).read()
        user = signin.sign_in(given["ustr"], given["pwd"], by=self.actor, kind=given["by"], md5=True)
        shop = services.find_shop(given.get("shop") or ids.SUPER)
        ends_at = self.actor.now + timedelta(seconds=settings.LOGIN_SECONDS)
        _, text = tokens.begin(user, Reach(shop, ends_at=ends_at), nobody=self.actor, name="login")
        return Response({"id": user.key, "token": text, "expire": int(ends_at.timestamp())})
