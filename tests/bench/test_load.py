"""wrk sends what it is given, counts what was answered in the time, and leaves nothing behind."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.bench.load import Call, Refused, press


class Service(ThreadingHTTPServer):
    """Answers 200, or 403 or slowly where the path says so; knows what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, str, bytes]] = []
        self.answered = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, self.headers.get("X-Colour", ""), body))
        text = b'not "here"'
        if "slow" in self.path:
            time.sleep(0.4)  # longer than it is asked
        self.send_response(403 if "forbidden" in self.path else 200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.server.answered += 1

    do_GET = do_POST = answer  # noqa: N815 - what the server looks for

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


def test_it_sends_each_call_as_it_is_in_their_order(service: Service) -> None:
    calls = [Call("GET", "/a?b=c", {"X-Colour": "red"}), Call("POST", "/d", {}, b'{"e": 1}')]
    measured = press(service.server_port, calls, connections=1, seconds=0.1)
    assert measured.rate > 0
    assert 0 < measured.p50 <= measured.p99
    assert service.asked[:3] == [("GET", "/a?b=c", "red", b""), ("POST", "/d", "", b'{"e": 1}'), service.asked[0]]


def test_when_it_ends_everything_has_been_answered(service: Service) -> None:
    press(service.server_port, [Call("GET", "/"), Call("GET", "/slow")], connections=4, seconds=0.05)
    assert len(service.asked) == service.answered


def test_an_answer_that_is_none_of_success_ends_it_with_what_was_said(service: Service) -> None:
    with pytest.raises(Refused, match='403 not "here"'):
        press(service.server_port, [Call("GET", "/"), Call("GET", "/forbidden")], connections=2, seconds=5)


def test_a_server_that_is_not_there_is_no_measurement(service: Service) -> None:
    service.shutdown()
    service.server_close()
    with pytest.raises(Refused, match="refused"):
        press(service.server_port, [Call("GET", "/")], connections=1, seconds=0.1)
