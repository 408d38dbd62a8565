"""Projects in the developers' console: made in a city or in none, changed, moved; who sees what of them."""

import pytest

from accounts.models import AuditEvent, StoredAnswer
from cities.models import City
from config.kernel.roles import Share
from config.kernel.states import State
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, make_city, make_project, share
from tests.site.console import Browser
from tests.site.forms import chosen, hidden, send, value_of
from tests.site.pages import queries

PROJECTS = "/console/projects"


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return Browser(cast.alice.user)


def newest(cast: Cast) -> Project:
    assert cast.alice.user is not None
    return Project.objects.filter(company=cast.alice.user.corp).with_chain().latest("pk")


def test_a_new_one_stands_in_no_city_and_shows_its_secret_this_once(cast: Cast, alice: Browser) -> None:
    page = send(alice, f"{PROJECTS}/new", name="Night trams", auth_type="1", city="")
    made = newest(cast)
    assert (made.name, made.auth_type, made.city) == ("Night trams", Project.AuthType.TOKEN, None)
    assert page.status == 200
    assert value_of(page) == made.secrets.get().reveal()
    assert len(value_of(page)) == 32
    assert f"AppId {made.key}" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["HX-Push-Url"] == f"{PROJECTS}/{made.key}"
    assert f'href="{PROJECTS}/{made.key}"' in page.source
    assert "it is shown this once" in page.text


def test_one_made_from_a_city_stands_in_it(cast: Cast, alice: Browser) -> None:
    form = alice.get(f"{PROJECTS}/new", city=cast.city.key)
    assert chosen(form, "city") == [("", False), (cast.city.key, True)]
    send(alice, f"{PROJECTS}/new?city={cast.city.key}", name="Trams", auth_type="0", city=cast.city.key)
    assert newest(cast).city == cast.city


def test_a_city_of_others_is_neither_offered_nor_taken(cast: Cast, alice: Browser) -> None:
    assert cast.charlie.user is not None
    other = make_city(cast.charlie.user)
    assert (other.key, False) not in chosen(alice.get(f"{PROJECTS}/new"), "city")
    assert alice.get(f"{PROJECTS}/new", city=other.key).status == 404
    many = Project.objects.count()
    assert send(alice, f"{PROJECTS}/new", name="Trams", auth_type="0", city=other.key).status == 404
    assert Project.objects.count() == many


def test_a_city_in_the_bin_is_not_offered(cast: Cast, alice: Browser) -> None:
    assert cast.alice.user is not None
    binned = make_city(cast.alice.user, state=State.DELETED)
    offered = [value for value, _ in chosen(alice.get(f"{PROJECTS}/new"), "city")]
    assert cast.city.key in offered
    assert binned.key not in offered


def test_a_faulty_name_is_told_beside_it_and_makes_nothing(alice: Browser) -> None:
    many = Project.objects.count()
    page = send(alice, f"{PROJECTS}/new", name="a", auth_type="0", city="")
    assert page.status == 422
    assert "Name must have at least 2 characters." in page.text
    assert Project.objects.count() == many


def test_the_same_form_sent_twice_makes_one_and_shows_its_secret_once(cast: Cast, alice: Browser) -> None:
    form = hidden(alice.get(f"{PROJECTS}/new"))
    first = alice.post(f"{PROJECTS}/new", **form, name="Once only", auth_type="0")
    many, made = Project.objects.count(), newest(cast)
    again = alice.post(f"{PROJECTS}/new", **form, name="Once only", auth_type="0")
    assert (again.status, again.headers["Location"]) == (302, f"{PROJECTS}/{made.key}")
    assert Project.objects.count() == many
    page = alice.get(again.headers["Location"])
    assert "Its secret was shown then" in page.text
    assert value_of(first)
    assert value_of(first) not in page.source


