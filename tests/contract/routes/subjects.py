"""What the calls are about: things in the state in which each call is good, made by whose they are."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN, ORGANIZATION, USER
from accounts.machine import executor
from accounts.models import AccessToken, Invitation, Notice, User
from accounts.people import credentials, requests, services, sharing, tokens
from apps.lifecycle import APP, GATEWAY
from apps.models import App, Gateway
from cities import transfers
from cities.models import City, CityGrant
from config.kernel import registry
from config.kernel.roles import Role, Share
from config.kernel.states import Table, Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Caller
from tests.contract.routes.who import Stage
from tests.factories import actor, do, make_city, make_token, make_user

# Makes what a call is about, for whoever calls, and gives its id.
Subject = Callable[[Stage, Caller], str]
MEMBER, INVITATION = "MiaMia01", "InvInv01"
PASSWORD = "a long and quiet evening"


def nothing(stage: Stage, caller: Caller) -> str:
    return ""


def city(*verbs: Verb) -> Subject:
    """alice's city, with nothing in it, after these verbs: closed by an administrator, all else by herself."""

    def make(stage: Stage, caller: Caller) -> str:
        _clear(stage, App, Gateway, Project)
        for verb in verbs:
            do(stage.cast.city, verb, Actor.system() if verb is Verb.DIS else actor(stage.owner))
        return stage.cast.city.key

    return make


def project(*verbs: Verb) -> Subject:
    """A project of alice's company in her city, after these verbs: closed by an administrator, all else by herself."""
    return lambda stage, caller: _moved(PROJECT, stage.project, verbs, stage, App, Gateway)


def gateway(*verbs: Verb) -> Subject:
    """A gateway in it, in the same way."""
    return lambda stage, caller: _moved(GATEWAY, stage.gateway, verbs, stage, App)


def app(*verbs: Verb) -> Subject:
    """An app of that gateway, in the same way; it has a code."""
    return lambda stage, caller: _moved(APP, stage.app, verbs, stage)


def company(stage: Stage, caller: Caller) -> str:
    """alice's."""
    return stage.owner.corp.key


def closed_company(stage: Stage, caller: Caller) -> str:
    """Nobody's of the stage: with their own company everybody in it is closed out."""
    dora = make_user("dora")
    services.switch(ORGANIZATION, dora.corp, Verb.DIS, by=Actor.system())
    return dora.corp.key


def company_of_two(stage: Stage, caller: Caller) -> str:
    """alice's, with mia."""
    mia = make_user("mia")
    User.objects.filter(pk=mia.pk).update(corp=stage.owner.corp, is_corp_admin=False, key=MEMBER)
    return stage.owner.corp.key


def inviting_company(stage: Stage, caller: Caller) -> str:
    """alice's, which asks somebody."""
    _invite(stage.owner, "friend@example.com")
    return stage.owner.corp.key


def person(role: Role = Role.DEVELOPER) -> Subject:
    """Somebody whom nobody knows."""
    return lambda stage, caller: make_user("dora", role).key


def closed_person(stage: Stage, caller: Caller) -> str:
    dora = make_user("dora")
    services.switch(USER, dora, Verb.DIS, by=Actor.system())
    return dora.key


def oneself(stage: Stage, caller: Caller) -> str:
    return caller.user.key if caller.user is not None else stage.owner.key


def invitation(stage: Stage, caller: Caller) -> str:
    """Of a company of somebody else's, to the caller's mail; alice has nothing that would hold her back."""
    _clear(stage, App, Gateway, Project)
    if caller.user is not None:
        User.objects.filter(pk=caller.user.pk).update(email="caller@example.com")
    return _invite(make_user("dora"), "caller@example.com")


def anothers_invitation(stage: Stage, caller: Caller) -> str:
    """Of alice's company, to somebody else's mail."""
    return _invite(stage.owner, "wanda@example.com")


def grant(stage: Stage, caller: Caller) -> str:
    """vera's, on alice's city."""
    return CityGrant.objects.get(content_object=stage.cast.city, user=stage.cast.vera.user).key


def owners_grant(stage: Stage, caller: Caller) -> str:
    return CityGrant.objects.get(content_object=stage.cast.city, user=stage.owner).key


def offer(stage: Stage, caller: Caller) -> str:
    """Of a city of somebody else's, to the caller's mail."""
    if caller.user is not None:
        User.objects.filter(pk=caller.user.pk).update(email="caller@example.com")
    return _offer(make_city(make_user("dora"), "Doras_City"), "caller@example.com")


