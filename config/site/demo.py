"""The demo: people and cities in every state, made through the same services as everything else.

Development only, and idempotent. The documents' own sample names stay free for the reader's first calls.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.machine import executor
from accounts.models import Notice, User
from accounts.people import companies, services, sharing, tokens
from accounts.people.reach import Reach
from apps.models import Gateway
from apps.services import apps, gateways
from cities.lifecycle import CITY
from cities.models import City
from cities.services import create_city
from config.kernel import names, registry, scopes
from config.kernel.roles import Role, Share
from config.kernel.states import Verb
from projects.models import Project

PEOPLE = (
    ("god", Role.GOD),
    ("zoon", Role.ZOON),
    ("alice", Role.DEVELOPER),
    ("bob", Role.DEVELOPER),
    ("carol", Role.DEVELOPER),
)
CHINESE = (
    "杭州智能家居", "成都农业物联", "深圳共享单车", "苏州工业园区", "西安博物馆群", "厦门港口调度", "青岛海洋监测", "武汉轨道交通",
    "南京养老服务", "广州早餐车队", "长沙夜市联盟", "昆明鲜花冷链", "哈尔滨供暖网", "拉萨光伏电站", "三亚游艇租赁", "大连渔业合作",
    "宁波纺织云仓", "无锡传感网络", "珠海无人机群", "合肥量子机房", "福州茶叶溯源", "济南泉水监测", "郑州冷链物流", "太原煤改电网",
    "贵阳数据机房", "兰州牛肉面馆", "银川葡萄酒庄", "海口免税商城", "南宁边贸口岸", "乌鲁木齐果园",
)  # fmt: skip
ENGLISH = (
    "Harbour_Lights", "Tram_Signals", "Orchard_Sensors", "Library_Kiosks", "Night_Market", "River_Gauges", "Solar_Rooftops",
    "Parcel_Lockers", "School_Buses", "Clinic_Queues", "Bike_Share", "Ferry_Tickets", "Farm_Drones", "Street_Lamps",
    "Water_Meters", "Museum_Guides", "Bakery_Ovens", "Stadium_Gates", "Wind_Park", "Fish_Market", "Metro_Doors",
    "Tea_Houses", "Garden_Pumps", "Snow_Ploughs", "Toll_Bridges", "Print_Shops", "Cable_Cars", "Salt_Mines",
    "Film_Festival", "Radio_Towers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; the password is this folder's alone."""

    name: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Demo:
    """Who is there, and a token of a developer's."""

    people: tuple[Person, ...]
    token: str
    gateways: tuple[str, str, str]  # the project, its open gateway and its shut one
    company: str = f"{companies.SUPER_COMP_ID} {companies.CHECK_SECRET}"  # the vendor's check value


def load() -> Demo:
    """Make what is missing; what is there stays as it is."""
    path = settings.VAR / "demo.json"
    if path.exists() and User.objects.filter(name_key="carol").exists():
        known = json.loads(path.read_text())
        people = tuple(Person(**person) for person in known["people"])
        made = known.get("gateways") or _make_gateways()  # a folder from before there were any
        return Demo(people, known["token"], tuple(made))
    people = tuple(_register(name, role) for name, role in PEOPLE)
    _give_check_value()
    _make_cities()
    demo = Demo(people, _make_token(), _make_gateways())
    Notice.objects.update(mail_at=None)  # it is there to be read; the first mail is about the reader's own first call
    _write(path, demo)
    return demo


def _register(name: str, role: Role) -> Person:
    by = Actor.system(door=Door.COMMAND)
    password = secrets.token_urlsafe(9)
    user = User.objects.filter(name_key=name).first()
    if user is None:
        services.register(name, role, by=by, password=password, email=f"{name}@polis.example")
    else:  # the list of passwords was lost: new ones
        services.change_password(user, password, by=by)
    return Person(name, str(role), password)


