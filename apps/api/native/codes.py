"""AppCodes as resources (native API), below the app that each stands for."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.access import walks
from accounts.access.visibility import find_thing
from accounts.audit.journal import About
from accounts.doors.native import NativeViewSet
from accounts.machine import executor, rotation
from apps.api import native_schema as schema
from apps.lifecycle import APP, APP_CODE
from apps.models import App, AppCode
from apps.policies import APP_CODES
from apps.services import codes
from config.dialects.fields import Text
from config.dialects.native import openapi
from config.dialects.native.fields import NativeSerializer
from config.dialects.native.query import LIST, read_fields, read_params, read_query
from config.kernel import keys, registry
from config.kernel.policies import Policy
from config.kernel.states import Verb

ORDERINGS = ("-created_at", "created_at")
FIELDS = tuple(schema.CODE.fields)


class AppCodeInput(NativeSerializer):
    """A new code; without one of one's own, one of ours."""

    app_code = Text(keys.clean_app_code, required=False)


class AppCodeViewSet(NativeViewSet):
    """AppCodes."""

    kind, lookup_url_kwarg, secret = APP_CODE.kind, "code", "app_code"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in APP_CODES}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "create": Verb.ADD,
        "destroy": Verb.DEL,
    }

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.asked_for = self.kwargs["id"]
        self.kwargs["id"] = App.objects.key_of(self.asked_for)

    @openapi.describe_list(
        "apps_list_codes", "An app's codes, no values", schema.CODE, ORDERINGS, query=[schema.OF_APP]
    )
    def list(self, request: Any, id: str) -> Response:
        app = self._app(id)
        query = read_query(read_params(request, LIST), orderings=ORDERINGS, fields=FIELDS)
        walk = walks.keyset(AppCode.objects.of_app(app), is_descending=query.ordering.startswith("-"))
        page = walk.page(self.ask(query))
        outside = self._outsiders(app, page.rows, query.fields)
        return self.listed(request, page, [self._shape(code, query.fields, outside) for code in page.rows])

    @openapi.describe_detail("apps_get_code", "One code, no value", schema.CODE, is_whole=False, more=[schema.CODE_ID])
    def retrieve(self, request: Any, id: str, code: str) -> Response:
        app = self._app(id)
        found = codes.find_code(app, code)
        fields = read_fields(read_params(request, ("fields",)), FIELDS)
        return self._answer(request, found, fields=fields, outside=self._outsiders(app, [found], fields))

    @openapi.describe_write("apps_create_code", "Make a code", AppCodeInput, {201: schema.NEW_CODE})
    def create(self, request: Any, id: str) -> Response:
        read = lambda: AppCodeInput(data=request.data).read()  # noqa: E731
        code, value = codes.create_code(id, App.objects.with_chain(), by=self.actor, read=read)
        return self._answer(request, code, made_at=f"apps/{code.app.key}/codes/{code.key}", app_code=value)

    @openapi.describe_write(
        "apps_end_code", "End a code for good", None, {204: None}, is_post=False, more=[schema.CODE_ID]
    )
    def destroy(self, request: Any, id: str, code: str) -> Response:
        codes.end_code(id, code, App.objects.with_chain(), by=self.actor)
        return Response(status=204)

    def named(self, request: Any) -> About:
        """What is refused about a code is told where its app's history is read."""
        return About(APP.kind, getattr(self, "asked_for", self.kwargs["id"]))

    def judge_again(self, request: Any, id: str) -> None:
        executor.permit_below(APP_CODE, self._found(id), by=self.actor)

    def _app(self, id: str) -> App:
        """Whose codes are looked at, by who sees it."""
        app = self._found(id)
        executor.permit(APP, app, Verb.GET, by=self.actor)
        return app

    def _found(self, id: str) -> App:
        app: App = find_thing(registry.kind(APP.kind), id, by=self.actor)
        return app

    def _outsiders(self, app: App, rows: Sequence[AppCode], fields: tuple[str, ...]) -> frozenset[str]:
        """To whom of those that know these codes they are not to be known today, where that is asked for."""
        if "known_to_former" not in fields:
            return frozenset()
        return rotation.outsiders(app, [code.shown_to for code in rows], by=self.actor)

    def _answer(
        self,
        request: Any,
        code: AppCode,
        *,
        made_at: str = "",
        fields: tuple[str, ...] = FIELDS,
        outside: frozenset[str] = frozenset(),
        **more: Any,
    ) -> Response:
        body = lambda: {**self._shape(code, fields, outside), **more}  # noqa: E731
        state = code.state_at(self.actor.now)
        # Its use touches it, and bumps no version.
        return self.shown(request, code.version, state, state, body, made_at=made_at, is_whole=False)

    def _shape(self, code: AppCode, fields: tuple[str, ...], outside: frozenset[str]) -> dict[str, Any]:
        shown = {
            "id": code.key,
            "hint": code.hint,
            "state": code.state_at(self.actor.now).name.lower(),
            "created_at": code.created_at,
            "known_to_former": code.shown_to in outside,
            "last_used_at": code.last_used_at,
            "last_used_ip": code.last_used_ip,
        }
        return {name: shown[name] for name in fields}
