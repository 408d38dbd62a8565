"""The OpenAPI of each dialect, made from the views; served, and held against the golden files."""

from collections.abc import Callable
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from accounts.api import schema
from apps.api.native import verification_schema
from config.dialects.native.openapi import STATE
from config.kernel import scopes
from config.kernel.errors import Code
from config.kernel.policies import ENABLES
from config.kernel.roles import Role

ABOUT = """
Resources, JSON, HTTP as it is meant. `Authorization: Bearer <AccessToken>`, or the session of the console with its CSRF
token. Errors are problem documents (RFC 9457). Lists have `next` and `previous`. Every detail has an `ETag`, every
write takes `If-Match`, every POST takes an `Idempotency-Key`. Moments are RFC 3339 in UTC. Secrets are shown once.
""".strip()
_WORDS = {
    "Scope": sorted(scopes.KNOWN),
    "PlatformRole": [str(role) for role in Role],
    "GivenRole": ["viewer", "operator"],
    "PolicyEnable": [*ENABLES],
    "HeldRole": ["viewer", "operator", "owner"],
    "CredentialKind": [*verification_schema.KINDS],
    "PrincipalKind": [*verification_schema.PRINCIPALS],
    "ChainKind": [*verification_schema.LINKS],
    "NoticeEvent": [*schema.EVENTS],
    "RequestState": [*schema.REQUEST_STATES],
    "RequestVerb": ["recycle", "enable"],
}
_NATIVE = {
    "TITLE": "Polis",
    "DESCRIPTION": ABOUT,
    "VERSION": "1",
    "APPEND_COMPONENTS": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "SECURITY": [{"bearer": []}],
    "TAGS": [
        {"name": "cities", "description": "the tenants, and their verbs"},
        {"name": "organizations", "description": "companies"},
        {"name": "projects", "description": "project accounts of a company, and their secrets"},
        {"name": "gateways", "description": "the gateways of a project, their switches, limits and keys"},
        {"name": "apps", "description": "the credentials of a gateway's API: apps, their secrets, their codes"},
        {"name": "verifications", "description": "is a client's credential good, here and now?"},
        {"name": "grants", "description": "who has which role on what"},
        {"name": "bin", "description": "what was deleted and can come back"},
        {"name": "audit", "description": "who did what, when"},
        {"name": "policies", "description": "by which rows calls are judged, and what god has set otherwise"},
        {"name": "notices", "description": "what I was told of what others and time did to what is mine"},
        {"name": "requests", "description": "what owners ask of the administrators: to restore, to enable"},
        {"name": "me", "description": "my account, what I may do, my limits"},
        {"name": "tokens", "description": "bearer tokens for programs"},
        {"name": "access-keys", "description": "AK/SK, for signing requests"},
        {"name": "users", "description": "people, as administrators handle them"},
        {"name": "invitations", "description": "companies that ask for me"},
    ],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.site.schema.linked"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {"State": STATE, "Code": [str(code) for code in Code], **_WORDS},
    "COMPONENT_SPLIT_REQUEST": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

_APIG = {
    "TITLE": "Polis: APIG",
    "VERSION": "1",
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}}},
    "SECURITY": [{"token": []}],
    "COMPONENT_SPLIT_REQUEST": False,
    "SCHEMA_PATH_PREFIX": "/v[12]",
}


def native() -> dict[str, Any]:
    """The native API."""
    from config.site.api import urlpatterns

    with patched_settings(_NATIVE):
        return _generated(urlpatterns)


def xdua() -> dict[str, Any]:
    """XDUA: an operation for each verb of a city, as the header tells them apart, and the login."""
    from accounts.urls import urlpatterns
    from apps.urls import schema_urlpatterns as devltmpl
    from cities.urls import schema_urlpatterns as cities

    login = [each for each in urlpatterns if each.name == "login"]
    return _generated([*cities, *devltmpl, *login])


def apig() -> dict[str, Any]:
    """APIG: gateways and apps, v1 and v2."""
    from apps.urls import apig_urlpatterns

    with patched_settings(_APIG):
        return _generated(apig_urlpatterns)


DIALECTS: dict[str, Callable[[], dict[str, Any]]] = {"native": native, "xdua": xdua, "apig": apig}


@cache
def served(name: str) -> dict[str, Any]:
    """A dialect's, made once a process."""
    return DIALECTS[name]()


def linked(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say of each creation which calls take what it answers: its id, as OpenAPI links."""
    operations = result["paths"]
    members = {"access-keys": "ak", "projects": "app_id"}
    for path, calls in operations.items():
        made = calls.get("post", {}).get("responses", {}).get("201")
        if made is None:
            continue
        links: dict[str, Any] = {}
        for other, others in operations.items():
            if not other.startswith(f"{path}/{{id}}"):
                continue
            for call in others.values():
                member = members.get(path.rpartition("/")[2], "id")
                links[call["operationId"]] = {
                    "operationId": call["operationId"],
                    "parameters": {"id": f"$response.body#/{member}"},
                }
        made["links"] = links
    return result


def _generated(patterns: list[Any]) -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    return schema
