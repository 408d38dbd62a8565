"""What the console's activity tells of people: names of whom the reader knows anyway, of others the id (S13)."""

import re

import pytest

from accounts.models import User
from config.kernel.roles import Share
from config.kernel.states import Verb
from tests.cast import Caller, Cast
from tests.factories import actor, do, share
from tests.site.console import Browser


def told(cast: Cast, whom: Caller) -> str:
    """The city's activity as somebody reads it, below the head."""
    page = Browser(whom.user).get(f"/console/cities/{cast.city.key}/activity")
    assert page.status == 200
    return page.text


def key(whom: Caller) -> str:
    assert whom.user is not None
    return whom.user.key


@pytest.fixture
def shared(cast: Cast) -> Cast:
    """Shared with charlie by his id, taken off line by oscar, who is an operator of it."""
    assert cast.alice.user is not None
    assert cast.charlie.user is not None
    assert cast.oscar.user is not None
    share(cast.city, cast.charlie.user, Share.VIEWER, by=actor(cast.alice.user))
    do(cast.city, Verb.OFF, actor(cast.oscar.user))
    return cast


def test_an_id_is_no_way_to_a_name(shared: Cast) -> None:
    text = told(shared, shared.alice)
    assert "alice" in text
    for other in (shared.charlie, shared.oscar):
        assert other.user is not None
        assert other.user.name not in text
        assert key(other) in text
    assert "alice" not in told(shared, shared.charlie)


def test_colleagues_are_told_by_name(shared: Cast) -> None:
    assert shared.alice.user is not None
    assert shared.oscar.user is not None
    User.objects.filter(pk=shared.oscar.user.pk).update(corp=shared.alice.user.corp, is_corp_admin=False)
    text = told(shared, shared.alice)
    assert "oscar" in text
    assert "charlie" not in text


def test_who_may_browse_reads_every_name(shared: Cast) -> None:
    text = told(shared, shared.zoe)
    for name in ("alice", "oscar", "charlie"):
        assert name in text


def test_an_administrator_who_acted_is_that_and_no_more(cast: Cast) -> None:
    assert cast.zoe.user is not None
    do(cast.city, Verb.DIS, actor(cast.zoe.user), reason="Unpaid")
    text = told(cast, cast.alice)
    assert "an administrator" in text
    assert not re.search(r"\bzoe\b", text), "as a word: an id may have these letters in it"
    assert key(cast.zoe) not in text
    assert "zoe" in told(cast, cast.root)


def test_whom_an_id_belongs_to_is_not_told_by_what_an_owner_did(cast: Cast) -> None:
    """A share to a steward's id looks as one to anybody's."""
    assert cast.alice.user is not None
    assert cast.zoe.user is not None
    share(cast.city, cast.zoe.user, Share.VIEWER, by=actor(cast.alice.user))
    text = told(cast, cast.alice)
    assert key(cast.zoe) in text
    assert not re.search(r"\bzoe\b", text), "as a word: an id may have these letters in it"
    assert "an administrator" not in text
