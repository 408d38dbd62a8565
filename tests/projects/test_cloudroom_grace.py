"""A company's grace time: after a rotation two secrets are good, never three, and none for longer than it was."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.models import AuditEvent
from projects.models import ProjectSecret
from tests.cast import Company
from tests.projects.reading import change, default_id, live_values


def rotate(company: Company) -> str:
    answer = company.call("project/update/secret", OperateAppId=default_id(company))
    assert answer.said == ("0", "请求成功")
    return str(answer.data["AppSecret"])


def secret(company: Company, number: int) -> ProjectSecret:
    return ProjectSecret.objects.get(holder__key=default_id(company), number=number)


def test_without_a_grace_time_the_old_one_ends_at_once(acme: Company) -> None:
    first, second = rotate(acme), rotate(acme)
    assert live_values(default_id(acme)) == [second]
    assert first != second
    assert {secret(acme, number).sealed for number in (1, 2)} == {""}


def test_with_one_both_are_good_until_it_is_over(acme: Company) -> None:
    change(acme, grace_seconds=600)
    (first,) = live_values(default_id(acme))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        second = rotate(acme)
        assert live_values(default_id(acme)) == [first, second]
        assert secret(acme, 1).good_until == timezone.now() + timedelta(seconds=600)
        assert secret(acme, 2).good_until is None
        clock.shift(timedelta(seconds=599))
        assert live_values(default_id(acme)) == [first, second]
        clock.shift(timedelta(seconds=1))
        assert live_values(default_id(acme)) == [second]


def test_a_third_ends_the_oldest_at_once_and_keeps_nothing_of_it(acme: Company) -> None:
    change(acme, grace_seconds=600)
    second, third = rotate(acme), rotate(acme)
    assert live_values(default_id(acme)) == [second, third]
    ended = secret(acme, 1)
    assert (ended.sealed, ended.ended_at is not None) == ("", True)
    fourth = rotate(acme)
    assert live_values(default_id(acme)) == [third, fourth]
    assert [secret(acme, number).sealed for number in (1, 2)] == ["", ""]


def test_a_rotation_never_lengthens_an_end(acme: Company) -> None:
    soon = timezone.now() + timedelta(seconds=60)
    ProjectSecret.objects.filter(holder__key=default_id(acme)).update(expires_at=soon)
    change(acme, grace_seconds=600)
    rotate(acme)
    assert secret(acme, 1).good_until == soon
    with time_machine.travel(soon, tick=False):
        assert len(live_values(default_id(acme))) == 1


def test_an_end_that_a_rotation_gave_is_not_moved_by_a_longer_grace_time(acme: Company) -> None:
    change(acme, grace_seconds=60)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        rotate(acme)
        ends = secret(acme, 1).good_until
        change(acme, grace_seconds=6000)
        clock.shift(timedelta(seconds=30))
        rotate(acme)
        assert secret(acme, 1).good_until == ends
        assert secret(acme, 1).is_live(timezone.now()) is False


def test_a_grace_time_that_is_taken_away_ends_both_older_ones(acme: Company) -> None:
    change(acme, grace_seconds=600)
    rotate(acme)
    change(acme, grace_seconds=0)
    last = rotate(acme)
    assert live_values(default_id(acme)) == [last]
    assert [secret(acme, number).sealed for number in (1, 2)] == ["", ""]


def test_the_trail_tells_until_when_the_one_before_is_good(acme: Company) -> None:
    change(acme, grace_seconds=600)
    with time_machine.travel(timezone.now(), tick=False):
        rotate(acme)
        until = timezone.now() + timedelta(seconds=600)
    event = AuditEvent.objects.get(verb="ROTATE", kind="project")
    assert event.after == {"secret": 2, "previous": {"secret": 1, "ends_at": until.isoformat()}}


def test_a_rotation_of_one_project_leaves_the_others(acme: Company, rival: Company) -> None:
    before = live_values(default_id(rival))
    made = acme.call("project/add", ProjectName="Chat Room").data
    rotate(acme)
    assert live_values(made["AppId"]) == [made["AppSecret"]]
    assert live_values(default_id(rival)) == before
