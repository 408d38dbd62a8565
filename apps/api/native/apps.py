"""Apps as resources (native API): what they have beside what all that belongs to a company has."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.api import belonging
from accounts.api.belonging import BelongingViewSet
from accounts.api.governed import described
from accounts.api.secrets import Rotation, SecretsMixin, described_secrets
from accounts.audit.journal import About
from accounts.machine import executor
from accounts.machine.rotation import ROTATE, Rotated
from apps.api import native_schema as schema
from apps.api.filters import AppFilters
from apps.lifecycle import APP
from apps.models import App, Gateway
from apps.policies import APPS
from apps.services import apps
from config.dialects.fields import Line, Name, Text
from config.dialects.native import openapi
from config.dialects.native.fields import NativeSerializer
from config.kernel import ids, keys
from config.kernel.policies import Policy

_key = partial(Text, keys.clean_app_key, required=False)
_secret = partial(Text, keys.clean_app_secret, required=False)


class AppInput(NativeSerializer):
    """A new app of a gateway. A key or a secret of one's own is there where the gateway's switch is on."""

    gateway = Line(32, pattern=f"^{ids.INSTANCE_ID}$")
    name = Name(3, 64)
    remark = Line(255, required=False)
    avatar = Line(40, required=False)
    app_key = _key()
    app_secret = _secret()

    def read(self) -> dict[str, Any]:
        """All but in what it is made, which has been read before."""
        given = super().read()
        del given["gateway"]
        return given


class AppChanges(NativeSerializer):
    """What is to be different; another secret is a rotation."""

    name = Name(3, 64, required=False)
    remark = Line(255, required=False)
    avatar = Line(40, required=False)
    app_key = _key()
    app_secret = _secret()


class AppRotation(Rotation):
    """For how long the secret of now stays good; without it the company's own grace. `secret`: one of one's own."""

    secret = _secret()

    def read(self) -> dict[str, Any]:
        given = super().read()
        return {"app_secret": given.pop("secret", ""), **given}


@described(
    "apps",
    "app",
    schema.APP,
    list=belonging.describe_list("apps", "My company's apps, and those shared with me", schema.APP, App, AppFilters),
    create=openapi.describe_write("apps_create", "Create an app", AppInput, {201: schema.NEW_APP}, is_one=False),
    partial_update=openapi.describe_write("apps_update", "Change an app", AppChanges, {200: schema.APP}, is_post=False),
    **described_secrets("apps", AppRotation),
)
class AppViewSet(SecretsMixin, BelongingViewSet):
    """Apps. One is found by its id, dashed or not, and by its `devl_id`."""

    kind, table, path, parent = APP.kind, APP, "apps", "gateway"
    model, filters, made, body = App, AppFilters, "app_secret", AppRotation
    fields = tuple(schema.APP.fields)
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in APPS}

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "id" in self.kwargs:  # what REST framework hands to the action
            self.asked_for = self.kwargs["id"]
            self.kwargs["id"] = App.objects.key_of(self.asked_for)

    def named(self, request: Any) -> About:
        """By the id that was given: whose `devl_id` it is would tell that there is such an app (S13)."""
        about = super().named(request)
        if about.kind != self.kind:
            return about
        asked_for = getattr(self, "asked_for", about.thing)
        return About(self.kind, App.read_id(asked_for) or asked_for)

    def shape(self, thing: App, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            "id": thing.key,
            "devl_id": thing.devl_id,
            "name": thing.name,
            "remark": thing.remark,
            "avatar": thing.avatar,
            "app_key": thing.app_key,
            "gateway": {"id": thing.gateway.key, "name": thing.gateway.name},
            "project": {"app_id": thing.gateway.project.key},
            "creator": thing.origin.lower(),
            **self.standing(thing),
        }
        return {name: shown[name] for name in fields}

    def create(self, request: Any) -> Response:
        gateway, read = self.read_parent(request, AppInput), lambda: AppInput(data=request.data).read()
        app, secret = apps.create_app(gateway, Gateway.objects.with_chain(), by=self.actor, read=read)
        return self.answer(request, app, made_at=f"apps/{app.key}", app_secret=secret)

    def partial_update(self, request: Any, id: str) -> Response:
        read = lambda: self._read_changes(request)  # noqa: E731
        return self.answer(request, apps.update_app(id, self.rows(), by=self.actor, read=read))

    def _read_changes(self, request: Any) -> dict[str, Any]:
        given: dict[str, Any] = AppChanges(data=request.data).read()
        if given.get("app_secret"):
            self.judge(ROTATE, request)
        return given

    def rotate_one(self, id: str, read: executor.Reader) -> Rotated:
        return apps.rotate_secret(id, self.rows(), by=self.actor, read=read, may_end_older=False)

    def end_one(self, id: str, number: int) -> None:
        apps.end_secret(id, number, by=self.actor)

    def permit_rotation(self, thing: App) -> None:
        apps.permit_rotation(thing, by=self.actor)
