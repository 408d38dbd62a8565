"""What should become of cities, told a second time and otherwise: plain values, written by hand from the rules.

It shares no code with what it judges, so that a rule taken out of the one is missed by the other.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

BIN = timedelta(days=30)
OFFERED = timedelta(days=7)
SECRET = "a kid"
# What a verb asks for, by hand from the table of who may do what: a share of the city, or a role.
WHO_MAY = {
    "SET": {"owner", "operator"},
    "OFF": {"owner", "operator"},
    "PUB": {"owner", "operator"},
    "DIS": {"owner", "zoon", "god"},
    "ENB": {"zoon", "god"},
    "DOL": {"owner"},
    "RCC": {"zoon", "god"},
    "DEL": {"owner", "god"},
    "SHARE": {"owner"},
    "FORCE": {"god"},
}
# The people, each with their role on the platform, "" for a developer.
ROLES = {"alice": "", "bob": "", "carol": "", "zoe": "zoon", "root": "god"}
DEVELOPERS = [name for name, role in ROLES.items() if not role]
VERBS = ["OFF", "PUB", "DIS", "ENB", "DOL", "RCC", "DEL"]
# By state: who is likely to do what; "" is the owner. WAIT is until the bin is emptied.
LIKELY = {
    0: [("", "OFF"), ("", "DIS"), ("", "DOL"), ("zoe", "DIS"), ("root", "DIS"), ("zoe", "DIS")],
    1: [("", "DIS"), ("", "DOL"), ("", "DEL"), ("zoe", "DIS"), ("zoe", "ENB"), ("", "WAIT")],
    3: [("", "PUB"), ("", "DIS"), ("", "DOL"), ("zoe", "DIS"), ("root", "DIS"), ("zoe", "DIS")],
    5: [("", "DEL"), ("", "DOL"), ("zoe", "RCC"), ("root", "RCC"), ("zoe", "RCC"), ("", "WAIT")],
}


class Refused(Exception):
    """hidden, forbidden, conflict, taken or bad."""


@dataclass
class Ban:
    """Who closed it (the owner's side or the platform's), why, and until when (None: until it is lifted)."""

    side: str
    reason: str = ""
    until: datetime | None = None


@dataclass
class ModelCity:
    """One city; `ban` stays until it is lifted or its end is written down, `taken_off` whatever else happens."""

    key: str
    name: str
    shares: dict[str, tuple[str, datetime | None]]
    taken_off: bool = False
    ban: Ban | None = None
    binned_at: datetime | None = None
    version: int = 1
    offer: tuple[str, datetime] | None = None

    @property
    def owner(self) -> str:
        return next(iter(self.shares))

    def ban_at(self, now: datetime) -> Ban | None:
        return None if self.ban is None or (self.ban.until is not None and self.ban.until <= now) else self.ban

    def state(self, now: datetime) -> int:
        if self.binned_at is not None:
            return 5
        return 1 if self.ban_at(now) else 3 if self.taken_off else 0

    def offered_to(self, now: datetime) -> str:
        return self.offer[0] if self.offer is not None and self.offer[1] > now else ""

    def share_of(self, who: str, now: datetime) -> str:
        share, until = self.shares.get(who, ("", None))
        return share if until is None or until > now else ""


@dataclass
class Model:
    """All cities, and the events that the trail should have got from the last step: (verb, who, key)."""

    cities: dict[str, ModelCity] = field(default_factory=dict)
    events: list[tuple[str, str, str]] = field(default_factory=list)

    def check_may(self, verb: str, who: str, key: str, now: datetime) -> ModelCity:
        city = self.cities.get(key)
        role = ROLES[who]
        if city is None or not (city.share_of(who, now) or role):
            raise Refused("hidden")
        if not {city.share_of(who, now), role} & WHO_MAY[verb]:
            raise Refused("forbidden")
        return city

    def add(self, who: str, key: str, name: str) -> None:
        self.cities[key] = ModelCity(key, name, {who: ("owner", None)})
        self.events.append(("ADD", who, key))

    def holder_of(self, name: str) -> ModelCity | None:
        return next((city for city in self.cities.values() if city.name.lower() == name.lower()), None)

    def fire(self, verb: str, who: str, key: str, now: datetime, **given: Any) -> None:
        """One of VERBS; `given` are reason and until of a DIS. Raises Refused."""
        city = self.check_may(verb, who, key, now)
        state, ban = city.state(now), city.ban_at(now)
        if verb in {"OFF", "PUB"}:
            self._switch(verb, who, city, now)
        elif verb == "DIS":
            self._close(who, city, now, given)
        elif verb == "ENB":
            if state == 5:
                raise Refused("conflict")
            if ban:
                self._change(verb, who, city, now, ban=None)
        elif verb == "DOL" and state != 5:
            self._change(verb, who, city, now, binned_at=now)
        elif verb == "RCC" and state == 5:
            self._change(verb, who, city, now, binned_at=None)
        elif verb == "DEL":
            if ban and ban.side == "platform" and ROLES[who] != "god":
                raise Refused("conflict")
            self._remove(who, city)

    def recycle_by_name(self, who: str, owner: str, name: str, now: datetime) -> None:
        """RCC of the city of that name, if it is that owner's: an administrator's to do. Raises Refused."""
        if not ROLES[who]:
            raise Refused("forbidden")
        city = self.holder_of(name)
        is_owners = city is not None and city.shares.get(owner, ("", None))[0] == "owner"
        self.fire("RCC", who, city.key if city is not None and is_owners else "", now)

    def update(self, who: str, key: str, now: datetime, given: dict[str, Any]) -> None:
        """SET, with `enabled` and `secret` in it: all or nothing. Raises Refused."""
        city = self.check_may("SET", who, key, now)
        if city.state(now) not in {0, 3}:
            raise Refused("conflict")
        name = given.get("name", city.name)
        if (self.holder_of(name) or city) is not city:
            raise Refused("taken")
        if name != city.name:
            self._change("SET", who, city, now, name=name)
        if "secret" in given:
            self._change("SET", who, city, now)
        if "enabled" in given:
            self._switch("PUB" if given["enabled"] else "OFF", who, city, now)

    def share(self, who: str, key: str, whom: str, now: datetime, *, share: str, until: datetime | None) -> None:
        city = self.check_may("SHARE", who, key, now)
        if city.shares.get(whom, ("", None))[0] == "owner":
            raise Refused("bad")
        if city.binned_at is not None:
            raise Refused("conflict")
        if city.shares.get(whom) == (share, until):
            return
        city.shares[whom] = (share, until)
        self.events.append(("SHARE", who, key))

    def unshare(self, who: str, key: str, whom: str, now: datetime) -> None:
        city = self.check_may("SHARE", who, key, now)
        if city.shares.get(whom, ("owner", None))[0] != "owner":
            del city.shares[whom]
            self.events.append(("UNSHARE", who, key))

    def offer(self, who: str, key: str, whom: str, now: datetime) -> None:
        """To hand it on. It is the owner's, like sharing."""
        city = self.check_may("SHARE", who, key, now)
        if who == whom:
            raise Refused("bad")
        if city.state(now) not in {0, 3}:
            raise Refused("conflict")
        city.offer = whom, now + OFFERED
        self.events.append(("OFFER", who, key))

    def withdraw(self, who: str, key: str, now: datetime) -> None:
        city = self.check_may("SHARE", who, key, now)
        if not city.offered_to(now):
            raise Refused("hidden")
        city.offer = None
        self.events.append(("WITHDRAW", who, key))

    def answer(self, who: str, key: str, now: datetime, *, yes: bool) -> None:
        """Taken up, or turned down, by whom it is offered to."""
        city = self.cities.get(key)
        to = city.offered_to(now) if city is not None else ""
        if city is None or not to or who not in {to, city.owner}:
            raise Refused("hidden")
        if who != to:
            raise Refused("forbidden")
        if not yes:
            city.offer = None
            self.events.append(("DECLINE", who, key))
            return
        if city.state(now) not in {0, 3}:
            raise Refused("conflict")
        self._hand_on(who, city, who)

    def force(self, who: str, key: str, whom: str, now: datetime) -> None:
        """While its owner is out of service: whatever its state, which stays."""
        city = self.check_may("FORCE", who, key, now)
        if whom == city.owner:
            raise Refused("bad")
        self._hand_on(who, city, whom)

    def _hand_on(self, who: str, city: ModelCity, whom: str) -> None:
        city.shares, city.offer = {whom: ("owner", None)}, None
        city.version += 1
        self.events.append(("TRANSFER", who, city.key))

    def write_down_ends(self, now: datetime) -> int:
        ended = [city for city in self.cities.values() if city.ban and not city.ban_at(now)]
        for city in ended:
            self._write_down_end(city, now)
        return len(ended)

    def purge(self, now: datetime) -> int:
        """What has lain in the bin too long goes, but for what the platform has closed."""
        stale = [city for city in self.cities.values() if city.binned_at and city.binned_at < now - BIN]
        gone = [city for city in stale if (city.ban_at(now) or Ban("owner")).side == "owner"]
        for city in gone:
            self._remove("", city)
        return len(gone)

    def _switch(self, verb: str, who: str, city: ModelCity, now: datetime) -> None:
        if city.state(now) not in {0, 3}:
            raise Refused("conflict")
        if city.taken_off != (verb == "OFF"):
            self._change(verb, who, city, now, taken_off=verb == "OFF")

    def _close(self, who: str, city: ModelCity, now: datetime, given: dict[str, Any]) -> None:
        side, ban = "platform" if ROLES[who] else "owner", city.ban_at(now)
        if city.state(now) == 5:
            raise Refused("conflict")
        if ban is None or (ban.side == "owner" and side == "platform"):
            self._change("DIS", who, city, now, ban=Ban(side, given.get("reason", ""), given.get("until")))
        elif ban.side == side:
            amended = Ban(side, given.get("reason", ban.reason), given.get("until", ban.until))
            if amended != ban:
                self._change("DIS", who, city, now, ban=amended)

    def _change(self, verb: str, who: str, city: ModelCity, now: datetime, **news: Any) -> None:
        self._write_down_end(city, now)
        for name, value in news.items():
            setattr(city, name, value)
        city.version += 1
        self.events.append((verb, who, city.key))

    def _write_down_end(self, city: ModelCity, now: datetime) -> None:
        if city.ban and not city.ban_at(now):
            city.ban = None
            city.version += 1
            self.events.append(("ENB", "", city.key))

    def _remove(self, who: str, city: ModelCity) -> None:
        del self.cities[city.key]
        self.events.append(("DEL", who, city.key))
