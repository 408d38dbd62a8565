"""S10: every model has a row in who-may-do-what. By hand: verb × person, through the API and by crafted admin forms.

The people: anonymous; a stranger, who is a developer; a member and an admin of the company it belongs to; a zoon;
a god; and whose it is: the person themselves.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.access.actor import Actor
from accounts.lifecycle import LOGIN, ORGANIZATION, USER
from accounts.machine import executor
from accounts.models import AccessKey, AccessToken, Invitation, Login, Organization, User
from accounts.people import services, stewardship, tokens
from cities.models import CityGrant
from config.kernel.errors import Code, DomainError
from config.kernel.roles import Role, Share
from config.kernel.states import SWITCHED_LIFE, State, Verb
from tests.cast import Caller
from tests.contract.routes.who import undone
from tests.factories import actor, make_city, make_token, make_user, share
from tests.site.console import Browser

pytestmark = pytest.mark.django_db
PEOPLE = ("anonymous", "stranger", "member", "admin", "zoon", "god", "self")


@dataclass
class Company:
    """`people` by what they are; `self` is of the company, and owns the things."""

    people: dict[str, Caller]

    def user(self, name: str) -> User:
        user = self.people[name].user
        assert user is not None
        return User.objects.select_related("corp").get(pk=user.pk)


@pytest.fixture
def company(db: None) -> Company:
    made = {name: make_user(name) for name in ("stranger", "member", "admin", "self")}
    corp = made["admin"].corp
    User.objects.filter(name__in=["member", "self"]).update(corp=corp, is_corp_admin=False)
    made |= {"zoon": make_user("zoon", Role.ZOON), "god": make_user("god", Role.GOD)}
    User.objects.filter(name="self").update(email="self@example.com")
    for user in made.values():
        user.refresh_from_db()
    people = {name: Caller(make_token(user), user) for name, user in made.items()}
    self = people["self"]
    assert self.api("POST", "access-keys", {"name": "signer"}).status == 201
    city = make_city(made["self"], "Own_City")
    share(city, made["stranger"], Share.VIEWER, by=actor(made["self"]))
    return Company({"anonymous": Caller(), **people})


def key_of(company: Company, name: str) -> str:
    """What stands in an address or a body for a word."""
    self = company.user("self")
    found: dict[str, Callable[[], str]] = {
        "{self}": lambda: self.key,
        "{company}": lambda: self.corp.key,
        "{super}": lambda: "XdUaXduA",
        "{zoon}": lambda: company.user("zoon").key,
        "{token}": lambda: AccessToken.objects.get(user=self).key,
        "{ak}": lambda: AccessKey.objects.get(user=self).key,
        "{grant}": lambda: CityGrant.objects.exclude(user=self).get().key,
    }
    return found[name]()


# method, address, body | anonymous stranger member admin zoon god self
TABLE = """
GET    users                                {}                        401 403 403 403 200 200 403
GET    users/{self}                         {}                        401 404 404 404 200 200 404
POST   users/{self}/disable                 {}                        401 404 404 404 200 200 404
POST   users/{self}/enable                  {}                        401 404 404 404 200 200 404
POST   users/{self}/role                    {"role":"god"}            401 404 404 404 403 200 404
POST   users/{zoon}/disable                 {}                        401 404 404 404 403 200 404
POST   users/{zoon}/enable                  {}                        401 404 404 404 403 200 404
POST   users/{zoon}/role                    {"role":"developer"}      401 404 404 404 403 200 404
POST   users                                {"name":"new"}            401 405 405 405 405 405 405
PATCH  users/{self}                         {"role":"god"}            401 405 405 405 405 405 405
DELETE users/{self}                         {}                        401 405 405 405 405 405 405
PATCH  me                                   {"avatar":"new"}          401 200 200 200 200 200 200
PATCH  me                                   {"role":"god"}            401 422 422 422 422 422 422
PATCH  me                                   {"corp":"XdUaXduA"}       401 422 422 422 422 422 422
PATCH  me                                   {"is_corp_admin":true}    401 422 422 422 422 422 422
PATCH  me                                   {"email":"a@example.com"} 401 422 422 422 422 422 422
GET    organizations/{company}              {}                        401 404 200 200 200 200 200
PATCH  organizations/{company}              {"grace_seconds":5}       401 404 403 200 403 200 403
PATCH  organizations/{company}              {"has_api":false}         401 404 403 403 403 200 403
PATCH  organizations/{company}              {"project_limit":5}       401 404 403 403 403 200 403
PATCH  organizations/{company}              {"state":"enabled"}       401 404 403 422 403 422 403
POST   organizations/{company}/rotate       {}                        401 404 403 200 403 200 403
POST   organizations/{company}/disable      {}                        401 404 403 403 403 200 403
POST   organizations/{company}/enable       {}                        401 404 403 403 403 200 403
DELETE organizations/{company}              {}                        401 405 405 405 405 405 405
GET    organizations/{company}/members      {}                        401 404 200 200 200 200 200
PATCH  organizations/{company}/members/{self} {"is_admin":true}       401 404 403 200 403 200 403
DELETE organizations/{company}/members/{self} {}                      401 404 403 204 403 204 204
GET    organizations/{company}/invitations  {}                        401 404 403 200 200 200 403
POST   organizations/{company}/invitations  {"email":"a@example.com"} 401 404 403 201 403 201 403
POST   organizations/{super}/disable        {}                        401 404 404 404 403 409 404
PATCH  organizations/{super}                {"name":"Mine"}           401 404 404 404 200 200 404
POST   organizations/{super}/invitations    {"email":"a@example.com"} 401 404 404 404 409 409 404
PATCH  organizations/{super}/members/{zoon} {"is_admin":false}        401 404 404 404 409 409 404
DELETE organizations/{super}/members/{zoon} {}                        401 404 404 404 409 409 404
GET    tokens/{token}                       {}                        401 404 404 404 404 404 200
PATCH  tokens/{token}                       {"name":"new"}            401 404 404 404 404 404 200
PATCH  tokens/{token}                       {"scopes":["read"]}       401 404 404 404 404 404 422
POST   tokens/{token}/disable               {}                        401 404 404 404 404 404 200
POST   tokens/{token}/enable                {}                        401 404 404 404 404 404 200
DELETE tokens/{token}                       {}                        401 404 404 404 404 404 204
GET    access-keys/{ak}                     {}                        401 404 404 404 404 404 200
PATCH  access-keys/{ak}                     {"name":"new"}            401 404 404 404 404 404 200
POST   access-keys/{ak}/disable             {}                        401 404 404 404 404 404 200
POST   access-keys/{ak}/enable              {}                        401 404 404 404 404 404 200
DELETE access-keys/{ak}                     {}                        401 404 404 404 404 404 204
GET    grants/{grant}                       {}                        401 200 404 404 200 200 200
PATCH  grants/{grant}                       {"role":"operator"}       401 403 404 404 403 403 200
PATCH  grants/{grant}                       {"role":"owner"}          401 403 404 404 403 403 422
DELETE grants/{grant}                       {}                        401 403 404 404 403 403 204
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row[:3]) for row in ROWS])
def test_everybody_is_answered_as_the_table_says(row: list[str], company: Company) -> None:
    method, path, body, *statuses = row
    for name in ("{self}", "{company}", "{super}", "{zoon}", "{token}", "{ak}", "{grant}"):
        path = path.replace(name, key_of(company, name)) if name in path else path
    answered = {}
    for who in PEOPLE:
        with undone():
            before = everything()
            answer = company.people[who].api(method, path, json.loads(body) if body != "{}" else None)
            answered[who] = answer.status
            if answer.status >= 400:
                assert everything() == before, f"{who} has changed something"
    assert answered == dict(zip(PEOPLE, map(int, statuses), strict=True))


