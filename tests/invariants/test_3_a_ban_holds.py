"""Invariant 3: whatever people do who are no administrators, what an administrator closed does not come back.

Of any kind, at the native API, with time passing: verbs, edits, moves, transfers, purges, re-creations, requests.
Hypothesis invents the sequences. An app at the bottom of the chain is asked for after every step, as clients ask.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings, stateful
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.machine import sweeps
from apps.verification import failures
from config.kernel.states import State
from tests.cast import Caller, make_cast
from tests.factories import make_app, make_city, make_token
from tests.verification.calling import Standing, stand

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = {"city": "cities", "project": "projects", "gateway": "gateways", "app": "apps", "organization": "organizations"}
OWN = {"app_key": "key-of-ours", "app_secret": "secret-of-ours-1"}
VERBS = ["publish", "offline", "enable", "disable", "recycle", "purge", "DELETE"]
people = st.sampled_from(["alice", "alice", "oscar", "charlie"])  # who owns it, operates it, may be given it
kinds = st.sampled_from(list(KINDS))
spans = st.sampled_from([timedelta(hours=1), timedelta(days=8), timedelta(days=40)])
steps = st.sampled_from(["", "/accept", "/decline", "DELETE"])


class Banned(RuleBasedStateMachine):
    """One app, all that it stands in, and one ban."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.travel = time_machine.travel(BEGINNING, tick=False)
        self.clock = self.travel.start()
        self.closed: Any = None
        self.until: datetime | None = None
        self.stood_below = True

    def teardown(self) -> None:
        self.travel.stop()
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def begin(self) -> None:
        self.cast = make_cast()
        assert self.cast.alice.user is not None
        asking = stand(self.cast).asking
        app, _ = make_app(asking.gateway, self.cast.alice.user, "Own_App", **OWN)
        self.standing = Standing(asking, app, OWN["app_secret"], "")
        self.elsewhere = make_city(self.cast.alice.user, "Elsewhere")
        gateway = self.standing.asking.gateway
        self.things: dict[str, Any] = {
            "city": self.cast.city,
            "project": gateway.project,
            "gateway": gateway,
            "app": self.standing.app,
            "organization": gateway.project.company,
        }
        assert self.asked() == 200

    @precondition(lambda self: self.closed is None)
    @rule(kind=kinds, span=st.none() | spans)
    def an_administrator_closes(self, kind: str, span: timedelta | None) -> None:
        thing, until = self.things[kind], self.now + span if span else None
        terms = {"reason": "spam"} | ({"expires_at": until.isoformat()} if until else {})
        # A company is god's to close.
        status = self.call("root" if kind == "organization" else "zoe", "POST", self.path(kind, "/disable"), terms)
        row = type(thing).objects.filter(pk=thing.pk).first()
        if status != 200:
            assert row is None or row.state == State.DELETED, (kind, status)
            return
        self.closed, self.until = thing, until
        project = self.things["project"]
        self.stood_below = kind != "city" or type(project).objects.filter(pk=project.pk, city=thing).exists()

    @rule(who=people, kind=kinds, verb=st.sampled_from(VERBS), ends=st.booleans())
    def somebody_tries(self, who: str, kind: str, verb: str, ends: bool) -> None:
        terms: Any = None
        if verb == "purge":
            terms = {"confirm": self.things[kind].name}
        if verb == "disable":
            terms = {"reason": "mine"} | ({"expires_at": (self.now + timedelta(hours=1)).isoformat()} if ends else {})
        method, step = ("DELETE", "") if verb == "DELETE" else ("POST", f"/{verb}")
        self.call(who, method, self.path(kind, step), terms)

    # Were everything left to chance, few would get as far as the bin and out of it.
    @rule(kind=kinds, then=st.sampled_from(["/purge", "/recycle", ""]), span=spans)
    def its_owner_throws_it_away(self, kind: str, then: str, span: timedelta) -> None:
        self.call("alice", "DELETE", self.path(kind))
        if not then:
            self.time_passes(span, swept=True)
        else:
            terms = {"confirm": self.things[kind].name} if then == "/purge" else None
            self.call("alice", "POST", self.path(kind, then), terms)
        self.it_is_made_again(kind)

    @rule(kind=kinds)
    def it_is_made_again(self, kind: str) -> None:
        """By its name, where it stood, with the app's own key and secret."""
        keys = {name: thing.key for name, thing in self.things.items()}
        terms: dict[str, Any] = {"name": self.things[kind].name} | {
            "city": {},
            "project": {"city": keys["city"]},
            "gateway": {"project": keys["project"], "app_key_secret_switch": True},
            "app": {
                "gateway": keys["gateway"],
                **OWN,
            },
            "organization": {},
        }[kind]
        self.call("alice", "POST", KINDS[kind], terms)

    @rule(who=people)
    def it_is_edited(self, who: str) -> None:
        self.call(who, "PATCH", self.path("city"), {"brief": "new"})
        self.call(who, "PATCH", self.path("gateway"), {"app_key_secret_switch": True})
        self.call(who, "PATCH", self.path("app"), {"app_secret": self.standing.secret})
        self.caller(who).verb("SET", self.things["city"].key, {"enabled": 1})
        self.caller(who).verb("DIS", self.things["city"].key, {"expire": int(self.now.timestamp()) + 60})

    @rule(who=people, to=st.sampled_from(["elsewhere", "home", "nowhere"]))
    def the_project_is_moved(self, who: str, to: str) -> None:
        city = {"elsewhere": self.elsewhere.key, "home": self.things["city"].key, "nowhere": None}[to]
        self.call(who, "POST", self.path("project", "/move"), {"city": city})

    @rule(who=people, whom=people, walked=st.lists(steps, max_size=3))
    def the_city_is_handed_on(self, who: str, whom: str, walked: list[str]) -> None:
        for step in ["", *walked]:
            method, path = ("DELETE", "") if step == "DELETE" else ("POST", step)
            caller, terms = (who, {"user": self.person(whom).key}) if not step else (whom, None)
            self.call(caller, method, self.path("city", f"/transfer{path}"), terms)

    @rule(who=people, kind=kinds, verb=st.sampled_from(["enable", "recycle"]))
    def its_owner_asks(self, who: str, kind: str, verb: str) -> None:
        terms = {"thing": f"{kind}/{self.things[kind].key}", "verb": verb, "message": "please"}
        self.call(who, "POST", "requests", terms)

    @rule(span=spans, swept=st.booleans())
    def time_passes(self, span: timedelta, swept: bool) -> None:
        self.clock.shift(span)
        if swept:
            sweeps.expire_states()
            sweeps.purge_deleted()

    @invariant()
    def what_was_closed_is_closed(self) -> None:
        if self.until is not None and self.until <= self.now:
            self.closed = self.until = None
        if self.closed is None:
            return
        row = type(self.closed).objects.filter(pk=self.closed.pk).first()
        assert row is not None, "it is gone, and its name is free"
        assert row.state_at(self.now) in {State.DISABLED, State.DELETED}
        if self.stood_below:
            assert self.asked() != 200

    def asked(self) -> int:
        failures.clear()
        return self.standing.ask().status_code

    def call(self, who: str, method: str, path: str, data: Any = None) -> int:
        status = self.caller(who).api(method, path, data).status
        assert status < 500, (method, path)
        return status

    def caller(self, who: str) -> Caller:
        """With a token of this moment, which is a fresh proof."""
        return Caller(make_token(self.person(who)), self.person(who))

    def person(self, who: str) -> Any:
        return getattr(self.cast, who).user

    def path(self, kind: str, step: str = "") -> str:
        return f"{KINDS[kind]}/{self.things[kind].key}{step}"

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.mark.usefixtures("db")
def test_no_sequence_of_anything_opens_what_an_administrator_closed() -> None:
    size = settings(max_examples=25, stateful_step_count=20, derandomize=True, deadline=None)
    unwatched = list(HealthCheck)
    chosen = settings(
        size, phases=[Phase.generate, Phase.shrink], report_multiple_bugs=False, suppress_health_check=unwatched
    )
    stateful.run_state_machine_as_test(Banned, settings=chosen)
