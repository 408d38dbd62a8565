"""What one process ends, another refuses at once: nothing is remembered of who somebody is."""

import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests.server import Person, Server, beside

PASSWORD = "correct horse 9"
_MAKE = """
import json, secrets
from tests.factories import make_user
print(json.dumps(make_user("dora_" + secrets.token_hex(4), password=%r).name))
"""


@dataclass
class Line:
    """A browser's connection to one process of the two."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
            body = None
            if form is not None:
                body = urlencode(form | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            for name, value in answer.getheaders():
                if name == "Set-Cookie":
                    self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
            return answer.status, text
        finally:
            connection.close()

    def sign_in(self, name: str) -> None:
        self.ask("GET", "/account/login")
        assert self.ask("POST", "/account/login", {"login": name, "password": PASSWORD})[0] == 302

    def at(self, server: Server) -> "Line":
        """The same browser, before another process."""
        return Line(server.host, server.port, self.cookies)


@pytest.fixture
def other(server: Server) -> Iterator[Server]:
    """A second server on the same database."""
    with beside(server) as second:
        yield second


def test_a_session_that_is_ended_is_refused_by_the_other_process(server: Server, other: Server) -> None:
    name = server.shell(_MAKE % PASSWORD)
    here, there = Line(server.host, server.port), Line(other.host, other.port)
    here.sign_in(name)
    there.sign_in(name)
    lost = there.at(other)
    assert [lost.ask("GET", "/account/")[0], lost.ask("GET", "/api/v1/me")[0]] == [200, 200]
    _, page = here.ask("GET", "/account/")
    (end,) = re.findall(r'action="(/account/sessions/\w+/end)"', page)
    assert here.ask("POST", end, {})[0] == 302
    assert [lost.ask("GET", "/account/")[0], lost.ask("GET", "/api/v1/me")[0]] == [302, 401]
    assert here.at(other).ask("GET", "/account/")[0] == 200


def test_a_token_that_is_ended_is_refused_by_the_other_process(server: Server, other: Server) -> None:
    person = server.make_people(dora="developer")["dora"]
    with server.line(person) as here:
        made = here.call("POST", "/api/v1/tokens", {"name": "lost"}).body
        with other.line(Person(person.id, made["token"])) as there:
            assert there.call("GET", "/api/v1/me").status == 200
            assert here.call("DELETE", f"/api/v1/tokens/{made['id']}").status == 204
            assert there.call("GET", "/api/v1/me").status == 401
