"""A server that is killed in the midst of an operation: another goes on, and does nothing twice (S12)."""

import os
import signal

from tests.server import running
from tests.verification.load import workers_of

MANY = 600
BOUND = 200  # seconds
# No event tells of what another process writes: it is looked at now and then.
_AWAIT = f"""
import json, time
from accounts.machine import operations
from accounts.models import AuditEvent, Operation
def wait(key, many):
    ends_at = time.monotonic() + {BOUND}
    while True:
        operation = Operation.objects.get(key=key)
        told = operations.progress(operation)
        if told.passed >= many and (operation.state == "done") is (told.passed == {MANY}):
            break
        assert time.monotonic() < ends_at, told
        time.sleep(0.02)
    events = AuditEvent.objects.filter(batch=key, verb="DIS", outcome="ok")
    return [told.passed, told.done, events.count(), events.values("thing").distinct().count()]
"""
_BEGIN = f"""{_AWAIT}
from django.utils import timezone
from accounts.access.actor import Actor, Door
from cities.models import City
from config.kernel import registry
from config.kernel.roles import Role
from config.kernel.states import Verb
from tests.factories import make_user
zoon, owner, now = make_user("steward", Role.ZOON), make_user("dora"), timezone.now()
City.objects.bulk_create(
    City(name=f"Row_{{n}}", name_key=f"row_{{n}}", creator=owner, created_at=now, updated_at=now) for n in range({MANY})
)
by = Actor(now, Door.ADMIN, zoon)
rows = City.objects.visible_to(by).filter(creator=owner)
operation = operations.plan(registry.kind("city"), Verb.DIS, rows, by=by)
operations.start(operation.key, by=by, read=lambda outlook: {{"reason": "Unpaid"}})
print(json.dumps([operation.key, wait(operation.key, 1)[0]]))
"""


def test_what_a_killed_server_left_is_done_once_by_the_next() -> None:
    with running() as server:
        key, passed = server.shell(_BEGIN)
        assert 0 < passed < MANY
        for pid in workers_of(server):
            os.kill(pid, signal.SIGKILL)
        told = server.shell(f"{_AWAIT}\nprint(json.dumps(wait({key!r}, {MANY})))")
        assert told == [MANY, MANY, MANY, MANY]
