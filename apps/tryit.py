"""“Try it” for gateways and apps: APIG, the native API, and the question of whether a call may pass."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts.console import tryit
from accounts.console.signed import Signed
from accounts.console.spelling import Wire
from accounts.console.tryit import Call, Group, Native, Need
from accounts.console.ways import address
from apps import first_call
from apps.models import App, Gateway
from config.kernel import words
from config.kernel.states import Verb

_DAY = 86_400  # seconds
_REMARK = "Changed by a call"


def of_gateway(gateway: Gateway, root: str) -> Iterator[Group]:
    """What the pages of a gateway do, as programs do it, and what it asks itself."""
    yield first_call.of_gateway(gateway, root)
    native, one = Native(root), f"gateways/{gateway.key}"
    yield native.group(
        native.call(words.verb(Verb.GET), "GET", one),
        native.call(words.verb(Verb.QRI), "GET", "gateways?limit=20"),
        native.call(_("Its apps"), "GET", f"apps?gateway={gateway.key}"),
        native.call(_("Create an app at it"), "POST", "apps", {"gateway": gateway.key, "name": "First_app"}),
        native.call(words.verb(Verb.SET), "PATCH", one, {"profile": gateway.profile}),
        native.call(_("A new key"), "POST", f"{one}/rotate", {"grace_seconds": _DAY}),
        native.call(words.verb(Verb.DOL), "DELETE", one),
    )
    at = _Apig(gateway, root)
    yield at.group(
        at.call(words.verb(Verb.GET), "GET", "", version="v2"),
        at.call(_("Its apps"), "GET", "/apps"),
        at.call(_("Create an app at it"), "POST", "/apps", {"name": "Second_app"}),
        at.call(_("What it may hold"), "GET", "/project/configs", version="v2"),
        at.signed(_("Its apps, signed by an access key"), "/apps"),
    )


def of_app(app: App, root: str) -> Iterator[Group]:
    """What the pages of an app do, as programs do it, and what it is for."""
    yield first_call.of_app(app, root)
    native, one = Native(root), f"apps/{app.key}"
    yield native.group(
        native.call(words.verb(Verb.GET), "GET", one),
        native.call(words.verb(Verb.QRI), "GET", "apps?limit=20"),
        native.call(words.verb(Verb.SET), "PATCH", one, {"remark": _REMARK}),
        native.call(words.verb("ROTATE"), "POST", f"{one}/rotate", {"grace_seconds": _DAY}),
        native.call(_("Its secrets, and when each was last used"), "GET", f"{one}/secrets"),
        native.call(_("A new AppCode"), "POST", f"{one}/codes", {}),
        native.call(words.verb(Verb.DOL), "DELETE", one),
    )
    at, this = _Apig(app.gateway, root), f"/apps/{app.key}"
    yield at.group(
        at.call(words.verb(Verb.GET), "GET", this),
        at.call(words.verb(Verb.SET), "PUT", this, {"name": app.name, "remark": _REMARK}),
        at.call(_("A new secret"), "PUT", f"/apps/secret/{app.key}"),
        at.call(_("A new AppCode"), "PUT", f"{this}/app-codes"),
        at.call(
            _("Admit callers from some addresses alone"),
            "PUT",
            f"{this}/app-acl",
            {"app_acl_type": "PERMIT", "app_acl_values": ["192.0.2.0/24"]},
            version="v2",
        ),
        at.signed(_("Details, signed by an access key"), this),
        at.call(_("Delete it for good"), "DELETE", this),
    )


class _Apig:
    """APIG's calls at one gateway."""

    def __init__(self, gateway: Gateway, root: str) -> None:
        self.root = root
        self.path = f"{gateway.project.key}/apigw/instances/{gateway.key}"

    def call(
        self, title: Any, method: str, way: str, body: dict[str, Any] | None = None, *, version: str = "v1"
    ) -> Call:
        url, headers = f"{self.root}/{version}/{self.path}{way}", {"X-Auth-Token": "$POLIS_TOKEN"}
        return tryit.call(title, Wire(method, url, headers, body, tells_status=method == "DELETE"))

    def signed(self, title: Any, way: str) -> Call:
        path = f"/v1/{self.path}{way}"
        root = urlsplit(self.root)
        wire = Wire("GET", f"{self.root}{path}")
        signed = Signed(root.netloc, f"{root.path}{path}", "$POLIS_ACCESS_KEY", "POLIS_SECRET_KEY", wire)
        return Call(title, signed.curl, signed.python)

    def group(self, *calls: Call) -> Group:
        told = _("As Huawei Cloud has it: its SDKs work with it unchanged. By a token, or signed by an access key.")
        page = address("access_keys")
        needs = (
            tryit.of_token(),
            Need("POLIS_ACCESS_KEY", _("The AK of an access key of yours, for what is signed."), page),
            Need("POLIS_SECRET_KEY", _("Its SK. It is shown once, when you make the key."), page),
        )
        return Group(tryit.APIG, _("Huawei APIG"), told, needs, list(calls))
