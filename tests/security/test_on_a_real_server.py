"""What only a real server shows: its memory (S2), its files and its log (S15), which headers reach us (S19)."""

import hashlib
import http.client
import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from urllib.request import urlopen

import psycopg
import pytest

from config.kernel.states import Verb
from tests.server import Server

PASSWORD = "correct horse 9"
PWD = hashlib.md5(PASSWORD.encode()).hexdigest()
_GIVE_PASSWORD = """
import json
from accounts.access.actor import Actor
from accounts.models import User
from accounts.people.services import change_password
change_password(User.objects.get(key=%r), %r, by=Actor.system())
print(json.dumps(User.objects.get(key=%r).name))
"""


def post(server: Server, path: str, body: object, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        sent = {"Content-Type": "application/json", **headers}
        connection.request("POST", path, json.dumps(body).encode(), sent)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def memory_of(server: Server) -> int:
    """Kilobytes that the server's processes hold, told by its folder in their environment."""
    mark = f"POLIS_VAR={server.environment['POLIS_VAR']}".encode()
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                lines = (process / "status").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
        except (OSError, StopIteration):  # a process that has just ended
            continue
    return total


def test_200_parallel_bad_logins_do_not_grow_memory_by_half(server: Server) -> None:
    """Two hashes at once per worker, of 19 MB each; eight threads' worth would be over the half."""
    for number in range(8):  # every thread has worked once
        post(server, "/login", {"by": "name", "ustr": f"warm{number}", "pwd": PWD})
    before = memory_of(server)
    with ThreadPoolExecutor(32) as pool:
        calls = [
            pool.submit(post, server, "/login", {"by": "name", "ustr": f"nobody{number}", "pwd": PWD})
            for number in range(200)
        ]
        peak = before
        for call in calls:
            assert call.result()[0] in (401, 503)
            peak = max(peak, memory_of(server))
    assert before > 0
    assert peak < before * 1.5


def test_200_parallel_bad_logins_hold_up_nobody_else(server: Server) -> None:
    """What is asked after all of them is answered before half of their hashes are made."""
    all_sent, answered = Barrier(201), list[int]()

    def guess(number: int) -> None:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
        body = json.dumps({"by": "name", "ustr": f"guess{number}", "pwd": PWD})
        connection.request("POST", "/login", body, {"Content-Type": "application/json"})
        all_sent.wait(60)
        answered.append(connection.getresponse().status)
        connection.close()

    with ThreadPoolExecutor(200) as pool:
        guesses = [pool.submit(guess, number) for number in range(200)]
        all_sent.wait(60)
        with urlopen(f"{server.url}/livez", timeout=60) as live:
            assert (live.status, answered.count(401) < 100) == (200, True)
        for each in guesses:
            each.result()
    assert set(answered) == {401, 503}


def test_no_secret_is_in_the_servers_files_or_its_log(server: Server) -> None:
    people = server.make_people(owner="developer")
    owner = people["owner"]
    name = server.shell(_GIVE_PASSWORD % (owner.id, PASSWORD, owner.id))
    status, body = post(server, "/login", {"by": "name", "ustr": name, "pwd": PWD})
    assert status == 200
    with server.line(owner) as line:
        _, made = line.verb(Verb.ADD, name=f"Secret_{owner.id}")
        _, changed = line.verb(Verb.SET, made["result"]["id"], secret="a kid")
    secrets = [owner.token, json.loads(body)["result"]["token"], changed["result"]["secret"], PASSWORD, PWD]
    for haystack in (written_by(server), dump_of(server)):
        assert owner.id.encode() in haystack, "this is where it is written"
        for secret in secrets:
            assert secret.encode() not in haystack
    log = (Path(server.environment["POLIS_VAR"]) / "log").read_bytes()
    assert b"POST /login 200" in log
    assert [secret for secret in secrets if secret.encode() in log] == []


def written_by(server: Server) -> bytes:
    """Every file of the server's folder but its keys; on PostgreSQL the dump stands for them."""
    if server.environment["DATABASE_URL"]:
        return dump_of(server)
    files = [path for path in Path(server.environment["POLIS_VAR"]).iterdir() if path.is_file()]
    # A log of SQLite's is gone once the last connection has closed: then the database, read after it, has its content.
    return b"".join(_read(path) for path in sorted(files, key=lambda path: not path.name.endswith("-wal")))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def dump_of(server: Server) -> bytes:
    """All rows of all tables as text."""
    url = server.environment["DATABASE_URL"]
    if not url:
        with closing(sqlite3.connect(Path(server.environment["POLIS_VAR"]) / "polis.sqlite3")) as database:
            return "\n".join(database.iterdump()).encode()
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return b"\n".join(
            repr(connection.execute(f'SELECT * FROM "{table}"').fetchall()).encode() for (table,) in tables
        )


def test_a_header_with_an_underscore_is_dropped(server: Server) -> None:
    """`X_Forwarded_For` and `X-Forwarded-For` are one key in WSGI: the first never gets there."""
    people = server.make_people(owner="developer")
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        connection.putrequest("GET", "/city")
        connection.putheader("AUTHORIZATION_", people["owner"].token)
        connection.putheader("X_REQUEST_ID", "smuggled")
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["reason"]) == (401, "TokenMissing")
        assert answer.headers["X-Request-Id"] != "smuggled"
    finally:
        connection.close()


def test_the_server_itself_believes_no_forwarded_header(server: Server) -> None:
    people = server.make_people(owner="developer")
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        headers = {
            "Authorization": people["owner"].token,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
        }
        connection.request("PUT", "/city/aaaaaaaa", headers=headers | {"XduaApiMethod": "DIS"})
        assert connection.getresponse().status == 404
    finally:
        connection.close()
    addresses = server.shell(
        "import json\nfrom accounts.models import AuditOrigin\n"
        "print(json.dumps(list(AuditOrigin.objects.values_list('address', flat=True))))"
    )
    assert "203.0.113.7" not in addresses


@pytest.mark.parametrize("charset", ["rot13", "hex", "undefined", "utf-16", "x" * 5000])
def test_a_body_in_whatever_charset_is_read_as_utf8(server: Server, charset: str) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        connection.request("GET", "/city?limit=1", headers={"Content-Type": f"text/plain; charset={charset}"})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["reason"]) == (401, "TokenMissing")
    finally:
        connection.close()


def test_development_is_not_served_beyond_loopback() -> None:
    environment = {**os.environ, "POLIS_DEVELOPMENT": "1", "POLIS_BIND": "0.0.0.0:8000"}
    command = [sys.executable, "-m", "gunicorn", "--check-config", "-c", "config/gunicorn.py", "config.wsgi"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "serves loopback only, not 0.0.0.0:8000" in done.stderr


def test_a_where_of_a_megabyte_is_answered_in_the_envelope(server: Server) -> None:
    people = server.make_people(owner="developer")
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        connection.request("GET", f"/city?where={'x' * 1_000_000}", headers={"Authorization": people["owner"].token})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["reason"]) == (413, "WhereTooLarge")
    finally:
        connection.close()
