"""A call that `/verify` accepts: what an app's gateway asks about a client that comes with the app's key and secret."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.console import tryit
from accounts.console.signed import Signed
from accounts.console.spelling import Wire
from accounts.console.tryit import VERIFY, Call, Group, Need
from accounts.console.ways import address
from apps.models import App, Gateway
from config.kernel import addresses

# The call that a client makes, as the gateway tells of it. All of it is reserved for examples.
_HOST, _PATH, _ADDRESS = "api.example.com", "/orders/7", "192.0.2.7"


def of_app(app: App, root: str) -> Group:
    """Of an app, read with its gateway: by key and secret, and signed."""
    told = _("You are the gateway here: you ask Polis whether a call of a client may pass. 200 means that it may.")
    if not addresses.admits(app.acl_type, app.acl_values, _ADDRESS):
        told += " " + _("This app does not admit every address: write one that it admits in the place of 192.0.2.7.")
    secret = _("The app's secret. It is shown once, when it is made; you can make a new one on the app's page.")
    needs = (_of_key(app.gateway), Need("POLIS_APP_SECRET", secret, address("app", app.key)))
    return Group(VERIFY, _("A first call"), told, needs, _both(app.gateway, root, app.app_key))


def of_gateway(gateway: Gateway, root: str) -> Group:
    """Of a gateway: the app is whichever the caller has."""
    told = _("What the gateway asks Polis about each call of its clients. 200 means that the call may pass.")
    page = address("apps", gateway=gateway.key)
    needs = (
        _of_key(gateway),
        Need("POLIS_APP_KEY", _("The app_key of an app of this gateway."), page),
        Need("POLIS_APP_SECRET", _("Its secret. It is shown once, when it is made."), page),
    )
    return Group(VERIFY, _("May this call pass?"), told, needs, _both(gateway, root, "$POLIS_APP_KEY"))


def _both(gateway: Gateway, root: str, app_key: str) -> list[Call]:
    url, headers = _question(gateway, root)
    by_secret = Wire("GET", url, {**headers, "X-Api-Key": f"{app_key}.$POLIS_APP_SECRET"}, tells_status=True)
    asked = Wire("GET", url, headers, tells_status=True)
    signed = Signed(_HOST, _PATH, app_key, "POLIS_APP_SECRET", asked, 'answer.headers["X-App-Id"]')
    return [
        tryit.call(_("By key and secret"), by_secret),
        Call(_("Signed (SDK-HMAC-SHA256)"), signed.curl, signed.python),
    ]


def _of_key(gateway: Gateway) -> Need:
    told = _("The gateway's key. It is shown once, when it is made; you can make a new one on the gateway's page.")
    return Need("POLIS_GATEWAY_KEY", told, address("gateway", gateway.key))


def _question(gateway: Gateway, root: str) -> tuple[str, Mapping[str, str]]:
    """Where a gateway of this profile asks, and what it tells of the original call (verification.md)."""
    who = {"X-Polis-Gateway": gateway.key, "X-Polis-Gateway-Key": "$POLIS_GATEWAY_KEY"}
    if gateway.profile == Gateway.Profile.ENVOY:
        return f"{root}/verify{_PATH}", {**who, "Host": _HOST, "X-Forwarded-For": _ADDRESS}
    if gateway.profile == Gateway.Profile.NGINX:
        names = ("X-Original-Method", "X-Original-URI", "X-Original-Host", "X-Real-IP")
    else:
        names = ("X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host", "X-Forwarded-For")
    return f"{root}/verify", {**who, **dict(zip(names, ("GET", _PATH, _HOST, _ADDRESS), strict=True))}
