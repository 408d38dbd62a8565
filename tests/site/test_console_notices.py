"""Notices in the console: one's own, the newest first, unread ones standing out until they are marked."""

import pytest

from accounts.access.actor import Actor
from accounts.models import Notice
from config.kernel.states import Verb
from tests.cast import Cast
from tests.factories import do
from tests.site.console import Browser


@pytest.fixture
def alice(cast: Cast) -> Browser:
    """Who has been told that her city was closed."""
    do(cast.city, Verb.DIS, Actor.system(), reason="Too loud")
    return Browser(cast.alice.user)


def test_what_happened_is_told_with_the_way_to_the_thing(cast: Cast, alice: Browser) -> None:
    page = alice.get("/console/notices")
    assert "City “Alice_City” was disabled by an administrator." in page.text
    assert "Reason: Too loud" in page.text
    assert f'href="/console/cities/{cast.city.key}"' in page.source


def test_it_is_told_in_ones_language(cast: Cast, alice: Browser) -> None:
    alice.language = "zh-CN"
    assert "was disabled" not in alice.get("/console/notices").text


def test_each_reads_their_own(cast: Cast, alice: Browser) -> None:
    assert "was disabled" not in Browser(cast.charlie.user).get("/console/notices").text
    assert "Nothing to tell" in Browser(cast.charlie.user).get("/console/notices").text


def test_they_are_marked_up_to_the_newest_that_was_shown(cast: Cast, alice: Browser) -> None:
    shown = Notice.objects.get(user=cast.alice.user)
    do(cast.city, Verb.ENB, Actor.system())  # it came while the page was read
    assert alice.get("/console/notices").source.count('class="is-unread"') == 2
    assert alice.post(f"/console/notices/{shown.key}/read").status == 302
    assert alice.get("/console/notices").source.count('class="is-unread"') == 1
    assert Notice.objects.filter(user=cast.alice.user, read_at=None).count() == 1


def test_the_frame_counts_what_is_unread_and_no_further_than_nine(cast: Cast, alice: Browser) -> None:
    badge = 'class="unread"'
    assert ">1</span>" in alice.get("/console/").source.partition(badge)[2].partition("</a>")[0]
    for _ in range(5):
        do(cast.city, Verb.ENB, Actor.system())
        do(cast.city, Verb.DIS, Actor.system())
    assert ">9+</span>" in alice.get("/console/").source.partition(badge)[2].partition("</a>")[0]
    newest = Notice.objects.filter(user=cast.alice.user).latest("pk")
    alice.post(f"/console/notices/{newest.key}/read")
    assert badge not in alice.get("/console/").source


def test_anothers_cannot_be_marked(cast: Cast, alice: Browser) -> None:
    notice = Notice.objects.get(user=cast.alice.user)
    for who in (cast.oscar, cast.charlie, cast.root):
        assert Browser(who.user).post(f"/console/notices/{notice.key}/read").status == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_what_one_does_not_see_any_more_has_no_way_to_it(cast: Cast) -> None:
    """vera was told of her share, which is gone."""
    vera = Browser(cast.vera.user)
    assert f'href="/console/cities/{cast.city.key}"' in vera.get("/console/notices").source
    cast.city.grants.filter(user=cast.vera.user).delete()
    page = vera.get("/console/notices")
    assert cast.city.name in page.text
    assert f'href="/console/cities/{cast.city.key}"' not in page.source
