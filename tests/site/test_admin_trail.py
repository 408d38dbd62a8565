"""The trail in the super-console: narrowed by time, and taken along by a god alone (S24)."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit import journal
from accounts.audit.journal import About
from accounts.models import AuditEvent
from config.kernel.states import Verb
from tests.cast import Cast
from tests.factories import actor, do
from tests.site.console import AUDIT, Browser, Page, prove

EXPORT = f"{AUDIT}export/"
DAY = timedelta(days=1)


@pytest.fixture
def told(cast: Cast) -> dict[str, str]:
    """Events of different times, by name: each about a thing of its own; the newest was written first."""
    assert cast.zoe.user is not None
    now = timezone.now()
    ages = {"Now": timedelta(), "Days": 3 * DAY, "Weeks": 20 * DAY, "Years": 800 * DAY}
    for name, age in ages.items():
        journal.write(
            actor(cast.zoe.user, now - age), Verb.SET, About("city", f"Thing{name[:3]}", f"Told_{name}"), {}, {}
        )
    return {name: (now - age).isoformat() for name, age in ages.items()}


def named(page: Page) -> list[str]:
    assert page.status == 200
    return re.findall(r"Told_\w+", re.sub(r"<[^>]+>", " ", page.source))


def exports() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb="EXPORT").order_by("id"))


def test_it_is_narrowed_by_time_and_then_the_newest_is_first(zoon: Browser, told: dict[str, str]) -> None:
    assert named(zoon.get(AUDIT, at="today")) == ["Told_Now"]
    assert named(zoon.get(AUDIT, at="week")) == ["Told_Now", "Told_Days"]
    assert named(zoon.get(AUDIT, at="month")) == ["Told_Now", "Told_Days", "Told_Weeks"]
    assert named(zoon.get(AUDIT)) == ["Told_Years", "Told_Weeks", "Told_Days", "Told_Now"]


def test_it_is_narrowed_by_moments_that_are_typed(zoon: Browser, told: dict[str, str]) -> None:
    now = timezone.localtime()
    day, minute = "%Y-%m-%d", "%Y-%m-%dT%H:%M"
    given = {"at_from": (now - 21 * DAY).strftime(day), "at_to": (now - 19 * DAY).strftime(day)}
    assert named(zoon.get(AUDIT, **given)) == ["Told_Weeks"]
    given = {"at_from": (now - 4 * DAY).strftime(minute), "at_to": (now - 2 * DAY).strftime(minute)}
    assert named(zoon.get(AUDIT, **given)) == ["Told_Days"]
    just_after = (now - 3 * DAY + timedelta(minutes=1)).strftime(minute)
    assert named(zoon.get(AUDIT, at_to=just_after)) == ["Told_Days", "Told_Weeks", "Told_Years"]
    assert named(zoon.get(AUDIT, at_from="soon", at_to="\0")) == named(zoon.get(AUDIT))


def test_time_narrows_what_is_searched(cast: Cast, zoon: Browser, told: dict[str, str]) -> None:
    assert named(zoon.get(AUDIT, q="zoe", at="week", verb="SET")) == ["Told_Now", "Told_Days"]
    assert named(zoon.get(AUDIT, q="zoe", at="week", verb="DIS")) == []


def test_a_zoon_is_not_offered_the_export_and_is_refused_where_they_craft_it(cast: Cast, zoon: Browser) -> None:
    assert "/export/" not in prove(zoon).get(AUDIT).source
    for page in (zoon.get(EXPORT), zoon.post(EXPORT, **{"as": "csv"}), zoon.post(f"{EXPORT}?at=week", **{"as": "csv"})):
        assert page.status == 403
        assert "text/html" in page.headers["Content-Type"]
        assert 'name="as"' not in page.source
    refused = exports()
    assert {(event.outcome, event.code, event.door, event.kind) for event in refused} == {
        ("refused", "forbidden", "admin", "audit")
    }
    assert Browser(cast.alice.user).post(EXPORT, **{"as": "csv"}).status == 403
    assert Browser().post(EXPORT, **{"as": "csv"}).status == 302
    assert not any(event.outcome == "ok" for event in exports())


@pytest.mark.usefixtures("standing_clock")  # of one minute the first is a row
def test_a_god_proves_first_who_they_are_and_comes_back_with_the_question(god: Browser) -> None:
    for page in (god.get(f"{EXPORT}?at=week&outcome=ok"), god.post(f"{EXPORT}?at=week&outcome=ok", **{"as": "csv"})):
        assert page.status == 403
        assert "next=%2Fadmin%2Faccounts%2Fauditevent%2Fexport%2F%3Fat%3Dweek%26outcome%3Dok" in page.source
    assert [(event.outcome, event.code) for event in exports()] == [("refused", "reauthenticate")]
    page = prove(god).get(f"{EXPORT}?at=week&outcome=ok")
    assert page.status == 200
    assert "Done" in page.text
    assert exports()[1:] == []


def test_a_god_takes_along_what_the_list_shows(cast: Cast, god: Browser, told: dict[str, str]) -> None:
    assert cast.root.user is not None
    prove(god)
    shown = god.get(AUDIT, at="week", verb="SET")
    link = re.findall(r'href="([^"]*/export/[^"]*)"', shown.source)[0].replace("&amp;", "&")
    answer = god.client.post(link, {"as": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["thing_name"] for row in rows] == named(shown)[::-1] == ["Told_Days", "Told_Now"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="audit-\d{8}-\d{6}\.csv"', answer.headers["Content-Disposition"])
    assert "no-store" in answer.headers["Cache-Control"]
    event = exports()[0]
    assert (event.outcome, event.actor, event.door) == ("ok", cast.root.user.key, "admin")
    assert set(event.after) == {"form", "since", "verb"}
    assert (event.after["form"], event.after["verb"]) == ("csv", "SET")


def test_it_comes_as_json_lines_too_and_no_cell_is_a_formula(cast: Cast, god: Browser) -> None:
    do(cast.city, Verb.DIS, actor(cast.zoe.user), reason="=1+1")
    prove(god)
    lines = god.client.post(f"{EXPORT}?q={cast.city.key}", {"as": "jsonl"}).getvalue().decode().splitlines()
    assert json.loads(lines[0])["after"]["reason"] == "=1+1"
    journal.write(actor(cast.zoe.user), Verb.SET, About("city", cast.city.key, "=cmd"), {}, {})  # type: ignore[arg-type]
    text = god.client.post(f"{EXPORT}?q={cast.city.key}", {"as": "csv"}).getvalue().decode()
    assert "'=cmd" in text
    assert ",=cmd" not in text


def test_what_is_asked_for_is_kept_without_harm(god: Browser) -> None:
    prove(god)
    god.client.post(f"{EXPORT}?q=polis_LikeAToken&kind=x%27&at_from=never", {"as": "jsonl"}).getvalue()
    assert exports()[0].after == {"form": "jsonl", "q": ""}


def test_a_form_that_there_is_not_is_asked_for_again(god: Browser) -> None:
    page = prove(god).post(EXPORT, **{"as": "xlsx"})
    assert page.status == 200
    assert 'name="as"' in page.source
    assert exports() == []
