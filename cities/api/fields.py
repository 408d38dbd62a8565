"""A city as XDUA shows it: the documented fields, each with where its value comes from."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cities.models import City
from config.dialects.xdua.query import TIME_FORMAT, Shape
from config.kernel.states import Facts, State, settled

Getter = Callable[[City, Facts], Any]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime(TIME_FORMAT)


def _until(facts: Facts) -> int:
    return int(facts.expires_at.timestamp()) if facts.expires_at else 0


# The fields of GIT's table, which are QRI's and QRY's too.
BASE: dict[str, Getter] = {
    "id": lambda city, facts: city.key,
    "name": lambda city, facts: city.name,
    "avatar": lambda city, facts: city.avatar,
    "brief": lambda city, facts: city.brief,
    "city": lambda city, facts: int(facts.state),
    "stato": lambda city, facts: facts.reason,
    "expire": lambda city, facts: _until(facts),
    "creator_id": lambda city, facts: city.creator.key if city.creator else "",
    "creator_name": lambda city, facts: city.creator.name if city.creator else "",
    "ipdator_id": lambda city, facts: city.updater.key if city.updater else "",
    "ipdator_name": lambda city, facts: city.updater.name if city.updater else "",
    "cstamp": lambda city, facts: _stamp(city.created_at),
    "istamp": lambda city, facts: _stamp(city.updated_at),
}
# GET's tables add these.
# assumed: they are leftovers of 角权 in the document, given so that no documented field is missing (ADR 2).
MORE: dict[str, Getter] = {
    "code": lambda city, facts: city.code,
    "type": lambda city, facts: city.type,
    "city_id": lambda city, facts: city.key,
    "city_name": lambda city, facts: city.name,
    "igrp_id": lambda city, facts: city.igrp,
    "igrp_name": lambda city, facts: city.igrp,
    "roue_id": lambda city, facts: "",
    "roue_name": lambda city, facts: "",
    "enabeld": lambda city, facts: int(facts.state is State.ENABLED),
}
ALL = BASE | MORE

SHAPE = Shape(
    kinds={
        "id": "text",
        "name": "text",
        "name~": "match",
        "avatar": "text",
        "brief": "text",
        "city": "state",
        "stato": "text",
        "expire": "until",
        "creator_id": "text",
        "creator_name": "text",
        "ipdator_id": "text",
        "ipdator_name": "text",
        "cstamp": "time",
        "istamp": "time",
        "code": "text",
        "type": "text",
        "igrp_name": "text",
    },
    sorts=("inc", "id", "name", "city", "expire", "cstamp", "istamp"),
    known=tuple(ALL),
    defaults=tuple(BASE),
)


def shown(city: City, fields: Iterable[str], now: datetime) -> dict[str, Any]:
    """The city's fields as they are at `now`: a ban that has ended is told by none of them."""
    facts = settled(city.facts, now)
    return {name: ALL[name](city, facts) for name in fields}
