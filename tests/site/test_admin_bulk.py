"""Many things at once, at the super-console: chosen in a list, looked at, begun, followed."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.machine import operations
from accounts.models import AuditEvent, Operation, User
from apps.models import App
from cities.models import City
from config.kernel.roles import Role
from config.kernel.states import State
from projects.models import Project
from tests.cast import Cast
from tests.factories import make_city, make_user
from tests.policies import CLOSED, override
from tests.site.console import AUDIT, CITIES, Browser, Page, prove

BULK = f"{CITIES}bulk/"
OPERATIONS = "/admin/accounts/operation/"


def choose(browser: Browser, verb: str, *cities: City, query: str = "", **given: str) -> Page:
    """As the form under the list sends it."""
    which = {"which": "chosen", "thing": [city.key for city in cities]} if cities else {"which": "all"}
    return browser.post(f"{BULK}{query}", verb=verb, **{**which, **given})


def planned(browser: Browser, verb: str, *cities: City, query: str = "") -> str:
    """The address of the page that tells what would happen."""
    page = choose(browser, verb, *cities, query=query)
    assert page.status == 302, page.text
    return str(page.headers["Location"])


def make_rows(owner: User, many: int) -> None:
    now = timezone.now()
    City.objects.bulk_create(
        City(name=f"Row_{n}", name_key=f"row_{n}", creator=owner, created_at=now, updated_at=now) for n in range(many)
    )


def states(*cities: City) -> list[State]:
    now = timezone.now()
    rows = {city.pk: city for city in City.objects.filter(pk__in=[city.pk for city in cities])}
    return [rows[city.pk].state_at(now) for city in cities]


def test_each_row_can_be_chosen_and_each_verb_of_ones_role_is_offered(cast: Cast, zoon: Browser, god: Browser) -> None:
    source = zoon.get(CITIES).source
    assert f'name="thing" form="polis-bulk" value="{cast.city.key}" aria-label="Alice_City"' in source
    assert re.findall(r'<option value="(\w+)">', bar(source)) == ["DIS", "ENB", "RCC"]
    assert re.findall(r'<option value="(\w+)">', bar(god.get(CITIES).source)) == ["DIS", "ENB", "RCC", "DEL"]


def bar(source: str) -> str:
    return source.split('id="polis-bulk"')[1].split("</form>", maxsplit=1)[0]


@pytest.mark.parametrize("path", ["/admin/accounts/user/", "/admin/accounts/organization/", AUDIT])
def test_a_list_of_what_has_no_such_life_has_no_boxes(god: Browser, path: str) -> None:
    assert "polis-bulk" not in god.get(path).source
    assert god.post(f"{path}bulk/", verb="DIS", which="all").status == 404


def test_what_would_happen_is_told_before_anything_does(cast: Cast, zoon: Browser) -> None:
    binned, reserved = make_city(make_user("dora"), "Binned_City", State.DELETED), City.objects.get(key="ConsoleX")
    page = zoon.get(planned(zoon, "DIS", cast.city, binned, reserved))
    assert "1 Will be done Alice_City" in page.text
    assert "1 Its present state does not allow it. Binned_City" in page.text
    assert "1 This is reserved and cannot be closed, deleted or handed on." in page.text
    assert "Disable 1" in page.text
    assert states(cast.city, binned) == [State.ENABLED, State.DELETED]


def test_it_is_done_with_a_reason_and_an_end_and_told(cast: Cast, zoon: Browser) -> None:
    other = make_city(make_user("dora"), "Doras_City")
    path = planned(zoon, "DIS", cast.city, other)
    until = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert zoon.post(path, reason="Unpaid", expires_at=until).headers["Location"] == path
    assert states(cast.city, other) == [State.DISABLED, State.DISABLED]
    cast.city.refresh_from_db()
    assert (cast.city.reason, cast.city.expires_at is not None) == ("Unpaid", True)
    text = zoon.get(path).text
    for told in ("Done", "2 / 2", "Unpaid", until.replace("T", " ")):
        assert told in text, told
    key = path.split("/")[-3]
    trail = zoon.get(AUDIT, q=key).text
    assert cast.city.key in trail
    assert other.key in trail


def test_a_fault_in_the_form_is_told_beside_its_field_and_nothing_is_begun(cast: Cast, zoon: Browser) -> None:
    path = planned(zoon, "DIS", cast.city)
    page = zoon.post(path, reason="x" * 65, expires_at="")
    assert page.status == 400
    assert "must have at most 64 characters" in page.text
    assert 'value="' + "x" * 65 in page.source  # nothing typed is lost
    assert Operation.objects.get().state == "planned"
    assert states(cast.city) == [State.ENABLED]


def test_all_that_a_list_finds_are_chosen_with_its_search_and_filters(cast: Cast, zoon: Browser) -> None:
    owner = make_user("dora")
    closed = make_city(owner, "Row_closed", State.DISABLED)
    make_rows(owner, 120)
    path = planned(zoon, "DIS", query="?q=row_&state=0")
    operation = Operation.objects.get()
    assert operation.total == 120
    assert not operation.items.filter(thing__in=[cast.city.key, closed.key]).exists()
    text = zoon.get(path).text
    assert "120 Will be done" in text
    assert "and 100 more" in text
    assert "Disable 120" in text


def test_past_a_hundred_it_runs_in_the_background_and_its_progress_is_shown(cast: Cast, zoon: Browser) -> None:
    make_rows(make_user("dora"), 101)
    path = planned(zoon, "DIS", query="?q=row_")
    zoon.post(path, reason="", expires_at="")
    page = zoon.get(path)
    assert "Running" in page.text
    assert '<progress value="0" max="101"' in re.sub(r"\s+", " ", page.source)
    assert "data-running" in page.source
    operations.go_on()
    page = zoon.get(path)
    assert '<progress value="101" max="101"' in re.sub(r"\s+", " ", page.source)
    assert "data-running" not in page.source


def test_it_can_be_stopped(cast: Cast, zoon: Browser) -> None:
    make_rows(make_user("dora"), 101)
    path = planned(zoon, "DIS", query="?q=row_")
    zoon.post(path, reason="", expires_at="")
    assert zoon.post(path.replace("/change/", "/stop/")).headers["Location"] == path
    assert "Stopped" in zoon.get(path).text
    operations.go_on()
    assert not City.objects.filter(state=State.DISABLED).exists()


def test_removing_asks_for_a_fresh_proof_and_then_for_the_number(cast: Cast, god: Browser) -> None:
    owner = make_user("dora")
    gone, kept = [make_city(owner, state=State.DELETED) for _ in range(2)], make_city(owner)
    path = planned(god, "DEL", *gone, kept)
    page = god.get(path)
    assert (page.status, 'name="count"' in page.source) == (200, False)
    assert "2 Will be done" in page.text
    assert "/account/prove?next=" in page.source
    assert god.post(path, count="2").status == 403
    prove(god)
    assert 'name="count"' in god.get(path).source
    page = god.post(path, count="3")
    assert page.status == 400
    assert "This is not how many there are." in page.text
    assert City.objects.filter(pk__in=[city.pk for city in gone]).count() == 2
    assert god.post(path, count="2").status == 302
    operations.go_on()
    assert not City.objects.filter(pk__in=[city.pk for city in gone]).exists()
    assert states(kept) == [State.ENABLED]


def test_other_kinds_have_it_too(cast: Cast, zoon: Browser, project: Project) -> None:
    page = zoon.post("/admin/projects/project/bulk/", verb="DIS", which="chosen", thing=project.key)
    zoon.post(page.headers["Location"], reason="Unpaid", expires_at="")
    project.refresh_from_db()
    assert (project.state, project.reason) == (State.DISABLED, "Unpaid")


def test_what_stands_below_them_is_told(cast: Cast, god: Browser, app: App) -> None:
    """alice's city holds a project, a gateway and an app."""
    other = make_city(make_user("dora"))
    page = god.get(planned(god, "DIS", cast.city, other))
    assert "Below them stand: 1 project, 1 gateway and 1 app." in page.text
    assert "Nothing stands below them." in god.get(planned(god, "DIS", other)).text


