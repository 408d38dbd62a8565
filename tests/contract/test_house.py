"""The house itself: its floors, and what every part must have."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps as django_apps
from django.contrib.auth.models import Permission
from django.core.management import call_command

from accounts.models import Thing
from cities.policies import POLICIES
from config.dialects.xdua import codes
from config.kernel import registry, roles
from config.kernel.errors import SENTENCES, Code
from config.kernel.roles import Role, Share
from config.kernel.states import Verb

ROOT = Path(__file__).resolve().parents[2]


def test_each_floor_imports_only_what_lies_below_it() -> None:
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_error_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Code)


def test_no_two_errors_of_xdua_share_a_number_or_a_name() -> None:
    rows = [*codes.TABLE.values(), *codes.CITY.values(), *codes.DEVLTMPL.values()]
    assert len({row.number for row in rows}) == len(rows)
    assert len({row.name for row in rows}) == len(rows)


@pytest.mark.django_db
def test_every_verb_of_every_table_has_its_permission() -> None:
    for kind in registry.kinds():
        for verb in kind.table.verbs:
            app, codename = kind.table.permission(verb).split(".")
            assert Permission.objects.filter(content_type__app_label=app, codename=codename).count() == 1, codename


def test_the_policies_subject_and_roles_agree_with_who_may_do_what() -> None:
    # By hand from the document's rows as domain.md §3 works with them: name → (by a grant, zoon, god).
    expected = {
        "AddState": (True, True, True),
        "SetState": (True, False, False),
        "OffState": (True, False, False),
        "PubState": (True, False, False),
        "DolState": (True, False, False),
        "GitState": (True, False, False),
        "QriState": (True, True, True),
        "GetState": (True, True, True),
        "DisState": (True, True, True),
        "DelState": (True, False, True),
        "EnbState": (False, True, True),
        "RccState": (False, True, True),
        "QryState": (False, False, True),
    }
    found = {
        policy.name: (
            roles.may(Role.DEVELOPER, Share.OWNER, policy.verb),
            roles.may(Role.ZOON, None, policy.verb),
            roles.may(Role.GOD, None, policy.verb),
        )
        for policy in POLICIES
    }
    assert found == expected
    for policy in POLICIES:
        by_grant, by_zoon, by_god = expected[policy.name]
        assert bool(policy.subject) == by_grant
        if policy.verb not in {Verb.ADD, Verb.QRI}:
            assert ("Admin" in policy.roles) == by_zoon
            assert bool(policy.roles & {"Admin", "God"}) == by_god


def test_every_thing_is_registered_and_carries_both_constraints() -> None:
    things = [model for model in django_apps.get_models() if issubclass(model, Thing)]
    assert {model._meta.model_name for model in things} == {kind.name for kind in registry.kinds()}
    for model in things:
        names = {constraint.name for constraint in model._meta.constraints}
        assert {f"{model._meta.model_name}_state_tells_facts", f"{model._meta.model_name}_facts_agree"} <= names


@pytest.mark.django_db
def test_the_models_and_the_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_file_is_too_long() -> None:
    python = [
        path
        for folder in ("config", "accounts", "cities", "projects", "apps", "tests")
        for path in (ROOT / folder).rglob("*.py")
    ]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in python}
    assert {name: length for name, length in lengths.items() if length > 400 and "migrations" not in name} == {}
