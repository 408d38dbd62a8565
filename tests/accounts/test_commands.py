"""The commands: what they print is what a script reads, what they refuse is one line."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.models import AccessToken, AuditEvent, AuditPersonal, Organization, User
from accounts.people import signin
from tests.cast import Caller

pytestmark = pytest.mark.django_db


def run(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_createuser_prints_the_id_and_nothing_else() -> None:
    printed = run(
        "createuser", "dora", "--role", "developer", "--password", "correct horse 9", "--email", "D@polis.example"
    )
    user = User.objects.get(name="dora")
    assert printed == f"{user.key}\n"
    assert (user.role, user.email, user.is_corp_admin) == ("developer", "d@polis.example", True)
    by = Actor(timezone.now(), Door.ADMIN, is_anonymous=True)
    assert signin.sign_in("Dora", "correct horse 9", by=by) == user


def test_a_developer_has_a_company_of_their_own_and_stewards_the_super_corp() -> None:
    run("createuser", "dora", "--role", "developer")
    for role in ("zoon", "god"):
        run("createuser", f"a_{role}", "--role", role)
    dora = User.objects.get(name="dora")
    assert (dora.corp.kind, dora.corp.name, dora.corp.parent.key) == ("corp", "dora", "XdUaXduA")  # type: ignore[union-attr]
    supers = Organization.objects.get(kind="corp", key="XdUaXduA")
    assert {user.corp for user in User.objects.exclude(name="dora")} == {supers}


def test_the_trail_names_a_new_user_by_id_and_keeps_the_name_apart() -> None:
    run("createuser", "dora", "--role", "developer", "--email", "d@polis.example")
    event = AuditEvent.objects.get(kind="user")
    assert (event.verb, event.door, event.thing_name) == ("ADD", "command", "")
    assert "dora" not in str(event.after)
    assert AuditPersonal.objects.get(event=event.pk).after == {"name": "dora", "email": "d@polis.example"}
    assert AuditEvent.objects.filter(kind="organization", verb="ADD").count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Dora", "--role", "god"), "This name is taken."),
        (("other", "--role", "god", "--email", "D@polis.example"), "This e-mail address is taken."),
        (("other", "--role", "god", "--email", "no address"), "This is no e-mail address: no address"),
        (("x", "--role", "god"), "name must have at least 2 characters."),
        (("a b", "--role", "god"), "name may not hold the character U+0020."),
        (("do\u200bra", "--role", "god"), "name may not hold the character U+200B."),
    ],
)
def test_createuser_refuses_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    run("createuser", "dora", "--role", "developer", "--email", "d@polis.example")
    with pytest.raises(CommandError) as refused:
        run("createuser", *arguments)
    assert str(refused.value) == said
    assert User.objects.count() == 1


def test_issue_token_prints_a_token_of_every_scope() -> None:
    run("createuser", "dora", "--role", "developer")
    printed = run("issue_token", "dora", "--days", "2")
    assert Caller(printed.strip()).verb("ADD", data={"name": "Doras_City"}).status == 200
    token = AccessToken.objects.get()
    assert (token.scopes, token.audience, token.shop.key) == (["read", "verbs", "credentials"], "ConsoleX", "XdUaXduA")
    assert token.ends_at is not None
    assert timedelta(days=1, hours=23) < token.ends_at - timezone.now() < timedelta(days=2)


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"), [("read", 200, 403), ("get,qri", 200, 403), ("verbs", 403, 200), ("add", 403, 200)]
)
def test_a_narrowed_token_does_what_it_names(scopes: str, reads: int, writes: int) -> None:
    run("createuser", "dora", "--role", "developer")
    caller = Caller(run("issue_token", "dora", "--scopes", scopes).strip())
    assert caller.verb("QRI").status == reads
    assert caller.verb("ADD", data={"name": "Doras_City"}).status == writes


@pytest.mark.parametrize(
    "arguments",
    [("nobody",), ("dora", "--days", "0"), ("dora", "--scopes", "everything"), ("dora", "--scopes", ""),
     ("dora", "--shop", "zzzzzzzz"), ("dora", "--shop", "a\0b"), ("dora", "--audience", "x")],
)  # fmt: skip
def test_issue_token_refuses_and_makes_none(arguments: tuple[str, ...]) -> None:
    run("createuser", "dora", "--role", "developer")
    with pytest.raises(CommandError):
        run("issue_token", *arguments)
    assert AccessToken.objects.count() == 0


def test_changepassword_ends_the_logins_and_tells_the_trail() -> None:
    run("createuser", "dora", "--role", "developer", "--password", "correct horse 9")
    run("changepassword", "dora", "--password", "another horse 10")
    dora = User.objects.get(name="dora")
    assert dora.login_epoch == 1
    assert AuditEvent.objects.latest("id").after == {"password": "changed"}
    by = Actor(timezone.now(), Door.ADMIN, is_anonymous=True)
    assert signin.sign_in("dora", "another horse 10", by=by) == dora


def test_nobody_becomes_a_superuser() -> None:
    with pytest.raises(CommandError):
        run("createsuperuser")
    assert User.objects.count() == 0


def test_the_demo_is_for_development_and_can_be_loaded_again(settings: Any, tmp_path: Any) -> None:
    settings.VAR = tmp_path
    first = run("demo")
    assert run("demo") == first
    from cities.models import City

    assert City.objects.exclude(key="ConsoleX").count() == 60
    assert set(City.objects.values_list("state", flat=True)) == {0, 1, 3, 5}
    assert not City.objects.filter(name__in=["健康手环", "新的城市名", "城市名字"]).exists()
    assert {user.role for user in User.objects.all()} == {"god", "zoon", "developer"}
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError):
        run("demo")
