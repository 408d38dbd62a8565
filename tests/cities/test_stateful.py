"""Whatever sequence of verbs, edits, shares, sweeps and time: the platform does what the model says, and bans hold.

Hypothesis invents the sequences. After every step each row, and the events of the step, are as the model has
them; two registers of what was closed and what was taken off line are kept by hand beside the model.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings, stateful
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.access.actor import Actor
from accounts.access.visibility import count_listed
from accounts.machine import executor, sweeps
from accounts.models import FOREVER, AuditEvent, User
from cities import services, transfers
from cities.lifecycle import CITY
from cities.models import City
from config.kernel.errors import Code, DomainError
from config.kernel.ids import CONSOLE
from config.kernel.roles import Role, Share
from config.kernel.states import State, Verb
from tests import factories
from tests.cities.lifecycle_model import DEVELOPERS, LIKELY, ROLES, SECRET, VERBS, Model, ModelCity, Refused
from tests.factories import actor, make_user

REFUSALS = {
    Code.NOT_FOUND: "hidden",
    Code.FORBIDDEN: "forbidden",
    Code.WRONG_STATE: "conflict",
    Code.NAME_TAKEN: "taken",
    Code.BAD_CHOICE: "bad",
}
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
people = st.sampled_from(list(ROLES))
developers = st.sampled_from(DEVELOPERS)
numbers = st.sampled_from([0, 0, 0, 1])  # of a city, the newest first
city_names = st.sampled_from(["City_A", "city_a", "City_B"])
shares = st.sampled_from([Share.VIEWER, Share.OPERATOR, None])
spans = st.sampled_from([timedelta(hours=1), timedelta(days=2), timedelta(days=40)])
ends = st.none() | spans
bans = st.fixed_dictionaries({}, optional={"reason": st.sampled_from(["", "spam"]), "until": ends})
stories = st.lists(st.tuples(st.integers(0, 5), bans), min_size=1, max_size=8)
edits = st.fixed_dictionaries({}, optional={"name": city_names, "enabled": st.booleans(), "secret": st.just(SECRET)})


class Cities(RuleBasedStateMachine):
    """The platform and the model, side by side. `users` are made before the first example."""

    users: dict[str, User]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.model = Model()
        self.now = BEGINNING
        self.keys: list[str] = []  # of all that ever were: the gone ones are asked for too
        self.closed: dict[str, datetime | None] = {}  # by an administrator, until when
        self.off: set[str] = set()  # taken off line by those it belongs to
        self.told: dict[str, int] = {}  # the state of which the last event tells
        self.last_event = AuditEvent.objects.order_by("id").values_list("id", flat=True).last() or 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def begin(self) -> None:
        self.create("alice", "City_A")
        self.share("alice", 0, "bob", Share.OPERATOR, None)

    @rule(span=spans, swept=st.booleans())
    def time_passes(self, span: timedelta, swept: bool) -> None:
        self.now += span
        if swept:
            assert sweeps.expire_states(self.now) == self.model.write_down_ends(self.now)
            assert sweeps.purge_deleted(self.now) == self.model.purge(self.now)

    @rule(who=developers, name=city_names)
    def create(self, who: str, name: str) -> None:
        made: list[City] = []
        outcome = outcome_of(lambda: made.append(services.create_city(by=self.by(who), read=lambda: {"name": name})))
        assert outcome == ("taken" if self.model.holder_of(name) else "done")
        for city in made:
            self.keys.append(city.key)
            self.model.add(who, city.key, name)

    def what_makes_sense_is_done(self, number: int, moves: list[tuple[int, dict[str, Any]]]) -> None:
        """Were everything left to chance, most of it would be refused, and no story would become long."""
        for choice, ban in moves:
            if not self.model.cities:
                self.create("alice", "City_A")
            city = list(self.model.cities.values())[-1 - number % len(self.model.cities)]
            who, verb = LIKELY[city.state(self.now)][choice]
            if verb == "WAIT":
                self.every_change_has_its_one_event()
                self.time_passes(timedelta(days=40), swept=city.binned_at is not None)
                continue
            until = {"until": self.now + ban["until"]} if ban.get("until") else {}
            self.fire(verb, who or city.owner, city.key, ban | until if verb == "DIS" else {})

    # A rule counts as often as it is there.
    a_story = rule(number=numbers, moves=stories)(what_makes_sense_is_done)
    another_story = rule(number=numbers, moves=stories)(what_makes_sense_is_done)
    one_more_story = rule(number=numbers, moves=stories)(what_makes_sense_is_done)

    @rule(who=people, number=numbers, verb=st.sampled_from(VERBS), undone=st.booleans())
    def anybody_tries_anything(self, who: str, number: int, verb: str, undone: bool) -> None:
        """An event is undone with its change: that neither stays is seen by what is checked after each step."""
        if not undone:
            self.fire(verb, who, self.key(number), {})
            return
        with transaction.atomic():
            outcome_of(lambda: self.do(verb, who, self.key(number), {}))
            transaction.set_rollback(True)

    @rule(who=people, owner=developers, name=city_names)
    def recycle_by_name(self, who: str, owner: str, name: str) -> None:
        given = {"uid": self.users[owner].key, "name": name}
        self.both(
            lambda: self.model.recycle_by_name(who, owner, name, self.now),
            lambda: services.recycle_by_name(by=self.by(who), read=lambda: given),
        )

    @rule(who=people, number=numbers, edit=edits)
    def update(self, who: str, number: int, edit: dict[str, Any]) -> None:
        key = self.key(number)
        if self.both(
            lambda: self.model.update(who, key, self.now, edit),
            lambda: services.update_city(key, by=self.by(who), read=lambda: edit),
        ):
            self.note({True: "PUB", False: "OFF"}.get(edit.get("enabled"), "SET"), who, key, {})

    @rule(who=people, number=numbers, whom=developers, share=shares, span=ends)
    def share(self, who: str, number: int, whom: str, share: Share | None, span: timedelta | None) -> None:
        """None takes the share away."""
        key, until, by = self.key(number), self.now + span if span else None, self.by(who)
        city, user = City(key=key), self.users[whom]
        if share is None:
            foretell = partial(self.model.unshare, who, key, whom, self.now)
            self.both(foretell, lambda: factories.unshare(city, user, by=by))
        else:
            role = {"view": "viewer", "operate": "operator"}[share]
            foretell = partial(self.model.share, who, key, whom, self.now, share=role, until=until)
            self.both(foretell, lambda: factories.share(city, user, share, by=by, ends_at=until or FOREVER))

    @rule(
        number=numbers, whom=developers, steps=st.lists(st.sampled_from(["offer", "withdraw", "yes", "no"])), who=people
    )
    def it_is_to_change_hands(self, number: int, whom: str, steps: list[str], who: str) -> None:
        """By those who may, and once by anybody."""
        key = self.key(number)
        for step in steps:
            city = self.model.cities.get(key)
            owner = city.owner if city is not None else "alice"
            self.hand_on(step, owner if step in {"offer", "withdraw"} else whom, key, whom)
        self.hand_on((steps or ["yes"])[0], who, key, whom)

    @rule(who=people, number=numbers, whom=developers)
    def its_owner_is_gone(self, who: str, number: int, whom: str) -> None:
        """Out of service for as long as this takes: others' verbs are judged elsewhere."""
        key, by = self.key(number), self.fresh(who)
        city = self.model.cities.get(key)
        owner = User.objects.filter(name=city.owner if city is not None else "")
        owner.update(state=State.DISABLED, disabled_at=self.now, disabled_side="admin")
        terms = {"user": self.users[whom].key}
        self.both(
            lambda: self.model.force(who, key, whom, self.now),
            lambda: transfers.force(key, by=by, read=lambda: terms),
        )
        owner.update(state=State.ENABLED, disabled_at=None, disabled_side="")

    def hand_on(self, step: str, who: str, key: str, whom: str) -> None:
        by, terms = self.fresh(who), {"user": self.users[whom].key}
        foretell, do = {
            "offer": (
                lambda: self.model.offer(who, key, whom, self.now),
                lambda: transfers.offer(key, by=by, read=lambda: terms),
            ),
            "withdraw": (lambda: self.model.withdraw(who, key, self.now), lambda: transfers.withdraw(key, by=by)),
            "yes": (
                lambda: self.model.answer(who, key, self.now, yes=True),
                lambda: transfers.accept(key, by=by),
            ),
            "no": (
                lambda: self.model.answer(who, key, self.now, yes=False),
                lambda: transfers.decline(key, by=by),
            ),
        }[step]
        if self.both(foretell, do):
            self.look("alice")
            self.look("bob")

    # ── what holds after every step ──────────────────────────────────────────────────────────────────────────────
    @invariant()
    def rows_are_as_the_model_has_them(self) -> None:
        rows = {row.key: row for row in City.objects.with_people().exclude(key=CONSOLE)}
        assert {key: seen(row, self.now) for key, row in rows.items()} == {
            key: foreseen(city, self.now) for key, city in self.model.cities.items()
        }
        for key, until in self.closed.items():
            if until is None or until > self.now:
                assert rows[key].state_at(self.now) in {State.DISABLED, State.DELETED}
        for key in self.off & rows.keys():
            assert rows[key].state_at(self.now) is not State.ENABLED

    @invariant()
    def every_change_has_its_one_event(self) -> None:
        names = {user.key: name for name, user in self.users.items()} | {"": ""}
        events = list(AuditEvent.objects.filter(id__gt=self.last_event).order_by("id"))
        assert [(event.verb, names[event.actor], event.thing) for event in events] == self.model.events
        for event in events:
            assert (event.outcome, event.at, event.kind) == ("ok", self.now, "city")
            assert event.before.get("state", self.told.get(event.thing)) == self.told.get(event.thing)
            self.told[event.thing] = event.after.get("state", self.told.get(event.thing))
            self.last_event = event.id
        self.model.events.clear()

    def key(self, number: int) -> str:
        return self.keys[-1 - number % len(self.keys)]

    def fresh(self, who: str) -> Actor:
        return replace(self.by(who), proved_at=self.now)

    def by(self, who: str) -> Actor:
        return actor(self.users[who], self.now)

    def fire(self, verb: str, who: str, key: str, given: dict[str, Any]) -> None:
        foretell = partial(self.model.fire, verb, who, key, self.now, **given)
        if self.both(foretell, partial(self.do, verb, who, key, given)):
            self.note(verb, who, key, given)
            if verb in {"DOL", "RCC"}:
                self.look("alice")
                self.look("bob")

    def look(self, who: str) -> None:
        """Each is listed what is theirs or shared with them and not in the bin, newest first."""
        cities = self.model.cities
        mine = [key for key in cities if cities[key].share_of(who, self.now) and cities[key].binned_at is None]
        listed = City.objects.listed_for(self.by(who)).values_list("key", flat=True)
        assert list(listed) == mine[::-1]
        assert count_listed(City.objects.all(), self.by(who), 100) == len(mine)

    def do(self, verb: str, who: str, key: str, given: dict[str, Any]) -> executor.Done:
        sent = {{"until": "expires_at"}.get(name, name): value for name, value in given.items()}
        return executor.fire(CITY, City.objects.all(), key, Verb(verb), by=self.by(who), read=lambda: sent)

    def both(self, foretell: Callable[[], Any], do: Callable[[], Any]) -> bool:
        """Was it done? The model and the platform must be of one mind."""
        outcome = outcome_of(foretell)
        assert outcome_of(do) == outcome
        return outcome == "done"

    def note(self, verb: str, who: str, key: str, given: dict[str, Any]) -> None:
        """Into the registers: what was answered with yes, and to whom."""
        if ROLES[who] and verb == "DIS":
            held = self.closed.get(key, self.now)
            is_over = held is not None and held <= self.now
            self.closed[key] = given.get("until", None if is_over else held)
        elif ROLES[who] and verb in {"ENB", "DEL"}:
            self.closed.pop(key, None)
        elif not ROLES[who] and verb == "OFF":
            self.off.add(key)
        elif not ROLES[who] and verb == "PUB":
            self.off.discard(key)


