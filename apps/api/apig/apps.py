"""Apps by APIG. Each: read, one call, answer. Modify is 004's; the others are the vendor's v1 and v2 families."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import Q
from rest_framework.response import Response

from accounts.machine import executor, rotation
from accounts.models.thing import holds, in_states
from apps import policies
from apps.api.apig import fields, schema, shapes
from apps.api.apig.schema import describe, described
from apps.api.apig.views import InstanceViewSet
from apps.lifecycle import APP
from apps.models import App, Gateway
from apps.services import apps as services
from config.dialects.fields import whole
from config.kernel import names
from config.kernel.errors import Code, Invalid
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

COUNTED = 10_001


def _described(version: str, body: Any, reset: Any, changed: Any, page: Any) -> Callable[[Any], Any]:
    """What both versions have, each with its own bodies."""
    return described(
        create=describe(f"CreateApp{version}", "Create an app", schema.APP, 201, request=body, path=schema.AT_GATEWAY),
        list=describe(
            f"ListApps{version}", "The apps", schema.APPS, parameters=[*page, *schema.FILTERS], path=schema.AT_GATEWAY
        ),
        retrieve=describe(f"ShowApp{version}", "One app", schema.APP),
        update=describe(f"UpdateApp{version}", "修改APP · change an app", changed, request=body),
        destroy=describe(f"DeleteApp{version}", "Delete an app for good", None, 204),
        reset=describe(f"ResetAppSecret{version}", "Give an app a new secret", changed, request=reset),
        check=describe(f"CheckApp{version}", "Is there such an app", schema.CHECKED),
        outline=describe(f"CountApps{version}", "How many apps there are", schema.OUTLINE, path=schema.AT_GATEWAY),
    )


class AppViewSet(InstanceViewSet):
    """Apps of a gateway. Abstract: a version says what is sent, and whether a change is answered with its type."""

    kind = APP.kind
    body: ClassVar[Any]
    reset_body: ClassVar[Any]
    has_type: ClassVar[bool]
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.APPS}
    verbs: ClassVar[Mapping[str, str]] = {
        "create": Verb.ADD,
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "update": Verb.SET,
        "destroy": Verb.DEL,
        "reset": rotation.ROTATE,
        "check": Verb.GET,
        "outline": Verb.QRI,
        "set_acl": Verb.SET,
        "get_acl": Verb.GET,
        "clear_acl": Verb.SET,
    }

    def create(self, request: Any, **_: Any) -> Response:
        read = lambda: self.body(data=request.data).read()  # noqa: E731
        app, secret = services.create_app(self.kwargs["instance_id"], self.gateways(), by=self.actor, read=read)
        return Response(self._shown(app, secret=secret), 201)

    def list(self, request: Any, **_: Any) -> Response:
        gateway = self.gateway()
        executor.permit(APP, None, Verb.QRI, by=self.actor)
        page = fields.read_page(self.params, self.version)
        found = _narrowed(App.objects.of_gateway(gateway), self.params, gateway, self.actor.now)
        total = found[:COUNTED].count()
        rows = list(found[page])
        for app in rows:
            app.gateway = gateway
        shown = [{**shapes.app(app, self.actor.now), "bind_num": 0} for app in rows]
        return Response({"total": total, "size": len(shown), "apps": shown})

    def retrieve(self, request: Any, **_: Any) -> Response:
        return Response(self._shown(self._permitted()))

    def update(self, request: Any, **_: Any) -> Response:
        read = lambda: self._read_changes(request)  # noqa: E731
        app = services.update_app(self.kwargs["id"], self.apps(), by=self.actor, read=read)
        return Response(self._shown(app, has_type=self.has_type))

    def destroy(self, request: Any, **_: Any) -> Response:
        services.delete_app(self.kwargs["id"], self.apps().exclude(state=State.DELETED), by=self.actor)
        return Response(status=204)

    def reset(self, request: Any, **_: Any) -> Response:
        read = lambda: self.reset_body(data=request.data).read()  # noqa: E731
        rotated = services.rotate_secret(self.kwargs["id"], self.apps(), by=self.actor, read=read)
        app = rotated.secret.holder
        return Response(self._shown(app, secret=rotated.value, has_type=self.has_type))

    def check(self, request: Any, **_: Any) -> Response:
        app = self._permitted()
        return Response({"id": app.key, "name": app.name, "remark": app.remark})

    def outline(self, request: Any, **_: Any) -> Response:
        """No API is bound to an app here: a gateway asks at every call."""
        gateway = self.gateway()
        executor.permit(APP, None, Verb.QRI, by=self.actor)
        held = App.objects.of_gateway(gateway)[:COUNTED].count()
        return Response({"authed_nums": 0, "unauthed_nums": held})

    def set_acl(self, request: Any, **_: Any) -> Response:
        read = lambda: fields.AclBody(data=request.data).read()  # noqa: E731
        app = services.set_acl(self.kwargs["id"], self.apps(), by=self.actor, read=read)
        return Response(shapes.acl(app), 201)

    def get_acl(self, request: Any, **_: Any) -> Response:
        return Response(shapes.acl(self._permitted()))

    def clear_acl(self, request: Any, **_: Any) -> Response:
        read = lambda: {"acl_type": "", "acl_values": []}  # noqa: E731
        services.set_acl(self.kwargs["id"], self.apps(), by=self.actor, read=read)
        return Response(status=204)

    def _read_changes(self, request: Any) -> dict[str, Any]:
        given: dict[str, Any] = self.body(data=request.data).read()
        if given.get("app_secret"):
            self.judge(rotation.ROTATE, request)
        return given

    def _permitted(self) -> App:
        app = self.find_app()
        executor.permit(APP, app, Verb.GET, by=self.actor)
        return app

    def _shown(self, app: App, **options: Any) -> dict[str, Any]:
        return shapes.app(app, self.actor.now, **options)


@_described("V1", fields.AppBodyV1, fields.ResetBodyV1, schema.APP_V1, schema.PAGE_V1)
class AppsV1(AppViewSet):
    """As 004 has them, and the rest of its family."""

    version, body, reset_body, has_type = "v1", fields.AppBodyV1, fields.ResetBodyV1, False


@_described("V2", fields.AppBodyV2, fields.ResetBodyV2, schema.APP, schema.PAGE_V2)
@described(
    set_acl=describe("UpdateAppAcl", "Set who may call from where", schema.ACL, 201, request=fields.AclBody),
    get_acl=describe("ShowDetailsOfAppAcl", "Who may call from where", schema.ACL),
    clear_acl=describe("DeleteAppAcl", "Let everybody call from anywhere", None, 204),
)
class AppsV2(AppViewSet):
    """The same with longer keys, and access lists."""

    version, body, reset_body, has_type = "v2", fields.AppBodyV2, fields.ResetBodyV2, True


def _narrowed(apps: Any, params: Mapping[str, str], gateway: Gateway, now: Any) -> Any:
    """The filters of a list. Raises Invalid."""
    if "id" in params:
        apps = apps.filter(key=App.read_id(params["id"]))
    if "app_key" in params:
        apps = apps.filter(app_key=params["app_key"])
    if "creator" in params:
        if params["creator"] not in App.Origin.values:
            raise Invalid(Code.BAD_CHOICE, field="creator", allowed=", ".join(App.Origin.values))
        apps = apps.filter(origin=params["creator"])
    if "name" in params:
        apps = apps.filter(_named(params["name"], is_exact=params.get("precise_search") == "name"))
    if "status" in params:
        is_open = whole(params["status"], field="status", minimum=shapes.OPEN, maximum=shapes.CLOSED) == shapes.OPEN
        apps = apps.filter(_in_service(gateway, now) if is_open else ~_in_service(gateway, now))
    return apps


def _named(name: str, *, is_exact: bool) -> Q:
    key = names.name_key(name)
    if is_exact:
        return Q(name_key=key)
    if len(key) < names.SHORTEST_MATCH:
        raise Invalid(Code.TOO_SHORT, field="name", limit=names.SHORTEST_MATCH)
    return holds(key, of_all=False)


def _in_service(gateway: Gateway, now: Any) -> Q:
    """Whose effective state is ENABLED: none of a gateway that is not in service."""
    if gateway.effective_at(now) is not State.ENABLED:
        return Q(pk__in=())
    return in_states([State.ENABLED], now)
