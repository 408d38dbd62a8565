"""The walk through the native API in the documentation is walked, so that what it shows is what happens."""

import re
import subprocess

from tests.server import ROOT, Person, Server

RESOURCES = {"me", "cities", "grants", "tokens", "access-keys", "audit", "bin"}


def walk(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["docs/walk-api.sh", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def left_by(server: Server, person: Person) -> list[str]:
    """The names of what a walk may have left: cities, in the bin or not, tokens and access keys of its making."""
    paths = ("cities", "bin", "tokens", "access-keys")
    with server.line(person) as line:
        pages = [line.call("GET", f"/api/v1/{path}").body["results"] for path in paths]
    return [each["name"] for page in pages for each in page if each["name"].lower().startswith("walk")]


def test_it_walks_every_resource_and_leaves_nothing(server: Server) -> None:
    people = server.make_people(alice="developer", root="god")
    done = walk(server.url, people["alice"].token, people["root"].token)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    told = re.findall(r"^[A-Z]+ /([a-z-]+)\S*\n     (\d{3}) ", done.stdout, re.MULTILINE)
    assert {resource for resource, _ in told} == RESOURCES
    assert {int(status) for _, status in told} == {200, 201, 204, 304, 401, 403, 404, 409, 412, 422}
    assert left_by(server, people["alice"]) == []


def test_it_tells_no_secret(server: Server) -> None:
    people = server.make_people(alice="developer", root="god")
    done = walk(server.url, people["alice"].token, people["root"].token)
    assert '"token":"…"' in done.stdout
    assert '"sk":"…"' in done.stdout
    assert re.findall(r"polis_[A-Za-z0-9]+|[A-Za-z0-9]{40}", done.stdout) == []


def test_it_fails_at_the_first_surprise_and_still_leaves_nothing(server: Server) -> None:
    """The god is no god here: a developer may not list what is everybody's."""
    alice = server.make_people(alice="developer")["alice"]
    done = walk(server.url, alice.token, alice.token)
    assert done.returncode == 1
    assert done.stderr == "Unexpected: the status is not 200\n"
    assert '"code":"forbidden"' in done.stdout.splitlines()[-1]
    assert left_by(server, alice) == []


def test_it_says_how_it_is_used() -> None:
    done = walk("http://127.0.0.1:1")
    assert (done.returncode, "usage:" in done.stderr) == (2, True)
