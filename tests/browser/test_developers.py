"""Developers at their own console: what they do there every day, as they do it."""

import http.client
import re
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import developers
from tests.browser.chromium import MIDDLE, NARROW
from tests.browser.developers import go, send, shown_once
from tests.browser.hands import HANDS, KEYS, Hand
from tests.browser.sitting import Sitting
from tests.browser.town import PASSWORD, Town
from tests.server import Server

_KB = 1024


def verified(server: Server, who: developers.Developer, secret: str) -> int:
    """How `/verify` answers their gateway about a call with the app's key and this secret."""
    told = {
        "X-Polis-Gateway": who.ids["gateway"],
        "X-Polis-Gateway-Key": who.ids["gateway_key"],
        "X-Original-Method": "GET",
        "X-Original-URI": "/orders",
        "X-Original-Host": "api.example.com",
        "X-Original-Length": "0",
        "X-Real-IP": "192.0.2.7",
        "X-Api-Key": f"{who.ids['app_key']}.{secret}",
    }
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    with closing(connection):
        connection.request("GET", "/verify", headers=told)
        return connection.getresponse().status


@pytest.mark.parametrize("by", HANDS)
def test_a_secret_is_rotated_with_a_grace_and_the_old_one_ended(sit: Sitting, server: Server, by: Hand) -> None:
    who = developers.make(server, "rita")
    page = sit(who.name)
    page.goto(who.at("app"))
    go(page, "Rotate the secret", by=by)
    by.choose(page.get_by_label("The present one stays good for"), "1 d")
    send(page, "Rotate it", by)
    fresh = shown_once(page)
    assert fresh != who.ids["secret"]
    go(page, "I have copied it", by=by)
    expect(page.locator(".secrets > li")).to_have_count(2)
    expect(page.get_by_role("main")).to_contain_text("Two are good now")
    assert [verified(server, who, each) for each in (fresh, who.ids["secret"])] == [200, 200]
    by.press(page.locator(".secrets > li", has_text="№ 1").get_by_role("link", name="End it now"))
    send(page, "End it now", by)
    expect(page.locator(".secrets > li")).to_have_count(1)
    assert [verified(server, who, each) for each in (fresh, who.ids["secret"])] == [200, 401]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_secret_is_shown_once_and_by_no_way_again(sit: Sitting, server: Server, scripts: bool) -> None:
    who = developers.make(server, "sam")
    page = sit(who.name, scripts=scripts)
    page.goto(who.at("app", "rotate"))
    send(page, "Rotate it")
    secret = shown_once(page)
    if scripts:
        expect(page).to_have_url(re.compile(f"{who.at('app')}$"))
    page.reload()
    assert secret not in page.content()
    page.goto("/console/cities")
    if scripts:
        page.go_back()
        page.wait_for_load_state()
        assert secret not in page.content()
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
        assert secret not in kept
    assert live_numbers(page, who) == ["№ 2", "№ 1"], "nothing was rotated a second time"


def live_numbers(page: Page, who: developers.Developer) -> list[str]:
    page.goto(who.at("app"))
    return page.locator(".secrets > li strong").all_inner_texts()


@pytest.mark.parametrize("by", HANDS)
def test_what_is_shared_with_a_colleague_is_all_that_they_see(sit: Sitting, server: Server, by: Hand) -> None:
    who, colleague = developers.make(server, "una"), developers.make(server, "vito", has_things=False)
    page, theirs = sit(who.name), sit(colleague.name)
    theirs.goto(who.at("gateway"))
    expect(theirs.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    page.goto(who.at("gateway", "people"))
    go(page, "Share it", by=by)
    send(page, "Share", by, user=colleague.ids["user"])
    expect(page.get_by_role("main")).to_contain_text(colleague.ids["user"])
    theirs.goto(who.at("gateway"))
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Tram_Signals")
    expect(theirs.locator(".buttons .button")).to_have_count(0)
    theirs.goto("/console/shares")
    expect(theirs.locator(".rows .name")).to_have_text(["Tram_Signals"])
    for kind, names in (("cities", []), ("projects", ["默认项目"]), ("gateways", ["Tram_Signals"])):
        theirs.goto(f"/console/{kind}")
        expect(theirs.locator(".rows .name")).to_have_text(names)
    theirs.goto(who.at("city"))
    expect(theirs.get_by_role("heading", level=1)).to_have_text("There is nothing here")


@pytest.mark.parametrize("by", HANDS)
def test_what_is_deleted_is_asked_back_and_restored(sit: Sitting, server: Server, town: Town, by: Hand) -> None:
    who = developers.make(server, "wilma")
    page, zoon = sit(who.name), sit("zoe")
    page.goto(who.at("city"))
    go(page, "Soft-delete", by=by)
    send(page, "Move it to the bin", by, name=who.city)
    go(page, "Ask for it back", by=by)
    send(page, "Ask", by, message="By mistake")
    expect(page.get_by_role("status")).to_contain_text("The administrators are asked")
    zoon.goto("/admin/accounts/request/")
    zoon.locator("#result_list tr", has_text=who.city).get_by_role("link").first.click()
    zoon.get_by_role("button", name="Grant").click()
    expect(zoon.get_by_text("Granted").first).to_be_visible()
    page.goto("/console/requests")
    expect(page.get_by_role("main")).to_contain_text("Granted")
    page.goto(who.at("city"))
    expect(page.locator(".head .polis-badge")).to_have_text("Enabled")


def test_the_keyboard_is_led_on_from_page_to_page(sit: Sitting, server: Server) -> None:
    who = developers.make(server, "xena", has_things=False)
    page = sit(who.name)
    page.goto("/console/")
    go(page, "Create a city", by=KEYS)
    expect(page.locator("#id_name")).to_be_focused()
    page.keyboard.type("Keyboard_City_" + who.ids["user"])
    expect(page.locator("#id_name_said")).to_have_text("This name is free.")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    go(page, "Disable", by=KEYS)
    expect(page.locator("#id_reason")).to_be_focused()
    page.keyboard.type("Repairs")
    page.keyboard.press("Enter")
    expect(page.locator(".head .polis-badge")).to_have_text("Disabled")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator(".search input")).to_be_focused()
    page.keyboard.type("Keyboard_City")
    page.keyboard.press("Enter")
    expect(page.locator(".rows .name").first).to_have_text("Keyboard_City_" + who.ids["user"])


