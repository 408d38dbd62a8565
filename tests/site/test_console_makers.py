"""Who cannot make a project is not led to where that is refused, and is told whom to ask."""

from typing import Any

import pytest

from accounts.models import User
from tests.cast import Cast
from tests.factories import make_city
from tests.site.console import Browser, Page

NEW = "/console/projects/new"
OF_COMPANY = "The administrators of your company create projects: ask one of them."
OF_PLATFORM = "New projects are not created here: ask the platform's administrators for one."
# Each of them leads to a new project: the guide, the list, and where a new gateway has nothing to stand in.
PAGES = ("/console/", "/console/projects", "/console/gateways/new")


def leads(page: Page) -> bool:
    assert page.status == 200
    return f'href="{NEW}' in page.source


@pytest.fixture
def member(cast: Cast) -> Browser:
    """Of alice's company, which has no project; with a city, so that the guide's next step is a project."""
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    company = cast.alice.user.corp
    User.objects.filter(pk=cast.oscar.user.pk).update(corp=company, is_corp_admin=False)
    company.projects.all().delete()
    cast.oscar.user.refresh_from_db()
    make_city(cast.oscar.user)
    return Browser(cast.oscar.user)


@pytest.mark.parametrize("path", PAGES)
def test_a_member_is_told_whom_to_ask(member: Browser, path: str) -> None:
    assert member.get(NEW).status == 403
    page = member.get(path)
    assert not leads(page)
    assert OF_COMPANY in page.text


@pytest.mark.parametrize("path", PAGES)
def test_an_admin_is_led_there(cast: Cast, member: Browser, path: str) -> None:
    page = Browser(cast.alice.user).get(path)
    assert leads(page)
    assert OF_COMPANY not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_led_there_where_the_platform_makes_none(
    cast: Cast, member: Browser, path: str, settings: Any
) -> None:
    settings.PROJECT_CREATION = False
    page = Browser(cast.alice.user).get(path)
    assert not leads(page)
    assert OF_PLATFORM in page.text


def test_the_list_of_a_city_leads_no_member_there_either(member: Browser) -> None:
    assert member.user is not None
    city = make_city(member.user)
    assert not leads(member.get("/console/projects", city=city.key))
    assert leads(Browser(_admin(member.user)).get("/console/projects", city=city.key))


def _admin(user: User) -> User:
    User.objects.filter(pk=user.pk).update(is_corp_admin=True)
    user.refresh_from_db()
    return user
