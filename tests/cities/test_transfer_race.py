"""Two who do something about a transfer at the same moment, on a real server: one wins, the other is judged by that."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from config.kernel.states import Verb
from tests.cities.test_concurrency import at_once
from tests.server import CITIES_PER_USER, Person, Reply, Server

# Again and again, since a race is not lost every time; no more than somebody may hold cities.
ROUNDS = CITIES_PER_USER - 1
_STORIES = """
import json
from accounts.models import AuditEvent
from cities.models import City, CityGrant, Transfer
def story(key):
    city = City.objects.filter(key=key).select_related("creator").first()
    grants = CityGrant.objects.filter(content_object__key=key, permission__codename="own_city")
    told = AuditEvent.objects.filter(thing=key, outcome="ok").order_by("id")
    return {
        "owner": city and city.creator.key,
        "state": city and city.state,
        "grants": sorted(grants.values_list("user__key", flat=True)),
        "offers": Transfer.objects.filter(city__key=key).count(),
        "verbs": list(told.values_list("verb", flat=True)),
    }
print(json.dumps([story(key) for key in %r]))
"""


@dataclass(frozen=True)
class Call:
    """One call of somebody's."""

    who: Person
    method: str
    path: str
    body: Any = None


def together(server: Server, *calls: Call) -> list[Reply]:
    """Each by its own connection, none before all are there; their answers in their order."""
    replies: dict[int, Reply] = {}

    def client(number: int) -> Callable[[ExitStack, Server, Barrier], None]:
        call = calls[number]

        def send(stack: ExitStack, server: Server, start: Barrier) -> None:
            line = stack.enter_context(server.line(call.who))
            start.wait()
            replies[number] = line.call(call.method, f"/api/v1/{call.path}", call.body)

        return send

    at_once(server, [client(number) for number in range(len(calls))])
    return [replies[number] for number in range(len(calls))]


def offered(server: Server, owner: Person, to: Person) -> str:
    """A new city, offered to somebody; its id."""
    with server.line(owner) as line:
        key = str(line.verb(Verb.ADD, name=f"Race_{secrets.token_hex(8)}")[1]["result"]["id"])
        assert line.call("POST", f"/api/v1/cities/{key}/transfer", {"user": to.id}).status == 201
    return key


def stories(server: Server, keys: list[str]) -> list[Any]:
    """What became of each city: its owner, its owners' grants, its offers, its events."""
    told: list[Any] = server.shell(_STORIES % keys)
    return told


def gone(server: Server, owner: Person, key: str) -> None:
    """Make room again."""
    with server.line(owner) as line:
        assert line.verb(Verb.DEL, key)[0] == 200


def test_taken_up_twice_it_is_handed_on_once(server: Server) -> None:
    people = server.make_people(owner="developer", taker="developer")
    owner, taker = people["owner"], people["taker"]
    keys = [offered(server, owner, taker) for _ in range(ROUNDS)]
    for key in keys:
        accept = Call(taker, "POST", f"cities/{key}/transfer/accept")
        assert sorted(each.status for each in together(server, accept, accept)) == [200, 404]
    for told in stories(server, keys):
        assert (told["owner"], told["grants"], told["offers"]) == (taker.id, [taker.id], 0)
        assert told["verbs"] == ["ADD", "OFFER", "TRANSFER"]


def test_taken_up_and_taken_back(server: Server) -> None:
    people = server.make_people(owner="developer", taker="developer")
    owner, taker = people["owner"], people["taker"]
    keys = [offered(server, owner, taker) for _ in range(ROUNDS)]
    winners = []
    for key in keys:
        accept = Call(taker, "POST", f"cities/{key}/transfer/accept")
        accepted, withdrawn = together(server, accept, Call(owner, "DELETE", f"cities/{key}/transfer"))
        assert (accepted.status, withdrawn.status) in {(200, 404), (404, 204)}
        winners.append(taker if accepted.status == 200 else owner)
    for who, told in zip(winners, stories(server, keys), strict=True):
        assert (told["owner"], told["grants"], told["offers"]) == (who.id, [who.id], 0)
        assert told["verbs"] == ["ADD", "OFFER", "TRANSFER" if who is taker else "WITHDRAW"]


def test_taken_up_and_offered_to_another(server: Server) -> None:
    people = server.make_people(owner="developer", taker="developer", other="developer")
    owner, taker, other = (people[name] for name in ("owner", "taker", "other"))
    keys = [offered(server, owner, taker) for _ in range(ROUNDS)]
    winners = []
    for key in keys:
        accept = Call(taker, "POST", f"cities/{key}/transfer/accept")
        anew = Call(owner, "POST", f"cities/{key}/transfer", {"user": other.id})
        accepted, again = together(server, accept, anew)
        assert (accepted.status, again.status) in {(200, 404), (404, 201)}
        winners.append(taker if accepted.status == 200 else owner)
    for who, told in zip(winners, stories(server, keys), strict=True):
        assert (told["owner"], told["grants"], told["offers"]) == (who.id, [who.id], int(who is owner))


def test_taken_up_and_closed_by_an_administrator(server: Server) -> None:
    """Whichever is first: what was closed first has not changed hands, and closed it is in the end (S7)."""
    people = server.make_people(owner="developer", taker="developer", zoe="zoon")
    owner, taker = people["owner"], people["taker"]
    keys = [offered(server, owner, taker) for _ in range(ROUNDS)]
    winners = []
    for key in keys:
        accept = Call(taker, "POST", f"cities/{key}/transfer/accept")
        accepted, closed = together(server, accept, Call(people["zoe"], "POST", f"cities/{key}/disable"))
        assert (accepted.status, closed.status) in {(200, 200), (409, 200)}
        winners.append(taker if accepted.status == 200 else owner)
    for who, told in zip(winners, stories(server, keys), strict=True):
        assert (told["owner"], told["grants"], told["state"]) == (who.id, [who.id], 1)
        assert told["verbs"] == ["ADD", "OFFER", *(["TRANSFER"] if who is taker else []), "DIS"]


