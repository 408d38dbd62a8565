"""Lists of addresses as an app's ACL has them: addresses, ranges (`a-b`) and networks (CIDR) [vendor]."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from config.kernel.errors import Code, Invalid

MOST = 100
PERMIT, DENY = "PERMIT", "DENY"


def clean_addresses(values: Iterable[object], *, field: str) -> list[str]:
    """Each as it is written shortest, none twice. Raises Invalid."""
    cleaned = list(dict.fromkeys(_clean(value, field) for value in values))
    if len(cleaned) > MOST:
        raise Invalid(Code.TOO_MANY_VALUES, field=field, limit=MOST)
    return cleaned


def plain(text: str) -> str:
    """An address in one form, IPv4 out of its IPv6 mapping; "" for what is none."""
    try:
        # A zone ("%eth0") is one machine's own affair, and may be any text.
        address = ip_address("" if "%" in text else text.strip())
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def is_within(address: str, values: Iterable[str]) -> bool:
    """Is the address one of a cleaned list, or in a range or network of it?"""
    return bool(address) and any(_holds(value, ip_address(address)) for value in values)


def admits(acl_type: str, values: Iterable[str], address: str) -> bool:
    """May one come from there? Without a list from everywhere; with one and no address: no (S20)."""
    return not acl_type or (bool(address) and is_within(address, values) is (acl_type == PERMIT))


def _holds(value: str, address: IPv4Address | IPv6Address) -> bool:
    low, is_range, high = value.partition("-")
    if not is_range:
        return address in _network(value)
    first, last = ip_address(low), ip_address(high)
    return first.version == address.version and int(first) <= int(address) <= int(last)


_network = lru_cache(maxsize=4096)(ip_network)


def _clean(value: object, field: str) -> str:
    try:
        # A zone ("%eth0") is one machine's own affair.
        if not isinstance(value, str) or "%" in value:
            raise ValueError(value)
        first, dash, last = value.partition("-")
        if dash:
            return _range(first.strip(), last.strip())
        return str(ip_network(value) if "/" in value else ip_address(value))
    except ValueError:
        raise Invalid(Code.WRONG_TYPE, field=field, expected="list of addresses, ranges a-b or CIDRs") from None


def _range(first: str, last: str) -> str:
    low, high = ip_address(first), ip_address(last)
    if low.version != high.version or int(low) > int(high):
        raise ValueError(first)
    return f"{low}-{high}"


def household(text: str) -> str:
    """Of an IPv6 address the network of one connection, a /64: whoever has one address there has all of them.

    Any other text is as it is.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return text
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else text