def test_while_the_first_is_being_made_the_second_waits_elsewhere(alice: Browser) -> None:
    form = hidden(alice.get(f"{PROJECTS}/new"))
    alice.post(f"{PROJECTS}/new", **form, name="Once only", auth_type="0")
    StoredAnswer.objects.update(status=None)
    many = Project.objects.count()
    page = alice.post(f"{PROJECTS}/new", **form, name="Once only", auth_type="0")
    assert (page.status, page.headers["Location"]) == (302, PROJECTS)
    assert "It is being made at this moment." in alice.get(PROJECTS).text
    assert Project.objects.count() == many


def test_a_form_that_was_refused_can_be_sent_again(cast: Cast, alice: Browser) -> None:
    form = hidden(alice.get(f"{PROJECTS}/new"))
    faulty = alice.post(f"{PROJECTS}/new", **form, name="a", auth_type="0")
    assert hidden(faulty)["once"] == form["once"]
    assert value_of(alice.post(f"{PROJECTS}/new", **hidden(faulty), name="Mended", auth_type="0"))
    assert newest(cast).name == "Mended"


def test_one_form_of_somebody_else_is_not_anothers(cast: Cast, alice: Browser) -> None:
    form = hidden(alice.get(f"{PROJECTS}/new"))
    assert value_of(alice.post(f"{PROJECTS}/new", **form, name="Alices", auth_type="0"))
    charlie = Browser(cast.charlie.user)
    assert value_of(charlie.post(f"{PROJECTS}/new", **form, name="Charlies", auth_type="0"))
    assert {"Alices", "Charlies"} <= set(Project.objects.values_list("name", flat=True))


def test_who_does_not_administer_a_company_makes_none(cast: Cast) -> None:
    assert cast.charlie.user is not None
    cast.charlie.user.is_corp_admin = False
    cast.charlie.user.save()
    charlie = Browser(cast.charlie.user)
    assert charlie.get(f"{PROJECTS}/new").status == 403
    many = Project.objects.count()
    assert charlie.post(f"{PROJECTS}/new", name="Trams", auth_type="0").status == 403
    assert Project.objects.count() == many


def test_the_list_holds_ones_companys_and_what_stands_in_a_city(cast: Cast, alice: Browser, project: Project) -> None:
    assert cast.alice.user is not None
    other = make_project(cast.alice.user, "Elsewhere")
    listed = alice.get(PROJECTS).source
    assert project.key in listed
    assert other.key in listed
    within = alice.get(PROJECTS, city=cast.city.key)
    assert project.key in within.source
    assert other.key not in within.source
    assert f"{PROJECTS}/new?city={cast.city.key}" in within.source
    charlie = Browser(cast.charlie.user)
    assert project.key not in charlie.get(PROJECTS).source
    assert charlie.get(PROJECTS, city=cast.city.key).status == 404
    oscar, vera = (Browser(caller.user).get(PROJECTS, city=cast.city.key) for caller in (cast.oscar, cast.vera))
    assert project.key in oscar.source
    assert "new?city=" in oscar.source
    assert project.key in vera.source
    assert "new?city=" not in vera.source


def test_a_list_costs_the_same_however_long(cast: Cast, alice: Browser) -> None:
    assert cast.alice.user is not None
    make_project(cast.alice.user, city=cast.city.key)
    few = queries(alice, PROJECTS)
    for _ in range(5):
        make_project(cast.alice.user, city=cast.city.key)
    assert len(queries(alice, PROJECTS)) == len(few)


@pytest.mark.parametrize(
    ("person", "sees", "offered"),
    [
        ("alice", 200, {"edit", "rotate", "move", "off", "dis"}),
        ("oscar", 200, {"edit", "move", "off"}),
        ("vera", 200, set()),
        ("charlie", 404, set()),
    ],
)
def test_who_is_offered_what(cast: Cast, project: Project, person: str, sees: int, offered: set[str]) -> None:
    browser = Browser(getattr(cast, person).user)
    page = browser.get(f"{PROJECTS}/{project.key}")
    assert page.status == sees
    every = ("edit", "rotate", "move", "off", "dis", "enb", "secrets/1/end")
    found = {each for each in every if f'href="{PROJECTS}/{project.key}/{each}"' in page.source}
    assert found == offered | ({"secrets/1/end"} if person == "alice" else set())


