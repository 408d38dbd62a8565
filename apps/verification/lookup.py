"""One question to the database: the asking gateway, its keys, what stands above, and the app that a key or code names.

It is the path of every call of everybody's clients, so the statement is written by hand, once, and prepared on
PostgreSQL: to put it together anew costs more than to answer it. An app is found at the asking gateway alone (S1).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg
from django.db import InterfaceError, NotSupportedError, OperationalError, connection
from django.utils.dateparse import parse_datetime

from accounts.models.secret import SecretTerms, bound_to
from apps.models import AppSecret, GatewaySecret
from apps.services.codes import digest_of
from config.kernel.states import State, state_told

# Of each link of the chain, in this order.
_LINK = "{0}.key, {0}.state, {0}.offline, {0}.expires_at"
_LINKS = {"a": "app", "g": "gateway", "p": "project", "o": "organization", "c": "city"}
_SECRET = "{0}.id, {0}.number, {0}.sealed, {0}.expires_at, {0}.ends_at"
_COLUMNS = ", ".join(
    [
        *map(_LINK.format, _LINKS),
        "g.id, g.profile, g.unsigned_body, a.id, a.name, a.acl_type, a.acl_values",
        *map(_SECRET.format, ("gs", "s")),
    ]
)
_PLACED = """
FROM apps_gateway g
JOIN projects_project p ON p.id = g.project_id
JOIN accounts_organization o ON o.id = p.company_id
LEFT JOIN cities_city c ON c.id = p.city_id
LEFT JOIN apps_gatewaysecret gs ON gs.holder_id = g.id AND gs.ended_at IS NULL
"""
# Where there is no such app another is read in its place and thrown away, so that it takes as long: the last column
# says whether it is the one that is meant.
_OF_APP = "LEFT JOIN apps_appsecret s ON s.holder_id = a.id AND s.ended_at IS NULL WHERE g.key = %s"
_BY_KEY = f"""
SELECT {_COLUMNS}, NULL, NULL, NULL, NULL, m.id IS NOT NULL {_PLACED}
LEFT JOIN apps_app m ON m.gateway_id = g.id AND m.app_key = %s
LEFT JOIN apps_app a ON a.id = COALESCE(m.id, %s)
{_OF_APP}"""
_BY_CODE = f"""
SELECT {_COLUMNS}, k.id, k.state, k.offline, k.expires_at, k.id IS NOT NULL {_PLACED}
LEFT JOIN apps_appcode k ON k.gateway_id = g.id AND k.digest = %s
LEFT JOIN apps_app a ON a.id = COALESCE(k.app_id, %s)
{_OF_APP}"""


@dataclass(frozen=True, slots=True)
class Link:
    """One thing of the chain, as it is at the moment of asking."""

    kind: str
    key: str
    state: State


@dataclass(slots=True)
class Held(SecretTerms):
    """A secret that has not been ended, as far as it is read here: a model's instance costs as much as all else."""

    pk: int
    table: str
    number: int
    sealed: str
    sealed_for: str
    expires_at: datetime | None
    ends_at: datetime | None
    ended_at: None = None


