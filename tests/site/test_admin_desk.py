"""The recycle desk: a developer gives their id and a city's name, and a steward gives the city back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import overrides
from accounts.models import AuditEvent, User
from accounts.people import requests
from cities.models import City
from config.kernel import registry
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_user
from tests.site.console import CITIES, Browser, Page, address, events
from tests.site.held import Held

DESK = "/admin/cities/city/recycle/"


def of(user: User | None) -> User:
    assert user is not None
    return user


@pytest.fixture
def old(cast: Cast) -> City:
    """A city of alice's, which she has deleted."""
    return make_city(of(cast.alice.user), "Old_Town", State.DELETED)


def ask(city: City, verb: Verb = Verb.RCC, message: str = "") -> str:
    given = {"verb": verb, "message": message}
    return requests.ask(registry.kind("city"), city.key, by=actor(of(city.creator)), read=lambda: given).key


def recycle(browser: Browser, page: Page) -> Page:
    """Press the one button."""
    (form,) = re.findall(r'<form method="post" action="(/admin/cities/[^"]*)">(.*?)</form>', page.source, re.DOTALL)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form[1]))
    return browser.post(form[0], **{name: value for name, value in hidden.items() if name != "csrfmiddlewaretoken"})


def found(page: Page) -> list[str]:
    """The names that the answer shows."""
    return re.findall(r'<article class="polis-found">.*?<a class="polis-person"[^>]*>(\w+)', page.source, re.DOTALL)


@pytest.mark.parametrize(
    "typed",
    [
        "{uid} Old_Town",
        "Old_Town {uid}",
        " {uid},old_town ",
        "{uid}\u3000Ｏｌｄ_Ｔｏｗｎ",
        "{uid}；Old_Town {key}",
        "{key}",
        "Old_Town",
    ],
)
def test_it_finds_by_the_owners_id_and_the_name_in_either_order_or_by_the_citys_id(
    cast: Cast, zoon: Browser, old: City, typed: str
) -> None:
    make_city(of(cast.charlie.user), "Old_Town_2", State.DELETED)
    page = zoon.get(DESK, q=typed.format(uid=of(cast.alice.user).key, key=old.key))
    assert page.status == 200
    assert found(page) == ["Old_Town"]
    assert "It is in the recycle bin." in page.text


def test_it_tells_whose_it_is_who_deleted_it_and_when_and_until_when_it_stays(
    cast: Cast, zoon: Browser, old: City
) -> None:
    alice = of(cast.alice.user)
    text = zoon.get(DESK, q=f"{alice.key} Old_Town").text
    old.refresh_from_db()
    assert old.deleted_at is not None
    deleted_at, ends_at = timezone.localtime(old.deleted_at), timezone.localtime(old.deleted_at + timedelta(days=30))
    told = [
        f"Old_Town {old.key} Deleted Owner alice {alice.key}",
        f"Deleted by alice Deleted at {deleted_at:%Y-%m-%d %H:%M}",
        f"Gone for good after {ends_at:%Y-%m-%d %H:%M}",
        "When recycled Enabled",
    ]
    assert all(each in text for each in told)


def test_one_button_restores_it_and_one_is_back_at_the_desk(cast: Cast, zoon: Browser, old: City) -> None:
    done = recycle(zoon, zoon.get(DESK, q=f"{of(cast.alice.user).key} Old_Town"))
    assert (done.status, done.headers["Location"]) == (302, DESK)
    assert "Recycle: Old_Town. Done." in zoon.get(DESK).text
    old.refresh_from_db()
    assert old.state == State.ENABLED
    assert events(old)[-1] == ("RCC", "admin", "ok", of(cast.zoe.user).key)
    assert "Old_Town" in cast.alice.verb("QRI").body["result"]["list"][0]["name"]


def test_a_remembered_ban_stays_and_is_told(cast: Cast, zoon: Browser, old: City) -> None:
    do(old, Verb.RCC, Actor.system())
    do(old, Verb.DIS, actor(of(cast.zoe.user)), reason="Unpaid")
    do(old, Verb.DOL, actor(of(cast.alice.user)))
    page = zoon.get(DESK, q="Old_Town")
    for told in ("Disabled by zoe · an administrator", "Reason Unpaid", "When recycled Disabled Nothing below it"):
        assert told in page.text
    assert "Gone for good after" not in page.text
    recycle(zoon, page)
    old.refresh_from_db()
    assert (old.state, old.reason) == (State.DISABLED, "Unpaid")