def test_choosing_nothing_leads_back_with_a_word(cast: Cast, zoon: Browser) -> None:
    page = zoon.post(f"{BULK}?q=alice", verb="DIS", which="chosen")
    assert (page.status, page.headers["Location"]) == (302, f"{CITIES}?q=alice")
    assert "Nothing was chosen." in zoon.get(CITIES).text
    page = zoon.post(f"{BULK}?q=nobody_has_this", verb="DIS", which="all")
    assert page.status == 302
    assert not Operation.objects.exists()


@pytest.mark.parametrize("verb", ["", "XYZ", "DOL", "SET", "dis"])
def test_a_verb_that_is_not_for_many_is_refused(cast: Cast, god: Browser, verb: str) -> None:
    assert choose(god, verb, cast.city).status == 400
    assert not Operation.objects.exists()


def test_a_zoon_who_crafts_a_removal_is_refused_and_on_record(cast: Cast, zoon: Browser) -> None:
    page = choose(zoon, "DEL", cast.city)
    assert page.status == 403
    assert not Operation.objects.exists()
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.door, event.outcome, event.code) == ("DEL", "admin", "refused", "forbidden")


@pytest.mark.parametrize("who", ["alice", "oscar", "vera", "charlie"])
def test_a_developers_crafted_choice_is_refused_and_on_record(cast: Cast, who: str) -> None:
    user = getattr(cast, who).user
    assert choose(Browser(user), "DIS", cast.city).status == 403
    assert not Operation.objects.exists()
    event = AuditEvent.objects.latest("id")
    assert (event.actor, event.verb, event.outcome) == (user.key, "OPERATE", "refused")


