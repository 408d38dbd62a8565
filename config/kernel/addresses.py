"""Lists of addresses as an app's ACL has them: addresses, ranges (`a-b`) and networks (CIDR) [vendor]."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from config.kernel.errors import Code, Invalid

MOST = 100


def clean_addresses(values: Iterable[object], *, field: str) -> list[str]:
    """Each as it is written shortest, none twice. Raises Invalid."""
    cleaned = list(dict.fromkeys(_clean(value, field) for value in values))
    if len(cleaned) > MOST:
        raise Invalid(Code.TOO_MANY_VALUES, field=field, limit=MOST)
    return cleaned


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