@dataclass(frozen=True, slots=True)
class Gateway:
    """Who asks: its keys that have not been ended, and how it tells of the original request."""

    pk: int
    key: str
    profile: str
    unsigned_body: bool
    secrets: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class App:
    """Whose a credential is. `code` is the id of the AppCode by which it was found, where that is in service."""

    pk: int
    key: str
    name: str
    acl_type: str
    acl_values: Sequence[str]
    secrets: tuple[Held, ...]
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What there is. `chain` begins with the app where there is one, and ends with the city where it stands in one."""

    gateway: Gateway | None = None
    app: App | None = None
    chain: tuple[Link, ...] = ()

    def key_of(self, kind: str) -> str:
        """The id of a link; "" where the chain has none of the kind."""
        return next((link.key for link in self.chain if link.kind == kind), "")


def find_by_key(gateway: str, app_key: str, now: datetime) -> Found:
    """The gateway of this id, and the app that has this key at it."""
    return _find(_BY_KEY, app_key, gateway, now)


def find_by_code(gateway: str, code: str, now: datetime) -> Found:
    """The gateway of this id, and the app whose code this is at it."""
    return _find(_BY_CODE, digest_of(code), gateway, now)


# The app that this process found last at a gateway, and at any (""), to be read where there is none: to look for one
# would take its time too, and another gateway's could be chosen by whoever measures.
_last: dict[str, int] = {}
_MOST_GATEWAYS = 10_000


def _find(statement: str, credential: str, gateway: str, now: datetime) -> Found:
    another = _last.get(gateway) or _last.get("")
    rows = _ask(statement, (credential, another, gateway))
    found = _read(rows, now)
    if found.app is not None:
        if len(_last) > _MOST_GATEWAYS:
            _last.clear()
        _last[gateway] = _last[""] = found.app.pk
    elif rows and rows[0][23] is None:  # it is gone
        _last.pop(gateway, None)
    return found


class _Sent(NamedTuple):
    query: bytes


class _Prepared(psycopg.Cursor[Any]):
    """Parameters are bound by the server, and the plan is kept with the connection."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        done = super().execute(query, params, prepare=True)
        self._query: Any = _Sent(query.encode())  # for whoever logs queries: of a prepared one nothing is kept there
        return done


def _ask(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows. The statement is its own check of the connection's health: where that is gone it is asked once more."""
    connection.ensure_connection()
    connection.health_check_done = True
    try:
        return _fetch(statement, params)
    except (InterfaceError, OperationalError, NotSupportedError) as error:
        # NotSupported: a migration has changed what a prepared statement gives.
        is_gone = isinstance(error, NotSupportedError) or not connection.is_usable()
        if connection.in_atomic_block or not is_gone:
            raise
        connection.close()
        return _fetch(statement, params)


def _fetch(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    with _cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _cursor() -> Any:
    """Django's own around it tells whoever counts queries."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    raw: Any = connection.connection
    # Without a threshold nothing is ever prepared. Django's own cursors bind by themselves, and prepare nothing.
    raw.prepare_threshold = 0
    prepared: Any = _Prepared(raw)
    return connection.make_debug_cursor(prepared) if connection.queries_logged else connection.make_cursor(prepared)


def _read(rows: list[tuple[Any, ...]], now: datetime) -> Found:
    """Of a gateway with two keys and an app with two secrets there are four rows, which differ in those alone."""
    if not rows:
        return Found()
    first = rows[0]
    head, code, is_meant = first[20:27], first[37:41], bool(first[41])
    links = zip(_LINKS.values(), (first[at : at + 4] for at in range(0, 20, 4)), strict=True)
    chain = tuple(Link(kind, told[0], _state(told, now)) for kind, told in links if told[0] is not None)
    pk, profile, unsigned_body, app_pk, name, acl_type, acl_values = head
    gateway = Gateway(pk, first[4], profile, bool(unsigned_body), _secrets(GatewaySecret, pk, rows, 27))
    if app_pk is None:  # there is none at all
        return Found(gateway, None, chain)
    is_good = code[0] is not None and _state(code, now) is State.ENABLED
    values = json.loads(acl_values) if acl_type else ()
    secrets = _secrets(AppSecret, app_pk, rows, 32)
    app = App(app_pk, first[0], name, acl_type, values, secrets, code[0] if is_good else None)
    return Found(gateway, app, chain) if is_meant else Found(gateway, None, chain[1:])


def _secrets(model: Any, holder: int, rows: Iterable[tuple[Any, ...]], at: int) -> tuple[Held, ...]:
    told = {row[at]: row[at : at + 5] for row in rows if row[at] is not None}
    table, name = model._meta.label, model._meta.model_name
    return tuple(
        Held(pk, table, number, sealed, bound_to(name, holder, number), _moment(end), _moment(grace))
        for pk, number, sealed, end, grace in told.values()
    )


def _state(told: Sequence[Any], now: datetime) -> State:
    _, state, offline, expires_at = told
    return state_told(State(state), bool(offline), _moment(expires_at), now)


def _moment(value: Any) -> datetime | None:
    """In UTC, as the database keeps it: text on SQLite."""
    moment: datetime | None = parse_datetime(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None else None
