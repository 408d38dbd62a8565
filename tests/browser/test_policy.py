"""A god closes an interface, and opens it again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from config.kernel.states import Verb
from tests.browser.sitting import Sitting, choose
from tests.browser.town import Town
from tests.server import Server

DISABLE = "/admin/accounts/policybook/DisState/change/"


@pytest.fixture
def city(server: Server, town: Town) -> Iterator[str]:
    """dora's, whom all interfaces serve again in the end."""
    with server.line(town.dora) as line:
        made = line.call("POST", "/api/v1/cities", {"name": "Policy_City"})
        assert made.status == 201, made.body
        yield made.body["id"]
    server.manage("reset_policies")


def test_a_god_closes_an_interface_the_tester_tells_why_and_the_api_obeys(
    sit: Sitting, server: Server, town: Town, city: str
) -> None:
    page = sit("root")
    page.goto("/admin/")
    choose(page, "Policies")
    page.get_by_role("link", name="DisState", exact=True).click()
    page.get_by_label("Enable").select_option(label="Closed: not supported")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("DisState is changed. It holds from the next call on.")).to_be_visible()
    with server.line(town.dora) as line:
        status, body = line.verb(Verb.DIS, city)
        assert (status, body["reason"]) == (403, "ApiNotSupported")

    page.get_by_role("link", name="Tester").click()
    page.get_by_label("User name or id").fill(town.names["dora"])
    page.get_by_label("Thing").fill(f"city/{city}")
    expect(page.get_by_label("Policy")).to_have_value("DisState")
    page.get_by_role("button", name="Try").click()
    told = page.locator("[aria-live=polite]")
    expect(told).to_contain_text("The interface is open: This interface is not supported here.")
    expect(told.get_by_role("listitem").filter(has_text="The interface is open")).to_contain_text("refuses")

    page.goto(DISABLE)
    page.get_by_role("button", name="Return to the default").click()
    expect(page.get_by_text("DisState is changed. It holds from the next call on.")).to_be_visible()
    with server.line(town.dora) as line:
        assert line.verb(Verb.DIS, city)[0] == 200