def test_the_crumbs_lead_through_what_one_sees_alone(cast: Cast, project: Project) -> None:
    assert cast.alice.user is not None
    city = f'href="/console/cities/{cast.city.key}"'
    assert city in Browser(cast.alice.user).get(f"{PROJECTS}/{project.key}").source
    member = cast.charlie.user
    assert member is not None
    member.corp, member.is_corp_admin = cast.alice.user.corp, False
    member.save()
    page = Browser(member).get(f"{PROJECTS}/{project.key}")
    assert page.status == 200
    assert city not in page.source
    assert 'href="/console/projects"' in page.source


def test_it_is_renamed_and_a_stale_form_changes_nothing(alice: Browser, project: Project) -> None:
    form = hidden(alice.get(f"{PROJECTS}/{project.key}/edit"))
    first = alice.post(f"{PROJECTS}/{project.key}/edit", **form, name="Tolls", auth_type="1")
    assert first.headers["Location"] == f"{PROJECTS}/{project.key}"
    stale = alice.post(f"{PROJECTS}/{project.key}/edit", **form, name="Fares", auth_type="0")
    assert stale.status == 409
    project.refresh_from_db()
    assert (project.name, project.auth_type) == ("Tolls", Project.AuthType.TOKEN)


def test_it_is_moved_out_of_a_city_and_into_another(cast: Cast, alice: Browser, project: Project) -> None:
    assert cast.alice.user is not None
    other = make_city(cast.alice.user, "Port_City")
    form = alice.get(f"{PROJECTS}/{project.key}/move")
    assert chosen(form, "city") == [("", False), (other.key, False), (cast.city.key, True)]
    moved = send(alice, f"{PROJECTS}/{project.key}/move", city=other.key)
    assert moved.headers["Location"] == f"{PROJECTS}/{project.key}"
    assert "stands in Port_City now" in alice.get(f"{PROJECTS}/{project.key}").text
    project.refresh_from_db()
    assert project.city == other
    send(alice, f"{PROJECTS}/{project.key}/move", city="")
    project.refresh_from_db()
    assert project.city is None
    events = AuditEvent.objects.filter(kind="project", thing=project.key, verb="MOVE").order_by("id")
    assert [event.after for event in events] == [{"city": other.key}, {"city": None}]


def test_the_owner_of_the_city_evicts_and_chooses_no_other(cast: Cast, project: Project) -> None:
    assert cast.charlie.user is not None
    theirs = make_city(cast.charlie.user)
    City.objects.filter(pk=theirs.pk).update(creator=cast.alice.user)
    Project.objects.filter(pk=project.pk).update(city=theirs)
    charlie = Browser(cast.charlie.user)
    form = charlie.get(f"{PROJECTS}/{project.key}/move")
    assert [value for value, _ in chosen(form, "city")] == [""]
    done = send(charlie, f"{PROJECTS}/{project.key}/move", city="")
    assert (done.status, done.headers["Location"]) == (302, PROJECTS)  # they see it no more
    project.refresh_from_db()
    assert project.city is None


def test_nobody_else_moves_it(cast: Cast, project: Project) -> None:
    for person, status in (("vera", 403), ("charlie", 404)):
        browser = Browser(getattr(cast, person).user)
        assert browser.get(f"{PROJECTS}/{project.key}/move").status == status
        page = browser.post(f"{PROJECTS}/{project.key}/move", city="", version=project.version)
        assert page.status == status
    project.refresh_from_db()
    assert project.city == cast.city


def test_a_shared_city_shows_its_projects_to_whom_it_is_shared(cast: Cast, project: Project) -> None:
    assert cast.charlie.user is not None
    share(cast.city, cast.charlie.user, Share.VIEWER, by=actor(cast.alice.user))  # type: ignore[arg-type]
    page = Browser(cast.charlie.user).get(f"{PROJECTS}/{project.key}")
    assert page.status == 200
    assert "Alice_City" in page.text
