"""What the hot calls cost: details ≤ 3 queries, a list of 20 ≤ 4, modify ≤ 7; the same for 2 apps and for 40."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.calling import Apig

FRAME = ("SAVEPOINT", "RELEASE", "BEGIN")


@pytest.mark.parametrize("apps", [2, 40])
@pytest.mark.parametrize("v", ["v1", "v2"])
@pytest.mark.parametrize(
    ("call", "most"),
    [("GET /apps/{id}", 3), ("GET /apps?page_size=20", 4), ("PUT /apps/{id}", 7), ("PUT /apps/secret/{id}", 9)],
)
def test_it_costs_so_many_queries(alice: Apig, call: str, most: int, apps: int, v: str) -> None:
    first = alice.add("app_0")
    for number in range(1, apps):
        alice.add(f"app_{number}")
    method, path = call.split()
    body = {"name": "renamed", "remark": "and told"} if call == "PUT /apps/{id}" else None
    with CaptureQueriesContext(connection) as captured:
        answer = alice.call(method, path.format(id=first["id"]), body, v=v)
    assert answer.status == 200
    asked = [query["sql"] for query in captured if not query["sql"].startswith(FRAME)]
    assert len(asked) <= most, "\n".join(asked)
