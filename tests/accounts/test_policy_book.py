"""Overrides: what each link of Acitys lets through, that every process sees them, that they cost no query."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from accounts.access.actor import Actor
from accounts.models import AuditEvent, Organization, PolicyBook
from cities.policies import POLICIES
from config.kernel import registry
from config.kernel.policies import own
from config.kernel.states import State, Verb
from tests.accounts.test_policy_door import close, make_shop
from tests.cast import Caller, Cast, make_company
from tests.factories import do, make_city, make_token
from tests.policies import CLOSED, override

pytestmark = pytest.mark.django_db


def test_an_offline_city_serves_as_audience_where_the_row_allows_it(cast: Cast) -> None:
    audience = make_city(cast.charlie.user, "Other_Console", State.OFFLINE)  # type: ignore[arg-type]
    caller = Caller(make_token(cast.alice.user, audience=audience.key))  # type: ignore[arg-type]
    assert caller.api("GET", "projects").code == "chain_closed"
    override("QriProject", acitys="03")
    assert caller.api("GET", "projects").status == 200
    assert caller.api("GET", "gateways").code == "chain_closed", "another row is as it was"
    do(audience, Verb.DIS, Actor.system())
    assert caller.api("GET", "projects").code == "chain_closed"


@pytest.mark.parametrize(("link", "acitys"), [("zone", "0,01"), ("corp", "0,0,01"), ("shop", "0,0,0,01")])
def test_each_link_is_the_one_of_its_place(cast: Cast, link: str, acitys: str) -> None:
    shop = make_shop()
    caller = Caller(make_token(cast.alice.user, shop=shop))  # type: ignore[arg-type]
    close({"zone": shop.parent.parent, "corp": cast.alice.user.corp, "shop": shop}[link])  # type: ignore[union-attr]
    assert caller.api("GET", "projects").code == "chain_closed"
    override("QriProject", acitys=acitys)
    assert caller.api("GET", "projects").status == 200
    override("QriProject", acitys=acitys.replace("01", "3"))
    assert caller.api("GET", "projects").code == "chain_closed"


def test_of_a_company_corp_and_zone_are_asked_and_no_row_lets_a_closed_one_in(db: None) -> None:
    company = make_company()
    for acitys in ("0,3", "0,0,3"):
        override("QriProject", acitys=acitys)
        assert company.call("project/query/list").said[0] == "1"
    override("QriProject", acitys="3,0,0,3,3,3,3")
    assert company.call("project/query/list").said[0] == "1", "what it has no link for counts as ENABLED"
    override("QriProject", acitys="0,01,01")
    assert company.call("project/query/list").said[0] == "0"
    close(Organization.objects.get(comp_id=company.comp_id))
    assert company.call("project/query/list").said[0] == "1", "it is dead, whatever a row says"


def test_an_override_costs_no_query_after_the_first_call(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert cast.alice.api("GET", "cities").status == 200
        return len(captured)

    cost()
    before = cost()
    override("QriState", acitys="03")
    assert cost() == before + 1, "the book is read once"
    assert cost() == before


def test_a_book_that_another_process_has_turned_is_read_again(cast: Cast) -> None:
    override("QriState", acitys="03")
    assert cast.alice.verb("QRI").status == 200
    book = PolicyBook.objects.get()
    book.overrides["QriState"]["enable"] = CLOSED
    book.turn()
    assert cast.alice.verb("QRI").reason == "ApiNotSupported"
    PolicyBook.objects.all().delete()
    assert cast.alice.verb("QRI").status == 200


def test_the_command_says_what_it_has_cleared_and_the_trail_tells_it(cast: Cast) -> None:
    override("SetState", enable=CLOSED)
    override("DisState", acitys="03")
    override("OffState", enable=CLOSED)
    override("OffState", enable=None)
    out = io.StringIO()
    call_command("reset_policies", stdout=out)
    assert out.getvalue() == "DisState\nSetState\n"
    events = AuditEvent.objects.filter(kind="policy", door="command").order_by("thing")
    assert list(events.values_list("verb", "thing", "before", "after")) == [
        ("SET", "DisState", {"acitys": "03"}, {"acitys": "0"}),
        ("SET", "SetState", {"enable": CLOSED}, {"enable": "true"}),
    ]
    assert cast.root.api("GET", "policies/SetState").body["version"] == 3
    out = io.StringIO()
    call_command("reset_policies", stdout=out)
    assert out.getvalue() == "Nothing was overridden.\n"
    assert events.count() == 2


def test_two_rows_of_one_name_cannot_be_registered() -> None:
    with pytest.raises(ValueError, match="SetState"):
        registry.register_policies(own("SetState", "SET", "another"))
    registry.register_policies(*POLICIES)


def test_every_view_is_judged_by_rows_that_are_registered() -> None:
    known = {row.name: row for row in registry.policies()}
    rows = [row for view in _views(get_resolver().url_patterns) for row in _rows_of(view)]
    assert len(rows) > 100
    for row in rows:
        assert known[row.name] is row


def _views(patterns: Any) -> Any:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns)
        else:
            yield getattr(pattern.callback, "cls", None)


def _rows_of(view: Any) -> list[Any]:
    rows = getattr(view, "policies", ())
    return list(rows.values()) if isinstance(rows, dict) else list(rows)