def anothers_offer(stage: Stage, caller: Caller) -> str:
    """Of alice's city, to somebody else's mail."""
    return _offer(stage.cast.city, "wanda@example.com")


def transfer(stage: Stage, caller: Caller) -> str:
    """A city of somebody else's, offered to the caller."""
    return _offered(
        make_city(make_user("dora"), "Doras_City"), caller.user.key if caller.user is not None else "Nobodys0"
    )


def anothers_transfer(stage: Stage, caller: Caller) -> str:
    """alice's city, offered to somebody else."""
    return _offered(stage.cast.city, "Somebody")


def left_city(stage: Stage, caller: Caller) -> str:
    """A city whose owner is out of service."""
    dora = make_user("dora")
    left = make_city(dora, "Doras_City")
    services.switch(USER, dora, Verb.DIS, by=Actor.system())
    return left.key


def token(*verbs: Verb) -> Subject:
    """Another token of alice's, after these verbs of hers."""

    def make(stage: Stage, caller: Caller) -> str:
        make_token(stage.owner, "another")
        return _after(verbs, ACCESS_TOKEN, AccessToken.objects.latest("pk"), stage)

    return make


def access_key(*verbs: Verb) -> Subject:
    """alice's access key, after these verbs of hers."""
    return lambda stage, caller: _after(verbs, ACCESS_KEY, stage.access_key, stage)


def policy(name: str) -> Subject:
    """The row of that name."""
    return lambda stage, caller: name


def itself(stage: Stage, caller: Caller) -> str:
    """The token with which the call is made; where there is none, alice's."""
    digest = tokens.digest_of(caller.token or stage.cast.alice.token)
    return AccessToken.objects.get(digest=digest).key


def notice(stage: Stage, caller: Caller) -> str:
    """alice's, of what an administrator has done to her city; it is not read yet."""
    do(stage.cast.city, Verb.DIS, Actor.system())
    do(stage.cast.city, Verb.ENB, Actor.system())
    return Notice.objects.filter(user=stage.owner, event="disabled").latest("pk").key


def request(stage: Stage, caller: Caller) -> str:
    """alice's, to have her city back, which she has deleted."""
    return _asked(city(Verb.DOL)(stage, caller), stage.owner)


def zoons_request(stage: Stage, caller: Caller) -> str:
    """Of another zoon, who has deleted a city of their own."""
    steward = make_user("zack", Role.ZOON)
    theirs = make_city(steward, "Zacks_City")
    do(theirs, Verb.DOL, actor(steward))
    return _asked(theirs.key, steward)


def _asked(key: str, user: User) -> str:
    given = {"verb": Verb.RCC, "message": "sorry"}
    return requests.ask(registry.kind("city"), key, by=actor(user), read=lambda: given).key


def name_with_password(stage: Stage, caller: Caller) -> str:
    """The caller's, who has a password from now on; nobody's where there is no caller."""
    if caller.user is None:
        return "nobody"
    caller.user.set_password(PASSWORD)
    User.objects.filter(pk=caller.user.pk).update(password=caller.user.password)
    return caller.user.name


def _offered(on: City, to: str) -> str:
    assert on.creator is not None
    by = actor(on.creator)
    transfers.offer(on.key, by=replace(by, proved_at=by.now), read=lambda: {"user": to})
    return on.key


def _offer(on: City, mail: str) -> str:
    assert on.creator is not None
    terms = {"user": mail, "role": Share.VIEWER}
    return sharing.share(registry.kind("city"), on.key, by=actor(on.creator), read=lambda: terms).key


def _invite(admin: User, mail: str) -> str:
    """As it was made before anything was closed."""
    Invitation.objects.create(company=admin.corp, invited=mail, invited_by=admin, key=INVITATION)
    return INVITATION


def _moved(table: Table, thing: Any, verbs: tuple[Verb, ...], stage: Stage, *below: Any) -> str:
    """A thing after these verbs, with nothing in it."""
    _clear(stage, *below)
    for verb in verbs:
        by = Actor.system() if verb is Verb.DIS else actor(stage.owner)
        executor.fire(table, type(thing).objects.all(), thing.key, verb, by=by)
    return str(thing.key)


def _clear(stage: Stage, *tables: Any) -> None:
    """Take the stage's things of these kinds away, from below upwards."""
    things = {App: stage.app, Gateway: stage.gateway, Project: stage.project}
    for table in tables:
        table.objects.filter(pk=things[table].pk).delete()


def _after(verbs: tuple[Verb, ...], table: Table, row: Any, stage: Stage) -> str:
    for verb in verbs:
        credentials.fire(table, row.key, verb, by=actor(stage.owner))
    return str(row.key)
