"""The OpenAPI of each dialect: what it was, and that the server does what it says."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.cast import Cast
from tests.contract.schemas import DIALECTS, GOLDEN, rendered

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


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


def _operations() -> list[schemathesis.core.result.Result]:
    schema = schemathesis.openapi.from_dict(DIALECTS["xdua"]())
    schema.app = get_wsgi_application()
    found = [operation.ok() for operation in schema.get_all_operations()]
    return [operation for operation in found if operation.path.startswith("/city")]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """As Django's own test client does: a request must not close the connection that the test's transaction is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("operation", _operations(), ids=lambda operation: operation.label)
def test_no_call_is_answered_outside_the_schema(operation: schemathesis.schemas.APIOperation, cast: Cast) -> None:
    """No 5xx, no status and no body that the schema does not have: for calls within it, and outside."""
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    people = (cast.alice, cast.root, cast.charlie)

    @seed(20261121)
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=strategies.data())
    def call(data: strategies.DataObject) -> None:
        case = data.draw(strategies.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]))
        if "{id}" in case.path and data.draw(strategies.booleans()):
            case.path_parameters = {"id": cast.city.key}
        caller = data.draw(strategies.sampled_from(people))
        case.call_and_validate(headers={"Authorization": caller.token}, checks=CHECKS)

    call()
