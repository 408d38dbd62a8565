"""Who shares a thing, in the console: the owner gives and takes, stewards read, nobody learns whose a mail is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, User
from cities.models import CityGrant
from config.kernel import registry
from config.kernel.roles import Share
from tests.cast import Cast
from tests.factories import actor, make_city, make_gateway
from tests.site.console import Browser

MAIL = "vera@polis.example"


def people(cast: Cast, more: str = "") -> str:
    return f"/console/cities/{cast.city.key}/people{more}"


def grant_of(user: User | None) -> CityGrant:
    return CityGrant.objects.get(user=user, content_object__name="Alice_City")


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return Browser(cast.alice.user)


def test_the_owner_sees_who_has_which_share(cast: Cast, alice: Browser) -> None:
    page = alice.get(people(cast))
    assert page.status == 200
    assert cast.vera.user is not None
    for said in (cast.vera.user.key, "Viewer", "Operator", "for good", "Given by alice"):
        assert said in page.text
    assert page.source.count("Take away") == 2  # the owner's own share is nobody's to take
    assert "vera" not in page.text  # an id that is somebody's says no more than one that is nobody's (S13)


def test_a_share_is_given_changed_and_taken_away(cast: Cast, alice: Browser) -> None:
    assert cast.charlie.user is not None
    sent = {"user": cast.charlie.user.key, "role": "viewer", "expires_at": ""}
    answer = alice.post(people(cast, "/share"), **sent)
    assert (answer.status, answer.headers["Location"]) == (302, people(cast))
    charlie = Browser(cast.charlie.user)
    assert charlie.get(f"/console/cities/{cast.city.key}").status == 200
    grant = grant_of(cast.charlie.user)
    assert grant.share is Share.VIEWER
    ends_at = timezone.now() + timedelta(days=30)
    changed = {"role": "operator", "expires_at": ends_at.strftime("%Y-%m-%dT%H:%M"), "version": grant.version}
    assert alice.post(people(cast, f"/{grant.key}"), **changed).status == 302
    grant.refresh_from_db()
    assert (grant_of(cast.charlie.user).share, grant.version) == (Share.OPERATOR, 2)
    assert grant.ends_at.year in {ends_at.year, ends_at.year + 1}
    assert alice.post(people(cast, f"/{grant.key}/end"), version=1).status == 409  # it is another by now
    assert alice.post(people(cast, f"/{grant.key}/end"), version=2).status == 302
    assert charlie.get(f"/console/cities/{cast.city.key}").status == 404


def test_a_fault_is_said_beside_its_field(cast: Cast, alice: Browser) -> None:
    sent = {"user": "no id", "role": "viewer", "expires_at": "2020-01-01T00:00"}
    page = alice.post(people(cast, "/share"), **sent)
    assert page.status == 422
    assert 'id="id_user_error"' in page.source
    sent["user"] = MAIL
    assert 'id="id_expires_at_error"' in alice.post(people(cast, "/share"), **sent).source
    far = {**sent, "expires_at": "9999-12-31T23:59"}
    assert alice.post(people(cast, "/share"), **far).status in {302, 422}


def test_nobody_learns_whether_a_mail_is_somebodys(cast: Cast, alice: Browser) -> None:
    assert cast.vera.user is not None
    User.objects.filter(pk=cast.vera.user.pk).update(email=MAIL)
    told = []
    for mail in (MAIL, "nobody@polis.example"):
        assert alice.post(people(cast, "/share"), user=mail, role="viewer").status == 302
        told.append(alice.get(people(cast)).text.replace(mail, "…").split("shared with me", 1)[-1])
    assert "Offered" in told[0]
    grants = list(CityGrant.objects.filter(user=None).order_by("pk"))
    assert [grant.invited for grant in grants] == [MAIL, "nobody@polis.example"]
    said = [alice.get(people(cast, f"/{grant.key}")).text.replace(grant.invited, "…") for grant in grants]
    assert said[0] == said[1]


@pytest.mark.parametrize("who", ["oscar", "vera", "charlie"])
def test_nobody_but_the_owner_gives_or_takes(cast: Cast, who: str) -> None:
    user = getattr(cast, who).user
    browser, status = Browser(user), 404 if who == "charlie" else 403
    grant = grant_of(cast.vera.user)
    assert browser.get(people(cast)).status == status
    assert browser.post(people(cast, "/share"), user=user.key, role="operator").status == status
    assert browser.post(people(cast, f"/{grant.key}"), role="operator", version=1).status == status
    assert browser.post(people(cast, f"/{grant.key}/end"), version=1).status == status
    assert CityGrant.objects.filter(content_object=cast.city).count() == 3
    assert "People" not in browser.get(f"/console/cities/{cast.city.key}").text
    refused = AuditEvent.objects.filter(kind="city", thing=cast.city.key, outcome="refused", actor=user.key)
    assert refused.filter(door="console", verb="SHARE").exists()


def test_stewards_read_who_shares_it_and_change_nothing(cast: Cast) -> None:
    zoe = Browser(cast.zoe.user)
    page = zoe.get(people(cast))
    assert page.status == 200
    assert "vera" in page.text
    assert "Take away" not in page.text
    assert zoe.post(people(cast, f"/{grant_of(cast.vera.user).key}/end"), version=1).status == 403


def test_a_share_of_another_thing_is_not_there(cast: Cast, alice: Browser) -> None:
    assert cast.alice.user is not None
    other = make_city(cast.alice.user, "Other_City")
    key = grant_of(cast.vera.user).key
    for path in (f"/console/cities/{other.key}/people/{key}", f"/console/cities/{other.key}/people/{key}/end"):
        assert alice.get(path).status == 404
        assert alice.post(path, role="operator", version=1).status == 404
    own = grant_of(cast.alice.user).key
    assert alice.get(people(cast, f"/{own}/end")).status == 404


def test_each_kind_has_its_people(cast: Cast, alice: Browser) -> None:
    assert cast.alice.user is not None
    assert cast.charlie.user is not None
    gateway = make_gateway(cast.alice.user)
    for path, key in (("projects", gateway.project.key), ("gateways", gateway.key)):
        assert alice.get(f"/console/{path}/{key}/people").status == 200
        sent = {"user": cast.charlie.user.key, "role": "viewer"}
        assert alice.post(f"/console/{path}/{key}/people/share", **sent).status == 302
    rows = registry.kind("gateway").model.objects.visible_to(actor(cast.charlie.user))  # type: ignore[attr-defined]
    assert [each.pk for each in rows] == [gateway.pk]


def test_a_page_costs_the_same_however_many_there_are(cast: Cast, alice: Browser) -> None:
    alice.get(people(cast))
    costs = []
    for many in (2, 12):
        for number in range(many):
            alice.post(people(cast, "/share"), user=f"m{many}x{number}@polis.example", role="viewer")
        alice.get(people(cast))
        with CaptureQueriesContext(connection) as queries:
            alice.get(people(cast))
        costs.append(len(queries))
    assert costs[0] == costs[1]
