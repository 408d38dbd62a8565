"""One verb on many cities."""

from secrets import token_hex

from playwright.sync_api import expect

from tests.browser.sitting import Sitting
from tests.browser.town import Town, make_many
from tests.server import Server

MANY = 200


def test_a_zoon_closes_two_hundred_cities_and_sees_how_far_it_is(sit: Sitting, server: Server, town: Town) -> None:
    mona, prefix = town.people["mona"], f"Tram_{token_hex(4)}"
    cities = make_many(server, mona, prefix, MANY)
    page = sit("zoe")
    page.goto(f"/admin/cities/city/?q={prefix}")
    bar = page.locator("#polis-bulk")
    bar.get_by_label("Verb").select_option(label="Disable")
    bar.get_by_role("button", name="All that this list finds…").click()
    expect(page.locator("#polis-became")).to_contain_text(f"{MANY} Will be done")
    expect(page.locator("#polis-became")).to_contain_text(f"{prefix}_0199")
    page.get_by_label("Reason").fill("The depot is flooded")
    page.get_by_role("button", name=f"Disable {MANY}").click()
    expect(page.locator("#polis-far")).to_have_text(f"{MANY} / {MANY}")
    expect(page.locator("#polis-progress h2")).to_contain_text("Done")
    with server.line(town.people["zoe"]) as line:
        for city in (cities[0], cities[-1]):
            told = line.call("GET", f"/api/v1/cities/{city}").body
            assert (told["state"], told["reason"]) == ("disabled", "The depot is flooded")
