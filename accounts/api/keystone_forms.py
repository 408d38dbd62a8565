"""What Keystone v3 is sent and answers: the request of a token, read strictly; tokens, projects and the version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.models import AccessToken
from accounts.people import signin
from config.kernel.errors import Code, Invalid
from config.kernel.states import State

DOMAIN = {"id": "default", "name": "Default"}
_DOMAINS = frozenset({"Default", "default"})
LONGEST = 256


@dataclass(frozen=True, slots=True)
class Scope:
    """A project by its id or by its name; of another domain than ours there is none."""

    kind: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a token, for what. `identifier` "" is nobody: what cannot be granted is as good as a wrong password.

    `code` is the passcode of the method `totp`, "" where it is not asked for.
    """

    kind: str
    identifier: str
    password: str
    scope: Scope | None
    code: str = ""


def read_asked(body: Mapping[str, Any]) -> Asked:
    """The request of a token. Raises REQUIRED, WRONG_TYPE, TOO_LONG for what is not well-formed."""
    auth = _object(body, "auth")
    identity = _object(auth, "identity")
    methods = identity.get("methods")
    if not isinstance(methods, list):
        raise Invalid(Code.REQUIRED, field="methods")
    scope = _scope(auth.get("scope"))
    if methods not in (["password"], ["password", "totp"], ["totp", "password"]):  # a token makes none (S4)
        return Asked("name", "", "", scope)
    user = _object(_object(identity, "password"), "user")
    password, (kind, named) = _text(user, "password"), _called(user)
    if methods == ["password"]:
        return Asked(kind, named, password, scope)
    proving = _object(_object(identity, "totp"), "user")
    code, same = _text(proving, "passcode"), _called(proving) == (kind, named)
    # Two people's factors are nobody's; without a code nobody has a second one.
    return Asked(kind, named if same and code else "", password, scope, code)


def _called(user: Mapping[str, Any]) -> tuple[str, str]:
    """By what, and how; of another domain than ours nobody is called anything."""
    if "id" in user:
        return signin.ID, _text(user, "id")
    name = _text(user, "name")
    return "name", name if _is_ours(user) else ""


def _scope(given: Any) -> Scope | None:
    """None: unscoped. A domain, a trust or the system is nothing that there is here."""
    if given in (None, "unscoped", {"unscoped": {}}):
        return None
    if not isinstance(given, dict):
        raise Invalid(Code.WRONG_TYPE, field="scope", expected="object")
    if set(given) != {"project"}:
        return Scope()
    project = _object(given, "project")
    if "id" in project:
        return Scope("id", _text(project, "id"))
    name = _text(project, "name")
    return Scope("name", name) if _is_ours(project) else Scope()


def _is_ours(named: Mapping[str, Any]) -> bool:
    domain = _object(named, "domain")
    key = "id" if "id" in domain else "name"
    return _text(domain, key) in _DOMAINS


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if name not in of:
        raise Invalid(Code.REQUIRED, field=name)
    if not isinstance(value := of[name], dict):
        raise Invalid(Code.WRONG_TYPE, field=name, expected="object")
    return value


def _text(of: Mapping[str, Any], name: str) -> str:
    if name not in of:
        raise Invalid(Code.REQUIRED, field=name)
    if not isinstance(value := of[name], str):
        raise Invalid(Code.WRONG_TYPE, field=name, expected="string")
    if len(value) > LONGEST:
        raise Invalid(Code.TOO_LONG, field=name, limit=LONGEST)
    return value


def token(row: AccessToken, project: Any, base: str, *, has_catalog: bool = True) -> dict[str, Any]:
    """A token; with a project, of which it then also says where to go with it."""
    user = row.user
    told: dict[str, Any] = {
        "methods": row.login.methods.split() if row.login is not None else ["token"],
        "user": {"id": user.key, "name": user.name, "domain": DOMAIN, "password_expires_at": None},
        "audit_ids": [row.key],
        "issued_at": _moment(row.created_at),
        "expires_at": _moment(row.ends_at) if row.ends_at is not None else None,
    }
    if project is not None:
        told["project"] = {"id": project.key, "name": project.name, "domain": DOMAIN}
        told["is_domain"] = False
        told["roles"] = [{"id": str(user.platform_role), "name": str(user.platform_role)}]
        if has_catalog:
            told["catalog"] = catalog(project.key, base)
    return {"token": told}


def catalog(project: str, base: str) -> list[dict[str, Any]]:
    """Where the services of a project are (ADR 18)."""
    places = {
        ("apig", "apig"): f"{base}/v2/{project}",
        ("apigv1", "apigv1"): f"{base}/v1/{project}",
        ("identity", "keystone"): f"{base}/v3",
    }
    return [
        {"id": kind, "type": kind, "name": name, "endpoints": [_endpoint(kind, url)]}
        for (kind, name), url in places.items()
    ]


def _endpoint(kind: str, url: str) -> dict[str, str]:
    return {"id": kind, "interface": "public", "region": "default", "region_id": "default", "url": url}


def project(row: Any, base: str, now: datetime) -> dict[str, Any]:
    """A project in a list."""
    return {
        "id": row.key,
        "name": row.name,
        "domain_id": DOMAIN["id"],
        "parent_id": DOMAIN["id"],
        "is_domain": False,
        "description": "",
        "enabled": row.effective_at(now) is State.ENABLED,
        "links": {"self": f"{base}/v3/projects/{row.key}"},
    }


def version(base: str) -> dict[str, Any]:
    """Keystone's version document, which its clients ask for first."""
    media = {"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}
    return {
        "version": {
            "id": "v3.14",
            "status": "stable",
            "updated": "2020-04-07T00:00:00Z",
            "links": [{"rel": "self", "href": f"{base}/v3/"}],
            "media-types": [media],
        }
    }


def _moment(moment: datetime) -> str:
    """As Keystone writes one: with all six digits of its fraction."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
