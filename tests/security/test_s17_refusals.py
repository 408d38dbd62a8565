"""S17: refusals are recorded, and the recording harms nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.audit import journal
from accounts.machine import sweeps
from accounts.models import AuditEvent, RefusalTally
from tests.cast import Caller, Cast


def refused() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(outcome="refused").order_by("id"))


def test_the_first_is_a_row_at_once_and_the_rest_one_more_when_the_minute_is_over(cast: Cast) -> None:
    with time_machine.travel(timezone.now().replace(second=1), tick=False) as clock:
        for _ in range(10):
            cast.charlie.verb("DIS", cast.city.key)
        assert [event.count for event in refused()] == [1]
        assert sweeps.write_tallies() == 0, "the minute is not over"
        clock.shift(timedelta(minutes=1))
        assert sweeps.write_tallies() == 1
        assert sweeps.write_tallies() == 0
    assert [event.count for event in refused()] == [1, 9]
    assert {(event.actor, event.verb, event.thing, event.code, event.door) for event in refused()} == {
        (cast.charlie.user.key, "DIS", cast.city.key, "not_found", "xdua")  # type: ignore[union-attr]
    }
    assert RefusalTally.objects.count() == 0


def test_each_thing_verb_and_person_has_a_row_of_its_own(cast: Cast) -> None:
    cast.charlie.verb("DIS", cast.city.key)
    cast.charlie.verb("OFF", cast.city.key)
    cast.vera.verb("OFF", cast.city.key)
    assert [(event.verb, event.code) for event in refused()] == [
        ("DIS", "not_found"),
        ("OFF", "not_found"),
        ("OFF", "forbidden"),
    ]


def test_nobodys_attempts_are_only_counted(cast: Cast) -> None:
    with time_machine.travel(timezone.now().replace(second=1), tick=False) as clock:
        for number in range(7):
            Caller().verb("DIS", f"{number:08d}")
        assert refused() == []
        assert RefusalTally.objects.get().count == 7
        clock.shift(timedelta(minutes=1))
        sweeps.write_tallies()
    (event,) = refused()
    assert (event.actor_kind, event.actor, event.thing, event.count) == ("anonymous", "", "", 7)


@pytest.mark.parametrize("key", ["x" * 65, "a b", "<script>", "名字名字", "%00"])
def test_an_id_from_outside_is_written_down_only_if_harmless(cast: Cast, key: str) -> None:
    cast.charlie.call("PUT", f"/city/{key}", None, XduaApiMethod="DIS")
    assert [event.thing for event in refused()] == [""]


def test_of_a_request_only_known_facts_are_kept(cast: Cast) -> None:
    cast.vera.verb("SET", cast.city.key, {"name": "Telltale_Name", "brief": "telltale"})
    (event,) = refused()
    assert (event.before, event.after, event.thing_name) == ({}, {}, "")


def test_a_refusal_by_a_policy_carries_the_thing_that_the_call_named(cast: Cast) -> None:
    from tests.factories import make_token

    assert cast.alice.user is not None
    narrow = Caller(make_token(cast.alice.user, audience="zzzzzzzz"))
    assert narrow.verb("OFF", cast.city.key).status == 403
    reader = Caller(make_token(cast.alice.user, scopes=["read"]))
    assert reader.verb("OFF", cast.city.key).reason == "OutOfScope"
    assert [(event.thing, event.code) for event in refused()] == [
        (cast.city.key, "chain_closed"),
        (cast.city.key, "out_of_scope"),
    ]


def test_conflicts_and_bad_input_are_no_trespass(cast: Cast) -> None:
    cast.alice.verb("SET", cast.city.key, {"name": "1"})
    cast.alice.verb("DOL", cast.city.key)
    cast.alice.verb("OFF", cast.city.key)
    assert refused() == []


def test_a_refusal_survives_the_rollback_of_what_was_refused(cast: Cast) -> None:
    answer = cast.oscar.verb("SET", cast.city.key, {"name": "New_Name", "enabled": 0, "secret": "kid"})
    assert answer.status == 200
    cast.vera.verb("DIS", cast.city.key)
    assert [event.code for event in refused()] == ["forbidden"]


def test_two_at_the_same_moment_count_as_two(cast: Cast) -> None:
    """What another request did between our look and our insert: the unique key decides, and nothing is lost."""
    now = timezone.now().replace(second=1, microsecond=0)
    by = journal.Actor(now, "xdua", cast.charlie.user)  # type: ignore[arg-type]
    about, error = journal.About("city", cast.city.key), journal.DomainError(journal.Code.FORBIDDEN)
    for _ in range(2):
        journal.refuse(by, "DIS", about, error)
    assert RefusalTally.objects.get().count == 2