def test_nobody_is_sent_to_sign_in(cast: Cast) -> None:
    assert choose(Browser(), "DIS", cast.city).headers["Location"].startswith("/admin/login/")


def test_anothers_plan_is_as_if_it_were_not(cast: Cast, zoon: Browser, god: Browser) -> None:
    path = planned(zoon, "DIS", cast.city)
    assert god.get(path).status == 404
    assert god.post(path, reason="", expires_at="").status == 404
    assert god.post(path.replace("/change/", "/stop/")).status == 404
    assert states(cast.city) == [State.ENABLED]


def test_another_zoon_reads_what_runs_and_cannot_stop_it_and_a_god_can(cast: Cast, zoon: Browser, god: Browser) -> None:
    make_rows(make_user("dora"), 101)
    path = planned(zoon, "DIS", query="?q=row_")
    zoon.post(path, reason="", expires_at="")
    stop, other = path.replace("/change/", "/stop/"), Browser(make_user("zora", Role.ZOON))
    assert other.get(path).status == 200
    assert stop not in other.get(path).source
    assert other.post(stop).status == 404
    assert stop in god.get(path).source
    assert god.post(stop).status == 302
    assert Operation.objects.get().state == "stopped"


def test_where_its_list_is_closed_an_operation_names_nothing(cast: Cast, god: Browser) -> None:
    path = planned(god, "DIS", cast.city)
    override("QriState", enable=CLOSED)
    assert god.get(path).status == 404


def test_a_running_one_can_be_stopped_whatever_is_closed(cast: Cast, zoon: Browser) -> None:
    make_rows(make_user("dora"), 101)
    path = planned(zoon, "DIS", query="?q=row_")
    zoon.post(path, reason="", expires_at="")
    override("Operate", enable=CLOSED)
    assert zoon.post(path.replace("/change/", "/stop/")).status == 302
    assert Operation.objects.get().state == "stopped"


def test_a_developer_reads_and_begins_none(cast: Cast, zoon: Browser) -> None:
    path = planned(zoon, "DIS", cast.city)
    assert Browser(cast.alice.user).post(path, reason="", expires_at="").status == 403
    assert cast.city.key not in Browser(cast.alice.user).get(path).text
    assert states(cast.city) == [State.ENABLED]


def test_what_was_done_to_many_is_listed(cast: Cast, zoon: Browser) -> None:
    path = planned(zoon, "DIS", cast.city)
    assert path not in html.unescape(zoon.get(OPERATIONS).source)
    zoon.post(path, reason="", expires_at="")
    page = zoon.get(OPERATIONS)
    assert path in page.source
    assert "Disable · City × 1" in page.text
    assert zoon.get(f"{OPERATIONS}AbcdEfgh/change/").status == 404


def test_the_policy_of_the_verb_and_of_operations_hold(cast: Cast, god: Browser) -> None:
    override("DisState", enable=CLOSED)
    assert choose(god, "DIS", cast.city).status == 403
    override("Operate", enable=CLOSED)
    assert choose(god, "ENB", cast.city).status == 403
    assert not Operation.objects.exists()
