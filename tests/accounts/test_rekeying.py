"""rekey_secrets on a real server: ten thousand secrets, clients that rotate meanwhile, and a command that is killed."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.server import ROOT, Server, running

PROJECT_SECRETS, ACCESS_KEYS, CLIENTS = 7_000, 3_000, 3
BATCH = 200
LAST = "Every secret is encrypted by key 2. Older keys are needed no more."
_MAKE = """
import json
from django.db import transaction
from django.utils import timezone
from accounts.access.actor import Actor
from accounts.models import AccessKey
from accounts.people import companies, services
from config.kernel import scopes, vault
from projects.models import Project, ProjectSecret
from tests.factories import make_user
by, user = Actor.system(), make_user("keeper")
with transaction.atomic():
    secret = companies.new_secret(user.corp, by=by)
holder, now = Project.objects.get(company=user.corp), timezone.now()
def sealed(row, value):
    row.sealed = vault.protect(value, row.sealed_for)
    return row
ProjectSecret.objects.bulk_create([
    sealed(ProjectSecret(holder=holder, number=100 + n, created_at=now), f"app secret {100 + n}") for n in range(%d)])
ProjectSecret.objects.create(holder=holder, number=99, created_at=now, ended_at=now)
given = {"user": user, "shop": services.super_shop(), "scopes": scopes.ALL, "created_at": now, "updated_at": now}
rows = [AccessKey(**given) for n in range(%d)]
AccessKey.objects.bulk_create([sealed(row, "sk of " + row.key) for row in rows])
print(json.dumps([user.corp.comp_id, companies.secret_key(user.corp.comp_id, secret)]))
"""
# Per key number: how many values of the bulk are read as what they were; whatever else is said of them.
_READ = """
import json
from collections import Counter
from accounts.models import AccessKey
from config.kernel import vault
from projects.models import ProjectSecret
def told(row, value):
    try:
        return "right" if vault.reveal(row.sealed, row.sealed_for) == value else "wrong"
    except vault.Unreadable as error:
        return str(error)
