"""In which order a call is judged: 4 → 2 → 3 → 1 → the endpoint's own. Each row breaks two or more things at once."""

from typing import Any

import pytest

from config.kernel.states import Verb
from tests.cast import Company
from tests.projects.reading import add, as_platform, change

WRONG_KEY = {"SecretKey": "f" * 32}
NO_COMPANY = {"CompID": 99}
UNKNOWN = {"OperateAppId": "0123456789"}
CLOSED = "the company's API is off"
OPEN = ""

# path, what is wrong with the call, what is wrong with the company, the code
ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    ("update/secret", {"RequestId": ...} | NO_COMPANY | WRONG_KEY | UNKNOWN, CLOSED, "4"),
    ("update/secret", {"SecretKey": ...} | NO_COMPANY | UNKNOWN, OPEN, "4"),
    ("update/secret", {"CompID": "one"} | WRONG_KEY, CLOSED, "4"),
    ("update/secret", {"OperateAppId": []} | NO_COMPANY | WRONG_KEY, OPEN, "4"),
    ("update/secret", {"OperateAppId": {}} | WRONG_KEY, OPEN, "4"),
    ("delete", {"OperateAppId": []}, CLOSED, "4"),
    ("add", {"ProjectName": []} | NO_COMPANY, OPEN, "4"),
    ("add", {"ProjectName": "!", "AuthType": 2} | WRONG_KEY, CLOSED, "4"),
    ("add", {"AuthType": 2}, OPEN, "4"),
    ("update", {"AuthType": 2} | UNKNOWN, OPEN, "4"),
    ("update", {"Status": 2}, OPEN, "4"),
    ("update", {"Status": 2} | UNKNOWN, CLOSED, "4"),
    ("update/secret", NO_COMPANY | WRONG_KEY | UNKNOWN, OPEN, "2"),
    ("update/secret", NO_COMPANY | WRONG_KEY, CLOSED, "2"),
    ("add", NO_COMPANY | {"ProjectName": "!"}, OPEN, "2"),
    ("update/secret", WRONG_KEY | UNKNOWN, CLOSED, "3"),
    ("update/secret", WRONG_KEY, OPEN, "3"),
    ("add", WRONG_KEY | {"ProjectName": "!"}, CLOSED, "3"),
    ("update/secret", UNKNOWN, CLOSED, "1"),
    ("update/secret", {}, CLOSED, "1"),
    ("update", {}, CLOSED, "1"),
    ("delete", UNKNOWN, CLOSED, "1"),
    ("add", {"ProjectName": "!"}, CLOSED, "1"),
    ("query/list", {}, CLOSED, "1"),
    ("update/secret", {}, OPEN, "20"),
    ("update/secret", UNKNOWN, OPEN, "21"),
    ("add", {}, OPEN, "15"),
    ("query/list", {"AuthType": 2, "Status": 2, "OperateAppId": []}, OPEN, "0"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "wrong", "company", "code"), ROWS)
def test_the_first_thing_that_is_wrong_is_told(
    acme: Company, path: str, wrong: dict[str, Any], company: str, code: str
) -> None:
    change(acme, has_api=company == OPEN)
    answer = acme.call(f"project/{path}", **wrong)
    assert (answer.status, answer.said[0]) == (200, code)


def test_of_a_name_the_empty_one_comes_first_then_its_characters_then_its_length(acme: Company) -> None:
    change(acme, project_limit=0)
    codes = [acme.call("project/add", ProjectName=name).said[0] for name in ("", "!", "a", "ab")]
    assert codes == ["15", "16", "17", "19"]


def test_a_project_that_is_not_there_comes_before_what_it_may_not(acme: Company) -> None:
    key = add(acme)
    as_platform(key, Verb.DIS)
    assert acme.call("project/update", OperateAppId=key, Status=1).said[0] == "1"
    acme.call("project/delete", OperateAppId=key)
    assert acme.call("project/update", OperateAppId=key, Status=1).said[0] == "21"


def test_what_is_refused_has_changed_nothing(acme: Company) -> None:
    key = add(acme)
    before = acme.call("project/query/list").data
    for wrong in (WRONG_KEY, NO_COMPANY, {"RequestId": ...}, {"Status": 7}, {"AuthType": []}):
        assert acme.call("project/update", OperateAppId=key, **({"AuthType": 1, "Status": 0} | wrong)).said[0] != "0"
    assert acme.call("project/query/list").data == before
