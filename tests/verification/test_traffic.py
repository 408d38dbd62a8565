"""How many calls were let through and stopped: counted in memory, at both doors, and written behind."""

from datetime import timedelta

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.machine import figures
from accounts.machine.figures import STOPPED, VERIFIED
from apps.verification import traffic
from tests.cast import Cast
from tests.verification.calling import Standing
from tests.verification.test_json_door import by_gateway, secret


def told(minute: object) -> tuple[int, int]:
    """Let through, and stopped."""
    traffic.flush()
    read = figures.read(timezone.now(), timedelta(days=7), timedelta(hours=1))
    return read.over_time(VERIFIED).get(minute, 0), read.over_time(STOPPED).get(minute, 0)  # type: ignore[call-overload]


def test_what_a_gateway_asks_is_counted_by_its_answer(cast: Cast, standing: Standing) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    with time_machine.travel(minute + timedelta(seconds=5), tick=False):
        assert [standing.ask().status_code for _ in range(3)] == [200] * 3
        assert standing.ask(X_Api_Key=f"{standing.app.app_key}.wrong").status_code == 401
        assert standing.ask(X_Polis_Gateway_Key="nobody's").status_code == 401
        assert told(minute) == (3, 2)


def test_at_the_json_door_each_is_counted(cast: Cast, standing: Standing) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    with time_machine.travel(minute + timedelta(seconds=5), tick=False):
        assert by_gateway(standing, secret(standing)).body["valid"] is True
        assert by_gateway(standing, secret(standing, app_secret="wrong-wrong-wrong")).body["valid"] is False
        assert told(minute) == (1, 1)


def test_counting_asks_the_database_nothing(standing: Standing) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert standing.ask().status_code == 200
    assert len(captured) == 1