def test_it_tells_what_comes_back_with_it(cast: Cast, zoon: Browser, held: Held) -> None:
    do(cast.city, Verb.DOL, actor(of(cast.alice.user)))
    text = zoon.get(DESK, q=cast.city.key).text
    assert "When recycled Enabled 1 project, 1 gateway and 2 apps come into service with it." in text


def test_an_owners_id_alone_lists_what_they_have_in_the_bin(cast: Cast, zoon: Browser, old: City) -> None:
    alice = of(cast.alice.user)
    make_city(alice, "Older_Town", State.DELETED)
    make_city(of(cast.charlie.user), "Charlies_Town", State.DELETED)
    page = zoon.get(DESK, q=alice.key)
    assert "Several are in the recycle bin: choose the one that is meant." in page.text
    assert found(page) == ["Older_Town", "Old_Town"]
    assert page.source.count('aria-label="Recycle: Old') == 2


def test_a_name_that_is_not_whole_shows_the_owners_bin(cast: Cast, zoon: Browser, old: City) -> None:
    alice = of(cast.alice.user)
    page = zoon.get(DESK, q=f"{alice.key} Old")
    assert "No city of this owner has exactly this name. These are in their recycle bin." in page.text
    assert found(page) == ["Old_Town"]


def test_what_is_not_in_the_bin_is_said_to_stand_and_linked(cast: Cast, zoon: Browser) -> None:
    page = zoon.get(DESK, q=f"{of(cast.alice.user).key} Alice_City")
    assert "It is not in the recycle bin." in page.text
    assert found(page) == ["Alice_City"]
    assert f'href="{address(cast.city)}"' in page.source
    assert "/rcc/" not in page.source
    assert "None of these is in the recycle bin." not in page.text


def test_what_is_hidden_from_nobody_and_what_is_not_there_read_the_same(cast: Cast, zoon: Browser, old: City) -> None:
    """Another's city by a wrong owner, an owner that is nobody, a name that nobody has, an id in other capitals."""
    charlie = of(cast.charlie.user).key
    wrong = [f"{charlie} Old_Town", "AbcdEfgh Old_Town", "No_Such_Town", old.key.swapcase(), "AbcdEfgh"]
    pages = [re.sub(r'value="[^"]*"|csrf.*', "", zoon.get(DESK, q=typed).source) for typed in wrong]
    assert len(set(pages)) == 1
    assert "Nothing is called so. In an id capitals count, and a name must be whole." in pages[0]


@pytest.mark.parametrize("typed", ["%", "\0", "a\0b", "a b c d", "x' OR 1=1 --", "a" * 5000, "☃", "，，", "\u3000"])
def test_odd_words_are_only_words(zoon: Browser, old: City, typed: str) -> None:
    page = zoon.get(DESK, q=typed)
    assert page.status == 200
    assert found(page) == []


def test_an_empty_box_asks_and_finds_nothing(zoon: Browser, old: City) -> None:
    for page in (zoon.get(DESK), zoon.get(DESK, q="  ")):
        assert "Who wants which city back?" in page.text
        assert found(page) == []
        assert "Nothing is called so" not in page.text


def test_the_requests_wait_below_restores_first_oldest_first(cast: Cast, zoon: Browser) -> None:
    alice = of(cast.alice.user)
    do(cast.city, Verb.DIS, actor(of(cast.zoe.user)))
    ask(cast.city, Verb.ENB)
    keys = [ask(make_city(alice, f"Binned_{number}", State.DELETED)) for number in range(2)]
    page = zoon.get(DESK)
    assert re.findall(r"City (\w+) \w{8} (Recycle|Enable) alice", page.text) == [
        ("Binned_0", "Recycle"),
        ("Binned_1", "Recycle"),
        ("Alice_City", "Enable"),
    ]
    assert f'href="/admin/accounts/request/{keys[0]}/change/"' in page.source
    assert 'href="/admin/accounts/request/"' in page.source


def test_no_more_than_ten_requests_are_shown(cast: Cast, zoon: Browser) -> None:
    for number in range(11):
        ask(make_city(of(cast.alice.user), f"Binned_{number}", State.DELETED))
    page = zoon.get(DESK)
    assert re.findall(r"City Binned_(\d+)", page.text) == [str(number) for number in range(10)]
    assert "Those that wait longest; there are more." in page.text


