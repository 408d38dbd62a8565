"""One statement each, and what must be done with its rows: the least that anybody can do."""

import hmac
from typing import Any
from urllib.parse import quote

import orjson
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from apps.services.apps import new_secret
from config.kernel import ids, vault
from config.kernel.states import State

_COLUMNS = """c.key, c.name, c.avatar, c.brief, c.type, c.state, c.reason, c.expires_at, c.created_at, c.updated_at,
    c.version, u.key, u.name"""
_NAMES = (
    *("id", "name", "avatar", "brief", "type", "state", "reason", "expires_at", "created_at", "updated_at"),
    *("version", "owner_id", "owner_name"),
)
_READ = f"SELECT {_COLUMNS} FROM cities_city c LEFT JOIN accounts_user u ON u.id = c.creator_id"
_DETAIL = f"{_READ} WHERE c.key = %s"
_LIST = f"{_READ} WHERE c.creator_id = %s ORDER BY c.id DESC LIMIT 20"
_BY_NAME = f"{_READ} WHERE c.creator_id = %s AND c.name_key LIKE %s ORDER BY c.id DESC LIMIT 20"
_CREATE = """
INSERT INTO cities_city AS c (key, offline, disabled_by, disabled_side, reason, deleted_by, state, version, created_at,
    updated_at, name, name_key, avatar, brief, type, code, igrp, secret_digest)
VALUES (%s, false, '', '', '', '', 0, 1, now(), now(), %s, %s, '', '', '', '', '', '')
RETURNING c.key, c.name, c.avatar, c.brief, c.type, c.state, c.reason, c.expires_at, c.created_at, c.updated_at,
    c.version, NULL, NULL
"""
_SET = "updated_at = now(), version = c.version + 1 FROM accounts_user u WHERE c.key = %s AND u.id = c.creator_id"
_UPDATE = f"UPDATE cities_city c SET brief = %s, {_SET} RETURNING {_COLUMNS}"
_DISABLE = f"""
UPDATE cities_city c SET state = {int(State.DISABLED)}, disabled_at = now(), disabled_side = 'owner', reason = %s,
    {_SET} RETURNING {_COLUMNS}
"""
_ROTATE = """
WITH ended AS (
    UPDATE apps_appsecret SET ended_at = now(), sealed = ''
    WHERE holder_id = (SELECT id FROM apps_app WHERE key = %s) AND ended_at IS NULL RETURNING holder_id, number
)
INSERT INTO apps_appsecret (holder_id, number, sealed, hint, created_at)
SELECT holder_id, number + 1, %s, %s, now() FROM ended RETURNING number
"""
_VERIFY = """
SELECT a.id, a.key, a.name, p.key, c.key, s.number, s.sealed
FROM apps_app a
JOIN apps_appsecret s ON s.holder_id = a.id AND s.ended_at IS NULL
    AND (s.expires_at IS NULL OR s.expires_at > now()) AND (s.ends_at IS NULL OR s.ends_at > now())
JOIN apps_gateway g ON g.id = a.gateway_id
JOIN projects_project p ON p.id = g.project_id
LEFT JOIN cities_city c ON c.id = p.city_id
WHERE a.app_key = %s
"""


def cities(request: Any) -> HttpResponse:
    if request.method == "POST":
        name = orjson.loads(request.body)["name"]
        return _json(_shown(_ask(_CREATE, ids.new_key(), name, name.lower())[0]), 201)
    asked = request.GET
    if "name" in asked:
        found = _ask(_BY_NAME, asked["creator"], f"%{asked['name'].lower()}%")
    else:
        found = _ask(_LIST, asked["creator"])
    return _json({"results": [_shown(row) for row in found]})


def city(request: Any, key: str) -> HttpResponse:
    if request.method == "PATCH":
        return _json(_shown(_ask(_UPDATE, orjson.loads(request.body)["brief"], key)[0]))
    return _json(_shown(_ask(_DETAIL, key)[0]))


def disable(request: Any, key: str) -> HttpResponse:
    return _json(_shown(_ask(_DISABLE, orjson.loads(request.body)["reason"], key)[0]))


def rotate(request: Any, key: str) -> HttpResponse:
    value = new_secret()
    # Bound to the app alone: its number is not known before the statement.
    number = _ask(_ROTATE, key, vault.protect(value, f"appsecret:{key}"), value[:4])[0][0]
    return _json({"secret": {"n": number, "value": value}, "previous": {"n": number - 1}})


def verify(request: Any) -> HttpResponse:
    app_key, _, given = request.headers["X-Api-Key"].partition(".")
    for pk, app, name, project, city_key, number, sealed in _ask(_VERIFY, app_key):
        if hmac.compare_digest(vault.reveal(sealed, f"appsecret:{pk}:{number}"), given):
            headers = {"X-App-Id": app, "X-App-Name": quote(name), "X-Project-Id": project, "X-City-Id": city_key or ""}
            return HttpResponse(headers=headers)
    return HttpResponse(status=401)


def _ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(_NAMES, row, strict=True))


def _json(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), "application/json", status)


urlpatterns = [
    path("cities", cities),
    path("cities/<key>", city),
    path("cities/<key>/disable", disable),
    path("apps/<key>/rotate", rotate),
    path("verify", verify),
]
