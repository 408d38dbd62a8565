"""What others do to what is somebody's is told to its owners once, in the transaction of what was done."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import Notice, User
from apps.models import App, Gateway
from config.kernel import registry
from config.kernel.states import Verb
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, make_app, make_city, make_gateway, make_project, make_user
from tests.notices.telling import everybody, read, told

NOON = "2031-03-04T12:00:00+00:00"


def fire(thing: Any, verb: Verb, by: Actor, **given: Any) -> executor.Done:
    kind = registry.kind_of(thing)
    return executor.fire(kind.table, type(thing).objects.all(), thing.key, verb, by=by, read=lambda: given)


def owner(cast: Cast) -> User:
    assert cast.alice.user is not None
    return cast.alice.user


def zoon(cast: Cast) -> Actor:
    assert cast.zoe.user is not None
    return actor(cast.zoe.user)


def god(cast: Cast) -> Actor:
    assert cast.root.user is not None
    return actor(cast.root.user)


def make(kind: str, user: User) -> Any:
    """A thing of somebody's, of each kind."""
    if kind == "city":
        return make_city(user, "Night_City")
    project = make_project(user, "Night Project")
    if kind == "project":
        return project
    gateway = make_gateway(user, project, "Night_Gateway")
    return gateway if kind == "gateway" else make_app(gateway, user, "Night_App")[0]


@pytest.fixture(autouse=True)
def _nothing_yet(cast: Cast) -> None:
    """What the cast was told when it was made is not what is looked at."""
    Notice.objects.all().delete()


@pytest.mark.parametrize("kind", ["city", "project", "gateway", "app"])
def test_an_owner_is_told_of_each_verb_of_an_administrator_once(cast: Cast, kind: str) -> None:
    thing = make(kind, owner(cast))
    name = thing.name
    fire(thing, Verb.DIS, zoon(cast), reason="abuse")
    fire(thing, Verb.ENB, zoon(cast))
    fire(thing, Verb.DOL, actor(owner(cast)))
    fire(thing, Verb.RCC, zoon(cast))
    fire(thing, Verb.DOL, actor(owner(cast)))
    fire(thing, Verb.DEL, god(cast))
    expected = [(event, kind, name) for event in ("disabled", "enabled", "restored", "purged")]
    assert told(cast.alice) == expected
    assert {who for who, _ in everybody()} == {"alice"}


@pytest.mark.parametrize("kind", ["city", "project", "gateway", "app"])
def test_nobody_is_told_of_what_they_did_themselves(cast: Cast, kind: str) -> None:
    thing = make(kind, owner(cast))
    by = actor(owner(cast))
    for verb in (Verb.OFF, Verb.PUB, Verb.DIS):
        fire(thing, verb, by)
    fire(thing, Verb.DOL, by)
    fire(thing, Verb.DEL, by)
    assert everybody() == []


def test_a_zoons_own_city_is_told_to_nobody_when_they_close_it(cast: Cast) -> None:
    assert cast.zoe.user is not None
    fire(make_city(cast.zoe.user, "Zoes_City"), Verb.DIS, zoon(cast))
    assert everybody() == []


def test_what_changes_nothing_is_not_told(cast: Cast) -> None:
    fire(cast.city, Verb.DIS, zoon(cast), reason="abuse")
    fire(cast.city, Verb.DIS, zoon(cast), reason="abuse")
    fire(cast.city, Verb.RCC, zoon(cast))
    assert everybody() == [("alice", "disabled")]


def test_a_ban_that_is_amended_is_told_anew(cast: Cast) -> None:
    fire(cast.city, Verb.DIS, zoon(cast), reason="abuse")
    fire(cast.city, Verb.DIS, zoon(cast), reason="spam")
    assert [notice.facts["reason"] for notice in Notice.objects.order_by("pk")] == ["abuse", "spam"]


def test_who_was_refused_has_told_nobody(cast: Cast) -> None:
    assert cast.charlie.api("POST", f"cities/{cast.city.key}/disable").status == 404
    assert cast.vera.api("POST", f"cities/{cast.city.key}/disable").status == 403
    assert cast.zoe.api("DELETE", f"cities/{cast.city.key}").status == 403
    assert everybody() == []


