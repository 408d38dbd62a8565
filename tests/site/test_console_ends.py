"""The ends of what a date can hold: typed into a form, and read in another zone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import User
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do
from tests.site.console import Browser, address
from tests.site.forms import hidden
from tests.site.test_admin_bulk import planned

LAST = "9999-12-31T23:59"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai"])
@pytest.mark.parametrize("first", [False, True])
def test_an_end_that_no_clock_can_tell_is_said_to_be_none(cast: Cast, zone: str, first: bool) -> None:
    is_beyond = first != (zone == "America/New_York")
    User.objects.filter(name="alice").update(time_zone=zone)
    assert cast.alice.user is not None
    cast.alice.user.refresh_from_db()
    alice, path = Browser(cast.alice.user), f"/console/cities/{cast.city.key}/dis"
    form = alice.get(path)
    assert 'type="datetime-local"' in form.source
    assert zone in form.text
    page = alice.post(path, **hidden(form), reason="", expires_at="0001-01-01T00:00" if first else LAST)
    cast.city.refresh_from_db()
    if is_beyond:
        assert (page.status, "Enter a valid date/time." in page.text) == (422, True)
    elif first:
        assert (page.status, "This must be in the future." in page.text) == (422, True)
    else:
        assert (page.status, cast.city.expires_at) == (302, datetime(9999, 12, 31, 15, 59, tzinfo=UTC))
        assert f"Until {LAST.replace('T', ' ')}" in alice.get(f"/console/cities/{cast.city.key}").text
    assert (cast.city.state == State.DISABLED) is (page.status == 302)


def test_at_the_administrators_pages_too(cast: Cast, settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    assert cast.zoe.user is not None
    zoe = Browser(cast.zoe.user)
    page = zoe.post(address(cast.city, "dis"), reason="", expires_at=LAST)
    assert (page.status, "Enter a valid date/time." in page.text) == (400, True)
    many = zoe.post(planned(zoe, "DIS", cast.city), reason="", expires_at=LAST)
    assert (many.status, "Enter a valid date/time." in many.text) == (400, True)


def test_a_notice_of_it_is_read_in_any_zone(cast: Cast) -> None:
    assert cast.zoe.user is not None
    do(cast.city, Verb.DIS, actor(cast.zoe.user), expires_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    User.objects.filter(name="alice").update(time_zone="Asia/Shanghai")
    assert cast.alice.user is not None
    cast.alice.user.refresh_from_db()
    page = Browser(cast.alice.user).get("/console/notices")
    assert page.status == 200
    assert "9999-12-31 23:59 (UTC)" in page.text
