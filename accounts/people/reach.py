"""How far a credential reaches, and that none makes one that reaches further (S4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from accounts.access.actor import Actor
from accounts.models import Organization
from accounts.people import services
from config.kernel import ids, registry, scopes
from config.kernel.errors import Code, Invalid
from config.kernel.states import check_future

LOGIN_SCOPES = (scopes.READ, scopes.VERBS)
_FIELDS = {"ends_at": "expires_at"}


@dataclass(frozen=True, slots=True)
class Reach:
    """Scopes; cities and addresses (none: all of them); shop and audience; the end, None: none; a project, "": none."""

    shop: Organization = field(default_factory=services.super_shop)
    scopes: tuple[str, ...] = LOGIN_SCOPES
    cities: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    audience: str = ids.CONSOLE
    ends_at: datetime | None = None
    project: str = ""

    def columns(self) -> dict[str, Any]:
        """As a credential keeps it."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def told(self) -> dict[str, Any]:
        """As an event tells it: what goes beyond a plain token."""
        told: dict[str, Any] = {"scopes": list(self.scopes), "ends_at": self.ends_at}
        if self.cities:
            told["cities"] = list(self.cities)
        if self.project:
            told["project"] = self.project
        if self.addresses:
            told["addresses"] = len(self.addresses)  # addresses are personal: how many, not which (S18)
        if self.audience != ids.CONSOLE:
            told["audience"] = self.audience
        return told


def of(by: Actor) -> Reach:
    """How far the caller reaches. A session reaches as far as its user."""
    token = by.token
    if token is None:
        return Reach(scopes=scopes.ALL)
    lists = (tuple(token.scopes), tuple(token.cities), tuple(token.addresses))
    return Reach(token.shop, *lists, token.audience, token.ends_at, token.project)


def narrowed(given: Mapping[str, Any], *, by: Actor) -> Reach:
    """What is asked for, where it is no more than the caller's own; what is left out is the caller's.

    Of scopes all but `credentials` are meant; it is bound to a project as the caller is. Raises Invalid for what is
    not well said, EXCEEDS_MAKER with the field.
    """
    own = of(by)
    wanted = {
        "scopes": tuple(given.get("scopes", [scope for scope in own.scopes if scope != scopes.CREDENTIALS])),
        "cities": tuple(given.get("cities", own.cities)),
        "addresses": tuple(_network(each) for each in given.get("addresses", own.addresses)),
        "ends_at": given.get("ends_at", own.ends_at),
        "audience": given.get("audience", own.audience),
        "shop": services.find_shop(given["shop"]) if "shop" in given else own.shop,
    }
    reach = Reach(**wanted, project=own.project)
    check_future(reach.ends_at, by.now, field="expires_at")
    for name, is_within in _checks(reach, own).items():
        if not is_within:
            raise Invalid(Code.EXCEEDS_MAKER, field=_FIELDS.get(name, name))
    _check_cities(reach.cities, by)
    if reach.audience not in (ids.CONSOLE, own.audience):
        _check_audience(reach.audience, by)
    return reach


def _checks(wanted: Reach, own: Reach) -> dict[str, bool]:
    return {
        # A scope that there is not is said to be unknown, not to be too much.
        "scopes": scopes.within([scope for scope in wanted.scopes if scope in scopes.KNOWN], own.scopes),
        "cities": not own.cities or (bool(wanted.cities) and set(wanted.cities) <= set(own.cities)),
        "addresses": not own.addresses or (bool(wanted.addresses) and _are_within(wanted.addresses, own.addresses)),
        "ends_at": own.ends_at is None or (wanted.ends_at is not None and wanted.ends_at <= own.ends_at),
        "audience": own.audience in (ids.CONSOLE, wanted.audience),
        "shop": own.shop.key == ids.SUPER or own.shop.pk == wanted.shop.pk,
    }


def _are_within(wanted: tuple[str, ...], own: tuple[str, ...]) -> bool:
    return all(any(_is_subnet(ip_network(each), ip_network(wide)) for wide in own) for each in wanted)


def _is_subnet(narrow: IPv4Network | IPv6Network, wide: IPv4Network | IPv6Network) -> bool:
    if isinstance(narrow, IPv4Network):
        return isinstance(wide, IPv4Network) and narrow.subnet_of(wide)
    return isinstance(wide, IPv6Network) and narrow.subnet_of(wide)


def _network(text: str) -> str:
    try:
        if "%" in text:  # a zone of one machine's, which is any text at all
            raise ValueError(text)
        return str(ip_network(text))
    except ValueError:
        raise Invalid(Code.WRONG_TYPE, field="addresses", expected="list of IP addresses or CIDRs") from None


def _check_cities(cities: tuple[str, ...], by: Actor) -> None:
    """A city that is hidden is as unknown as one that is not (S13)."""
    if not cities:
        return
    visible: Any = registry.kind("city").model._default_manager
    keys = [key for key in cities if ids.is_key(key)]
    if visible.visible_to(by).filter(key__in=keys).count() != len(cities):
        raise Invalid(Code.BAD_CHOICE, field="cities", allowed="ids of cities that you can see")


def _check_audience(city: str, by: Actor) -> None:
    """A token is good as long as the city of its audience is: it would tell the state of a hidden one (S13)."""
    visible: Any = registry.kind("city").model._default_manager
    if not ids.is_key(city) or not visible.visible_to(by).filter(key=city).exists():
        raise Invalid(Code.BAD_CHOICE, field="audience", allowed="the id of a city that you can see")
