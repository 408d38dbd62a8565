"""createaccesskey prints a pair with which its user's calls can be signed, and keeps no plain SK."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessKey, AuditEvent
from tests.accounts.signing import send, sign
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("createaccesskey", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_it_prints_a_pair_that_is_good_for_everything_of_the_users() -> None:
    user = make_user("dora")
    printed = run("Dora", "--name", "ci")
    ak, sk = printed.split()
    key = AccessKey.objects.get()
    assert printed == f"{ak} {sk}\n"
    assert (key.key, key.user, key.name, key.ends_at) == (ak, user, "ci", None)
    assert key.scopes == ["read", "verbs", "credentials"]
    assert (len(ak), len(sk)) == (20, 40)
    assert sk not in key.sealed
    event = AuditEvent.objects.get(kind="accesskey")
    assert (event.verb, event.door, event.thing) == ("ADD", "command", ak)
    assert send(sign(ak, sk, "GET", "/v3/projects")).status == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody",), "There is no user nobody."),
        (("dora", "--name", "x" * 65), "name must have at most 64 characters."),
    ],
)
def test_it_refuses_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    make_user("dora")
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert str(refused.value) == said
    assert not AccessKey.objects.exists()