bulk = ProjectSecret.objects.filter(holder__is_default=True, number__gte=100)
found = [("app", row.sealed[:2], told(row, f"app secret {row.number}")) for row in bulk]
found += [("key", row.sealed[:2], told(row, "sk of " + row.key)) for row in AccessKey.objects.all()]
print(json.dumps([[*what, count] for what, count in sorted(Counter(found).items())]))
"""
_LIVE = """
import json
from django.utils import timezone
from projects.models import ProjectSecret
live = ProjectSecret.objects.filter(ProjectSecret.live_at(timezone.now()), holder__key__in=json.loads(%r))
print(json.dumps([[row.holder.key, row.reveal()] for row in live.order_by("holder__key")]))
"""


class Company:
    """A client of the CloudRoom dialect."""

    def __init__(self, server: Server, comp_id: int, key: str) -> None:
        self.server, self.common = server, {"RequestId": "r", "CompID": comp_id, "SecretKey": key}
        self.failed: list[Any] = []

    def call(self, path: str, **given: Any) -> Any:
        import http.client

        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        try:
            body = json.dumps({**self.common, **given}).encode()
            connection.request("POST", f"/CLOUDROOM-API/{path}", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if answer["RspCode"] != "0":
            self.failed.append(answer)
        return answer.get("Data")

    @contextmanager
    def rotating(self) -> Iterator[dict[str, list[str]]]:
        """Clients that rotate without a pause, each its own project; what each was given, in order."""
        made = [self.call("project/add", ProjectName=f"Client {number}") for number in range(CLIENTS)]
        given = {each["AppId"]: [each["AppSecret"]] for each in made}
        is_over = threading.Event()

        def rotate(app_id: str) -> None:
            while not is_over.is_set():
                answer = self.call("project/update/secret", OperateAppId=app_id)
                given[app_id].append(answer["AppSecret"])

        threads = [threading.Thread(target=rotate, args=(app_id,)) for app_id in given]
        for thread in threads:
            thread.start()
        try:
            yield given
        finally:
            is_over.set()
            for thread in threads:
                thread.join()


def rekey(server: Server) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "rekey_secrets"]
    return subprocess.Popen(
        command, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def kill_after(lines: int, process: subprocess.Popen[str]) -> list[str]:
    """What it said before it was killed."""
    assert process.stdout is not None
    said = [process.stdout.readline().rstrip() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    return said


def numbers(lines: list[str], table: str) -> list[tuple[int, int]]:
    found = [re.fullmatch(rf"{table}: (\d+) done, (\d+) left", line) for line in lines]
    return [(int(match[1]), int(match[2])) for match in found if match]


def expected(total: int) -> list[tuple[int, int]]:
    """Of so many, batch by batch."""
    dones = [*range(BATCH, total, BATCH), total]
    return [(done, total - done) for done in dones]


def test_ten_thousand_secrets_are_encrypted_anew_while_clients_rotate_and_none_is_lost() -> None:
    with running(POLIS_RATE_LIMIT="0") as server:
        company, keys = (
            Company(server, *server.shell(_MAKE % (PROJECT_SECRETS, ACCESS_KEYS))),
            Path(server.environment["POLIS_VAR"]) / "keys",
        )
        with company.rotating() as given:
            until(lambda: all(len(values) > 1 for values in given.values()))
            assert server.shell(_READ) == [["app", "1:", "right", PROJECT_SECRETS], ["key", "1:", "right", ACCESS_KEYS]]
            make = [sys.executable, "-m", "config.kernel.keyring", str(keys), "--new-key"]
            subprocess.run(make, cwd=ROOT, check=True, capture_output=True)
            said = kill_after(4, rekey(server))
            assert numbers(said, "access key") == [(200, 2800), (400, 2600), (600, 2400), (800, 2200)]
            half = server.shell(_READ)
            left = next(count for kind, key, _, count in half if (kind, key) == ("key", "1:"))
            assert {told for _, _, told, _ in half} == {"right"}, "half way through, all can be read"
            assert 0 < left <= 2200
            check_the_second_run(server, left)
            assert said_by(rekey(server)) == [LAST], "a third run finds nothing to do"
            counts = {app_id: len(values) for app_id, values in given.items()}
            until(lambda: all(len(given[app_id]) > count for app_id, count in counts.items()))
        assert company.failed == []
        check_what_each_key_opens(server, keys, given)


def check_the_second_run(server: Server, left: int) -> None:
    lines = said_by(rekey(server))
    assert numbers(lines, "access key") == expected(left)
    projects = numbers(lines, "project secret")
    assert len(lines) == len(expected(left)) + len(projects) + 1
    assert lines[-1] == LAST
    # The bulk, the ones of the default projects, and what the clients had at that moment.
    assert PROJECT_SECRETS < projects[-1][0] <= PROJECT_SECRETS + 2 + CLIENTS
    assert projects[-1][1] == 0
    assert [done for done, _ in projects] == sorted(done for done, _ in projects)


def check_what_each_key_opens(server: Server, keys: Path, given: dict[str, list[str]]) -> None:
    """The new key alone all, the old key alone nothing; and each client's last secret is the one that counts."""
    (keys / "secrets" / "1").rename(keys / "1")
    total = [("app", "2:", PROJECT_SECRETS), ("key", "2:", ACCESS_KEYS)]
    assert server.shell(_READ) == [[kind, key, "right", count] for kind, key, count in total]
    live = server.shell(_LIVE % json.dumps(sorted(given)))
    assert live == [[app_id, given[app_id][-1]] for app_id in sorted(given)]
    (keys / "secrets" / "2").rename(keys / "2")
    (keys / "1").rename(keys / "secrets" / "1")
    assert server.shell(_READ) == [[kind, key, "no key 2", count] for kind, key, count in total]


def said_by(process: subprocess.Popen[str]) -> list[str]:
    out, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (0, "")
    return out.splitlines()


def until(is_so: Callable[[], bool]) -> None:
    """Return once it is so, within a minute."""
    pause = threading.Event()
    for _ in range(6000):
        if is_so():
            return
        pause.wait(0.01)
    raise AssertionError("it never was")
