"""Developers at the door of the super-console, and at their own."""

import re

from playwright.sync_api import expect

from tests.browser.sitting import Sitting
from tests.browser.town import Town
from tests.server import Server


def test_a_developer_who_opens_the_super_console_is_led_to_their_own(sit: Sitting, server: Server, town: Town) -> None:
    page = sit("dora")
    page.goto("/admin/")
    expect(page).to_have_url(f"{server.url}/console/")
    expect(page.get_by_role("banner")).to_contain_text(town.names["dora"])
    expect(page.get_by_role("main")).to_contain_text(f"{server.url}/api/v1")
    page.get_by_role("banner").get_by_role("link", name=town.names["dora"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("link", name="Polis").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("概览")
    expect(page).to_have_url(f"{server.url}/console/")


def test_who_signs_in_lands_where_they_were_going_and_who_signs_out_at_the_door(sit: Sitting, town: Town) -> None:
    page = sit("")
    page.goto("/console")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("User name or e-mail").fill(town.names["dora"])
    page.get_by_label("Password").fill("correct horse 9")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/account/login$"))
    page.goto("/console")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_page_of_the_api_makes_a_call(sit: Sitting, town: Town) -> None:
    """It comes from a package, and runs by our policy."""
    page = sit("dora")
    page.goto("/api/docs")
    page.locator("#operations-me-me_get button.opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(page.locator(".live-responses-table")).to_contain_text(town.names["dora"])
