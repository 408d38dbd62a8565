"""`users` of the native API: people, as zoon and god handle them (S5, S10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AccessKey, AccessToken, AuditEvent, Organization, User
from accounts.people import tokens
from accounts.people.reach import Reach
from accounts.people.sessions import PROVED_AT
from config.kernel import scopes
from config.kernel.roles import Role
from projects.models import Project
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, make_project, make_token, make_user


def of(caller: Caller) -> User:
    assert caller.user is not None
    return User.objects.select_related("corp").get(pk=caller.user.pk)


def set_role(caller: Caller, user: User, role: str, **headers: str) -> Answer:
    return caller.api("POST", f"users/{user.key}/role", {"role": role}, **headers)


def told(user: User) -> list[tuple[str, str]]:
    trail = AuditEvent.objects.filter(kind="user", thing=user.key, outcome="ok").order_by("id")
    return list(trail.values_list("verb", "actor"))


def test_a_person_is_shown_whole_and_without_a_password(cast: Cast) -> None:
    with time_machine.travel("2031-03-04T12:00:00+00:00", tick=False):
        dora = make_user("dora", email="dora@example.com", password="a long and quiet evening")
        answer = Caller(make_token(of(cast.zoe))).api("GET", f"users/{dora.key}")
    assert answer.status == 200
    assert answer.body == {
        "id": dora.key,
        "name": "dora",
        "email": "dora@example.com",
        "role": "developer",
        "state": "enabled",
        "reason": "",
        "expires_at": None,
        "corp": {"id": dora.corp.key, "name": "dora"},
        "is_corp_admin": True,
        "created_at": "2031-03-04T12:00:00Z",
        "updated_at": "2031-03-04T12:00:00Z",
        "version": 1,
        "url": f"/api/v1/users/{dora.key}",
    }


def test_a_developer_sees_nobody_here_not_even_themselves(cast: Cast) -> None:
    assert cast.alice.api("GET", "users").status == 403
    for user in (of(cast.alice), of(cast.oscar), of(cast.root)):
        assert cast.alice.api("GET", f"users/{user.key}").status == 404
        assert cast.alice.api("POST", f"users/{user.key}/disable", {}).status == 404
        assert set_role(cast.alice, user, "god").status == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role=zoon,god", ["root", "zoe"]),
        ("role=god", ["root"]),
        ("state=disabled", ["vera"]),
        ("search=AL", ["alice"]),
        ("search=lice", []),
        ("search=charlie@example.com", ["charlie"]),
        ("search=charlie@example", []),
        ("created_at__gte=2099-01-01T00:00:00Z", []),
        (
            "created_at__lt=2099-01-01T00:00:00Z&ordering=created_at&role=developer",
            ["alice", "oscar", "vera", "charlie"],
        ),
    ],
)
def test_the_list_is_narrowed(cast: Cast, query: str, found: list[str]) -> None:
    User.objects.filter(name="charlie").update(email="charlie@example.com")
    assert cast.zoe.api("POST", f"users/{of(cast.vera).key}/disable", {}).status == 200
    assert [each["name"] for each in cast.zoe.api("GET", f"users?{query}").body["results"]] == found


def test_it_is_narrowed_by_company_and_id(cast: Cast) -> None:
    alice = of(cast.alice)
    for query in (f"corp={alice.corp.key}", f"search={alice.key}"):
        assert [each["id"] for each in cast.root.api("GET", f"users?{query}").body["results"]] == [alice.key]
    assert cast.root.api("GET", "users?corp=zzzzzzzz").body["results"] == []


@pytest.mark.parametrize("query", ["role=king", "state=gone", "search=a", "name=alice", "created_at__gte=yesterday"])
def test_a_filter_that_is_none_is_refused(cast: Cast, query: str) -> None:
    assert cast.zoe.api("GET", f"users?{query}").status == 422


def test_pages_go_on_where_the_last_ended(cast: Cast) -> None:
    first = cast.zoe.api("GET", "users?limit=4").body
    assert [each["name"] for each in first["results"]] == ["root", "zoe", "charlie", "vera"]
    second = cast.zoe.call("GET", first["next"]).body
    assert [each["name"] for each in second["results"]] == ["oscar", "alice"]
    assert second["next"] is None


def test_a_zoon_closes_and_opens_a_developer(cast: Cast) -> None:
    alice, until = of(cast.alice), timezone.now() + timedelta(days=1)
    closing = {"reason": "Spam", "expires_at": until.isoformat()}
    done = cast.zoe.api("POST", f"users/{alice.key}/disable", closing)
    assert (done.status, done.body["state"], done.body["reason"]) == (200, "disabled", "Spam")
    assert cast.alice.api("GET", "me").status == 401
    assert cast.zoe.api("POST", f"users/{alice.key}/enable").body["state"] == "enabled"
    assert cast.alice.api("GET", "me").status == 200
    assert told(alice) == [("ADD", ""), ("DIS", of(cast.zoe).key), ("ENB", of(cast.zoe).key)]


def test_closing_somebody_ends_their_sign_ins_and_opening_brings_none_back(cast: Cast) -> None:
    alice = of(cast.alice)
    by = actor(alice)
    reach = Reach(scopes=scopes.ALL, ends_at=by.now + timedelta(hours=1))
    signed_in = Caller(tokens.begin(alice, reach, nobody=by, name="login")[1])
    browser = Client()
    browser.force_login(alice)
    assert (signed_in.api("GET", "me").status, browser.get("/api/v1/me").status_code) == (200, 200)
    for verb in ("disable", "enable"):
        assert cast.zoe.api("POST", f"users/{alice.key}/{verb}").status == 200
    assert (signed_in.api("GET", "me").status, browser.get("/api/v1/me").status_code) == (401, 401)


def test_a_zoon_acts_on_developers_alone_and_nobody_on_themselves(cast: Cast) -> None:
    zoe, root = of(cast.zoe), of(cast.root)
    other = make_user("zack", Role.ZOON)
    for caller, user in ((cast.zoe, zoe), (cast.zoe, other), (cast.zoe, root), (cast.root, root)):
        for verb in ("disable", "enable"):
            assert caller.api("POST", f"users/{user.key}/{verb}").status == 403
    for user in (of(cast.alice), other, root, zoe):
        assert set_role(cast.zoe, user, "developer").status == 403
    assert set_role(cast.root, root, "zoon").status == 403
    assert cast.root.api("POST", f"users/{zoe.key}/disable").status == 200


def test_a_role_moves_its_holder_into_the_super_corp_and_back_to_one_of_their_own(cast: Cast) -> None:
    alice = of(cast.alice)
    own = alice.corp
    done = set_role(cast.root, alice, "zoon")
    assert (done.status, done.body["role"], done.body["corp"]["id"]) == (200, "zoon", "XdUaXduA")
    assert done.body["is_corp_admin"] is True
    # It was theirs alone, and empty: it went with them.
    assert not Organization.objects.filter(pk=own.pk).exists()
    assert of(cast.alice).role == "zoon"
    back = set_role(cast.root, of(cast.alice), "developer")
    assert (back.body["role"], back.body["corp"]["name"], back.body["is_corp_admin"]) == ("developer", "alice", True)
    assert back.body["corp"]["id"] not in ("XdUaXduA", own.key)
    assert cast.city.creator == of(cast.alice)
    assert [verb for verb, _ in told(alice)] == ["ADD", "SETROLE", "SETROLE"]
    event = AuditEvent.objects.filter(verb="SETROLE").earliest("id")
    assert event.before == {"role": "developer", "corp": own.key, "is_corp_admin": True}
    assert event.after == {"role": "zoon", "corp": "XdUaXduA", "is_corp_admin": True}


def test_a_company_that_holds_something_waits_for_who_gets_a_role(cast: Cast) -> None:
    alice = of(cast.alice)
    project = make_project(alice, city=cast.city.key)
    assert set_role(cast.root, alice, "god").status == 200
    assert Organization.objects.get(pk=alice.corp.pk).users.count() == 0
    assert set_role(cast.root, of(cast.alice), "developer").status == 200
    assert of(cast.alice).corp == alice.corp
    assert Organization.objects.get(pk=alice.corp.pk).kept_for == ""
    project = Project.objects.get(pk=project.pk)
    assert (project.company, project.city) == (alice.corp, cast.city)


def test_a_company_that_waits_takes_nobody_in_but_an_admin_and_waits_no_more(cast: Cast) -> None:
    alice = of(cast.alice)
    make_project(alice)
    User.objects.filter(name="charlie").update(email="charlie@example.com")
    path = f"organizations/{alice.corp.key}/invitations"
    id = cast.alice.api("POST", path, {"email": "charlie@example.com"}).body["id"]
    assert set_role(cast.root, alice, "zoon").status == 200
    assert Organization.objects.get(pk=alice.corp.pk).kept_for == alice.key
    assert cast.charlie.api("POST", f"invitations/{id}/accept").code == "reserved"
    assert cast.root.api("POST", path, {"email": "charlie@example.com", "is_admin": True}).body["id"] == id
    assert cast.charlie.api("POST", f"invitations/{id}/accept").status == 200
    assert set_role(cast.root, of(cast.alice), "developer").status == 200
    assert (of(cast.charlie).corp, of(cast.alice).corp == alice.corp) == (alice.corp, False)


def test_a_company_is_not_left_to_people_without_an_admin(cast: Cast) -> None:
    alice = of(cast.alice)
    User.objects.filter(name="vera").update(corp=alice.corp, is_corp_admin=False)
    refused = set_role(cast.root, alice, "zoon")
    assert (refused.status, refused.code) == (409, "reserved")
    User.objects.filter(name="vera").update(is_corp_admin=True)
    assert set_role(cast.root, alice, "zoon").status == 200
    assert Organization.objects.get(pk=alice.corp.pk).kept_for == ""
    assert set_role(cast.root, of(cast.alice), "developer").status == 200
    assert of(cast.alice).corp != alice.corp


@pytest.mark.parametrize(
    ("before", "after"), [("developer", "god"), ("god", "developer"), ("zoon", "god"), ("god", "zoon")]
)
def test_no_credential_lives_through_a_change_of_role(cast: Cast, before: str, after: str) -> None:
    dora = make_user("dora", Role(before))
    by = actor(dora)
    caller = Caller(make_token(dora), dora)
    key = caller.api("POST", "access-keys", {"name": "signer"})
    assert key.status == 201
    caller.api("POST", f"tokens/{AccessToken.objects.latest('pk').key}/disable")
    caller = Caller(make_token(dora), dora)
    reach = Reach(scopes=scopes.ALL, ends_at=by.now + timedelta(hours=1))
    signed_in = Caller(tokens.begin(dora, reach, nobody=by, name="login")[1])
    browser = Client()
    browser.force_login(dora)
    assert set_role(cast.root, dora, after).status == 200
    assert [each.api("GET", "me").status for each in (caller, signed_in)] == [401, 401]
    assert browser.get("/api/v1/me").status_code == 401
    kept = [*AccessToken.objects.filter(user=dora, login=None), *AccessKey.objects.filter(user=dora)]
    assert {each.state for each in kept} == {5}
    assert AccessKey.objects.get(user=dora).sealed == ""
    ended = AuditEvent.objects.filter(verb="DEL", kind__in=["accesstoken", "accesskey"])
    assert sorted(ended.values_list("thing", flat=True)) == sorted(each.key for each in kept)
    assert set_role(cast.root, dora, before).status == 200
    assert [each.api("GET", "me").status for each in (caller, signed_in)] == [401, 401]


def test_the_same_role_again_changes_nothing(cast: Cast) -> None:
    alice, events = of(cast.alice), AuditEvent.objects.count()
    again = set_role(cast.root, alice, "developer")
    assert (again.status, again.body["version"]) == (200, alice.version)
    assert cast.alice.api("GET", "me").status == 200
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("data", [{}, {"role": "king"}, {"role": None}, {"role": "zoon", "is_superuser": True}])
def test_what_is_no_role_is_refused(cast: Cast, data: Any) -> None:
    assert cast.root.api("POST", f"users/{of(cast.alice).key}/role", data).status == 422
    assert of(cast.alice).role == "developer"


def test_a_role_needs_a_fresh_proof_and_the_scope_for_credentials(cast: Cast) -> None:
    root, alice = of(cast.root), of(cast.alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert set_role(cast.root, alice, "zoon").code == "reauthenticate"
    narrow = Caller(make_token(root, scopes=["read", "verbs"]), root)
    refused = set_role(narrow, alice, "zoon")
    assert (refused.status, refused.code) == (403, "out_of_scope")
    assert of(cast.alice).role == "developer"


def test_a_session_gives_a_role_within_its_proof(cast: Cast) -> None:
    browser = Client()
    browser.force_login(of(cast.root))
    path = f"/api/v1/users/{of(cast.alice).key}/role"
    body: dict[str, Any] = {"data": {"role": "zoon"}, "content_type": "application/json"}
    assert browser.post(path, **body).json()["code"] == "reauthenticate"
    session = browser.session
    session[PROVED_AT] = datetime.now(UTC).isoformat()
    session.save()
    assert browser.post(path, **body).status_code == 200


def test_another_version_is_stale(cast: Cast) -> None:
    alice = of(cast.alice)
    assert set_role(cast.root, alice, "zoon", If_Match='"9.0.0"').status == 412
    assert set_role(cast.root, alice, "zoon", If_Match=f'"{alice.version}.0.0"').status == 200


def test_the_same_key_gives_a_role_once(cast: Cast) -> None:
    alice = of(cast.alice)
    first = set_role(cast.root, alice, "zoon", Idempotency_Key="once")
    again = set_role(cast.root, alice, "zoon", Idempotency_Key="once")
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert AuditEvent.objects.filter(verb="SETROLE").count() == 1
