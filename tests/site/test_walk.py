"""The walk in the documentation is walked, so that what it shows is what happens."""

import re
import subprocess

from config.kernel.states import Verb
from tests.server import ROOT, Server


def walk(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["docs/walk.sh", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_it_walks_all_thirteen_verbs_and_leaves_nothing(server: Server) -> None:
    people = server.make_people(alice="developer", root="god")
    done = walk(server.url, people["alice"].token, people["root"].token)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    told = re.findall(r"^([A-Z]{3})  \S+ \S+\n     (\d+) (\{.*\})$", done.stdout, re.MULTILINE)
    assert {verb for verb, status, _ in told if status == "200"} == set(Verb)
    assert {status for _, status, _ in told} == {"200", "403", "404", "409"}
    with server.line(people["alice"]) as line:
        assert line.verb(Verb.QRI, where="{}")[1]["result"]["total"] == 0


def test_it_fails_at_the_first_surprise_and_still_leaves_nothing(server: Server) -> None:
    """The administrator is no god here, so QRY is refused; a developer's own city is deleted all the same."""
    alice = server.make_people(alice="developer")["alice"]
    done = walk(server.url, alice.token, alice.token)
    assert done.returncode == 1
    assert done.stderr == "Unexpected: the status is not 200\n"
    assert '"reason":"Forbidden"' in done.stdout.splitlines()[-1]
    with server.line(alice) as line:
        assert line.verb(Verb.QRI)[1]["result"]["total"] == 0


def test_it_says_how_it_is_used() -> None:
    done = walk("http://127.0.0.1:1")
    assert (done.returncode, "usage:" in done.stderr) == (2, True)
