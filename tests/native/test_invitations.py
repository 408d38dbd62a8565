"""Invitations: a company asks a mail; whoever has it goes there or does not; nobody learns whose it is (S13)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent, AuditPersonal, Invitation, Organization, User
from accounts.people import invitations, membership
from config.kernel.roles import Role
from config.kernel.states import Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Answer, Caller, Cast
from tests.factories import do, make_city, make_gateway, make_project, make_token, make_user

MAIL = "charlie@example.com"


def of(caller: Caller) -> User:
    assert caller.user is not None
    return User.objects.select_related("corp").get(pk=caller.user.pk)


def invite(caller: Caller, company: Organization, email: str = MAIL, **given: Any) -> Answer:
    return caller.api("POST", f"organizations/{company.key}/invitations", {"email": email} | given)


@pytest.fixture
def company(cast: Cast) -> Organization:
    return of(cast.alice).corp


@pytest.fixture
def charlie(cast: Cast) -> Caller:
    """With a mail."""
    User.objects.filter(name="charlie").update(email=MAIL)
    return cast.charlie


def test_it_is_pending_and_seen_by_both(cast: Cast, company: Organization, charlie: Caller) -> None:
    with time_machine.travel("2031-03-04T12:00:00+00:00", tick=False):
        made = invite(Caller(make_token(of(cast.alice)), cast.alice.user), company, "Charlie@Example.com")
    id = made.body["id"]
    path = f"/api/v1/organizations/{company.key}/invitations/{id}"
    assert (made.status, made.headers["Location"]) == (201, path)
    assert made.body == {
        "id": id,
        "organization": {"id": company.key, "name": "alice"},
        "email": MAIL,
        "is_admin": False,
        "status": "pending",
        "invited_by": of(cast.alice).key,
        "created_at": "2031-03-04T12:00:00Z",
        "version": 1,
        "url": path,
    }
    assert cast.alice.call("GET", path).body == made.body
    theirs = made.body | {"url": f"/api/v1/invitations/{id}"}
    assert charlie.api("GET", "invitations").body["results"] == [theirs]
    assert charlie.api("GET", f"invitations/{id}").body == theirs


def test_whose_mail_it_is_makes_no_difference(cast: Cast, company: Organization, charlie: Caller) -> None:
    User.objects.filter(name="zoe").update(email="zoe@example.com")
    User.objects.filter(name="alice").update(email="alice@example.com")
    answers = [
        invite(cast.alice, company, f"{name}@example.com", is_admin=True)
        for name in ("charlie", "nobody", "zoe", "alice")
    ]
    assert {each.status for each in answers} == {201}
    shapes = [
        {name: value for name, value in each.body.items() if name not in ("id", "email", "created_at", "url")}
        for each in answers
    ]
    assert all(shape == shapes[0] for shape in shapes)


def test_its_admins_and_gods_invite(cast: Cast, company: Organization, charlie: Caller) -> None:
    User.objects.filter(name="vera").update(corp=company, is_corp_admin=False)
    answers = {
        "admin": invite(cast.alice, company, "a@example.com").status,
        "member": invite(cast.vera, company, "b@example.com").status,
        "stranger": invite(charlie, company, "c@example.com").status,
        "zoon": invite(cast.zoe, company, "d@example.com").status,
        "god": invite(cast.root, company, "e@example.com").status,
    }
    assert answers == {"admin": 201, "member": 403, "stranger": 404, "zoon": 403, "god": 201}
    path = f"organizations/{company.key}/invitations"
    callers = (cast.alice, cast.vera, charlie, cast.zoe, cast.root)
    assert [each.api("GET", path).status for each in callers] == [200, 403, 404, 200, 200]
    assert [each["email"] for each in cast.zoe.api("GET", path).body["results"]] == ["e@example.com", "a@example.com"]


def test_who_accepts_is_of_the_company_and_their_empty_one_is_gone(
    cast: Cast, company: Organization, charlie: Caller
) -> None:
    former = of(charlie).corp
    id = invite(cast.alice, company).body["id"]
    done = charlie.api("POST", f"invitations/{id}/accept")
    assert (done.status, done.body) == (200, {"id": company.key, "name": "alice", "is_admin": False})
    assert (of(charlie).corp, of(charlie).is_corp_admin) == (company, False)
    assert not Organization.objects.filter(pk=former.pk).exists()
    assert not Project.objects.filter(company_id=former.pk).exists()
    assert not Invitation.objects.exists()
    assert charlie.api("POST", f"invitations/{id}/accept").status == 404
    event = AuditEvent.objects.get(verb="JOIN", outcome="ok")
    assert (event.kind, event.thing, event.actor) == ("user", of(charlie).key, of(charlie).key)
    assert event.before == {"corp": former.key, "is_corp_admin": True}
    assert event.after == {"corp": company.key, "is_corp_admin": False, "invitation": id}
    # They see what is the company's, and change nothing of it.
    project = make_project(of(cast.alice))
    assert charlie.api("GET", f"projects/{project.key}").status == 200
    assert charlie.api("PATCH", f"projects/{project.key}", {"name": "Mine"}).status == 403


def test_who_was_asked_as_an_admin_is_one(cast: Cast, company: Organization, charlie: Caller) -> None:
    id = invite(cast.alice, company, is_admin=True).body["id"]
    assert charlie.api("POST", f"invitations/{id}/accept").body["is_admin"] is True
    assert of(charlie).is_corp_admin


def test_to_make_an_admin_needs_a_fresh_proof(cast: Cast, company: Organization) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=365), tick=False):
        assert invite(cast.alice, company, is_admin=True).code == "reauthenticate"
        assert invite(cast.alice, company, is_admin=False).status == 201


def test_who_declines_stays_and_the_trail_has_no_mail(cast: Cast, company: Organization, charlie: Caller) -> None:
    id = invite(cast.alice, company).body["id"]
    former = of(charlie).corp
    assert charlie.api("POST", f"invitations/{id}/decline").status == 204
    assert of(charlie).corp == former
    assert charlie.api("GET", "invitations").body["results"] == []
    told = AuditEvent.objects.filter(verb__in=["INVITE", "UNINVITE"]).order_by("id")
    assert [(each.verb, each.kind, each.thing, each.actor) for each in told] == [
        ("INVITE", "organization", company.key, of(cast.alice).key),
        ("UNINVITE", "organization", company.key, of(charlie).key),
    ]
    assert told[0].after == told[1].before == {"invitation": id, "is_admin": False}
    assert MAIL not in str(list(AuditEvent.objects.values()) + list(AuditPersonal.objects.values()))


def test_what_is_taken_back_is_gone(cast: Cast, company: Organization, charlie: Caller) -> None:
    id = invite(cast.alice, company).body["id"]
    path = f"organizations/{company.key}/invitations/{id}"
    assert cast.zoe.api("DELETE", path).status == 403
    assert charlie.api("DELETE", path).status == 404
    assert cast.alice.api("DELETE", path).status == 204
    assert cast.alice.api("DELETE", path).status == 404
    assert charlie.api("POST", f"invitations/{id}/accept").status == 404


def test_a_second_time_amends_the_first_or_changes_nothing(cast: Cast, company: Organization) -> None:
    first = invite(cast.alice, company).body
    assert invite(cast.alice, company).body == first
    amended = invite(cast.alice, company, is_admin=True).body
    assert (amended["id"], amended["is_admin"], amended["version"]) == (first["id"], True, 2)
    assert AuditEvent.objects.filter(verb="INVITE").count() == 2


def test_an_invitation_is_nobodys_but_whose_it_is(cast: Cast, company: Organization, charlie: Caller) -> None:
    id = invite(cast.alice, company).body["id"]
    for caller in (cast.alice, cast.oscar, cast.zoe, cast.root):
        assert caller.api("GET", "invitations").body["results"] == []
        for path in ("", "/accept", "/decline"):
            assert caller.api("POST" if path else "GET", f"invitations/{id}{path}").status == 404


def test_who_has_a_company_that_holds_something_does_not_leave_it_behind(
    cast: Cast, company: Organization, charlie: Caller
) -> None:
    id = invite(cast.alice, company).body["id"]
    project = make_project(of(charlie))
    refused = charlie.api("POST", f"invitations/{id}/accept")
    assert (refused.status, refused.code) == (409, "has_children")
    charlie.api("DELETE", f"projects/{project.key}")
    assert charlie.api("POST", f"invitations/{id}/accept").code == "has_children"
    assert charlie.api("POST", f"projects/{project.key}/purge", {"confirm": project.name}).status == 200
    gateway = make_gateway(of(charlie), Project.objects.get(company=of(charlie).corp))
    assert charlie.api("POST", f"invitations/{id}/accept").code == "has_children"
    assert charlie.api("DELETE", f"gateways/{gateway.key}").status == 204
    assert charlie.api("POST", f"gateways/{gateway.key}/purge", {"confirm": gateway.name}).status == 200
    assert Invitation.objects.filter(key=id).exists()
    assert charlie.api("POST", f"invitations/{id}/accept").status == 200


def test_the_only_admin_of_others_stays_with_them(cast: Cast, company: Organization, charlie: Caller) -> None:
    User.objects.filter(name="vera").update(corp=of(charlie).corp, is_corp_admin=False)
    id = invite(cast.alice, company).body["id"]
    assert charlie.api("POST", f"invitations/{id}/accept").code == "reserved"
    User.objects.filter(name="vera").update(is_corp_admin=True)
    assert charlie.api("POST", f"invitations/{id}/accept").status == 200


def test_who_is_there_already_gets_what_was_offered_and_loses_nothing(
    cast: Cast, company: Organization, charlie: Caller
) -> None:
    User.objects.filter(name="charlie").update(corp=company, is_corp_admin=False)
    id = invite(cast.alice, company, is_admin=True).body["id"]
    assert charlie.api("POST", f"invitations/{id}/accept").body["is_admin"] is True
    id = invite(cast.alice, company).body["id"]
    assert charlie.api("POST", f"invitations/{id}/accept").body["is_admin"] is True
    assert of(charlie).corp == company


@pytest.mark.parametrize("role", [Role.ZOON, Role.GOD])
def test_stewards_stay_with_the_platform(cast: Cast, company: Organization, role: Role) -> None:
    user = make_user("wanda", role, email="wanda@example.com")
    id = invite(cast.alice, company, "wanda@example.com").body["id"]
    refused = Caller(make_token(user), user).api("POST", f"invitations/{id}/accept")
    assert (refused.status, refused.code) == (409, "reserved")


def test_nobody_is_invited_into_the_super_corp(cast: Cast) -> None:
    for caller in (cast.zoe, cast.root):
        refused = invite(caller, of(cast.root).corp)
        assert (refused.status, refused.code) == (409, "reserved")


def test_a_closed_company_asks_nobody_and_takes_nobody(cast: Cast, company: Organization, charlie: Caller) -> None:
    id = invite(cast.alice, company).body["id"]
    assert cast.root.api("POST", f"organizations/{company.key}/disable", {"reason": "Unpaid"}).status == 200
    assert invite(cast.alice, company, "b@example.com").code == "chain_closed"
    assert invite(cast.root, company, "b@example.com").code == "wrong_state"
    assert charlie.api("POST", f"invitations/{id}/accept").code == "wrong_state"
    assert cast.root.api("POST", f"organizations/{company.key}/enable").body["state"] == "enabled"
    assert charlie.api("POST", f"invitations/{id}/accept").status == 200


def test_a_closed_company_is_not_fled(cast: Cast, company: Organization, charlie: Caller) -> None:
    id = invite(cast.alice, company).body["id"]
    assert cast.root.api("POST", f"organizations/{of(charlie).corp.key}/disable").status == 200
    assert charlie.api("POST", f"invitations/{id}/accept").code == "chain_closed"


@pytest.mark.parametrize("closed", ["project", "city"])
def test_nor_is_what_an_administrator_has_closed_in_it(
    cast: Cast, company: Organization, charlie: Caller, closed: str
) -> None:
    id = invite(cast.alice, company).body["id"]
    project = Project.objects.get(company=of(charlie).corp)
    city = make_city(of(charlie))
    Project.objects.filter(pk=project.pk).update(city=city)
    if closed == "city":
        do(city, Verb.DIS, Actor.system())
    else:
        executor.fire(PROJECT, Project.objects.all(), project.key, Verb.DIS, by=Actor.system())
    refused = charlie.api("POST", f"invitations/{id}/accept")
    assert (refused.status, refused.code) == (409, "wrong_state")
    assert Project.objects.filter(pk=project.pk).exists()


def test_nor_is_a_switch_that_is_off(cast: Cast, company: Organization, charlie: Caller) -> None:
    id = invite(cast.alice, company).body["id"]
    Organization.objects.filter(pk=of(charlie).corp.pk).update(has_api=False)
    assert charlie.api("POST", f"invitations/{id}/accept").code == "wrong_state"


def test_so_many_and_no_more(cast: Cast, company: Organization, charlie: Caller, monkeypatch: Any) -> None:
    monkeypatch.setattr(invitations, "OPEN_PER_COMPANY", 2)
    id = invite(cast.alice, company).body["id"]
    assert invite(cast.alice, company, "b@example.com").status == 201
    assert invite(cast.alice, company, "c@example.com").code == "limit_reached"
    assert invite(cast.alice, company, "b@example.com").status == 201
    monkeypatch.setattr(membership, "MEMBERS_PER_COMPANY", 1)
    assert charlie.api("POST", f"invitations/{id}/accept").code == "limit_reached"
    monkeypatch.setattr(membership, "MEMBERS_PER_COMPANY", 2)
    assert charlie.api("POST", f"invitations/{id}/accept").status == 200
    assert (invitations.OPEN_PER_COMPANY, membership.MEMBERS_PER_COMPANY) == (2, 2)


@pytest.mark.parametrize(
    "data",
    [{}, {"email": "nobody"}, {"email": "a@b"}, {"email": "M5Dxxxxx"}, {"email": ["a@example.com"]},
     {"email": "a@example.com", "is_admin": "yes"}, {"email": "a@example.com", "role": "god"}],
)  # fmt: skip
def test_what_is_no_mail_is_refused(cast: Cast, company: Organization, data: Any) -> None:
    assert cast.alice.api("POST", f"organizations/{company.key}/invitations", data).status == 422
    assert not Invitation.objects.exists()


def test_who_has_no_mail_is_invited_by_nobody(cast: Cast) -> None:
    assert cast.charlie.api("GET", "invitations").body["results"] == []


def test_a_call_again_with_its_key_is_answered_and_does_nothing(
    cast: Cast, company: Organization, charlie: Caller
) -> None:
    made = [
        cast.alice.api("POST", f"organizations/{company.key}/invitations", {"email": MAIL}, Idempotency_Key="one")
        for _ in range(2)
    ]
    assert made[0].body == made[1].body
    path = f"invitations/{made[0].body['id']}/accept"
    done = [charlie.api("POST", path, Idempotency_Key="two") for _ in range(2)]
    assert [each.status for each in done] == [200, 200]
    assert AuditEvent.objects.filter(verb="JOIN").count() == 1
