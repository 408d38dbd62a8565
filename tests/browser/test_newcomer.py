"""From nothing to a first call that is accepted, led by the pages alone."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.developers import go, send, shown_once
from tests.browser.hands import HANDS, Hand
from tests.browser.sitting import Sitting
from tests.browser.town import PASSWORD
from tests.server import Server


def link_in_the_mail(server: Server, email: str) -> str:
    """In development a mail is printed where the server prints."""
    told = (Path(server.environment["POLIS_VAR"]) / "log").read_text()
    _, _, mail = told.rpartition(f"To: {email}")
    found = re.search(r"http\S+/account/mail/confirm/\S+", mail)
    assert found is not None
    return found.group()


def sign_up(page: Page, server: Server, name: str, by: Hand) -> None:
    email = f"{name}@polis.example"
    page.goto("/")
    by.press(page.get_by_role("link", name="Make an account"))
    by.fill(page.get_by_label("User name"), name)
    by.fill(page.get_by_label("E-mail"), email)
    by.fill(page.get_by_label("Password"), PASSWORD)
    by.press(page.get_by_role("button", name="Make the account"))
    expect(page).to_have_url(re.compile("/account/mail/sent$"))
    page.goto(link_in_the_mail(server, email))
    by.press(page.get_by_role("button", name="Confirm"))
    page.goto("/account/login")
    by.fill(page.get_by_label("User name or e-mail"), name)
    by.fill(page.get_by_label("Password"), PASSWORD)
    by.press(page.get_by_role("button", name="Sign in"))


def run(script: str, **environment: str) -> str:
    """A program of the page, as it stands."""
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("by", HANDS)
def test_a_newcomer_is_led_to_a_signed_call_that_is_accepted(sit: Sitting, server: Server, by: Hand) -> None:
    page, name = sit(""), f"newcomer_{secrets.token_hex(4)}"
    sign_up(page, server, name, by)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    go(page, "Create a city", by=by)
    city = f"City_{secrets.token_hex(4)}"
    send(page, "Create", by, name=city)
    expect(page.get_by_role("heading", level=1)).to_have_text(city)
    home(page, by)
    go(page, "Create a project", by=by)
    expect(page.get_by_label("City")).to_have_value(re.compile("^[A-Za-z0-9]{8}$"))
    send(page, "Create", by, name="First project")
    shown_once(page)
    home(page, by)
    go(page, "Create a gateway", by=by)
    send(page, "Create", by, name="First_gateway")
    gateway_key = shown_once(page)
    home(page, by)
    go(page, "Create an app", by=by)
    send(page, "Create", by, name="First_app")
    app_secret = shown_once(page)
    by.press(page.get_by_text("Signed (SDK-HMAC-SHA256)"))
    script = page.locator("pre[id$=-python]:visible").last.inner_text()
    assert "hmac" in script
    told = run(script, POLIS_GATEWAY_KEY=gateway_key, POLIS_APP_SECRET=app_secret)
    assert told.startswith("200"), told
    refused = run(script, POLIS_GATEWAY_KEY=gateway_key, POLIS_APP_SECRET="another")
    assert "401" in refused, refused


def home(page: Page, by: Hand) -> None:
    by.press(page.get_by_role("navigation", name="Console").get_by_role("link", name="Overview"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
