"""What becomes of a city under an administrator's hands."""

from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.sitting import Sitting, choose
from tests.browser.town import Town
from tests.server import Person, Server

ZONE = ZoneInfo("Asia/Shanghai")  # POLIS_TIME_ZONE's default


def make_city(server: Server, owner: Person) -> tuple[str, str]:
    """Its id, and a name that no other has."""
    name = f"Tram_{token_hex(4)}"
    with server.line(owner) as line:
        made = line.call("POST", "/api/v1/cities", {"name": name})
    assert made.status == 201, made.body
    return made.body["id"], name


def state_of(server: Server, owner: Person, city: str) -> str:
    with server.line(owner) as line:
        return str(line.call("GET", f"/api/v1/cities/{city}").body["state"])


def row_of(page: Page, name: str) -> Any:
    """Find it by its name, in the list."""
    choose(page, "Cities")
    page.locator("#searchbar").fill(name)
    page.locator("#searchbar").press("Enter")
    return page.locator("#result_list tr", has_text=name)


def test_a_zoon_closes_a_city_until_tomorrow_sees_why_in_the_list_and_opens_it(
    sit: Sitting, server: Server, town: Town
) -> None:
    city, name = make_city(server, town.dora)
    tomorrow = (datetime.now(ZONE) + timedelta(days=1)).replace(second=0, microsecond=0)
    page = sit("zoe")
    page.goto("/admin/")
    row_of(page, name).get_by_role("link", name=name).click()
    page.get_by_role("link", name="Disable").click()
    page.get_by_label("Reason").fill("The rent is not paid")
    page.get_by_label("Until").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text(f"Disable: {name}. Done.")).to_be_visible()
    assert state_of(server, town.dora, city) == "disabled"

    row = row_of(page, name)
    expect(row).to_contain_text("Disabled")
    expect(row).to_contain_text("The rent is not paid")
    expect(row).to_contain_text(tomorrow.strftime("%Y-%m-%d %H:%M"))

    row.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Enable").click()
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_text(f"Enable: {name}. Done.")).to_be_visible()
    assert state_of(server, town.dora, city) == "enabled"


def test_a_zoon_grants_what_an_owner_asks_for_and_the_city_is_back(sit: Sitting, server: Server, town: Town) -> None:
    city, name = make_city(server, town.dora)
    with server.line(town.dora) as line:
        assert line.call("DELETE", f"/api/v1/cities/{city}").status == 204
        wish = {"thing": f"city/{city}", "verb": "recycle", "message": "It was a slip"}
        assert line.call("POST", "/api/v1/requests", wish).status == 201

    page = sit("zoe")
    page.goto("/admin/")
    choose(page, "Requests")
    row = page.locator("#result_list tr", has_text=name)
    expect(row).to_contain_text("It was a slip")
    row.get_by_role("link", name=town.names["dora"]).click()
    page.get_by_label("Answer").fill("Mind your step")
    page.get_by_role("button", name="Grant").click()
    expect(page.get_by_text(f"Recycle: {name}. Granted.")).to_be_visible()
    expect(page.locator("#result_list tr", has_text=name)).to_have_count(0)
    assert state_of(server, town.dora, city) == "enabled"
    with server.line(town.dora) as line:
        mine = line.call("GET", "/api/v1/requests").body["results"][0]
    assert (mine["state"], mine["answer"]) == ("granted", "Mind your step")


def test_a_zoon_finds_a_city_in_the_bin_by_its_owner_and_name_and_gives_it_back(
    sit: Sitting, server: Server, town: Town
) -> None:
    city, name = make_city(server, town.dora)
    with server.line(town.dora) as line:
        assert line.call("DELETE", f"/api/v1/cities/{city}").status == 204
    page = sit("zoe")
    page.goto("/admin/")
    choose(page, "Recycle desk")
    page.get_by_label("The owner's id and the city's name").fill(f"{town.dora.id} {name}")
    page.get_by_role("button", name="Find").click()
    found = page.get_by_role("region", name="Found")
    expect(found).to_contain_text("Deleted")
    found.get_by_role("button", name="Recycle").click()
    expect(page.get_by_text(f"Recycle: {name}. Done.")).to_be_visible()
    with server.line(town.dora) as line:
        assert line.call("GET", f"/api/v1/cities/{city}").body["state"] == "enabled"
