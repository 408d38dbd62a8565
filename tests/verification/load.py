"""Clients that call without a pause, each on a connection that it keeps, what each has heard, and who serves them."""

import http.client
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from threading import Condition, Thread

from tests.server import Server
from tests.verification.calls import Call, send

BOUND = 120  # how long anything may take; what takes longer has failed


@dataclass(frozen=True)
class Heard:
    """An answer, and when its question was sent. `status` is 0 where the connection was lost; `about` is what with."""

    sent_at: float
    answered_at: float
    status: int
    about: str


@dataclass
class Client:
    """`make` is asked for each call anew, and says what it is about."""

    server: Server
    make: Callable[[], tuple[Call, str]]
    heard: list[Heard] = field(default_factory=list)
    is_stopped: bool = False
    may_lose: bool = False
    told: Condition = field(default_factory=Condition)
    failure: BaseException | None = None
    _must_reconnect: bool = False

    def run(self) -> None:
        try:
            while not self.is_stopped:
                self._must_reconnect = False
                self._stay()
        except BaseException as error:
            self.failure = error
            with self.told:
                self.told.notify_all()

    def reconnect(self) -> None:
        """Take another connection, and so perhaps another worker, from the next call on."""
        self._must_reconnect = True

    def await_one(self, since: float, *, status: int | None = None, count: int = 1) -> list[Heard]:
        """What was sent after this moment, once there are so many answers of this status, or of any."""
        with self.told:
            self.told.wait_for(lambda: self.failure or len(self._since(since, status)) >= count, BOUND)
            if self.failure:
                raise self.failure
            found = self._since(since, status)
            assert len(found) >= count, f"waited in vain for {status}: {self.heard[-3:]}"
            return found

    def await_about(self, about: str) -> None:
        """Return once an answer has come that is about this: of another nothing is on its way then."""
        with self.told:
            self.told.wait_for(lambda: self.failure or (self.heard and self.heard[-1].about == about), BOUND)
            if self.failure:
                raise self.failure
            assert self.heard[-1].about == about, "waited in vain"

    def _since(self, moment: float, status: int | None) -> list[Heard]:
        latest = takewhile(lambda each: each.sent_at > moment, reversed(self.heard))
        return [each for each in latest if status in (None, each.status)]

    def _stay(self) -> None:
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=BOUND)
        try:
            while not (self.is_stopped or self._must_reconnect):
                self._call(connection)
        except (OSError, http.client.HTTPException):
            if not self.may_lose:
                raise
        finally:
            connection.close()

    def _call(self, connection: http.client.HTTPConnection) -> None:
        call, about = self.make()
        sent_at, status = time.monotonic(), 0
        try:
            status = send(connection, call).status
        finally:
            with self.told:
                self.heard.append(Heard(sent_at, time.monotonic(), status, about))
                self.told.notify_all()


@contextmanager
def crowd(
    server: Server, makes: list[Callable[[], tuple[Call, str]]], *, may_lose: bool = False
) -> Iterator[list[Client]]:
    """One client for each, calling until the end of the block."""
    clients = [Client(server, make, may_lose=may_lose) for make in makes]
    threads = [Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield clients
    finally:
        for client in clients:
            client.is_stopped = True
        for thread in threads:
            thread.join()
    for client in clients:
        if client.failure:
            raise client.failure


def workers_of(server: Server) -> dict[int, int]:
    """The server's worker processes, each with the number of connections that it holds."""
    return {pid: len(_sockets_of(pid) & _connected_to(server.port)) for pid in _children(_parent_of(server))}


def _parent_of(server: Server) -> int:
    mark = f"POLIS_VAR={server.environment['POLIS_VAR']}".encode()
    for pid in _children(os.getpid()):
        if mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            return pid
    raise AssertionError("no such server")


def _children(parent: int) -> list[int]:
    """As /proc tells them; one that has ended meanwhile is none."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # The name stands in brackets, and may hold anything; then come the state and the parent.
            state, its_parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(its_parent) == parent and state != "Z":
            found.append(int(process.name))
    return found


def _sockets_of(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.update(re.findall(r"socket:\[([0-9]+)\]", str(link.readlink())))
        except OSError:  # it is closed by now
            continue
    return found


def _connected_to(port: int) -> set[str]:
    """The server's ends of all established connections to its port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
