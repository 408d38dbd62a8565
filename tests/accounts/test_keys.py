"""Keys that are missing, wrong or open to others: said aloud by `check` and by rekey_secrets, and nothing changed."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AccessKey, Organization
from accounts.people import companies, services
from config.kernel import keyring, scopes, vault
from projects.models import Project, ProjectSecret
from tests.factories import make_user

pytestmark = pytest.mark.django_db
# The documented check value: the SHA-256 of the MD5 of "1&1".
CHECK_HASH = hashlib.sha256(b"a7febff6a21c36fb50150f88c95ef641").hexdigest()
ACCESS_KEYS, PROJECT_SECRETS = "accounts_accesskey", "projects_projectsecret"


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    """An installation's keys, number 1; what the migrations have stored under others is gone."""
    settings.KEYS = tmp_path / "keys"
    keyring.make_keys(settings.KEYS)
    ProjectSecret.objects.all().delete()
    return settings.KEYS


def store(count: int = 3) -> None:
    """So many of both kinds, by the newest key."""
    user, now = make_user(), timezone.now()
    holder = Project.objects.get(company=user.corp)
    ProjectSecret.objects.filter(holder=holder).delete()
    for number in range(1, count + 1):
        row = ProjectSecret(holder=holder, number=number, created_at=now)
        row.protect(f"value {number}")
        row.save()
        key = AccessKey(user=user, shop=services.super_shop(), scopes=scopes.ALL, created_at=now, updated_at=now)
        key.sealed = vault.protect(f"sk {number}", key.sealed_for)
        key.save()


def stored() -> list[str]:
    return [row.sealed for model in (AccessKey, ProjectSecret) for row in model._default_manager.order_by("pk")]


def found(*, deploy: bool = False) -> list[tuple[str, str]]:
    """Id and text of what the checks say about keys and secrets, as `check --database default` runs them."""
    ours = {"polis.E004", "polis.E005", "polis.E006", "polis.W002"}
    messages = run_checks(databases=["default"], tags=["database", "security"], include_deployment_checks=deploy)
    assert all(message.hint for message in messages if message.id in ours)
    return [(str(message.id), str(message.msg)) for message in messages if message.id in ours]


def rekey() -> str:
    out = io.StringIO()
    call_command("rekey_secrets", stdout=out)
    return out.getvalue()


def test_all_is_well_while_every_key_is_there(keys: Path) -> None:
    store()
    keyring.add_key(keys)
    store()
    assert found(deploy=True) == []


def test_a_missing_key_is_named_for_each_table(keys: Path) -> None:
    store()
    keyring.add_key(keys)
    store()
    (keys / "secrets" / "1").unlink()
    said = "Secrets in {} cannot be read: no key 1."
    assert found() == [("polis.E004", said.format(ACCESS_KEYS)), ("polis.E004", said.format(PROJECT_SECRETS))]


def test_every_missing_key_is_named_and_none_twice(keys: Path) -> None:
    for _ in range(12):
        store(2)
        keyring.add_key(keys)
    for name in ("1", "2", "11", "12"):
        (keys / "secrets" / name).unlink()
    said = sorted(text.split()[-1] for _, text in found() if ACCESS_KEYS in text)
    assert said == ["1.", "11.", "12.", "2."]


def test_another_key_under_the_same_number_is_told(keys: Path) -> None:
    store()
    (keys / "secrets" / "1").unlink()
    keyring.make_keys(keys)
    said = "Secrets in {} cannot be read: key 1 does not open it."
    assert found() == [("polis.E004", said.format(ACCESS_KEYS)), ("polis.E004", said.format(PROJECT_SECRETS))]


def test_what_was_never_encrypted_is_told_and_not_shown(keys: Path) -> None:
    store()
    ProjectSecret.objects.filter(number=2).update(sealed="hunter22hunter22")
    ((identity, text),) = found()
    assert (identity, text) == ("polis.E004", f"Secrets in {PROJECT_SECRETS} cannot be read: it names no key.")


def test_without_any_key_both_checks_speak(keys: Path) -> None:
    store()
    (keys / "secrets" / "1").unlink()
    assert sorted(identity for identity, _ in found()) == ["polis.E004", "polis.E004", "polis.W002"]


def test_the_check_asks_few_questions_however_many_rows_there_are(
    keys: Path, django_assert_max_num_queries: Any
) -> None:
    for count in (2, 30):
        store(count)
        with django_assert_max_num_queries(12):
            run_checks(databases=["default"], tags=["database"])


def test_an_ended_secret_needs_no_key(keys: Path) -> None:
    store(1)
    ProjectSecret.objects.update(sealed="", ended_at=timezone.now())
    AccessKey.objects.update(sealed="")
    (keys / "secrets" / "1").unlink()
    keyring.add_key(keys)
    assert found() == []


@pytest.mark.parametrize("is_wrong", [False, True])
def test_rekeying_with_a_key_missing_or_wrong_says_which_and_changes_nothing(keys: Path, is_wrong: bool) -> None:
    store()  # by key 1, which could be encrypted anew
    keyring.add_key(keys)
    store()
    keyring.add_key(keys)
    (keys / "secrets" / "2").unlink()
    if is_wrong:
        (keys / "secrets" / "2").write_text((keys / "secrets" / "1").read_text())
    before = stored()
    with pytest.raises(CommandError, match="key 2 does not open it" if is_wrong else "no key 2") as refused:
        rekey()
    assert refused.value.returncode == 1
    assert stored() == before
    assert "Put the missing key back into POLIS_KEYS" in str(refused.value)


def test_rekeying_without_any_key_says_so(keys: Path) -> None:
    store()
    (keys / "secrets" / "1").unlink()
    before = stored()
    with pytest.raises(CommandError, match="no key"):
        rekey()
    assert stored() == before


def test_one_unreadable_value_among_good_ones_stops_it_and_stays(keys: Path) -> None:
    """A value moved to another row: neither is it given back, nor written over."""
    store()
    rows = list(ProjectSecret.objects.order_by("number"))
    ProjectSecret.objects.filter(number=3).update(sealed=rows[1].sealed)
    keyring.add_key(keys)
    with pytest.raises(CommandError, match="key 1 does not open it"):
        rekey()
    assert ProjectSecret.objects.get(number=3).sealed == rows[1].sealed
    assert ProjectSecret.objects.get(number=1).reveal() == "value 1"


def test_rekeying_leaves_values_and_all_else_as_they_are(keys: Path) -> None:
    store()
    columns = ("holder", "number", "hint", "created_at", "expires_at", "ends_at", "ended_at", "last_used_at")
    before = list(ProjectSecret.objects.order_by("pk").values_list(*columns))
    keyring.add_key(keys)
    assert rekey().splitlines() == [
        "access key: 3 done, 0 left",
        "project secret: 3 done, 0 left",
        "Every secret is encrypted by key 2. Older keys are needed no more.",
    ]
    assert {value[:2] for value in stored()} == {"2:"}
    assert list(ProjectSecret.objects.order_by("pk").values_list(*columns)) == before
    assert [row.reveal() for row in ProjectSecret.objects.order_by("number")] == ["value 1", "value 2", "value 3"]
    assert rekey() == "Every secret is encrypted by key 2. Older keys are needed no more.\n"


def give_super_corp(secret: str) -> None:
    with transaction.atomic():
        corp = Organization.objects.get(kind="corp", key="XdUaXduA")
        companies.set_secret(corp, secret, by=Actor.system())
    corp.refresh_from_db()
    assert (corp.secret_hash == CHECK_HASH) is (secret == "1")


@pytest.mark.parametrize("development", [True, False])
def test_the_documented_check_value_is_refused_at_deployment(keys: Path, settings: Any, development: bool) -> None:
    settings.DEVELOPMENT = development
    give_super_corp("1")
    assert found() == []
    said = "The company with CompID 1 has the documented check value as its CompSecret."
    assert found(deploy=True) == [("polis.E005", said)]
    give_super_corp("2")
    assert found(deploy=True) == []


@pytest.mark.parametrize("place", ["", "secret_key", "secrets", "secrets/1"])
@pytest.mark.parametrize("mode", [0o040, 0o004, 0o010, 0o002])
def test_keys_that_others_can_reach_are_refused_at_deployment(keys: Path, place: str, mode: int) -> None:
    path = keys / place
    path.chmod(path.stat().st_mode | mode)
    assert found(deploy=True) == [("polis.E006", f"Others can reach the keys: {path}.")]
    assert found() == []


def test_the_checks_wait_for_tables_that_are_not_there_yet(keys: Path) -> None:
    """`migrate` on a new database runs them first."""
    store()
    (keys / "secrets" / "1").unlink()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {PROJECT_SECRETS} RENAME TO aside")
        cursor.execute(f"ALTER TABLE {ACCESS_KEYS} RENAME TO aside_too")
    assert [identity for identity, _ in found(deploy=True)] == ["polis.W002"]
