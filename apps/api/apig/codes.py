"""AppCodes by APIG [vendor]."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.machine import executor
from apps import policies
from apps.api.apig import fields, schema, shapes
from apps.api.apig.schema import describe, described
from apps.api.apig.views import InstanceViewSet
from apps.lifecycle import APP, APP_CODE
from apps.models import App, AppCode
from apps.services import codes
from config.kernel.policies import Policy
from config.kernel.states import Verb


class AppCodeViewSet(InstanceViewSet):
    """AppCodes of an app."""

    kind = APP_CODE.kind
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.APP_CODES}
    verbs: ClassVar[Mapping[str, str]] = {
        "create": Verb.ADD,
        "generate": Verb.ADD,
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "destroy": Verb.DEL,
    }

    def create(self, request: Any, **_: Any) -> Response:
        return self._add(lambda: fields.CodeBody(data=request.data).read())

    def generate(self, request: Any, **_: Any) -> Response:
        return self._add(lambda: fields.Body(data=request.data).read())  # nothing, but well-formed

    def list(self, request: Any, **_: Any) -> Response:
        app = self._permitted(Verb.GET)
        page = fields.read_page(self.params, self.version)
        found = AppCode.objects.of_app(app)
        shown = [shapes.code(code, app.key) for code in found[page]]
        return Response({"total": found.count(), "size": len(shown), "app_codes": shown})

    def retrieve(self, request: Any, **_: Any) -> Response:
        app = self._permitted(Verb.GET)
        return Response(shapes.code(codes.find_code(app, self.kwargs["app_code_id"]), app.key))

    def destroy(self, request: Any, **_: Any) -> Response:
        codes.end_code(self.kwargs["id"], self.kwargs["app_code_id"], self.apps(), by=self.actor)
        return Response(status=204)

    def _add(self, read: executor.Reader) -> Response:
        code, value = codes.create_code(self.kwargs["id"], self.apps(), by=self.actor, read=read)
        return Response(shapes.code(code, code.app.key, value=value), 201)

    def _permitted(self, verb: Verb) -> App:
        app = self.find_app()
        executor.permit(APP, app, verb, by=self.actor)
        return app


def _described(version: str, page: Any) -> Callable[[Any], Any]:
    return described(
        create=describe(
            f"CreateAppCode{version}", "Give an app a code of one's own", schema.CODE, 201, request=fields.CodeBody
        ),
        generate=describe(f"GenerateAppCode{version}", "Give an app a code", schema.CODE, 201),
        list=describe(f"ListAppCodes{version}", "An app's codes", schema.CODES, parameters=page),
        retrieve=describe(f"ShowAppCode{version}", "One code", schema.CODE, path=schema.AT_CODE),
        destroy=describe(f"DeleteAppCode{version}", "End a code for good", None, 204, path=schema.AT_CODE),
    )


@_described("V1", schema.PAGE_V1)
class AppCodesV1(AppCodeViewSet):
    """AppCodes by v1."""

    version = "v1"


@_described("V2", schema.PAGE_V2)
class AppCodesV2(AppCodeViewSet):
    """AppCodes by v2."""

    version = "v2"
