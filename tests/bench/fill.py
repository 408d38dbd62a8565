"""Fills a database, by COPY where there are many: cities and their owners' grants, apps, their secrets and codes."""

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

from accounts.models import Organization, User, parts
from accounts.models.grant import permission_of
from accounts.people.services import super_shop
from apps.models import App, AppCode, AppSecret, Gateway, GatewaySecret
from apps.services.codes import digest_of
from cities.models import City, CityGrant
from config.kernel import vault
from config.kernel.roles import Role
from projects.models import Project
from tests.bench import rows
from tests.bench.rows import Layout
from tests.factories import make_token

_AT_ONCE = 5_000
_SEARCHED = ("cities_city", "apps_app")
_FIRST_COMP_ID = 100_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls: the inner id, and a token of every scope."""

    pk: int
    token: str


@dataclass(frozen=True, slots=True)
class People:
    """`callers` own cities and administer a company, `makers` own nothing."""

    callers: list[Caller]
    makers: list[Caller]


class Copied:
    """A table to be filled by COPY: a row like the example, with places for what differs from row to row."""

    def __init__(self, example: models.Model, *differing: str) -> None:
        fields = example._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self.statement = f'COPY "{example._meta.db_table}" ({columns}) FROM STDIN'
        texts = [f"%({field.attname})s" if field.attname in differing else _text(field, example) for field in fields]
        self.line = "\t".join(texts) + "\n"

    def fill(self, values: Iterable[dict[str, Any]]) -> None:
        """One row for each; no text of theirs holds what COPY would read as more than a character."""
        lines = (self.line % each for each in values)
        with connection.cursor() as cursor, cursor.copy(self.statement) as copy:
            while batch := "".join(itertools.islice(lines, _AT_ONCE)):
                copy.write(batch)


def fill(layout: Layout) -> People:
    """Into an empty database whose connection is Django's; vacuumed, with its sequences set."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign key is checked row by row
        for table in _SEARCHED:
            cursor.execute(f"DROP INDEX {parts.name_of(table)}")  # it is made anew afterwards, which takes less time
    owners, makers = _make_people(layout)
    _make_gateways(layout)
    _copy_cities(layout, owners)
    _copy_apps(layout, owners)
    filled = [City, CityGrant, Project, Gateway, GatewaySecret, App, AppSecret, AppCode]
    with connection.cursor() as cursor:
        for table in _SEARCHED:
            cursor.execute(parts.make_index(table))
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    return People(
        [Caller(user.pk, make_token(user)) for user in owners[: layout.callers]],
        [Caller(user.pk, make_token(user)) for user in makers],
    )


def _make_people(layout: Layout) -> tuple[list[User], list[User]]:
    zone = super_shop().parent.parent
    corps = Organization.objects.bulk_create(
        Organization(kind="corp", name=f"Corp {n}", parent=zone, comp_id=_FIRST_COMP_ID + n, **_stamps())
        for n in range(layout.companies)
    )
    owners = [_user(f"owner{n}", corps[layout.company_of_owner(n)]) for n in range(layout.owners)]
    makers = [_user(f"maker{n}", corps[0]) for n in range(rows.CALLERS)]
    return User.objects.bulk_create(owners, batch_size=1000), User.objects.bulk_create(makers, batch_size=1000)


def _make_gateways(layout: Layout) -> None:
    corps = list(Organization.objects.filter(comp_id__gte=_FIRST_COMP_ID).order_by("comp_id"))
    projects = Project.objects.bulk_create(
        Project(
            key=rows.project_key(n),
            company=corps[layout.company_of_project(n)],
            city_id=rows.pk(layout.city_of_project(n)),
            **_named(f"Project {n}"),
        )
        for n in range(1, layout.projects + 1)
    )
    gateways = [
        Gateway(
            pk=rows.pk(n),
            key=rows.gateway_key(n),
            project=projects[rows.project_of_gateway(n) - 1],
            **_named(f"Gateway_{n}"),
        )
        for n in range(1, layout.gateways + 1)
    ]
    Gateway.objects.bulk_create(gateways, batch_size=1000)
    keys = [GatewaySecret(holder=each, number=1, created_at=each.created_at) for each in gateways]
    for n, key in enumerate(keys, 1):
        key.protect(rows.gateway_secret(n))
    GatewaySecret.objects.bulk_create(keys, batch_size=1000)


