"""What a verb's page says before it is done: what becomes of how many, what is in the way, and the name to be typed."""

import re

import pytest

from accounts.access.actor import Actor
from cities.models import City
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_app, make_city, make_gateway, make_project
from tests.site import pages
from tests.site.console import Browser, Page, address, prove
from tests.site.held import Held
from tests.site.pages import APPS, GATEWAYS, PROJECTS, bring

GOES = "1 project, 1 gateway and 2 apps go out of service with it."
COMES = "1 project, 1 gateway and 2 apps come into service with it."
STAYS_CLOSED = "Nothing below it is in service now, and nothing will be."


def told(page: Page) -> str:
    """What the page says of what stands below, "" where it says nothing."""
    found = re.findall(r'<p class="polis-below">([^<]*)</p>', page.source)
    return found[0] if found else ""


def test_closing_a_city_says_how_many_go_out_of_service(cast: Cast, zoon: Browser, held: Held) -> None:
    assert told(zoon.get(address(cast.city, "dis"))) == GOES


def test_over_a_ban_that_holds_nothing_more_goes(cast: Cast, zoon: Browser, held: Held) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    assert told(zoon.get(address(cast.city, "dis"))) == STAYS_CLOSED


def test_opening_a_city_says_how_many_come_back(cast: Cast, zoon: Browser, held: Held) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    assert told(zoon.get(address(cast.city, "enb"))) == COMES


def test_what_its_owner_took_off_line_brings_nothing_back(cast: Cast, zoon: Browser, held: Held) -> None:
    do(cast.city, Verb.OFF, Actor.system())
    assert told(zoon.get(address(cast.city, "dis"))) == STAYS_CLOSED
    do(cast.city, Verb.DIS, Actor.system())
    assert told(zoon.get(address(cast.city, "enb"))) == STAYS_CLOSED


def test_recycling_says_how_many_come_back_and_a_remembered_ban_that_none_do(
    cast: Cast, zoon: Browser, held: Held
) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    assert told(zoon.get(address(cast.city, "rcc"))) == COMES
    do(cast.city, Verb.RCC, Actor.system())
    do(cast.city, Verb.DIS, Actor.system())
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    assert told(zoon.get(address(cast.city, "rcc"))) == STAYS_CLOSED


def test_a_stewards_own_verbs_say_it_too(cast: Cast, zoon: Browser) -> None:
    zoe = cast.zoe.user
    assert zoe is not None
    city = make_city(zoe, "Zoes_City")
    gateway = make_gateway(zoe, make_project(zoe, "Zoes", city=city.key))
    for _ in range(2):
        make_app(gateway, zoe)
    goes, comes = (f"1 project, 1 gateway and 2 apps {word} service with it." for word in ("go out of", "come into"))
    for verb in ("off", "dol", "dis"):
        assert told(zoon.get(address(city, verb))) == goes, verb
    do(city, Verb.OFF, actor(zoe))
    assert told(zoon.get(address(city, "pub"))) == comes


def test_one_is_one(held: Held, zoon: Browser) -> None:
    spare = held.gateways["Spare"]
    assert told(zoon.get(pages.address(spare, "enb"))) == "1 app comes into service with it."
    assert zoon.post(pages.address(spare, "enb")).status == 302
    assert told(zoon.get(pages.address(spare, "dis"))) == "1 app goes out of service with it."


def test_what_is_closed_above_brings_nothing_back(cast: Cast, zoon: Browser, held: Held) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    assert told(zoon.get(pages.address(held.gateways["Spare"], "enb"))) == STAYS_CLOSED
    assert told(zoon.get(pages.address(held.projects["Payments"], "dis"))) == STAYS_CLOSED


def test_where_nothing_serves_nothing_is_concerned(cast: Cast, zoon: Browser) -> None:
    assert told(zoon.get(address(cast.city, "dis"))) == "Nothing below it is concerned."


def test_a_company_says_it_of_its_projects(cast: Cast, god: Browser, held: Held) -> None:
    assert cast.alice.user is not None
    assert told(god.get(pages.address(cast.alice.user.corp, "dis"))) == GOES


def test_of_what_nothing_stands_below_nothing_is_said(cast: Cast, god: Browser, held: Held) -> None:
    assert cast.alice.user is not None
    assert told(god.get(pages.address(held.apps["Tram"], "dis"))) == ""
    assert told(god.get(f"/admin/accounts/user/{cast.alice.user.key}/dis/")) == ""


def test_deleting_says_what_is_in_the_way_and_does_not_ask_for_the_name(cast: Cast, god: Browser, held: Held) -> None:
    prove(god)
    page = god.get(address(cast.city, "del"))
    lists = {"2 projects": PROJECTS, "4 gateways": GATEWAYS, "4 apps": APPS}
    for words, path in lists.items():
        assert re.search(rf'<a href="{path}\?city={cast.city.key}">{words}</a>', page.source), words
    assert 'name="name"' not in page.source
    crafted = god.post(address(cast.city, "del"), name="Alice_City")
    assert crafted.status == 409
    assert "4 apps" in crafted.text
    assert City.objects.filter(pk=cast.city.pk).exists()


def test_deleting_says_how_many_go_from_the_bin(cast: Cast, god: Browser, held: Held) -> None:
    prove(god)
    gateway = held.gateways["Main"]
    for name in ("Tram", "Ferry"):
        bring(held.apps[name], State.DELETED)
    page = god.get(pages.address(gateway, "del"))
    assert told(page) == "3 apps in the recycle bin go for good with it."
    assert 'name="name"' in page.source
    assert god.post(pages.address(gateway, "del"), name="Main").status == 302
    assert not gateway.apps.exists()


def test_deleting_what_is_empty_says_so(cast: Cast, god: Browser) -> None:
    assert told(prove(god).get(address(cast.city, "del"))) == "Nothing stands below it."


def test_who_may_not_is_told_no_number(cast: Cast, zoon: Browser, god: Browser, held: Held) -> None:
    for page in (zoon.get(address(cast.city, "del")), god.get(address(cast.city, "del"))):
        assert page.status == 403
        assert "4 apps" not in page.text


def test_it_is_said_in_chinese(cast: Cast, held: Held) -> None:
    zoon, god = Browser(cast.zoe.user, "zh-CN"), prove(Browser(cast.root.user, "zh-CN"))
    assert told(zoon.get(address(cast.city, "dis"))) == "1 个项目、1 个网关和 2 个应用将随之停止服务。"
    assert told(zoon.get(pages.address(held.gateways["Spare"], "enb"))) == "1 个应用将随之恢复服务。"
    assert "2 个项目" in god.get(address(cast.city, "del")).text


def test_soft_deleting_asks_for_the_name(cast: Cast, zoon: Browser) -> None:
    assert cast.zoe.user is not None
    city = make_city(cast.zoe.user, "Zoes_City")
    assert 'name="name"' in zoon.get(address(city, "dol")).source
    for typed in ("", "zoes_city"):
        assert zoon.post(address(city, "dol"), name=typed).status == 400
    city.refresh_from_db()
    assert city.state == State.ENABLED
    assert zoon.post(address(city, "dol"), name="Zoes_City").status == 302
    city.refresh_from_db()
    assert city.state == State.DELETED


@pytest.mark.parametrize("verb", ["dis", "del"])
def test_what_is_sent_wrong_is_asked_again_with_the_numbers(cast: Cast, god: Browser, verb: str) -> None:
    prove(god)
    page = god.post(address(cast.city, verb), name="x", reason="x" * 65)
    assert page.status == 400
    assert told(page) == {"dis": "Nothing below it is concerned.", "del": "Nothing stands below it."}[verb]
