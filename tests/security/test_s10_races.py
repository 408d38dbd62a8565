"""S10 when two press at once: one god stays, a company keeps an admin, an invitation is taken up or taken back."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.server import ROOT, Person, Server, running

_GODS = """
import json
from accounts.models import User
rows = User.objects.filter(role="god", state=0).order_by("pk").values_list("key", flat=True)
print(json.dumps(list(rows)))
"""
_TOGETHER = """
import json
from accounts.models import User
one, other = (User.objects.get(key=key) for key in %r)
User.objects.filter(pk=other.pk).update(corp=one.corp)
print(json.dumps(one.corp.key))
"""
_COMPANY = """
import json
from accounts.models import User
user = User.objects.get(key=%r)
print(json.dumps([user.corp.key, user.is_corp_admin]))
"""
_EVENTS = """
import json
from accounts.models import AuditEvent
rows = AuditEvent.objects.filter(outcome="ok", verb__in=%r, thing__in=%r)
print(json.dumps(rows.count()))
"""


@pytest.fixture(scope="module")
def alone() -> Iterator[Server]:
    """A server whose gods are the test's alone."""
    with running() as server:
        yield server


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each is answered, all sent in the same moment."""
    start = Barrier(len(calls))

    def send(call: Callable[[], Any]) -> Any:
        start.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(send, calls))


def send(server: Server, person: Person, method: str, path: str, data: Any = None) -> Callable[[], int]:
    def call() -> int:
        with server.line(person) as line:
            return line.call(method, f"/api/v1/{path}", data).status

    return call


def test_of_two_gods_who_act_on_each_other_one_stays(alone: Server) -> None:
    for act, data in (("role", {"role": "developer"}), ("disable", {"reason": "coup"})):
        former = alone.shell(_GODS)
        gus, gil = alone.make_people(gus="god", gil="god").values()
        for key in former:  # those of the round before
            retire(alone, gus, key)
        answered = at_once(
            send(alone, gus, "POST", f"users/{gil.id}/{act}", data),
            send(alone, gil, "POST", f"users/{gus.id}/{act}", data),
        )
        assert sorted(answered)[0] == 200, act
        assert sorted(answered)[1] in (401, 403), act
        left = alone.shell(_GODS)
        assert left in ([gus.id], [gil.id]), act
        assert alone.shell(_EVENTS % (["SETROLE", "DIS"], [gus.id, gil.id])) == 1


def retire(server: Server, god: Person, key: str) -> None:
    assert send(server, god, "POST", f"users/{key}/role", {"role": "developer"})() == 200


def test_of_two_commands_that_demote_the_last_two_gods_one_is_refused(alone: Server) -> None:
    former = alone.shell(_GODS)
    gus, gil = alone.make_people(gus="god", gil="god").values()
    for key in former:
        retire(alone, gus, key)
    names = [alone.shell(_NAME % person.id) for person in (gus, gil)]
    command = [sys.executable, "manage.py", "set_role"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    runs = [
        subprocess.Popen([*command, name, "zoon"], cwd=ROOT, env=dict(alone.environment), **pipes) for name in names
    ]
    told = [run.communicate(timeout=60)[1] for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 1], told
    assert "reserved" in "".join(told)
    assert len(alone.shell(_GODS)) == 1


_NAME = """
import json
from accounts.models import User
print(json.dumps(User.objects.get(key=%r).name))
"""


def test_of_two_admins_who_remove_each_other_one_stays(alone: Server) -> None:
    ann, ben = alone.make_people(ann="developer", ben="developer").values()
    company = alone.shell(_TOGETHER % json.loads(json.dumps([ann.id, ben.id])))
    answered = at_once(
        send(alone, ann, "DELETE", f"organizations/{company}/members/{ben.id}"),
        send(alone, ben, "DELETE", f"organizations/{company}/members/{ann.id}"),
    )
    assert sorted(answered)[0] == 204
    assert sorted(answered)[1] in (403, 404)
    standing = [alone.shell(_COMPANY % person.id) for person in (ann, ben)]
    assert sorted(corp == company for corp, _ in standing) == [False, True]
    assert [is_admin for _, is_admin in standing] == [True, True]


def test_an_invitation_is_taken_up_or_taken_back(alone: Server) -> None:
    ann, ben = alone.make_people(ann="developer", ben="developer").values()
    company, _ = alone.shell(_COMPANY % ann.id)
    with alone.line(ann) as line:
        made = line.call("POST", f"/api/v1/organizations/{company}/invitations", {"email": ben.email})
    id = made.body["id"]
    answered = at_once(
        send(alone, ann, "DELETE", f"organizations/{company}/invitations/{id}"),
        send(alone, ben, "POST", f"invitations/{id}/accept"),
        send(alone, ben, "POST", f"invitations/{id}/accept"),
    )
    corp, _ = alone.shell(_COMPANY % ben.id)
    assert answered[0] in (204, 404)
    assert sorted(answered[1:]) == ([200, 404] if answered[0] == 404 else [404, 404])
    assert (corp == company) == (answered[0] == 404)
    assert alone.shell(_EVENTS % (["JOIN"], [ben.id])) == (answered[0] == 404)


_STRAYS = """
import json
from django.db.models import F
from projects.models import Project
strays = Project.objects.filter(key=%r, city__isnull=False).exclude(city__creator__corp=F("company"))
print(json.dumps(strays.count()))
"""


@pytest.mark.parametrize("attempt", range(4))
def test_no_project_stays_in_the_city_of_who_leaves_its_company(attempt: int, alone: Server) -> None:
    ann, bea = alone.make_people(ann="developer", bea="developer").values()
    company = alone.shell(_TOGETHER % [ann.id, bea.id])
    with alone.line(ann) as anns, alone.line(bea) as beas:
        project = anns.call("POST", "/api/v1/projects", {"name": "Mover"}).body["app_id"]
        city = beas.call("POST", "/api/v1/cities", {"name": f"City_{bea.id}"}).body["id"]
        terms = {"thing": f"city/{city}", "user": ann.id, "role": "operator"}
        assert beas.call("POST", "/api/v1/grants", terms).status == 201
    moved, left = at_once(
        send(alone, ann, "POST", f"projects/{project}/move", {"city": city}),
        send(alone, bea, "DELETE", f"organizations/{company}/members/{bea.id}"),
    )
    assert (moved in (200, 404, 422), left) == (True, 204)
    assert alone.shell(_STRAYS % project) == 0