def _copy_cities(layout: Layout, owners: list[User]) -> None:
    people = [owner.pk for owner in owners]
    people_of = ("creator_id", "updater_id")
    cities = Copied(City(**_named("")), "id", "key", "name", "name_key", "created_at", "updated_at", *people_of)
    now = timezone.now()
    cities.fill(
        {
            "id": rows.pk(n),
            "key": rows.short_key(n),
            **_names(rows.city_name(n)),
            **dict.fromkeys(("created_at", "updated_at"), now - layout.age_of(n)),
            **dict.fromkeys(people_of, owner),
        }
        for n, owner in _owned(layout, people)
    )
    own = CityGrant(permission=permission_of("cities", "own_city"))
    Copied(own, "id", "key", "user_id", "content_object_id").fill(
        {"id": n, "key": rows.short_key(n), "user_id": owner, "content_object_id": rows.pk(n)}
        for n, owner in _owned(layout, people)
    )


def _copy_apps(layout: Layout, owners: list[User]) -> None:
    numbers = range(1, layout.rows + 1)
    makers = [owner.pk for owner in owners[: layout.companies]]
    apps = Copied(
        App(**_named("")),
        *("id", "key", "devl_id", "name", "name_key", "gateway_id", "app_key", "creator_id", "updater_id"),
    )
    apps.fill(_app(n, makers[layout.company_of_app(n)]) for n in numbers)
    secrets = Copied(AppSecret(number=1, created_at=timezone.now()), "id", "holder_id", "sealed", "hint")
    secrets.fill(_secret(n) for n in numbers)
    codes = Copied(AppCode(**_stamps()), "id", "key", "app_id", "gateway_id", "digest", "hint")
    codes.fill(_code(n) for n in numbers)


def _app(n: int, maker: int) -> dict[str, Any]:
    return {
        "id": rows.pk(n),
        "key": rows.app_id(n),
        "devl_id": rows.short_key(n),
        "gateway_id": rows.pk(rows.gateway_of_app(n)),
        "app_key": rows.app_key(n),
        "creator_id": maker,
        "updater_id": maker,
        **_names(f"App_{n}"),
    }


def _secret(n: int) -> dict[str, Any]:
    secret, holder = rows.app_secret(n), rows.pk(n)
    sealed = vault.protect(secret, AppSecret(holder_id=holder, number=1).sealed_for)
    return {"id": n, "holder_id": holder, "hint": secret[:4], "sealed": sealed}


def _code(n: int) -> dict[str, Any]:
    code = rows.app_code(n)
    return {
        "id": n,
        "key": rows.code_key(n),
        "app_id": rows.pk(n),
        "gateway_id": rows.pk(rows.gateway_of_app(n)),
        "digest": digest_of(code),
        "hint": code[:4],
    }


def _owned(layout: Layout, people: list[int]) -> Iterator[tuple[int, int]]:
    return ((n, people[layout.owner_of(n)]) for n in range(1, layout.rows + 1))


def _user(name: str, corp: Organization) -> User:
    user = User(name=name, name_key=name, role=Role.DEVELOPER, corp=corp, is_corp_admin=True, **_stamps())
    user.set_unusable_password()
    return user


def _named(name: str) -> dict[str, Any]:
    return {**_names(name), **_stamps()}


def _names(name: str) -> dict[str, str]:
    return {"name": name, "name_key": name.lower()}


def _stamps() -> dict[str, Any]:
    now = timezone.now()
    return {"created_at": now, "updated_at": now}


def _text(field: Any, example: models.Model) -> str:
    """What COPY reads for this field of the example, written for `%`."""
    value = field.pre_save(example, add=True)
    if isinstance(field, models.JSONField):
        value = json.dumps(value)
    if value is None:
        return r"\N"
    return str(value).replace("\\", "\\\\").replace("%", "%%")
