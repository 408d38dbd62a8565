"""The OpenAPI of each dialect: what it was, and that the server does what it says."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from apps.models import App
from apps.services import codes
from cities.models import CityGrant
from config.site.schema import DIALECTS
from tests.cast import Cast
from tests.contract.schemas import GOLDEN, rendered
from tests.factories import actor, make_app, make_gateway, make_project

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]


@pytest.mark.parametrize("name", DIALECTS)
def test_it_is_the_golden_one(name: str) -> None:
    assert rendered(DIALECTS[name]()) == (GOLDEN / f"{name}.yaml").read_text(), "`make schema` rewrites it"


def test_each_of_the_thirteen_verbs_is_an_operation_of_its_own() -> None:
    paths = DIALECTS["xdua"]()["paths"]
    verbs = {path.partition("#")[2] for path in paths} - {""}
    assert verbs == {"ADD", "DEL", "SET", "DIS", "DOL", "ENB", "GET", "GIT", "OFF", "PUB", "QRI", "QRY", "RCC"}
    for path, operations in paths.items():
        for operation in operations.values():
            assert "examples" in operation["responses"]["200"]["content"]["application/json"] or path == "/login/"


def _schema(name: str) -> Any:
    schema = schemathesis.openapi.from_dict(DIALECTS[name]())
    schema.app = get_wsgi_application()
    return schema


def _operations() -> list[Any]:
    found = [operation.ok() for name in DIALECTS for operation in _schema(name).get_all_operations()]
    return [operation for operation in found if not operation.path.startswith("/login")]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """As Django's own test client does: a request must not close the connection that the test's transaction is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _known_id(path: str, cast: Cast) -> str:
    """An id of something that is there."""
    alice = cast.alice.user
    assert alice is not None
    resource = path.split("/")[3] if path.startswith("/api") else ""
    if resource == "tokens":
        return str(alice.accesstokens.get().key)  # type: ignore[attr-defined]
    if resource == "grants":
        return CityGrant.objects.filter(content_object=cast.city).latest("pk").key
    if resource == "projects":
        return make_project(alice).key
    if resource in ("gateways", "apps"):
        gateway = make_gateway(alice, key_switch=True)
        return gateway.key if resource == "gateways" else make_app(gateway, alice)[0].key
    return "SetState" if resource == "policies" else cast.city.key


def _known_ids(path: str, cast: Cast) -> dict[str, str]:
    """What an address may name, of things that are there."""
    if "/apigw/" not in path:
        return {"id": _known_id(path, cast)}
    assert cast.alice.user is not None
    gateway = make_gateway(cast.alice.user, key_switch=True)
    app, _ = make_app(gateway, cast.alice.user)
    read = lambda: {"app_code": ""}  # noqa: E731
    code, _ = codes.create_code(app.key, App.objects.with_chain(), by=actor(cast.alice.user), read=read)
    keys = {"project_id": gateway.project.key, "instance_id": gateway.key, "id": app.key, "app_code_id": code.key}
    return {name: key for name, key in keys.items() if f"{{{name}}}" in path}


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("operation", _operations(), ids=lambda operation: operation.label)
def test_no_call_is_answered_outside_the_schema(operation: Any, cast: Cast) -> None:
    """No 5xx, no status, header and body that the schema does not have: for calls within it, and outside."""
    known, people = _known_ids(operation.path, cast), (cast.alice, cast.root, cast.charlie)
    header = "X-Auth-Token" if "/apigw/" in operation.path else "Authorization"

    @seed(20261121)
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=strategies.data())
    def call(data: strategies.DataObject) -> None:
        case = data.draw(strategies.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES]))
        if "{" in case.path and data.draw(strategies.booleans()):
            case.path_parameters = {**(case.path_parameters or {}), **known}
        caller = data.draw(strategies.sampled_from(people))
        case.call_and_validate(headers={header: caller.token}, checks=CHECKS)

    call()


# The rate is counted beyond the test's transaction: with it an answer would depend on what went before.
@override_settings(RATE_LIMIT=1_000_000)
@pytest.mark.usefixtures("_one_connection")
def test_no_chain_of_calls_is_answered_outside_the_schema(cast: Cast) -> None:
    """What one call has made is what the next ones are about, as the links of the schema have it."""
    # Those that are made and then had: among all the others few chains would come so far.
    schema = _schema("native").include(path_regex=r"^/api/v1/(cities|projects|tokens|access-keys)\b")
    schema.config.generation.update(modes=[schemathesis.GenerationMode.POSITIVE])
    linked: set[str] = set()
    numbers = itertools.count()

    class Machine(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            super().setup()
            self.before = transaction.savepoint()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.before)
            super().teardown()

        def before_call(self, case: Any) -> None:
            """Plain calls: what is generated for the conditions refuses most of them, and so ends the chain."""
            for name in ("If-Match", "Idempotency-Key"):
                case.headers.pop(name, None)
            if case.operation.path.endswith(("tokens", "access-keys")) and case.method == "POST":
                case.body = {"name": "made in a chain"}
            if case.operation.path.endswith("/cities") and case.method == "POST":
                case.body = {"name": f"Chain_{next(numbers)}"}

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": cast.alice.token}}

        def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
            if response.status_code < 300 and "{id}" in case.operation.path:
                linked.add(case.operation.path.split("/")[3])
            case.validate_response(response, checks=CHECKS)

    @seed(20261121)
    def run() -> None:
        Machine.run(
            settings=settings(
                max_examples=120,
                stateful_step_count=12,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
        )

    run()
    # That the links lead somewhere: things that were made in the chain were found, changed and ended.
    assert {"cities", "tokens", "access-keys"} <= linked