def test_every_admin_of_a_company_is_told_and_no_member(cast: Cast) -> None:
    project = make_project(owner(cast), "Shared Project")
    second, member = make_user("second"), make_user("member")
    User.objects.filter(pk=second.pk).update(corp=owner(cast).corp)
    User.objects.filter(pk=member.pk).update(corp=owner(cast).corp, is_corp_admin=False)
    fire(project, Verb.DIS, zoon(cast))
    assert sorted(everybody()) == [("alice", "disabled"), ("second", "disabled")]
    assert len(set(Notice.objects.values_list("user", "key"))) == 2


def test_an_admin_of_a_company_is_told_nothing_of_what_another_of_them_did(cast: Cast) -> None:
    project = make_project(owner(cast), "Shared Project")
    second = make_user("second")
    User.objects.filter(pk=second.pk).update(corp=owner(cast).corp)
    fire(project, Verb.DOL, actor(owner(cast)))
    assert everybody() == []


def test_whoever_has_a_share_is_told_nothing_of_a_ban(cast: Cast) -> None:
    fire(cast.city, Verb.DIS, zoon(cast))
    assert told(cast.oscar) == told(cast.vera) == []


def test_a_ban_that_ends_by_itself_is_told_by_nobody(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        by = zoon(cast)
        fire(cast.city, Verb.DIS, by, expires_at=by.now.replace(hour=13))
        clock.shift(2 * 3600)
        fire(cast.city, Verb.DOL, actor(owner(cast)))
    assert everybody() == [("alice", "disabled")]


def test_what_goes_with_a_city_is_told_with_the_city(cast: Cast) -> None:
    project = make_project(owner(cast), "Placed", city=cast.city.key)
    fire(project, Verb.DOL, actor(owner(cast)))
    fire(cast.city, Verb.DOL, actor(owner(cast)))
    fire(cast.city, Verb.DEL, god(cast))
    assert told(cast.alice) == [("purged", "city", "Alice_City")]
    assert not Project.objects.filter(pk=project.pk).exists()


def test_a_change_that_is_undone_has_told_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    with transaction.atomic():
        fire(cast.city, Verb.DIS, zoon(cast))
        transaction.set_rollback(True)
    assert everybody() == []


def test_what_is_read_of_a_ban_is_why_and_until_when(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        closing = {"reason": "冻服更新", "expires_at": "2031-03-05T04:00:00Z"}
        assert cast.zoe.api("POST", f"cities/{cast.city.key}/disable", closing).status == 200
        notice = read(cast.alice)[0]
    assert notice == {
        "id": notice["id"],
        "event": "disabled",
        "thing": f"city/{cast.city.key}",
        "thing_name": "Alice_City",
        "reason": "冻服更新",
        "role": None,
        "days": None,
        "ends_at": "2031-03-05T04:00:00Z",
        "secret": None,
        "secrets": None,
        "user": None,
        "grant": None,
        "request": None,
        "granted": None,
        "text": "City “Alice_City” was disabled by an administrator. It is back at 2031-03-05 12:00 (Asia/Shanghai). "
        "Reason: 冻服更新",
        "created_at": "2031-03-04T12:00:00Z",
        "read_at": None,
        "version": 1,
        "url": f"/api/v1/notices/{notice['id']}",
    }


@pytest.mark.parametrize("kind", ["project", "gateway", "app"])
def test_a_company_is_told_nothing_of_its_own_calls(cast: Cast, kind: str) -> None:
    thing = make(kind, owner(cast))
    by = Actor(zoon(cast).now, actor(owner(cast)).door, company=owner(cast).corp)
    fire(thing, Verb.DOL, by)
    assert everybody() == []


ONE_MORE: dict[str, Callable[[Cast], Any]] = {
    "city": lambda cast: cast.city,
    "project": lambda cast: make("project", owner(cast)),
    "gateway": lambda cast: make("gateway", owner(cast)),
    "app": lambda cast: make("app", owner(cast)),
}


@pytest.mark.parametrize("kind", ONE_MORE)
def test_telling_costs_one_query_and_an_owners_own_verb_none(cast: Cast, kind: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    thing = ONE_MORE[kind](cast)
    for user, expected in ((cast.zoe.user, 1), (owner(cast), 0)):
        assert user is not None
        with CaptureQueriesContext(connection) as captured:
            fire(thing, Verb.DIS, actor(user), reason=user.name)
        told_by = [query["sql"] for query in captured.captured_queries if "accounts_notice" in query["sql"]]
        assert len(told_by) == expected
        fire(thing, Verb.ENB, Actor.system())
    assert isinstance(thing, App | Gateway | Project) or kind == "city"