# What a crafted form of the super-console is answered, on a developer, on a zoon, on the only god and on a company.
FORMS = """
                            anonymous stranger member admin zoon god self
user/{self}/dis             302 403 403 403 302 302 403
user/{self}/enb             302 403 403 403 302 302 403
user/{self}/role            302 403 403 403 403 302 403
user/{self}/del             404 404 404 404 404 404 404
user/{self}/change          302 403 403 403 405 405 403
user/{zoon}/dis             302 403 403 403 403 302 403
user/{zoon}/role            302 403 403 403 403 302 403
user/{god}/dis              302 403 403 403 403 403 403
user/{god}/role             302 403 403 403 403 403 403
organization/{company}/dis  302 403 403 403 403 302 403
organization/{company}/del  404 404 404 404 404 404 404
organization/XdUaXduA/dis   302 403 403 403 403 409 403
accesstoken/{token}/del     404 404 404 404 404 404 404
accesskey/{ak}/del          404 404 404 404 404 404 404
"""
FORM_ROWS = [line.split() for line in FORMS.strip().splitlines()[1:]]


@pytest.mark.parametrize("row", FORM_ROWS, ids=[row[0] for row in FORM_ROWS])
def test_a_crafted_form_is_answered_as_the_table_says(row: list[str], company: Company) -> None:
    path, *statuses = row
    for name in ("{self}", "{company}", "{zoon}", "{token}", "{ak}"):
        path = path.replace(name, key_of(company, name)) if name in path else path
    path = path.replace("{god}", company.user("god").key)
    target = path.split("/")[1]
    person = User.objects.filter(key=target).first()
    sent = {"reason": "x", "version": "1", "role": "zoon", "name": person.name if person is not None else "admin"}
    if person is not None:
        sent["version"] = str(person.version)
        sent["role"] = "developer" if person.role == "zoon" else "zoon"
    answered = {}
    for who in PEOPLE:
        with undone():
            before, browser = everything(), Browser(company.people[who].user)
            if browser.user is not None:
                session = browser.client.session
                session["proved_at"] = datetime.now(UTC).isoformat()
                session.save()
            answered[who] = browser.post(f"/admin/accounts/{path}/", **sent).status
            if answered[who] != 302 or browser.user is None:
                assert everything() == before, f"{who} has changed something"
    expected = dict(zip(PEOPLE, map(int, statuses), strict=True))
    # An address that there is not leads who is not signed in to the sign-in, and refuses who is no steward.
    if expected["god"] == 404:
        expected = dict(zip(PEOPLE, (302, 403, 403, 403, 404, 404, 403), strict=True))
    assert answered == expected


