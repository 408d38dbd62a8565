"""Grants: guardian's rows under our own backend; what a share is, when it ends, who gives it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from guardian.shortcuts import get_user_perms

from accounts.access.visibility import held_share
from accounts.models import AuditEvent, User
from cities.models import City, CityGrant
from config.kernel.errors import Forbidden, Invalid, WrongState
from config.kernel.roles import Share
from tests.cast import Caller, Cast
from tests.factories import actor, share, unshare

pytestmark = pytest.mark.django_db


def user(caller: Caller) -> User:
    assert caller.user is not None
    return caller.user


@pytest.mark.parametrize(
    ("who", "permission", "expected"),
    [
        ("alice", "cities.dis_city", True),
        ("alice", "cities.own_city", True),
        ("alice", "cities.enb_city", False),
        ("oscar", "cities.set_city", True),
        ("oscar", "cities.dol_city", False),
        ("vera", "cities.get_city", True),
        ("vera", "cities.set_city", False),
        ("charlie", "cities.get_city", False),
        ("charlie", "cities.add_city", True),
        ("zoe", "cities.dis_city", True),
        ("zoe", "cities.set_city", False),
        ("zoe", "cities.browse_city", True),
        ("charlie", "cities.browse_city", False),
        ("root", "cities.del_city", True),
        ("root", "cities.off_city", False),
        ("root", "cities.change_city", False),
        ("root", "accounts.dis_user", False),
        ("root", "nothing", False),
    ],
)
def test_the_one_question_is_answered(cast: Cast, who: str, permission: str, expected: bool) -> None:
    assert user(getattr(cast, who)).has_perm(permission, cast.city) is expected


def test_guardians_own_functions_read_our_rows(cast: Cast) -> None:
    assert list(get_user_perms(user(cast.oscar), cast.city)) == ["operate_city"]


def test_one_row_a_person_and_thing(cast: Cast) -> None:
    grant = CityGrant.objects.get(user=user(cast.vera))
    with pytest.raises(IntegrityError), transaction.atomic():
        CityGrant.objects.create(user=grant.user, content_object=cast.city, permission=grant.permission)
    share(cast.city, user(cast.vera), Share.OPERATOR, by=actor(user(cast.alice)))
    assert cast.vera.verb("OFF", cast.city.key).status == 200


def test_a_share_ends_at_its_end(cast: Cast) -> None:
    early = timezone.now() - timedelta(minutes=1)
    past = early + timedelta(seconds=30)
    share(cast.city, user(cast.vera), Share.VIEWER, by=actor(user(cast.alice), early), ends_at=past)
    assert cast.vera.verb("GET", cast.city.key).status == 404
    assert cast.vera.verb("QRI").result["list"] == []


def test_only_the_owner_shares_and_nobody_their_ownership(cast: Cast) -> None:
    for caller in (cast.oscar, cast.vera, cast.zoe, cast.root):
        with pytest.raises(Forbidden):
            share(cast.city, user(cast.charlie), Share.VIEWER, by=actor(user(caller)))
    for someone, role in ((cast.charlie, Share.OWNER), (cast.alice, Share.VIEWER)):
        with pytest.raises(Invalid):
            share(cast.city, user(someone), role, by=actor(user(cast.alice)))


def test_sharing_is_one_event_each_way(cast: Cast) -> None:
    by = actor(user(cast.alice))
    before = AuditEvent.objects.count()
    share(cast.city, user(cast.vera), Share.OPERATOR, by=by)
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.before["role"], event.after["role"]) == ("SHARE", "viewer", "operator")
    assert unshare(cast.city, user(cast.vera), by=by)
    assert not unshare(cast.city, user(cast.vera), by=by)
    assert AuditEvent.objects.count() == before + 2
    assert cast.vera.verb("GET", cast.city.key).status == 404


def test_what_is_in_the_bin_is_in_nobodys_list_and_still_seen_by_id(cast: Cast) -> None:
    cast.alice.verb("DOL", cast.city.key)
    assert set(CityGrant.objects.values_list("live", flat=True)) == {False}
    for caller in (cast.alice, cast.oscar, cast.vera):
        assert caller.verb("QRI").result["list"] == []
        assert caller.verb("GET", cast.city.key).result["data"]["city"] == 5
    with pytest.raises(WrongState):
        share(cast.city, user(cast.charlie), Share.VIEWER, by=actor(user(cast.alice)))
    cast.root.verb("RCC", cast.city.key)
    assert [row["id"] for row in cast.vera.verb("QRI").result["list"]] == [cast.city.key]


def test_the_row_says_what_one_holds(cast: Cast) -> None:
    held = {
        who: held_share(City.objects.visible_to(actor(user(getattr(cast, who)))).get(pk=cast.city.pk))
        for who in ("alice", "oscar", "vera", "root")
    }
    assert held == {"alice": Share.OWNER, "oscar": Share.OPERATOR, "vera": Share.VIEWER, "root": None}


def test_no_update_can_lie_about_the_state(cast: Cast) -> None:
    for lie in ({"state": 1}, {"state": 5}, {"offline": True}, {"reason": "no ban"}, {"deleted_by": "me"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            City.objects.filter(pk=cast.city.pk).update(**lie)
