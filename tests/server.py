"""A real server for tests: gunicorn on a socket, on a database of its own, of the same kind as the run's.

What threads, processes and sockets do to each other cannot be seen through Django's test client.
"""

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from config.dialects.xdua.verbs import METHODS
from config.kernel import keyring
from config.kernel.states import Verb

ROOT = Path(__file__).resolve().parent.parent
CITIES_PER_USER = 5  # low, so that a test can reach it
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
_MAKE_PEOPLE = """
import json
from config.kernel.roles import Role
from tests.factories import make_token, make_user
people = json.loads(%r).items()
users = {name: make_user(name, Role(role), email=f"{name}@polis.example") for name, role in people}
print(json.dumps({name: [user.key, make_token(user), user.email] for name, user in users.items()}))
"""


@dataclass(frozen=True)
class Person:
    """Somebody in the server's database, with a token of every scope."""

    id: str
    token: str
    email: str = ""


@dataclass(frozen=True)
class Server:
    """A running server: its address, and the environment in which its commands run."""

    host: str
    port: int
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def shell(self, code: str) -> Any:
        """Run Python in the server's environment, beside it; what it prints, which is JSON."""
        return json.loads(_manage(self.environment, "shell", "--no-imports", "-c", code))

    def manage(self, *arguments: str) -> str:
        """Run a command in the server's environment, beside it; what it prints."""
        return _manage(self.environment, *arguments)

    def make_people(self, **roles: str) -> dict[str, Person]:
        """name=role, each new to the database: names get a suffix of their own."""
        suffix = secrets.token_hex(4)
        made = self.shell(_MAKE_PEOPLE % json.dumps({f"{name}_{suffix}": role for name, role in roles.items()}))
        return {name: Person(*made[f"{name}_{suffix}"]) for name in roles}

    @contextmanager
    def line(self, person: Person) -> Iterator["Line"]:
        """One connection of one person, open until the end of the block."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.connect()
            yield Line(connection, person.token)
        finally:
            connection.close()


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: Message


@dataclass(frozen=True)
class Line:
    """Not to be shared by threads."""

    connection: http.client.HTTPConnection
    token: str

    def verb(self, verb: Verb, key: str = "", **data: Any) -> tuple[int, Any]:
        """A documented verb in its header form: the status and the body of the answer."""
        path, body = f"/city/{key}" if key else "/city", json.dumps(data)
        if METHODS[verb] == "GET":
            path, body = f"{path}?{urlencode(data)}", ""
        headers = {"Authorization": self.token, "XduaApiMethod": verb, "Content-Type": "application/json"}
        self.connection.request(METHODS[verb], path, body.encode(), headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def call(self, method: str, path: str, data: Any = None, **headers: str) -> Reply:
        """Any request of the native API: `data` is sent as JSON; of headers `_` is `-`. The token goes along."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, b"" if data is None else json.dumps(data).encode(), sent)
        response = self.connection.getresponse()
        body = response.read()
        return Reply(response.status, json.loads(body) if body else None, response.headers)


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """A server that answers, until the end of the block; `settings` are of its environment."""
    with tempfile.TemporaryDirectory(prefix="polis-server-") as folder, _database() as url:
        keyring.make_keys(Path(folder) / "keys")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("POLIS_")} | {
            "POLIS_VAR": folder,
            "POLIS_DEVELOPMENT": "1",
            "POLIS_CITIES_PER_USER": str(CITIES_PER_USER),
            "POLIS_WORKERS": "2",
            "POLIS_THREADS": "4",
            "DATABASE_URL": url,
            **settings,
        }
        _manage(environment, "migrate", "--verbosity", "0")
        with _gunicorn(environment, Path(folder) / "log") as (host, port):
            yield Server(host, port, environment)


@contextmanager
def beside(server: Server) -> Iterator[Server]:
    """A second server on the database of a first one, with its keys."""
    with (
        tempfile.TemporaryDirectory(prefix="polis-server-") as folder,
        _gunicorn(server.environment, Path(folder) / "log") as (host, port),
    ):
        yield Server(host, port, server.environment)


@contextmanager
def _database() -> Iterator[str]:
    """The URL of a new database in the run's PostgreSQL; "", which is a file in POLIS_VAR, on SQLite."""
    url = os.environ.get("POLIS_TEST_DATABASE_URL", "")
    if not url:
        yield ""
        return
    name = f"polis_server_{secrets.token_hex(8)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _gunicorn(environment: Mapping[str, str], log: Path) -> Iterator[tuple[str, int]]:
    """Its address. The socket listens before there is a server: who connects waits in it until one answers."""
    with log.open("wb") as file, socket.create_server(("127.0.0.1", 0)) as listener:
        address: tuple[str, int] = listener.getsockname()
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "POLIS_BIND": f"fd://{listener.fileno()}"},
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_answer(address, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()  # its workers notice that their parent is gone, and end
            process.wait()


def _await_answer(address: tuple[str, int], log: Path) -> None:
    """Return once /livez answers; fail, with what the server said, where it ends or takes too long."""
    connection = http.client.HTTPConnection(*address, timeout=SECONDS_TO_START)
    try:
        connection.request("GET", "/livez")
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise AssertionError(f"The server did not answer:\n{log.read_text()}") from error
    finally:
        connection.close()


def _manage(environment: Mapping[str, str], *arguments: str) -> str:
    """The output of a command."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout
