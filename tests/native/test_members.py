"""The people of a company: who sees them, who makes them admins, who removes them, and what ends with that (S8, S9)."""

from typing import Any

import pytest

from accounts.access import policies
from accounts.access.actor import Actor, Door
from accounts.models import AccessToken, AuditEvent, Organization, User
from accounts.people import sharing
from apps.models import Gateway, GatewayGrant
from cities.models import CityGrant
from config.kernel import registry
from config.kernel.policies import Color
from config.kernel.roles import Share
from config.kernel.states import Verb
from projects.models import Project
from tests.accounts.test_policy_door import make_shop
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, do, make_city, make_gateway, make_project, make_token, make_user, share


def of(caller: Caller) -> User:
    assert caller.user is not None
    return User.objects.select_related("corp").get(pk=caller.user.pk)


def join(name: str, company: Organization, *, is_admin: bool = False, **token: Any) -> Caller:
    """Somebody of a company."""
    user = make_user(name)
    User.objects.filter(pk=user.pk).update(corp=company, is_corp_admin=is_admin)
    user.refresh_from_db()
    return Caller(make_token(user, **token), user)


def remove(caller: Caller, company: Organization, user: User, **headers: str) -> Answer:
    return caller.api("DELETE", f"organizations/{company.key}/members/{user.key}", **headers)


def grade(caller: Caller, company: Organization, user: User, is_admin: bool) -> Answer:
    return caller.api("PATCH", f"organizations/{company.key}/members/{user.key}", {"is_admin": is_admin})


@pytest.fixture
def company(cast: Cast) -> Organization:
    return of(cast.alice).corp


@pytest.fixture
def mia(company: Organization) -> Caller:
    """Of alice's company, and no admin."""
    return join("mia", company)


def test_its_people_its_zoons_and_gods_see_who_is_in_it(cast: Cast, company: Organization, mia: Caller) -> None:
    path = f"organizations/{company.key}/members"
    for caller in (cast.alice, mia, cast.zoe, cast.root):
        results = caller.api("GET", path).body["results"]
        assert results == [
            {"id": of(mia).key, "name": "mia", "is_admin": False, "state": "enabled"},
            {"id": of(cast.alice).key, "name": "alice", "is_admin": True, "state": "enabled"},
        ]
    assert cast.charlie.api("GET", path).status == 404
    assert len(cast.alice.api("GET", f"{path}?limit=1").body["results"]) == 1


def test_an_admin_makes_an_admin_and_takes_it_back(cast: Cast, company: Organization, mia: Caller) -> None:
    assert grade(mia, company, of(mia), True).status == 403
    made = grade(cast.alice, company, of(mia), True)
    assert (made.status, made.body["is_admin"]) == (200, True)
    assert grade(mia, company, of(cast.alice), False).body["is_admin"] is False
    assert not of(cast.alice).is_corp_admin
    told = AuditEvent.objects.filter(kind="user", verb="SET").order_by("id")
    assert [(each.thing, each.actor, each.before, each.after) for each in told] == [
        (of(mia).key, of(cast.alice).key, {"is_corp_admin": False}, {"is_corp_admin": True}),
        (of(cast.alice).key, of(mia).key, {"is_corp_admin": True}, {"is_corp_admin": False}),
    ]


def test_the_same_again_writes_nothing(cast: Cast, company: Organization, mia: Caller) -> None:
    before = AuditEvent.objects.count()
    for user, is_admin in ((of(mia), False), (of(cast.alice), True)):
        assert grade(cast.alice, company, user, is_admin).status == 200
    path = f"organizations/{company.key}/members/{of(mia).key}"
    assert cast.alice.api("PATCH", path, {}).status == 200
    assert cast.alice.api("PATCH", path, {"role": "god"}).status == 422
    assert AuditEvent.objects.count() == before


def test_the_last_admin_stays_one(cast: Cast, company: Organization, mia: Caller) -> None:
    for caller in (cast.alice, cast.root):
        assert grade(caller, company, of(cast.alice), False).code == "reserved"
        assert remove(caller, company, of(cast.alice)).code == "reserved"
    # One who is closed is none who could look after it.
    User.objects.filter(pk=of(mia).pk).update(is_corp_admin=True)
    assert cast.zoe.api("POST", f"users/{of(mia).key}/disable").status == 200
    assert remove(cast.alice, company, of(cast.alice)).code == "reserved"
    assert cast.zoe.api("POST", f"users/{of(mia).key}/enable").status == 200
    assert remove(cast.alice, company, of(cast.alice)).status == 204


def test_who_is_alone_has_nothing_to_leave_for(cast: Cast, company: Organization) -> None:
    assert remove(cast.alice, company, of(cast.alice)).code == "reserved"
    assert of(cast.alice).corp == company