def test_taken_up_and_deleted_for_good(server: Server) -> None:
    people = server.make_people(owner="developer", taker="developer")
    owner, taker = people["owner"], people["taker"]
    keys = [offered(server, owner, taker) for _ in range(ROUNDS)]
    for key in keys:
        assert sorted(taken_up_and_deleted(server, owner, taker, key)) == [200, 404]
    for told in stories(server, keys):
        is_handed_on = told["owner"] is not None
        assert (told["owner"], told["grants"]) == ((taker.id, [taker.id]) if is_handed_on else (None, []))
        assert told["verbs"] == ["ADD", "OFFER", "TRANSFER" if is_handed_on else "DEL"]


def taken_up_and_deleted(server: Server, owner: Person, taker: Person, key: str) -> list[int]:
    statuses: list[int] = []

    def accept(stack: ExitStack, server: Server, start: Barrier) -> None:
        line = stack.enter_context(server.line(taker))
        start.wait()
        statuses.append(line.call("POST", f"/api/v1/cities/{key}/transfer/accept").status)

    def delete(stack: ExitStack, server: Server, start: Barrier) -> None:
        line = stack.enter_context(server.line(owner))
        start.wait()
        statuses.append(line.verb(Verb.DEL, key)[0])

    at_once(server, [accept, delete])
    return statuses


def test_taken_up_from_all_sides_the_limit_holds(server: Server) -> None:
    """One place is left, and three owners hand a city to the same person at the same moment."""
    people = server.make_people(taker="developer", one="developer", two="developer", three="developer")
    taker = people.pop("taker")
    with server.line(taker) as line:
        for _ in range(CITIES_PER_USER - 1):
            assert line.verb(Verb.ADD, name=f"Held_{secrets.token_hex(8)}")[0] == 200
    for _ in range(ROUNDS // 2):
        keys = [offered(server, owner, taker) for owner in people.values()]
        replies = together(server, *(Call(taker, "POST", f"cities/{key}/transfer/accept") for key in keys))
        assert sorted(each.status for each in replies) == [200, 409, 409]
        for key, owner, reply in zip(keys, people.values(), replies, strict=True):
            gone(server, taker if reply.status == 200 else owner, key)


def test_two_who_swap_their_cities_do_not_wait_for_each_other(server: Server) -> None:
    people = server.make_people(one="developer", two="developer")
    one, two = people["one"], people["two"]
    for _ in range(ROUNDS // 2):
        first, second = offered(server, one, two), offered(server, two, one)
        replies = together(
            server,
            Call(two, "POST", f"cities/{first}/transfer/accept"),
            Call(one, "POST", f"cities/{second}/transfer/accept"),
        )
        assert [each.status for each in replies] == [200, 200]
        gone(server, two, first)
        gone(server, one, second)


def test_a_project_that_is_moved_while_its_city_is_closed_is_not_free(server: Server) -> None:
    """Moved out first it is out; closed first it stays (S7)."""
    people = server.make_people(owner="developer", zoe="zoon", root="god")
    owner = people["owner"]
    with server.line(owner) as line:
        made = line.call("POST", "/api/v1/projects", {"name": "Racing"}).body["app_id"]
        for _ in range(ROUNDS):
            key = str(line.verb(Verb.ADD, name=f"Race_{secrets.token_hex(8)}")[1]["result"]["id"])
            assert line.call("POST", f"/api/v1/projects/{made}/move", {"city": key}).status == 200
            out, closed = together(
                server,
                Call(owner, "POST", f"projects/{made}/move", {"city": None}),
                Call(people["zoe"], "POST", f"cities/{key}/disable"),
            )
            assert (out.status, closed.status) in {(200, 200), (409, 200)}
            seen = line.call("GET", f"/api/v1/projects/{made}").body
            expected = (None, "enabled") if out.status == 200 else (key, "disabled")
            assert (seen["city"] and seen["city"]["id"], seen["effective_state"]) == expected
            with server.line(people["zoe"]) as hers:
                assert hers.call("POST", f"/api/v1/cities/{key}/enable").status == 200
            assert line.call("POST", f"/api/v1/projects/{made}/move", {"city": None}).status == 200
            gone(server, owner, key)


def test_a_project_that_two_move_at_once_stands_where_the_later_one_put_it(server: Server) -> None:
    owner = server.make_people(owner="developer")["owner"]
    with server.line(owner) as line:
        made = line.call("POST", "/api/v1/projects", {"name": "Racing"}).body["app_id"]
        first, second = (
            str(line.verb(Verb.ADD, name=f"Race_{secrets.token_hex(8)}")[1]["result"]["id"]) for _ in range(2)
        )
        for _ in range(ROUNDS):
            targets = [first, second, None]
            calls = (Call(owner, "POST", f"projects/{made}/move", {"city": target}) for target in targets)
            assert {each.status for each in together(server, *calls)} == {200}
        events = line.call("GET", f"/api/v1/audit?thing=project/{made}&verb=MOVE&limit=200").body["results"]
        where = None
        for event in reversed(events):
            assert event["before"] == {"city": where}
            assert event["after"] != event["before"]
            where = event["after"]["city"]
        seen = line.call("GET", f"/api/v1/projects/{made}").body
        assert ((seen["city"] or {"id": None})["id"], seen["version"]) == (where, 1 + len(events))