def _give_check_value() -> None:
    """The platform's own company proves itself as in the vendor's documents: in development alone."""
    company = companies.find(companies.SUPER_COMP_ID)
    if company is not None and not company.secret_hash:
        with transaction.atomic():
            companies.set_secret(company, companies.CHECK_SECRET, by=Actor.system(door=Door.COMMAND))


def _make_token() -> str:
    by = Actor.system(door=Door.COMMAND)
    ends_at = by.now + timedelta(days=365)
    alice = User.objects.get(name_key="alice")
    return tokens.make_token(alice, Reach(scopes=scopes.ALL, ends_at=ends_at), by=by, name="demo")[1]


def _make_cities() -> None:
    owners = [_actor(name) for name in ("alice", "bob", "carol")]
    zoon = _actor("zoon")
    for number, name in enumerate(each for pair in zip(CHINESE, ENGLISH, strict=True) for each in pair):
        if City.objects.filter(name_key=names.name_key(name)).exists():
            continue
        owner = owners[number % 3]
        city = create_city(by=owner, read=partial(dict, name=name, brief=f"{name} · demo"))
        if number % 7 == 0:
            neighbour = owners[(number + 1) % 3].user
            assert neighbour is not None
            terms = {"user": neighbour.key, "role": Share.OPERATOR}
            sharing.share(registry.kind("city"), city.key, by=owner, read=partial(dict, terms))
        _HISTORIES[number % len(_HISTORIES)](city, owner, zoon)


def _make_gateways() -> tuple[str, str, str]:
    """Two of alice's in a project of hers: with APP_KEY_SECRET_SWITCH on, and off. The document's app stays free."""
    by = _actor("alice")
    assert by.user is not None
    project = Project.objects.get(company=by.user.corp, is_default=True)
    keys = [
        _make_gateway(project, name, by, is_open=is_open) for name, is_open in (("网关_开", True), ("网关_关", False))
    ]
    return project.key, keys[0], keys[1]


def _make_gateway(project: Project, name: str, by: Actor, *, is_open: bool) -> str:
    found = Gateway.objects.of_project(project).filter(name=name).first()
    if found is None:
        found, _ = gateways.create_gateway(project.key, by=by, read=partial(dict, name=name, key_switch=is_open))
        for app in ("早餐车队_接口", "Harbour_Lights_API"):
            apps.create_app(found.key, Gateway.objects.with_chain(), by=by, read=partial(dict, name=app))
    return found.key


def _actor(name: str) -> Actor:
    return Actor(timezone.now(), Door.COMMAND, User.objects.get(name_key=name))


def _fire(city: City, verb: Verb, by: Actor, **given: object) -> None:
    executor.fire(CITY, City.objects.all(), city.key, verb, by=by, read=lambda: given)


def _stays(city: City, owner: Actor, zoon: Actor) -> None:
    return None


def _offline(city: City, owner: Actor, zoon: Actor) -> None:
    _fire(city, Verb.OFF, owner)


def _banned(city: City, owner: Actor, zoon: Actor) -> None:
    _fire(city, Verb.DIS, zoon, reason="冻服更新", expires_at=zoon.now + timedelta(days=7))


def _banned_for_good(city: City, owner: Actor, zoon: Actor) -> None:
    _fire(city, Verb.DIS, zoon, reason="Terms of service")


def _closed(city: City, owner: Actor, zoon: Actor) -> None:
    _fire(city, Verb.DIS, owner, reason="搬迁")


def _binned(city: City, owner: Actor, zoon: Actor) -> None:
    _fire(city, Verb.DOL, owner)


# Of ten, five stay in service, and one each has been taken off line, closed, banned twice over, and deleted.
_HISTORIES: tuple[Callable[[City, Actor, Actor], None], ...] = (
    _stays, _stays, _offline, _stays, _banned, _stays, _closed, _stays, _binned, _banned_for_good,
)  # fmt: skip


def _write(path: Path, demo: Demo) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(demo), file, ensure_ascii=False, indent=1)
