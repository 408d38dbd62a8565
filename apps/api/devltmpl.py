"""Apps as the XDUA document has them: SET alone (003, 修改应用). `devl_id` or the UUID names one."""

from typing import Any

from django.db import transaction
from rest_framework.response import Response

from accounts.access.visibility import find_thing
from accounts.audit.journal import About
from accounts.doors.xdua import VerbViewSet
from accounts.machine import executor
from accounts.people import passwords
from apps.api.devltmpl_schema import describe
from apps.lifecycle import APP
from apps.models import App
from apps.policies import SET_DEVLTMPL
from apps.services import apps as services
from config.dialects.fields import DomainSerializer, Line, Name
from config.dialects.xdua.codes import DEVLTMPL as DEVLTMPL_ERRORS
from config.dialects.xdua.envelope import Envelope
from config.kernel import registry
from config.kernel.errors import Code, Invalid
from config.kernel.states import State, Verb

SHOWN = {"name": "name", "avatar": "avatar", "brief": "remark"}
PASSWORD = ("user_id", "oldpwd", "pwd")


class DevltmplSerializer(DomainSerializer):
    """`user_id`, `oldpwd` and `pwd` change the caller's own password: all three or none."""

    name = Name(required=False)
    avatar = Line(40, required=False)
    brief = Line(64, required=False)
    user_id = Line(8, required=False)
    oldpwd = Line(64, required=False)
    pwd = Line(64, required=False)


class DevltmplViewSet(VerbViewSet):
    """Apps, changed from the console."""

    kind = APP.kind
    policies = (SET_DEVLTMPL,)
    dialect = Envelope(DEVLTMPL_ERRORS)
    queryset = App.objects.all()

    @describe(DevltmplSerializer)
    def update_app(self, request: Any, id: str) -> Response:
        key, rows = App.objects.key_of(id), App.objects.with_chain().exclude(state=State.DELETED)
        thing = find_thing(registry.kind(APP.kind), key, by=self.actor, rows=rows)
        executor.permit(APP, thing, Verb.SET, by=self.actor)
        given = DevltmplSerializer(data=self.params).read()
        new = self._new_password(given)
        changes = {column: given[name] for name, column in SHOWN.items() if name in given}
        with transaction.atomic():
            app = services.update_app(key, rows, by=self.actor, read=lambda: changes)
            if new:
                passwords.change(new, by=self.actor)
        stored = {name: getattr(app, column) for name, column in SHOWN.items() if name in given}
        return Response({"id": app.devl_id, "ipdates": stored, "updates": stored})

    def named(self, request: Any) -> About:
        return About(APP.kind, App.read_id(self.kwargs["id"]) or self.kwargs["id"])

    def _new_password(self, given: dict[str, Any]) -> str:
        """What the caller's password is to be, "" where it stays. It is proved before anything is written."""
        if not any(name in given for name in PASSWORD):
            return ""
        for name in PASSWORD:
            if name not in given:
                raise Invalid(Code.REQUIRED, field=name)
        self.actor.check_unbound()  # a credential that reaches less than its user is not for their password
        assert self.actor.user is not None
        if given["user_id"] != self.actor.user.key:
            raise Invalid(Code.BAD_CHOICE, field="user_id", allowed="your own id")
        new = passwords.clean_new(given["pwd"], field="pwd", by=self.actor)
        passwords.prove(given["oldpwd"], by=self.actor)
        return new
