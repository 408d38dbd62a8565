"""Projects in the super-console: the list, one project's page, the verbs, and a secret that is shown once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent, Organization
from config.kernel.states import State, Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do
from tests.site.console import Browser, prove
from tests.site.pages import PROJECTS, address, cost_alike, rotate, trail


def make_many(company: Organization, many: int) -> None:
    now = timezone.now()
    Project.objects.bulk_create(
        Project(name=f"Row_{n}", name_key=f"row_{n}", company=company, created_at=now, updated_at=now)
        for n in range(many)
    )


def queries(browser: Browser, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status == 200
    return [query["sql"] for query in captured.captured_queries]


def test_each_page_is_for_stewards_alone(cast: Cast, project: Project) -> None:
    for path in (PROJECTS, address(project), address(project, "rotate"), address(project, "dis")):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/"), path
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/", path
        assert Browser(cast.root.user).get(path).status == 200, path
    for path in (PROJECTS, address(project), address(project, "dis")):
        assert Browser(cast.zoe.user).get(path).status == 200, path


def test_a_row_tells_what_it_is(cast: Cast, zoon: Browser, project: Project) -> None:
    text = zoon.get(PROJECTS, q=project.key).text
    for told in ("Payments", project.key, "alice", str(project.company.comp_id), "Alice_City", "Enabled"):
        assert told in text


def test_it_is_found_by_id_part_of_the_name_and_comp_id(cast: Cast, zoon: Browser, project: Project) -> None:
    for term in (project.key, "paym", "ＰＡＹ", str(project.company.comp_id)):
        rows = zoon.get(PROJECTS, q=term).text
        assert "Payments" in rows, term
        assert "charlie" not in rows, term
    assert "Nothing found." in zoon.get(PROJECTS, q="999999999").text


@pytest.mark.parametrize("term", ["%", "\0", "a\0b", "9" * 40, "²", "x' OR 1=1 --", "a" * 5000])
def test_odd_terms_are_only_terms(zoon: Browser, term: str) -> None:
    assert zoon.get(PROJECTS, q=term).status == 200
    assert zoon.get(PROJECTS, company=term).status == 200
    assert zoon.get(PROJECTS, city=term).status == 200


def test_it_filters_by_state_side_company_and_city(cast: Cast, zoon: Browser, project: Project) -> None:
    zoon.post(address(project, "dis"), reason="Unpaid")
    finds = ({"state": 1}, {"side": "admin"}, {"company": project.company.comp_id}, {"city": cast.city.key})
    for given in finds:
        text = zoon.get(PROJECTS, **given).text
        assert "Payments" in text, given
        assert "charlie" not in text, given
    for given in ({"state": 0}, {"side": "owner"}, {"company": 1}, {"city": "AbcdEfgh"}):
        assert "Payments" not in zoon.get(PROJECTS, **given).text, given


@pytest.mark.parametrize("lookup", ["secrets__sealed__startswith", "company__secret_hash__startswith", "id__gt"])
def test_no_column_can_be_asked_for_that_is_no_filter(zoon: Browser, project: Project, lookup: str) -> None:
    assert zoon.get(PROJECTS, **{lookup: "a"}).status == 400


@pytest.mark.parametrize("query", ["", "?state=0", "?q=row"])
def test_a_list_costs_the_same_for_5_and_for_300_and_counts_nothing(
    cast: Cast, zoon: Browser, project: Project, query: str
) -> None:
    make_many(project.company, 5)
    few = queries(zoon, PROJECTS + query)
    make_many(project.company, 295)
    many = queries(zoon, PROJECTS + query)
    assert cost_alike(few, many, 5)
    assert not any("COUNT(" in sql.upper() for sql in many)


def test_a_projects_page_costs_the_same_whatever_it_has_been_through(
    cast: Cast, zoon: Browser, god: Browser, project: Project
) -> None:
    rotate(god, project)
    few = queries(zoon, address(project))
    for _ in range(4):
        rotate(god, project)
        zoon.post(address(project, "dis"), reason="Unpaid")
        zoon.post(address(project, "enb"))
    zoon.get(address(project))  # the messages of the verbs are read once
    assert len(few) == len(queries(zoon, address(project))) <= 10  # of which two ask who has seen the secret


def test_the_page_tells_the_chain_and_the_secrets_without_their_values(
    cast: Cast, zoon: Browser, project: Project
) -> None:
    secret = project.secrets.get()
    do(cast.city, Verb.DIS, actor(cast.zoe.user))  # type: ignore[arg-type]
    page = zoon.get(address(project))
    facts = ("Payments", project.key, "Alice_City", "In effect Disabled")
    for told in (*facts, "№ 1", f"{secret.hint}…", "Last used never"):
        assert told in page.text
    assert secret.reveal() not in page.source
    assert secret.sealed not in page.source


@pytest.mark.parametrize(
    ("state", "for_zoon", "for_god"),
    [
        (State.ENABLED, ["Disable"], ["Disable", "Delete", "Rotate secret"]),
        (State.DISABLED, ["Change the ban", "Enable"], ["Change the ban", "Enable", "Delete", "Rotate secret"]),
        (State.DELETED, ["Recycle"], ["Recycle", "Delete"]),
    ],
)
def test_the_buttons_are_exactly_what_one_may_do_now(
    zoon: Browser, god: Browser, project: Project, *, state: State, for_zoon: list[str], for_god: list[str]
) -> None:
    Project.objects.filter(pk=project.pk).update(is_default=False)
    _bring(project, state)
    assert zoon.get(address(project)).buttons == for_zoon
    assert god.get(address(project)).buttons == for_god


def _bring(project: Project, state: State) -> None:
    verb = {State.DISABLED: Verb.DIS, State.DELETED: Verb.DOL}.get(state)
    if verb is not None:
        executor.fire(PROJECT, Project.objects.all(), project.key, verb, by=Actor.system())


def test_the_verbs_are_done_and_told(cast: Cast, zoon: Browser, god: Browser, project: Project) -> None:
    assert zoon.post(address(project, "dis"), reason="Unpaid").headers["Location"] == address(project)
    project.refresh_from_db()
    assert (project.state, project.reason) == (State.DISABLED, "Unpaid")
    assert zoon.post(address(project, "enb")).status == 302
    assert zoon.post(address(project, "del"), name="Payments").status == 403
    prove(god)
    assert god.post(address(project, "del"), name="Payments").status == 409  # a company's default project stays
    Project.objects.filter(pk=project.pk).update(is_default=False)
    _bring(project, State.DELETED)
    assert zoon.post(address(project, "rcc")).status == 302
    assert god.post(address(project, "del"), name="payments").status == 400
    assert god.post(address(project, "del"), name="Payments").headers["Location"] == PROJECTS
    assert not Project.objects.filter(key=project.key).exists()
    told = [(verb, outcome) for verb, door, outcome, _ in trail(project) if door == "admin"]
    assert told == [("DIS", "ok"), ("ENB", "ok"), ("DEL", "refused"), ("RCC", "ok"), ("DEL", "ok")]


@pytest.mark.parametrize("key", ["AbcdEfgh", "abcdefghij0", "ABCDEFGHIJ", "1"])
def test_what_is_no_app_id_is_not_found(god: Browser, key: str) -> None:
    for page in ("change", "dis", "rotate"):
        assert god.get(f"{PROJECTS}{key}/{page}/").status == 404
    assert not AuditEvent.objects.filter(thing=key).exists()


def test_an_absent_project_is_on_record(god: Browser, cast: Cast) -> None:
    assert god.post(f"{PROJECTS}abcdefghij/rotate/", version="1").status == 404
    event = AuditEvent.objects.filter(thing="abcdefghij").latest("id")
    assert (event.verb, event.outcome, event.code) == ("ROTATE", "refused", "not_found")


def test_no_crafted_form_writes_a_field(cast: Cast, god: Browser, project: Project) -> None:
    before = list(Project.objects.order_by("pk").values())
    sent = {field.name: "1" for field in Project._meta.get_fields()} | {"_save": "1", "action": "delete_selected"}
    for path in (PROJECTS, f"{PROJECTS}add/", address(project), address(project, "delete"), address(project, "set")):
        assert god.post(path, **sent).status in {404, 405}, path
    assert list(Project.objects.order_by("pk").values()) == before