def test_who_is_removed_has_a_company_of_their_own(cast: Cast, company: Organization, mia: Caller) -> None:
    assert remove(cast.alice, company, of(mia)).status == 204
    assert (of(mia).corp.name, of(mia).is_corp_admin) == ("mia", True)
    assert Project.objects.filter(company=of(mia).corp, is_default=True).count() == 1
    assert mia.api("GET", f"organizations/{company.key}").status == 404
    event = AuditEvent.objects.get(verb="LEAVE")
    assert (event.kind, event.thing, event.actor) == ("user", of(mia).key, of(cast.alice).key)
    assert event.before == {"corp": company.key, "is_corp_admin": False}
    assert event.after == {"corp": of(mia).corp.key, "is_corp_admin": True}


def test_one_may_leave_but_remove_nobody_else(cast: Cast, company: Organization, mia: Caller) -> None:
    noa = join("noa", company)
    assert remove(mia, company, of(noa)).status == 403
    assert remove(cast.zoe, company, of(noa)).status == 403
    assert remove(mia, company, of(mia)).status == 204
    assert remove(mia, company, of(mia)).status == 404
    assert remove(cast.root, company, of(noa)).status == 204


def test_who_is_of_another_company_is_not_there(cast: Cast, company: Organization) -> None:
    for user in (of(cast.charlie), of(cast.zoe)):
        assert remove(cast.alice, company, user).status == 404
        assert grade(cast.root, company, user, True).status == 404
    assert remove(cast.alice, of(cast.charlie).corp, of(cast.charlie)).status == 404


def test_the_platforms_own_people_are_by_their_role(cast: Cast) -> None:
    corp = of(cast.root).corp
    for done in (remove(cast.root, corp, of(cast.zoe)), grade(cast.root, corp, of(cast.zoe), False)):
        assert (done.status, done.code) == (409, "reserved")
    assert remove(cast.zoe, corp, of(cast.zoe)).code == "reserved"
    assert of(cast.zoe).corp == corp


def test_what_the_company_gave_ends_with_who_leaves_and_what_strangers_gave_stays(
    cast: Cast, company: Organization, mia: Caller
) -> None:
    alice = of(cast.alice)
    gateway = make_gateway(alice, make_project(alice))
    terms = {"user": of(mia).key, "role": Share.OPERATOR}
    sharing.share(registry.kind("gateway"), gateway.key, by=actor(alice), read=lambda: terms)
    share(cast.city, of(mia), Share.VIEWER, by=actor(alice))
    elsewhere, own = make_city(of(cast.charlie)), make_city(of(mia))
    share(elsewhere, of(mia), Share.VIEWER, by=actor(of(cast.charlie)))
    assert mia.api("GET", f"gateways/{gateway.key}").status == 200
    assert remove(cast.alice, company, of(mia)).status == 204
    assert mia.api("GET", f"gateways/{gateway.key}").status == 404
    assert mia.api("GET", f"cities/{cast.city.key}").status == 404
    assert not GatewayGrant.objects.filter(user=of(mia)).exists()
    kept = CityGrant.objects.filter(user=of(mia)).values_list("content_object", flat=True)
    assert set(kept) == {elsewhere.pk, own.pk}
    ended = AuditEvent.objects.filter(verb="UNSHARE").values_list("thing", flat=True)
    assert set(ended) == {gateway.key, cast.city.key}


def test_nor_does_what_they_gave_themselves_outlive_it(cast: Cast, company: Organization) -> None:
    noa = join("noa", company, is_admin=True)
    project = make_project(of(cast.alice))
    given = {"thing": f"project/{project.key}", "user": of(noa).key, "role": "operator"}
    assert noa.api("POST", "grants", given).status == 201
    assert remove(cast.alice, company, of(noa)).status == 204
    assert noa.api("GET", f"projects/{project.key}").status == 404


def test_what_is_theirs_stays_whoever_of_the_company_has_handed_it_to_them(
    cast: Cast, company: Organization, mia: Caller
) -> None:
    city = make_city(of(mia))
    CityGrant.objects.filter(content_object=city).update(granted_by=of(cast.alice))
    assert remove(cast.alice, company, of(mia)).status == 204
    assert mia.api("PATCH", f"cities/{city.key}", {"brief": "mine"}).status == 200


def test_who_was_asked_by_them_to_be_an_admin_is_asked_no_more(cast: Cast, company: Organization) -> None:
    noa = join("noa", company, is_admin=True)
    token = Caller(make_token(of(noa)), of(noa))
    asked = token.api("POST", f"organizations/{company.key}/invitations", {"email": "x@y.example", "is_admin": True})
    assert asked.status == 201
    assert remove(cast.alice, company, of(noa)).status == 204
    assert cast.alice.api("GET", f"organizations/{company.key}/invitations").body["results"] == []
    assert AuditEvent.objects.filter(verb="UNINVITE", thing=company.key).count() == 1


