"""The question that gateways ask before each call of their clients: is this credential good?"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from config.kernel import signing
from config.kernel.signing import Sent
from tests.bench import rows
from tests.bench.load import Call
from tests.bench.operations import Operation
from tests.bench.plan import VERIFY
from tests.bench.servers import POLIS
from tests.bench.world import World

_HOST, _PATH, _QUERY = "api.example", "/orders/7", "page=2"
_SIGNED = (signing.HOST, signing.DATE)
_NOTHING = hashlib.sha256(b"").hexdigest()


def by_secret(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for app in world.layout.kept_apps(random):
        yield question(entrant, app, {"X-Api-Key": f"{rows.app_key(app)}.{rows.app_secret(app)}"})


def by_signature(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    """A signature is good for a quarter of an hour: they are made right before the run."""
    for app in world.layout.kept_apps(random):
        yield question(entrant, app, signature(rows.app_key(app), rows.app_secret(app), datetime.now(UTC)))


def by_code(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for app in world.layout.kept_apps(random):
        yield question(entrant, app, {"X-Apig-AppCode": rows.app_code(app)})


def question(entrant: str, app: int, credential: dict[str, str]) -> Call:
    """What a gateway of the profile `nginx` sends, to Polis and to the references alike."""
    gateway = rows.gateway_of_app(app)
    headers = {
        "X-Polis-Gateway": rows.gateway_key(gateway),
        "X-Polis-Gateway-Key": rows.gateway_secret(gateway),
        "X-Original-Method": "GET",
        "X-Original-URI": f"{_PATH}?{_QUERY}",
        "X-Original-Host": _HOST,
        "X-Real-IP": "192.0.2.1",
    }
    return Call("GET", "/verify" if entrant == POLIS else f"/{entrant}/verify", headers | credential)


def signature(app_key: str, secret: str, now: datetime) -> dict[str, str]:
    """The headers by which a client of the vendor's SDK signs the original call."""
    date = now.strftime("%Y%m%dT%H%M%SZ")
    sent = Sent("GET", _PATH, _QUERY, ((signing.HOST, _HOST), (signing.DATE, date)))
    signed = signing.sign(signing.canonical_forms(sent, _SIGNED, _NOTHING)[0], date, secret)
    text = f"{signing.ALGORITHM} Access={app_key}, SignedHeaders={';'.join(_SIGNED)}, Signature={signed}"
    return {"Authorization": text, "X-Sdk-Date": date}


VERIFICATION = (
    Operation(VERIFY, "is this key and its secret good? In X-Api-Key", by_secret, writes_behind=True),
    Operation("verify-signature", "is this signature good?", by_signature, None, (POLIS,), VERIFY, writes_behind=True),
    Operation("verify-code", "is this AppCode good?", by_code, None, (POLIS,), VERIFY, writes_behind=True),
)
