"""From nothing to a first call that is accepted, led by the pages alone."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.developers import go, send, shown_once
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


def sign_up(page: Page, server: Server, name: str) -> None:
    email = f"{name}@polis.example"
    page.goto("/")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("User name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page).to_have_url(re.compile("/account/mail/sent$"))
    page.goto(link_in_the_mail(server, email))
    page.get_by_role("button", name="Confirm").click()
    page.goto("/account/login")
    page.get_by_label("User name or e-mail").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def run(script: str, **environment: str) -> str:
    """A program of the page, as it stands."""
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_a_newcomer_is_led_to_a_signed_call_that_is_accepted(sit: Sitting, server: Server) -> None:
    page, name = sit(""), f"newcomer_{secrets.token_hex(4)}"
    sign_up(page, server, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    go(page, "Create a city")
    send(page, "Create", name=f"City_{secrets.token_hex(4)}")
    home(page)
    go(page, "Create a project")
    expect(page.get_by_label("City")).to_have_value(re.compile("^[A-Za-z0-9]{8}$"))
    send(page, "Create", name="First project")
    shown_once(page)
    home(page)
    go(page, "Create a gateway")
    send(page, "Create", name="First_gateway")
    gateway_key = shown_once(page)
    home(page)
    go(page, "Create an app")
    send(page, "Create", name="First_app")
    app_secret = shown_once(page)
    page.get_by_text("Signed (SDK-HMAC-SHA256)").click()
    script = page.locator("pre[id$=-python]:visible").last.inner_text()
    assert "hmac" in script
    told = run(script, POLIS_GATEWAY_KEY=gateway_key, POLIS_APP_SECRET=app_secret)
    assert told.startswith("200"), told
    refused = run(script, POLIS_GATEWAY_KEY=gateway_key, POLIS_APP_SECRET="another")
    assert "401" in refused, refused


def home(page: Page) -> None:
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