def test_what_is_found_leads_to_its_owners_request(zoon: Browser, old: City) -> None:
    key = ask(old, message="我误删了")
    page = zoon.get(DESK, q="Old_Town")
    (answer,) = re.findall(r'<article class="polis-found">.*?</article>', page.source, re.DOTALL)
    assert f"/admin/accounts/request/{key}/change/" in answer


def test_it_leads_to_the_bins_of_all_kinds(zoon: Browser) -> None:
    source = zoon.get(DESK).source
    for path in ("cities/city", "projects/project", "apps/gateway", "apps/app"):
        assert f'href="/admin/{path}/?state=5"' in source


def test_the_menu_leads_to_it_and_marks_where_one_is(zoon: Browser) -> None:
    for path, title in ((DESK, "Recycle desk"), (CITIES, "Cities")):
        source = zoon.get(path).source
        assert f'href="{DESK}"' in source
        active = re.findall(r'<a href="([^"]*)"[^>]*class="[^"]*\bactive\b', source)
        assert active == [path], title


def test_it_is_for_stewards_alone_and_takes_no_form(cast: Cast, old: City) -> None:
    assert Browser().get(DESK).headers["Location"].startswith("/admin/login/")
    for who in (cast.alice, cast.charlie):
        page = Browser(who.user).get(DESK, q="Old_Town")
        assert (page.status, page.headers["Location"]) == (302, "/console/")
        assert Browser(who.user).post(DESK, q="Old_Town").status == 403
        last = AuditEvent.objects.filter(actor=of(who.user).key).latest("id")
        assert (last.door, last.outcome, last.code) == ("admin", "refused", "forbidden")
    for who in (cast.zoe, cast.root):
        assert Browser(who.user).get(DESK).status == 200
        assert Browser(who.user).post(DESK, q="Old_Town", at="desk").status == 405
    old.refresh_from_db()
    assert old.state == State.DELETED


def test_a_developers_crafted_button_restores_nothing_and_is_on_record(cast: Cast, old: City) -> None:
    assert Browser(cast.alice.user).post(address(old, "rcc"), at="desk").status == 403
    old.refresh_from_db()
    assert old.state == State.DELETED
    assert events(old)[-1] == ("RCC", "admin", "refused", of(cast.alice.user).key)


def test_the_button_needs_its_token(cast: Cast, old: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(of(cast.root.user))
    assert client.post(address(old, "rcc"), {"at": "desk"}).status_code == 403


def test_where_the_policy_of_the_verb_is_closed_the_button_does_nothing(cast: Cast, zoon: Browser, old: City) -> None:
    god = actor(of(cast.root.user))
    by = Actor(god.now, god.door, god.user, proved_at=god.now)
    overrides.override("RccState", by=by, read=lambda: {"enable": "Api Not Supported", "acitys": None})
    page = zoon.get(DESK, q="Old_Town")
    assert recycle(zoon, page).status == 403
    old.refresh_from_db()
    assert old.state == State.DELETED


def test_who_comes_second_hears_that_it_was_so_already(zoon: Browser, god: Browser, old: City) -> None:
    seen = zoon.get(DESK, q="Old_Town")
    recycle(god, god.get(DESK, q="Old_Town"))
    assert recycle(zoon, seen).status == 302
    assert "It was so already" in zoon.get(DESK).text
    assert [verb for verb, *_ in events(old)].count("RCC") == 1


def test_a_page_costs_the_same_for_one_and_for_many(cast: Cast, zoon: Browser, old: City) -> None:
    alice = of(cast.alice.user)
    make_city(alice, "Older_Town", State.DELETED)
    counts = []
    for many in (0, 25):
        for number in range(many):
            ask(make_city(alice, f"Binned_{number}", State.DELETED))
            if number == 19:
                alice = make_user("dora", Role.DEVELOPER)
        with CaptureQueriesContext(connection) as captured:
            assert zoon.get(DESK, q=of(cast.alice.user).key).status == 200
        counts.append(len(captured))
    assert counts[1] <= counts[0] <= 8


def test_it_is_all_in_chinese(cast: Cast, old: City) -> None:
    text = Browser(cast.zoe.user, "zh-CN").get(DESK, q="Old_Town").text
    for word in ("回收台", "查找", "在回收站中", "所有者", "删除者", "回收后", "正常", "回收", "申请"):
        assert word in text, word
