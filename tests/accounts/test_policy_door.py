"""The policy of a call, over HTTP: each link of the chain, colour, audience, shop; before anything is looked for."""

import itertools

import pytest
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import ORGANIZATION
from accounts.models import Organization
from accounts.people import services
from cities.models import City
from config.kernel.errors import Code, DomainError
from config.kernel.ids import CONSOLE, SUPER
from config.kernel.states import Verb
from tests.cast import Caller, Cast
from tests.factories import make_city, make_token, make_user

pytestmark = pytest.mark.django_db
_comp_ids = itertools.count(2)


def make_shop(kinds: str = "zone corp shop", parent: Organization | None = None) -> Organization:
    """A shop of a company of a zone of their own, or of the parent's."""
    now = timezone.now()
    for kind in kinds.split():
        comp_id = next(_comp_ids) if kind == "corp" else None
        parent = Organization.objects.create(
            kind=kind, name=kind, parent=parent, comp_id=comp_id, created_at=now, updated_at=now
        )
    assert parent is not None
    return parent


def close(organization: Organization) -> None:
    services.switch(ORGANIZATION, organization, Verb.DIS, by=Actor.system())


@pytest.mark.parametrize("link", ["zone", "corp", "shop", "city"])
def test_a_closed_link_closes_the_call(cast: Cast, link: str) -> None:
    shop = make_shop()
    audience = make_city(cast.charlie.user, "Other_Console")  # type: ignore[arg-type]
    user = make_user("dora")
    caller = Caller(make_token(user, shop=shop, audience=audience.key))
    assert caller.verb("QRI").reason == "WrongColor", "the chain is whole, and judged before the colour"
    if link == "city":
        assert cast.zoe.verb("DIS", audience.key).status == 200
    else:
        # Zone and shop are the token's, corp is the user's own (S10).
        close({"zone": shop.parent.parent, "corp": user.corp, "shop": shop}[link])  # type: ignore[union-attr,arg-type]
    answer = caller.verb("QRI", XduaAcceptLang="en")
    assert (answer.status, answer.reason) == (403, "ChainNotEnabled")
    assert answer.result["detail"] == f"The {link} of this access token is not in service."


def test_a_token_for_a_city_that_is_no_more_is_closed(cast: Cast) -> None:
    caller = Caller(make_token(cast.alice.user, audience="zzzzzzzz"))  # type: ignore[arg-type]
    assert caller.verb("QRI").reason == "ChainNotEnabled"


def test_the_company_that_another_user_is_of_is_not_ones_own(cast: Cast) -> None:
    close(cast.charlie.user.corp)  # type: ignore[union-attr]
    assert cast.charlie.verb("QRI").reason == "ChainNotEnabled"
    assert cast.alice.verb("QRI").status == 200


@pytest.mark.parametrize(
    ("where", "color"), [("ones own company", "R"), ("another of the zone", "G"), ("another zone", "B")]
)
def test_the_colour_tells_whose_shop_it_is(cast: Cast, where: str, color: str) -> None:
    corp = cast.alice.user.corp  # type: ignore[union-attr]
    shops = {
        "ones own company": lambda: make_shop("shop", corp),
        "another of the zone": lambda: make_shop("corp shop", corp.parent),
        "another zone": make_shop,
    }
    caller = Caller(make_token(cast.alice.user, shop=shops[where]()))  # type: ignore[arg-type]
    answer = caller.verb("QRI", XduaAcceptLang="en")
    assert (answer.status, answer.reason) == (403, "WrongColor")
    assert answer.result["detail"] == f"The colour {color} of this access token is not one of X."


def test_a_token_for_another_audience_is_refused(cast: Cast) -> None:
    caller = Caller(make_token(cast.alice.user, audience=cast.city.key))  # type: ignore[arg-type]
    assert (caller.verb("QRI").status, caller.verb("QRI").reason) == (403, "WrongAudience")


def test_a_policy_is_judged_before_anything_is_looked_for(cast: Cast) -> None:
    caller = Caller(make_token(cast.charlie.user, audience=cast.city.key))  # type: ignore[arg-type]
    answers = {caller.verb("GET", key).reason for key in (cast.city.key, "zzzzzzzz", "short")}
    assert answers == {"WrongAudience"}


@pytest.mark.parametrize("verb", ["DIS", "DEL"])
def test_the_consoles_own_city_cannot_be_closed_by_anybody(cast: Cast, verb: str) -> None:
    answer = cast.root.verb(verb, CONSOLE)
    assert (answer.status, answer.reason) == (409, "CityReserved")
    assert City.objects.get(key=CONSOLE).state == 0


@pytest.mark.parametrize("kind", ["zone", "corp", "shop"])
def test_the_platforms_own_organizations_cannot_be_closed_from_a_shell_either(db: None, kind: str) -> None:
    with pytest.raises(DomainError) as refused:
        close(Organization.objects.get(kind=kind, key=SUPER))
    assert refused.value.code is Code.RESERVED


def test_the_last_enabled_god_stays(cast: Cast) -> None:
    from accounts.lifecycle import USER
    from config.kernel.roles import Role

    second = make_user("second", Role.GOD)
    services.switch(USER, second, Verb.DIS, by=Actor.system())
    with pytest.raises(DomainError) as refused:
        services.switch(USER, cast.root.user, Verb.DIS, by=Actor.system())
    assert refused.value.code is Code.RESERVED
    assert cast.root.verb("QRY").status == 200
