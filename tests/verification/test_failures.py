"""Bad credentials: limited without ever being in the way of a good one, and told in the trail (S6, S17)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit import journal
from accounts.models import AuditEvent, RefusalTally
from apps.verification import failures
from tests.cast import Cast
from tests.verification.calling import Standing


def bad(standing: Standing, key: str = "", **given: Any) -> Any:
    return standing.ask(X_Api_Key=f"{key or standing.app.app_key}.wrong", **given)


def statuses(standing: Standing, times: int, **given: Any) -> list[int]:
    return [bad(standing, **given).status_code for _ in range(times)]


@pytest.mark.parametrize("key", ["", "nobody"])
def test_past_five_a_pair_waits_and_an_unknown_key_waits_as_one_that_there_is(standing: Standing, key: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert statuses(standing, 7, key=key) == [401] * 5 + [429] * 2
        assert bad(standing, key).headers["Retry-After"] == "1"
        clock.shift(timedelta(seconds=1))
        assert statuses(standing, 2, key=key) == [401, 429]
        assert bad(standing, key).headers["Retry-After"] == "2"
        for seconds in (2, 4, 8, 16):
            clock.shift(timedelta(seconds=seconds))
            assert bad(standing, key).status_code == 401
        assert bad(standing, key).headers["Retry-After"] == "300", "five minutes"
        assert bad(standing, key, X_Real_IP="198.51.100.1").status_code == 401, "from elsewhere it is another pair"
        assert bad(standing, key + "x").status_code == 401, "and of another key"


def test_of_a_thousand_good_beside_a_thousand_bad_none_is_refused(standing: Standing) -> None:
    answers = [(bad(standing).status_code, standing.ask().status_code) for _ in range(100)]
    assert {good for _, good in answers} == {200}
    with time_machine.travel(timezone.now(), tick=False):
        assert statuses(standing, 900)[-1] == 429
        assert [standing.ask().status_code for _ in range(900)] == [200] * 900


def test_a_good_one_forgives(standing: Standing) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(3):
            assert statuses(standing, 4) == [401] * 4
            assert standing.ask().status_code == 200


def test_the_trail_hears_of_them_behind_the_answers(cast: Cast, standing: Standing) -> None:
    moment = timezone.now().replace(second=10)
    with time_machine.travel(moment, tick=False), CaptureQueriesContext(connection) as captured:
        statuses(standing, 3)
        statuses(standing, 2, key="nobody")
        assert len(captured) == 5, "one query each, none of which writes"
        assert failures.flush() == 2
        statuses(standing, 1)
        failures.flush()
    assert RefusalTally.objects.count() == 2
    before = AuditEvent.objects.count()
    journal.write_tallies(moment + timedelta(minutes=1))
    told = AuditEvent.objects.order_by("-id")[: AuditEvent.objects.count() - before]
    lines = {(e.actor_kind, e.actor, e.door, e.verb, e.kind, e.thing, e.code, e.outcome, e.count) for e in told}
    gateway = standing.asking.gateway.key
    who = ("gateway", gateway, "verify", "VERIFY")
    assert lines == {
        (*who, "app", standing.app.key, "credential_wrong", "refused", 4),
        (*who, "gateway", gateway, "credential_wrong", "refused", 2),
    }
    seen = cast.alice.api("GET", f"audit?thing=app/{standing.app.key}&verb=VERIFY").body["results"]
    assert [(event["actor_kind"], event["count"]) for event in seen] == [("gateway", 4)]


def test_a_closed_chain_is_no_failure(standing: Standing) -> None:
    type(standing.app).objects.update(offline=True, state=3)
    assert [standing.ask().status_code for _ in range(20)] == [403] * 20
    assert failures.flush() == 0


def test_who_is_no_gateway_and_what_is_no_credential_is_counted_as_somebodys(standing: Standing) -> None:
    for _ in range(10):
        assert standing.ask(X_Api_Key=None).status_code == 401
        assert standing.ask(X_Polis_Gateway_Key="wrong").status_code == 401
    failures.flush()
    told = RefusalTally.objects.filter(verb="VERIFY").values_list("actor_kind", "actor", "kind", "thing")
    assert set(told) == {("anonymous", "", "gateway", "")}
    assert sum(RefusalTally.objects.values_list("count", flat=True)) == 20


def test_of_a_users_failures_none_is_lost(cast: Cast, standing: Standing) -> None:
    moment = timezone.now().replace(second=10)
    asked = {"kind": "app_secret", "gateway": standing.asking.gateway.key, "app_key": "x", "app_secret": "y"}
    with time_machine.travel(moment, tick=False):
        assert cast.alice.api("POST", "verifications", asked).body == {"valid": False}
        failures.flush()
    journal.write_tallies(moment + timedelta(minutes=1))
    event = AuditEvent.objects.get(verb="VERIFY")
    assert cast.alice.user is not None
    assert (event.actor_kind, event.actor, event.door, event.count) == ("user", cast.alice.user.key, "native", 1)
    assert (event.kind, event.thing) == ("gateway", standing.asking.gateway.key)