def test_the_essential_verbs_need_no_script(sit: Sitting, server: Server) -> None:
    who = developers.make(server, "yuri")
    page = sit(who.name, scripts=False)
    page.goto("/console/cities/new")
    send(page, "Create", name="abc")
    expect(page.locator("#id_name_error")).to_contain_text("at least 4 characters")
    send(page, "Create", name=f"Plain_{who.ids['user']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Plain_{who.ids['user']}")
    for word, button, state in (("Take offline", "Take offline", "Offline"), ("Publish", "Publish", "Enabled")):
        go(page, word)
        send(page, button)
        expect(page.locator(".head .polis-badge")).to_have_text(state)
    go(page, "Edit")
    send(page, "Save", brief="Without a script")
    expect(page.get_by_role("main")).to_contain_text("Without a script")
    go(page, "Soft-delete")
    send(page, "Move it to the bin", name=f"Plain_{who.ids['user']}")
    expect(page.locator(".head .polis-badge")).to_have_text("Deleted")
    page.locator(".search input").fill("Night_Market")
    page.keyboard.press("Enter")
    expect(page.locator(".rows .name")).to_have_text(["Night_Market"])


def test_it_speaks_both_languages(sit: Sitting, server: Server) -> None:
    who = developers.make(server, "zita")
    page = sit(who.name, language="zh-CN")
    page.goto(who.at("city"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator(".buttons")).to_contain_text("下线")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".buttons")).to_contain_text("Take offline")
    expect(page).to_have_url(re.compile(f"{who.at('city')}$"))


@pytest.mark.parametrize("width", [NARROW, MIDDLE])
def test_the_menu_opens_where_there_is_no_room_for_it(sit: Sitting, server: Server, width: int) -> None:
    page = sit("dora", width=width)
    page.goto("/console/")
    entry = page.get_by_role("navigation", name="Console").get_by_role("link", name="Gateways")
    expect(entry).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    entry.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gateways")


def test_a_page_weighs_little(sit: Sitting, server: Server) -> None:
    """All that a browser loads for it the first time."""
    who = developers.make(server, "ada")
    weights = {}
    for path in ("/console/", "/console/cities", who.at("app"), who.at("app", "try"), who.at("city", "activity")):
        page, loaded = sit(who.name), []
        page.on("response", lambda response, loaded=loaded: loaded.append(len(response.body())))
        page.goto(path)
        page.wait_for_load_state("networkidle")
        weights[path] = sum(loaded)
    assert {path: size for path, size in weights.items() if not 10 * _KB < size < 150 * _KB} == {}


def test_what_lies_outside_the_console_is_loaded_whole(sit: Sitting) -> None:
    """The page of the API has scripts of its own, that of one's account another look."""
    page = sit("dora")
    page.goto("/console/")
    page.get_by_role("main").get_by_role("link", name="API reference").click()
    expect(page.locator("#operations-me-me_get")).to_be_visible()
    page.goto("/console/profile")
    page.locator("main a[href^='/account/']").first.click()
    expect(page.locator("body.account")).to_be_visible()


def test_a_value_is_copied_and_saved_by_a_button(sit: Sitting, server: Server) -> None:
    who = developers.make(server, "cora")
    page = sit(who.name)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(who.at("app", "rotate"))
    send(page, "Rotate it")
    secret = shown_once(page)
    button = page.locator(".secret button[data-copies]")
    button.click()
    button.click()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    expect(button).to_have_text("Copied")
    expect(button).to_have_text("Copy")
    with page.expect_download() as saved:
        page.locator(".secret button[data-saves]").click()
    assert saved.value.path().read_text() == f"{secret}\n"


def test_what_is_typed_is_there_again_after_signing_in(sit: Sitting, server: Server) -> None:
    who = developers.make(server, "tess", has_things=False)
    page = sit(who.name)
    page.goto("/console/cities/new")
    page.locator("#id_brief").fill("A long story")
    page.context.clear_cookies(name="sessionid")
    send(page, "Create", name="Kept_City_1")
    page.get_by_label("User name or e-mail").fill(who.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#id_brief")).to_have_value("A long story")
    expect(page.locator("#id_name")).to_have_value("Kept_City_1")
