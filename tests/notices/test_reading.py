"""One's notices through the API: pages, filters, marking them as read; and nobody else's."""

import pytest

from accounts.access.actor import Actor
from accounts.models import Notice, User
from config.kernel.states import Verb
from tests.cast import Caller, Cast
from tests.factories import do, make_token
from tests.notices.telling import read


@pytest.fixture
def four(cast: Cast) -> list[str]:
    """alice's, the oldest first: closed, opened, closed, opened."""
    Notice.objects.all().delete()
    for verb in (Verb.DIS, Verb.ENB) * 2:
        do(cast.city, verb, Actor.system())
    return list(Notice.objects.order_by("pk").values_list("key", flat=True))


def test_the_newest_come_first_page_by_page(cast: Cast, four: list[str]) -> None:
    first = cast.alice.api("GET", "notices?limit=3")
    assert [row["id"] for row in first.body["results"]] == four[:0:-1]
    second = cast.alice.call("GET", first.body["next"])
    assert [row["id"] for row in second.body["results"]] == four[:1]
    assert second.body["next"] is None
    assert [row["id"] for row in read(cast.alice, ordering="created_at")] == four


def test_a_list_is_narrowed(cast: Cast, four: list[str]) -> None:
    assert [row["id"] for row in read(cast.alice, event="disabled")] == [four[2], four[0]]
    cast.alice.api("PATCH", f"notices/{four[0]}", {"read": True})
    assert [row["id"] for row in read(cast.alice, unread="true", event="disabled")] == [four[2]]
    assert [row["id"] for row in read(cast.alice, unread="false")] == [four[0]]
    assert read(cast.alice, fields="event,text", event="enabled")[0] == {
        "event": "enabled",
        "text": "City “Alice_City” was enabled again by an administrator.",
    }


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("unread=1", "unread", "bad_choice"),
        ("event=party", "event", "bad_choice"),
        ("fields=mail_at", "fields", "unknown_field"),
        ("user=x", "user", "unknown_field"),
        ("cursor=x", "cursor", "bad_cursor"),
    ],
)
def test_what_is_no_filter_is_refused(cast: Cast, query: str, parameter: str, code: str) -> None:
    answer = cast.alice.api("GET", f"notices?{query}")
    assert (answer.status, answer.code, answer.body["errors"][0]["parameter"]) == (422, code, parameter)


def test_read_and_unread_again(cast: Cast, four: list[str]) -> None:
    path = f"notices/{four[0]}"
    once = cast.alice.api("PATCH", path, {"read": True}).body
    assert once["read_at"] is not None
    assert cast.alice.api("PATCH", path, {"read": True}).body == once, "as it is"
    assert cast.alice.api("PATCH", path, {"read": False}).body["read_at"] is None
    assert cast.alice.api("PATCH", path, {"read": None}).status == 422


def test_all_up_to_one_are_read(cast: Cast, four: list[str]) -> None:
    assert cast.alice.api("POST", "notices/read", {"until": four[2]}).body == {"marked": 3}
    assert [row["id"] for row in read(cast.alice, unread="true")] == [four[3]]
    assert cast.alice.api("POST", "notices/read", {"until": four[3]}).body == {"marked": 1}
    assert cast.alice.api("POST", "notices/read", {"until": four[3]}).body == {"marked": 0}


@pytest.mark.parametrize(("body", "code"), [({}, "required"), ({"until": 5}, "wrong_type")])
def test_up_to_which_must_be_said(cast: Cast, body: dict[str, int], code: str) -> None:
    answer = cast.alice.api("POST", "notices/read", body)
    assert (answer.status, answer.code) == (422, code)


def test_anothers_are_not_there(cast: Cast, four: list[str]) -> None:
    for caller in (cast.oscar, cast.root):
        assert caller.api("GET", f"notices/{four[0]}").status == 404
        assert caller.api("PATCH", f"notices/{four[0]}", {"read": True}).status == 404
        assert caller.api("POST", "notices/read", {"until": four[3]}).status == 404
        assert not {row["id"] for row in read(caller)} & set(four)
    assert Notice.objects.filter(read_at=None, key__in=four).count() == 4


def test_the_text_is_in_the_readers_language_and_else_in_the_calls(cast: Cast, four: list[str]) -> None:
    def text(language: str) -> str:
        return str(cast.alice.api("GET", f"notices/{four[1]}", None, Accept_Language=language).body["text"])

    assert text("zh") == "城市“Alice_City”已被管理员解冻。"
    assert text("en") == "City “Alice_City” was enabled again by an administrator."
    user = cast.alice.user
    assert user is not None
    User.objects.filter(pk=user.pk).update(language="zh-hans")
    assert text("en") == "城市“Alice_City”已被管理员解冻。"


def test_a_token_reads_and_marks_as_far_as_its_scopes_go(cast: Cast, four: list[str]) -> None:
    user = cast.alice.user
    assert user is not None
    reader = Caller(make_token(user, scopes=["read"]), user)
    assert reader.api("GET", f"notices/{four[0]}").status == 200
    assert reader.api("PATCH", f"notices/{four[0]}", {"read": True}).code == "out_of_scope"
    assert Caller(make_token(user, cities=[cast.city.key]), user).api("GET", "notices").code == "beyond_cities"


def test_all_are_as_long_as_one_to_read(cast: Cast, four: list[str]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    read(cast.alice)
    counts = set()
    for limit in ("1", "4"):
        with CaptureQueriesContext(connection) as captured:
            read(cast.alice, limit=limit)
        counts.add(len(captured))
    assert len(counts) == 1