def test_what_they_were_shown_is_marked(cast: Cast, company: Organization) -> None:
    noa = join("noa", company, is_admin=True)
    gateway = make_gateway(of(noa), make_project(of(noa)))
    path = f"gateways/{gateway.key}/secrets"
    assert [each["known_to_former"] for each in cast.alice.api("GET", path).body["results"]] == [False]
    assert remove(cast.alice, company, of(noa)).status == 204
    assert [each["known_to_former"] for each in cast.alice.api("GET", path).body["results"]] == [True]


def test_its_projects_leave_the_cities_of_who_leaves(cast: Cast, company: Organization) -> None:
    noa = join("noa", company, is_admin=True)
    city = make_city(of(noa))
    placed, binned = make_project(of(noa), city=city.key), make_project(of(noa), city=city.key)
    assert noa.api("DELETE", f"projects/{binned.key}").status == 204
    kept = make_project(of(cast.alice), city=cast.city.key)
    assert remove(cast.alice, company, of(noa)).status == 204
    standing = dict(Project.objects.filter(company=company, is_default=False).values_list("key", "city"))
    assert standing == {placed.key: None, binned.key: None, kept.key: cast.city.pk}
    events = AuditEvent.objects.filter(verb="MOVE").order_by("id")
    assert [(each.thing, each.city, each.before) for each in events] == [
        (each.key, city.key, {"city": city.key}) for each in (placed, binned)
    ]


def test_a_ban_of_a_city_is_not_fled_by_removing_its_owner(cast: Cast, company: Organization) -> None:
    noa = join("noa", company, is_admin=True)
    city = make_city(of(noa))
    project = make_project(of(noa), city=city.key)
    do(city, Verb.DIS, Actor.system())
    refused = remove(cast.alice, company, of(noa))
    assert (refused.status, refused.code) == (409, "wrong_state")
    assert (Project.objects.get(pk=project.pk).city, of(noa).corp) == (city, company)
    assert not AuditEvent.objects.filter(verb="LEAVE", outcome="ok").exists()


def test_a_token_sees_and_is_what_its_users_company_makes_of_it(cast: Cast, company: Organization, mia: Caller) -> None:
    shop = make_shop()
    Organization.objects.filter(pk=shop.pk).update(parent=company)
    shop = Organization.objects.get(pk=shop.pk)
    make_token(of(mia), "a shop's", shop=shop)

    def color() -> Color:
        rows = AccessToken.objects.select_related("user__corp", "shop__parent__parent")
        return policies.color_of(rows.get(name="a shop's"))

    project = make_project(of(cast.alice))
    assert (color(), mia.api("GET", f"projects/{project.key}").status) == (Color.R, 200)
    assert remove(cast.alice, company, of(mia)).status == 204
    assert (color(), mia.api("GET", f"projects/{project.key}").status) == (Color.G, 404)
    assert mia.api("GET", "me").body["organization"]["name"] == "mia"


def test_a_version_that_has_passed_is_stale(cast: Cast, company: Organization, mia: Caller) -> None:
    tag = cast.alice.api("GET", f"organizations/{company.key}").headers["ETag"]
    assert grade(cast.alice, company, of(mia), True).status == 200
    assert remove(cast.alice, company, of(mia), If_Match=tag).status == 412
    assert remove(cast.alice, company, of(mia), If_Match="*").status == 204


def test_a_company_is_called_something_that_can_be_seen(cast: Cast, company: Organization) -> None:
    path = f"organizations/{company.key}"
    assert cast.alice.api("PATCH", path, {"name": " \u3164"}).code == "required"
    assert cast.alice.api("GET", path).body["name"] == company.name
    assert cast.alice.api("PATCH", path, {"name": "甲 & Co."}).body["name"] == "甲 & Co."


def test_a_gateway_that_somebody_made_stays_with_the_company(cast: Cast, company: Organization) -> None:
    noa = join("noa", company, is_admin=True)
    gateway = make_gateway(of(noa), make_project(of(noa)))
    assert remove(noa, company, of(noa)).status == 204
    assert Gateway.objects.get(pk=gateway.pk).project.company == company
    assert noa.api("GET", f"gateways/{gateway.key}").status == 404


def test_the_door_is_told(cast: Cast, company: Organization, mia: Caller) -> None:
    assert remove(mia, company, of(cast.alice)).status == 403
    refused = AuditEvent.objects.get(outcome="refused", verb="LEAVE")
    assert (refused.kind, refused.thing, refused.door) == ("organization", company.key, Door.NATIVE)