def everything() -> list[Any]:
    tables: tuple[Any, ...] = (User, Organization, AccessToken, AccessKey, Login, Invitation, CityGrant)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


# ── the last enabled god ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_last_enabled_god_refuses_to_be_closed_and_demoted_from_everywhere(company: Company) -> None:
    god, before = company.user("god"), everything()
    system = Actor.system()
    for verb in (Verb.DIS,):
        with pytest.raises(DomainError) as refused:
            services.switch(USER, god, verb, by=system)
        assert refused.value.code == Code.RESERVED
        with pytest.raises(DomainError) as refused:
            stewardship.switch(god.key, verb, by=system)
        assert refused.value.code == Code.RESERVED
    for role in ("developer", "zoon"):
        with pytest.raises(CommandError, match="reserved"):
            call_command("set_role", "god", role)
    # There is no bin for people, and no end of them.
    assert {row.verb for row in SWITCHED_LIFE} == {Verb.ADD, Verb.SET, Verb.DIS, Verb.ENB}
    assert god.refuses(Verb.DOL)
    assert god.refuses(Verb.DEL)
    assert everything() == before


def test_of_two_gods_each_may_close_the_other_and_the_last_stays(company: Company) -> None:
    first, other = company.people["god"], make_user("gus", Role.GOD)
    second = Caller(make_token(other), other)
    assert first.api("POST", f"users/{other.key}/disable").status == 200
    # One who is closed is not counted.
    with pytest.raises(CommandError, match="reserved"):
        call_command("set_role", "god", "zoon")
    assert first.api("POST", f"users/{other.key}/enable").status == 200
    assert second.api("POST", f"users/{company.user('god').key}/role", {"role": "developer"}).status == 200
    assert first.api("GET", "me").status == 401
    with pytest.raises(CommandError, match="reserved"):
        call_command("set_role", "gus", "developer")
    assert User.objects.get(role=Role.GOD).name == "gus"


def test_the_first_god_is_made_by_a_command(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_role", "Stranger", "god")
    call_command("set_role", "stranger", "god")
    assert capsys.readouterr().out == "stranger is now god.\nstranger is already god.\n"
    stranger = company.user("stranger")
    assert (stranger.role, stranger.corp.key, stranger.is_corp_admin) == ("god", "XdUaXduA", True)
    assert company.people["stranger"].api("GET", "me").status == 401
    with pytest.raises(CommandError, match="no user"):
        call_command("set_role", "nobody", "god")


def test_the_super_rows_refuse_to_be_closed(company: Company) -> None:
    for row in Organization.objects.filter(key="XdUaXduA"):
        with pytest.raises(DomainError) as refused:
            services.switch(ORGANIZATION, row, Verb.DIS, by=Actor.system())
        assert refused.value.code == Code.RESERVED
    assert Organization.objects.filter(key="XdUaXduA", state=State.ENABLED).count() == 3


def test_a_login_is_nobodys_to_end_but_its_users(company: Company) -> None:
    """It has no address of its own: it ends with its token, its password, its user and its role."""
    self = company.user("self")
    by = actor(self)
    login = tokens.begin_login(self, by=by, ends_at=by.now + timedelta(days=365))
    for who in PEOPLE:
        for method in ("GET", "DELETE", "PATCH"):
            assert company.people[who].api(method, f"logins/{login.key}").status == 404
    executor.apply(LOGIN, login, Verb.DEL, by=Actor.system(), given={})
    with pytest.raises(DomainError):
        executor.apply(LOGIN, login, Verb.ENB, by=Actor.system(), given={})
