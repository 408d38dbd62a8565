"""A city as the native API shows it: states in words, moments in RFC 3339."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from accounts.doors.native import address
from cities.models import City
from config.kernel.states import Facts, settled

Getter = Callable[[City, Facts], Any]


def _person(user: Any) -> dict[str, str] | None:
    return {"id": user.key, "name": user.name} if user is not None else None


def _state(city: City, facts: Facts) -> str:
    return facts.state.name.lower()


FIELDS: dict[str, Getter] = {
    "id": lambda city, facts: city.key,
    "name": lambda city, facts: city.name,
    "avatar": lambda city, facts: city.avatar,
    "brief": lambda city, facts: city.brief,
    "type": lambda city, facts: city.type,
    "state": _state,
    # Nothing stands above a city.
    "effective_state": _state,
    "reason": lambda city, facts: facts.reason,
    "expires_at": lambda city, facts: facts.expires_at,
    "owner": lambda city, facts: _person(city.creator),
    "created_at": lambda city, facts: city.created_at,
    "updated_at": lambda city, facts: city.updated_at,
    "version": lambda city, facts: city.version,
    "url": lambda city, facts: address(f"cities/{city.key}"),
}


def shown(city: City, now: datetime, fields: Iterable[str] = tuple(FIELDS)) -> dict[str, Any]:
    """The city's fields as they are at `now`: a ban that has ended is told by none of them."""
    facts = settled(city.facts, now)
    return {name: FIELDS[name](city, facts) for name in fields}