def outcome_of(step: Callable[[], Any]) -> str:
    """How it ended, in the model's words."""
    try:
        step()
    except Refused as refused:
        return str(refused)
    except DomainError as error:
        return REFUSALS[error.code]
    return "done"


def seen(row: City, now: datetime) -> tuple[Any, ...]:
    ban = (row.disabled_side.replace("admin", "platform"), row.reason, row.expires_at)
    assert row.creator is not None
    return int(row.state_at(now)), row.version, row.name, row.offline, row.deleted_at, ban, row.creator.name


def foreseen(city: ModelCity, now: datetime) -> tuple[Any, ...]:
    ban = (city.ban.side, city.ban.reason, city.ban.until) if city.ban else ("", "", None)
    return city.state(now), city.version, city.name, city.taken_off, city.binned_at, ban, city.owner


@pytest.mark.usefixtures("db")
def test_no_sequence_of_anything_breaks_the_rules() -> None:
    Cities.users = {name: make_user(name, Role(role or Role.DEVELOPER)) for name, role in ROLES.items()}
    phases, unwatched = [Phase.generate, Phase.shrink], list(HealthCheck)
    size = settings(max_examples=80, stateful_step_count=30, derandomize=True, deadline=None)
    chosen = settings(size, phases=phases, report_multiple_bugs=False, suppress_health_check=unwatched)
    stateful.run_state_machine_as_test(Cities, settings=chosen)
