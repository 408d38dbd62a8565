"""Wrong SecretKeys are counted per CompID and address (S6): a wait is told, and the right key is never refused."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from projects.models import Project
from tests.cast import Answer, Company

pytestmark = pytest.mark.usefixtures("standing_clock")

WRONG = "0" * 32


def fail(company: Company, **params: object) -> Answer:
    return company.call("project/query/list", **({"SecretKey": WRONG} | params))


def from_address(company: Company, address: str, **params: object) -> Answer:
    """The same call from another place."""
    import orjson

    body = orjson.dumps(company.common | params)
    response = company.client.generic(
        "POST", "/CLOUDROOM-API/project/query/list", body, "application/json", REMOTE_ADDR=address
    )
    return Answer(response.status_code, response.json(), response.headers)


def test_five_are_free_and_then_the_waits_double_up_to_five_minutes(acme: Company) -> None:
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            assert fail(acme).headers.get("Retry-After") is None
        for _ in range(6):
            answer = fail(acme)
            assert (answer.status, answer.body) == (200, {"RspCode": "3", "RspDesc": "密码错误"})
            waits.append(int(answer.headers["Retry-After"]))
            clock.shift(timedelta(milliseconds=1))
    assert waits == [1, 2, 4, 8, 16, 300]


def test_the_right_key_is_never_refused_and_told_no_wait(acme: Company) -> None:
    for _ in range(30):
        fail(acme)
        answer = acme.call("project/query/list")
        assert answer.said[0] == "0"
        assert "Retry-After" not in answer.headers


def test_another_address_waits_for_its_own(acme: Company) -> None:
    for _ in range(8):
        fail(acme)
    assert fail(acme).headers["Retry-After"]
    assert "Retry-After" not in from_address(acme, "198.51.100.9", SecretKey=WRONG).headers


def test_another_company_waits_for_its_own(acme: Company, rival: Company) -> None:
    for _ in range(8):
        fail(acme)
    assert "Retry-After" not in fail(rival).headers


def test_a_wait_ends(acme: Company) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            fail(acme)
        assert fail(acme).headers["Retry-After"] == "1"
        clock.shift(timedelta(seconds=3))
        assert "Retry-After" not in fail(acme).headers


def test_however_the_number_is_written_it_is_one_count(acme: Company) -> None:
    for number in (acme.comp_id, str(acme.comp_id), f"0{acme.comp_id}", acme.comp_id, str(acme.comp_id)):
        assert "Retry-After" not in fail(acme, CompID=number).headers
    assert fail(acme, CompID=str(acme.comp_id)).headers["Retry-After"] == "1"


def test_what_is_no_try_is_not_counted(acme: Company) -> None:
    for _ in range(10):
        assert fail(acme, CompID=99).said[0] == "2"
        assert fail(acme, RequestId="").said[0] == "4"
    assert "Retry-After" not in fail(acme).headers


def test_a_call_too_many_is_told_by_http(acme: Company, rival: Company, settings: Any) -> None:
    """All calls of a company are one sum; another's are another; wrong keys use up nothing of it."""
    settings.RATE_LIMIT = 3
    elsewhere = "198.51.100.88"  # from where no other test calls: its minute would be under way
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            from_address(acme, elsewhere, SecretKey=WRONG)
        assert [acme.call("project/query/list").said[0] for _ in range(3)] == ["0"] * 3
        clock.shift(timedelta(seconds=20))
        for call in (acme.call("project/update/secret", OperateAppId="0000000000"), acme.call("project/query/list")):
            assert (call.status, call.body) == (429, {"RspCode": "4", "RspDesc": "未获取到正确参数"})
            assert call.headers["Retry-After"] == "40"
        assert rival.call("project/query/list").said[0] == "0"
        over = from_address(acme, elsewhere, SecretKey=WRONG)
        assert (over.status, over.headers["Retry-After"]) == (429, "40")
        clock.shift(timedelta(seconds=40))
        assert acme.call("project/query/list").said[0] == "0"


def test_a_call_too_many_does_nothing(acme: Company, settings: Any) -> None:
    settings.RATE_LIMIT = 1
    assert acme.call("project/query/list").said[0] == "0"
    assert acme.call("project/add", ProjectName="One too many").status == 429
    assert Project.objects.filter(company__comp_id=acme.comp_id).count() == 1
