"""What every call at a gateway has: the rows that its address names, and which of them is not there."""

from typing import Any, ClassVar

from accounts.access.actor import Actor
from accounts.audit.journal import About
from accounts.doors.apig import GatewayCallViewSet
from apps.lifecycle import APP, GATEWAY
from apps.models import App, Gateway
from config.kernel.errors import Code, Invalid, NotVisible
from config.kernel.ids import foreign_id
from config.kernel.states import State


class InstanceViewSet(GatewayCallViewSet):
    """`<version>/<project_id>/apigw/instances/<instance_id>/…`."""

    version: ClassVar[str]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        for name in ("project_id", "instance_id", "id", "app_code_id"):
            value = self.kwargs.get(name, "-")
            # The document's form of an id; what has it and is none is not found (apig.md, errors).
            if not foreign_id(value) or "." in value:
                raise Invalid(Code.BAD_CHARACTER, field=name)

    def named(self, request: Any) -> About:
        if "id" in self.kwargs:
            return About(APP.kind, App.read_id(self.kwargs["id"]) or self.kwargs["id"])
        if "instance_id" not in self.kwargs:
            return About("project", self.kwargs.get("project_id", ""))
        return About(GATEWAY.kind, self.kwargs["instance_id"])

    def gateways(self) -> Any:
        """The one that the address names, if it is of the project that it names."""
        return Gateway.objects.with_chain().filter(project__key=self.kwargs["project_id"])

    def apps(self) -> Any:
        """The apps of that one."""
        chain = {"gateway__key": self.kwargs["instance_id"], "gateway__project__key": self.kwargs["project_id"]}
        return App.objects.with_chain().filter(**chain)

    def gateway(self) -> Gateway:
        """Raises NotVisible."""
        return find_gateway(self.gateways(), self.kwargs["instance_id"], by=self.actor)

    def find_app(self) -> App:
        """The app of the address, not locked. Raises NotVisible."""
        key = App.read_id(self.kwargs["id"])
        rows = self.apps().visible_to(self.actor).exclude(state=State.DELETED)
        app: App | None = rows.filter(key=key).first() if key else None
        if app is None:
            raise self.missing(NotVisible(kind=APP.kind))
        return app

    def missing(self, error: NotVisible) -> NotVisible:
        """Of an app that is not there: the gateway's error where that is not there either."""
        self.gateway()
        return error

    def answer_failure(self, exception: Exception, context: Any) -> Any:
        if isinstance(exception, NotVisible) and exception.facts.get("kind") == APP.kind:
            try:
                exception = self.missing(exception)
            except NotVisible as nearer:
                exception = nearer
        return super().answer_failure(exception, context)


def find_gateway(rows: Any, key: str, *, by: Actor) -> Gateway:
    """A gateway that the caller sees, not locked. Raises NotVisible."""
    found: Gateway | None = None
    if read := Gateway.read_id(key):
        found = rows.visible_to(by).exclude(state=State.DELETED).filter(key=read).first()
    if found is None:
        raise NotVisible(kind=GATEWAY.kind)
    return found
