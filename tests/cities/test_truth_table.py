"""Every state × every verb × every person, over HTTP, against a table written by hand from the specification.

It is not derived from the code's tables: it is what they are held against.
"""

import pytest
from django.db import transaction

from cities.models import City
from config.kernel.states import Verb
from tests.cast import Answer, Caller, Cast
from tests.cities import trail

PEOPLE = ("nobody", "charlie", "vera", "oscar", "alice", "zoe", "root")
# How each state is come to: who does what to alice's city.
STATES = {
    "ENABLED": (),
    "ADMIN_BAN": (("zoe", "DIS"),),
    "OWNER_BAN": (("alice", "DIS"),),
    "OFFLINE": (("alice", "OFF"),),
    "DELETED": (("alice", "DOL"),),
    "BINNED_BAN": (("zoe", "DIS"), ("alice", "DOL")),
}
# 200: answered, and nothing has changed, which is a read or a repeat; 200>S: changed, with one event, and now in
# state S; 200+ and 200-: a list that holds the city, or leaves it out. What else: refused, and nothing has changed.
TABLE = """
ENABLED     nobody  charlie   vera      oscar     alice     zoe       root
    ADD     401     200>new   200>new   200>new   200>new   200>new   200>new
    DEL     401     404       403       403       200>gone  403       200>gone
    SET     401     404       403       200>0     200>0     403       403
    DOL     401     404       403       403       200>5     403       403
    DIS     401     404       403       403       200>1     200>1     200>1
    ENB     401     404       403       403       403       200       200
    RCC     401     404       403       403       403       200       200
    PUB     401     404       403       200       200       403       403
    OFF     401     404       403       200>3     200>3     403       403
    GET     401     404       200       200       200       200       200
    GIT     401     404       200       200       200       403       403
    QRY     401     403       403       403       403       403       200+
    QRI     401     200-      200+      200+      200+      200-      200-

ADMIN_BAN   nobody  charlie   vera      oscar     alice     zoe       root
    ADD     401     200>new   200>new   200>new   200>new   200>new   200>new
    DEL     401     404       403       403       409       403       200>gone
    SET     401     404       403       409       409       403       403
    DOL     401     404       403       403       200>5     403       403
    DIS     401     404       403       403       200       200       200
    ENB     401     404       403       403       403       200>0     200>0
    RCC     401     404       403       403       403       200       200
    PUB     401     404       403       409       409       403       403
    OFF     401     404       403       409       409       403       403
    GET     401     404       200       200       200       200       200
    GIT     401     404       200       200       200       403       403
    QRY     401     403       403       403       403       403       200+
    QRI     401     200-      200+      200+      200+      200-      200-

OWNER_BAN   nobody  charlie   vera      oscar     alice     zoe       root
    ADD     401     200>new   200>new   200>new   200>new   200>new   200>new
    DEL     401     404       403       403       200>gone  403       200>gone
    SET     401     404       403       409       409       403       403
    DOL     401     404       403       403       200>5     403       403
    DIS     401     404       403       403       200       200>1     200>1
    ENB     401     404       403       403       403       200>0     200>0
    RCC     401     404       403       403       403       200       200
    PUB     401     404       403       409       409       403       403
    OFF     401     404       403       409       409       403       403
    GET     401     404       200       200       200       200       200
    GIT     401     404       200       200       200       403       403
    QRY     401     403       403       403       403       403       200+
    QRI     401     200-      200+      200+      200+      200-      200-

OFFLINE     nobody  charlie   vera      oscar     alice     zoe       root
    ADD     401     200>new   200>new   200>new   200>new   200>new   200>new
    DEL     401     404       403       403       200>gone  403       200>gone
    SET     401     404       403       200>3     200>3     403       403
    DOL     401     404       403       403       200>5     403       403
    DIS     401     404       403       403       200>1     200>1     200>1
    ENB     401     404       403       403       403       200       200
    RCC     401     404       403       403       403       200       200
    PUB     401     404       403       200>0     200>0     403       403
    OFF     401     404       403       200       200       403       403
    GET     401     404       200       200       200       200       200
    GIT     401     404       200       200       200       403       403
    QRY     401     403       403       403       403       403       200+
    QRI     401     200-      200+      200+      200+      200-      200-

DELETED     nobody  charlie   vera      oscar     alice     zoe       root
    ADD     401     200>new   200>new   200>new   200>new   200>new   200>new
    DEL     401     404       403       403       200>gone  403       200>gone
    SET     401     404       403       409       409       403       403
    DOL     401     404       403       403       200       403       403
    DIS     401     404       403       403       409       409       409
    ENB     401     404       403       403       403       409       409
    RCC     401     404       403       403       403       200>0     200>0
    PUB     401     404       403       409       409       403       403
    OFF     401     404       403       409       409       403       403
    GET     401     404       200       200       200       200       200
    GIT     401     404       200       200       200       403       403
    QRY     401     403       403       403       403       403       200-
    QRI     401     200-      200-      200-      200-      200-      200-

BINNED_BAN  nobody  charlie   vera      oscar     alice     zoe       root
    ADD     401     200>new   200>new   200>new   200>new   200>new   200>new
    DEL     401     404       403       403       409       403       200>gone
    SET     401     404       403       409       409       403       403
    DOL     401     404       403       403       200       403       403
    DIS     401     404       403       403       409       409       409
    ENB     401     404       403       403       403       409       409
    RCC     401     404       403       403       403       200>1     200>1
    PUB     401     404       403       409       409       403       403
    OFF     401     404       403       409       409       403       403
    GET     401     404       200       200       200       200       200
    GIT     401     404       200       200       200       403       403
    QRY     401     403       403       403       403       403       200-
    QRI     401     200-      200-      200-      200-      200-      200-
"""
REASONS = {401: "TokenMissing", 403: "Forbidden", 404: "CityNotFound", 409: "CityWrongState"}
GIVEN = {"ADD": {"name": "Quite_new"}, "SET": {"brief": "Something else"}}
ON_ALL = {"ADD", "QRY", "QRI"}


