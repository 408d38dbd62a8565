"""Locks in the super-console: the ones that hold, finding one's, lifting it (S6)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AuditEvent, Lockout
from accounts.people import services
from tests.cast import Cast, make_company
from tests.site.console import Browser, Page
from tests.site.pages import cost_alike

pytestmark = pytest.mark.usefixtures("standing_clock")

LOCKS = "/admin/accounts/lockout/"
FIND = f"{LOCKS}find/"
PASSWORD = "correct horse 9"
ELSEWHERE = "198.51.100.7"


def fail(name: str, times: int, address: str = ELSEWHERE) -> int:
    """Wrong passwords at the console's own door; the last answer's status."""
    status = 0
    for number in range(times):
        status = Browser().sign_in(name, f"wrong {number}", address).status
    return status


def lock_of(page: Page) -> str:
    """The address of the lock that a search led to."""
    return str(page.headers.get("Location", ""))


def find(browser: Browser, name: str, address: str = ELSEWHERE) -> Page:
    return browser.post(FIND, name=name, address=address)


def trail() -> list[tuple[str, str, str, str]]:
    rows = AuditEvent.objects.filter(verb="UNLOCK").order_by("id")
    return list(rows.values_list("kind", "door", "outcome", "actor"))


def test_each_page_is_for_stewards_alone(cast: Cast) -> None:
    fail("alice", 6)
    lock = lock_of(find(Browser(cast.root.user), "alice"))
    for path in (LOCKS, FIND, lock):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/"), path
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/", path
        assert Browser(cast.zoe.user).get(path).status == 200, path
        assert Browser(cast.root.user).get(path).status == 200, path


def test_the_list_has_what_holds_now_and_no_name(zoon: Browser) -> None:
    fail("alice", 4)
    assert "Nothing found." in zoon.get(LOCKS).text
    assert fail("alice", 2) == 429
    page = zoon.get(LOCKS)
    lock = Lockout.objects.get()
    shown = timezone.localtime(lock.blocked_until).strftime("%Y-%m-%d %H:%M:%S")
    assert re.search(rf"{lock.subject[:16]} 5 {shown} ", page.text)
    assert "alice" not in page.text
    assert ELSEWHERE not in page.text
    with time_machine.travel(lock.blocked_until + timedelta(seconds=1)):
        assert "Nothing found." in zoon.get(LOCKS).text


def test_it_is_found_by_any_name_of_a_person_and_the_address(cast: Cast, zoon: Browser) -> None:
    services.register("dora", cast.alice.user.platform_role, by=Actor.system(), email="dora@polis.example")  # type: ignore[union-attr]
    fail("dora", 6)
    expected = f"{LOCKS}{Lockout.objects.get().subject}/change/"
    for name in ("dora", "DORA", "dora@polis.example"):
        assert lock_of(find(zoon, name)) == expected, name
    assert lock_of(find(zoon, "dora", f"::ffff:{ELSEWHERE}")) == expected
    page = zoon.get(expected)
    assert "Locked" in page.text
    assert "Failures 5" in page.text


def test_a_name_of_nobody_and_a_company_are_found_too(zoon: Browser) -> None:
    fail("nobody_at_all", 6)
    assert lock_of(find(zoon, "nobody_at_all")).startswith(LOCKS)
    company = make_company()
    for number in range(6):
        company.call("project/query/list", SecretKey=f"{number:032x}")
    assert find(zoon, str(company.comp_id)).status == 400
    found = find(zoon, str(company.comp_id), "192.0.2.1")
    assert lock_of(found).startswith(LOCKS)
    assert "Failures" in zoon.get(lock_of(found)).text


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("alice", "203.0.113.9"),
        ("charlie", ELSEWHERE),
        ("alice", "x"),
        ("", ELSEWHERE),
        ("a\0b", ELSEWHERE),
        ("9" * 254, ELSEWHERE),
    ],
)
def test_what_is_not_counted_is_said_to_be_nowhere(zoon: Browser, name: str, address: str) -> None:
    fail("alice", 6)
    page = find(zoon, name, address)
    assert (page.status, lock_of(page)) == (400, "")


def test_what_is_looked_for_stands_in_no_address(zoon: Browser) -> None:
    fail("alice", 6)
    found = lock_of(find(zoon, "alice"))
    assert re.fullmatch(r"/admin/accounts/lockout/[0-9a-f]{64}/change/", found)


@pytest.mark.parametrize("who", ["zoe", "root"])
def test_lifting_a_lock_lets_them_in_at_once_and_is_on_record(cast: Cast, who: str) -> None:
    steward = getattr(cast, who).user
    user = cast.root.user
    assert user is not None
    services.change_password(user, PASSWORD, by=Actor.system())
    user.refresh_from_db()
    fail("root", 6)
    assert Browser().sign_in("root", PASSWORD, ELSEWHERE).status == 429
    steward.refresh_from_db()
    browser = Browser(steward)
    lock = lock_of(find(browser, "root"))
    done = browser.post(lock.replace("change", "unlock"))
    assert done.headers["Location"] == LOCKS
    page = browser.get(LOCKS)
    assert "The lock is lifted." in page.text
    assert "Nothing found." in page.text
    assert Browser().sign_in("root", PASSWORD, ELSEWHERE).status == 302
    assert trail() == [("login", "admin", "ok", steward.key)]
    event = AuditEvent.objects.get(verb="UNLOCK")
    assert event.thing == lock.split("/")[4][:16]
    assert event.before["failures"] == 5
    assert event.after == {"failures": 0}


def test_lifting_twice_says_so_and_is_told_once(zoon: Browser) -> None:
    fail("alice", 6)
    unlock = lock_of(find(zoon, "alice")).replace("change", "unlock")
    zoon.post(unlock)
    zoon.get(LOCKS)
    assert zoon.post(unlock).status == 302
    assert "There was nothing to lift" in zoon.get(LOCKS).text
    assert len(trail()) == 1


def test_a_lift_is_of_that_one_pair(zoon: Browser) -> None:
    fail("alice", 6)
    fail("alice", 6, "203.0.113.9")
    zoon.post(lock_of(find(zoon, "alice")).replace("change", "unlock"))
    assert sorted(Lockout.objects.values_list("failures", flat=True)) == [0, 5]


def test_whoever_else_crafts_a_lift_is_refused(cast: Cast) -> None:
    fail("alice", 6)
    row = Lockout.objects.get()
    unlock = f"{LOCKS}{row.subject}/unlock/"
    assert cast.alice.user is not None
    assert cast.root.user is not None
    assert Browser(cast.alice.user).post(unlock).status == 403
    assert trail() == [("login", "admin", "refused", cast.alice.user.key)]
    assert Browser().post(unlock).status == 302
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.root.user)
    assert client.post(unlock).status_code == 403
    assert Browser(cast.root.user).get(unlock).status == 405
    row.refresh_from_db()
    assert row.failures == 5


def test_a_lock_that_is_not_there_is_not_found(zoon: Browser) -> None:
    for subject in ("0" * 64, "0" * 63, "Z" * 64):
        assert zoon.get(f"{LOCKS}{subject}/change/").status == 404
        assert zoon.post(f"{LOCKS}{subject}/unlock/").status == 404
    assert zoon.post(LOCKS, action="delete_selected").status == 405


def test_a_list_costs_the_same_for_one_lock_and_for_many(zoon: Browser) -> None:
    now = timezone.now()
    costs = []
    for many in (1, 100):
        Lockout.objects.bulk_create(
            Lockout(subject=f"{many:03}{number:061}", failures=9, blocked_until=now + timedelta(hours=1), last_at=now)
            for number in range(many)
        )
        with CaptureQueriesContext(connection) as captured:
            assert zoon.get(LOCKS).status == 200
        costs.append(captured)
    assert cost_alike(*costs, 4)