def _read(table: str) -> dict[tuple[str, str], list[str]]:
    rows = {}
    for block in table.strip().split("\n\n"):
        head, *lines = block.splitlines()
        state, *people = head.split()
        assert tuple(people) == PEOPLE
        for line in lines:
            verb, *cells = line.split()
            assert len(cells) == len(PEOPLE)
            rows[state, verb] = cells
    return rows


ROWS = _read(TABLE)


def test_the_table_has_every_combination() -> None:
    assert ROWS.keys() == {(state, verb) for state in STATES for verb in Verb}
    assert (len(ROWS), len(STATES), len(PEOPLE)) == (78, 6, 7)


@pytest.mark.parametrize(("state", "verb"), [pytest.param(*row, id="-".join(row)) for row in ROWS])
def test_everybody_is_answered_as_the_table_says(cast: Cast, state: str, verb: str) -> None:
    for person, step in STATES[state]:
        assert getattr(cast, person).verb(step, cast.city.key).status == 200
    answers = []
    for person in PEOPLE:
        with transaction.atomic():
            answers.append(_outcome(getattr(cast, person), verb, cast.city.key))
            transaction.set_rollback(True)
    assert dict(zip(PEOPLE, answers, strict=True)) == dict(zip(PEOPLE, ROWS[state, verb], strict=True))


def _outcome(caller: Caller, verb: str, key: str) -> str:
    """The cell that this call makes true."""
    before, done = trail.everything(), len(trail.events())
    version = City.objects.get(key=key).version
    answer = caller.verb(verb, "" if verb in ON_ALL else key, GIVEN.get(verb))
    if answer.status != 200:
        assert trail.everything() == before
        assert answer.reason == REASONS[answer.status]
        return str(answer.status)
    assert answer.body["error"] == 0
    if trail.everything() == before:
        return f"200{_listed(answer, key) if verb in ('QRY', 'QRI') else ''}"
    assert len(trail.events()) == done + 1
    assert trail.events()[-1].verb == verb
    return f"200>{_left(answer, key, verb, version)}"


def _listed(answer: Answer, key: str) -> str:
    return "+" if key in [row["id"] for row in answer.result["list"]] else "-"


def _left(answer: Answer, key: str, verb: str, version: int) -> str:
    """Where a change has led."""
    city = City.objects.filter(key=key).first()
    if city is None:
        return "gone"
    if verb == "ADD":
        assert City.objects.get(key=answer.result["id"]).name == "Quite_new"
        return "new"
    assert answer.result["id"] == key
    assert city.version == version + 1
    return str(city.state)
