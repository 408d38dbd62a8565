"""The policy registry's rows and their judgment (XDUA's 配置参数; domain.md §3): a row and a call in, nothing out.

A policy is one more gate, never a key (S11): it is judged at the door, before anything is looked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from config.kernel import ids
from config.kernel.errors import Code, DomainError
from config.kernel.states import State


class Link(StrEnum):
    """The links of a token's chain, in the order of Acitys."""

    CITY = "city"
    ZONE = "zone"
    CORP = "corp"
    SHOP = "shop"
    USER = "user"
    TOKEN = "token"
    LOGIN = "login"


class Color(StrEnum):
    """A token's colour: X from the super shop, else by how shop, corp and zone coincide [vendor]."""

    X = "X"
    R = "R"
    G = "G"
    B = "B"


ANY_STATE = frozenset(State)
ALL_ENABLED: tuple[frozenset[State], ...] = tuple(frozenset({State.ENABLED}) for _ in Link)
# The six single fields of GET and GIT say nothing of the login.
ANY_LOGIN = (*ALL_ENABLED[:-1], ANY_STATE)
# The links whose closing means that the caller is nobody any more, not that the call is refused to them.
_WHO = {Link.USER: Code.USER_DISABLED, Link.TOKEN: Code.TOKEN_DISABLED, Link.LOGIN: Code.LOGIN_DISABLED}


@dataclass(frozen=True, slots=True)
class Policy:
    """One documented interface with the values that are in force; `documented` keeps the document's own words."""

    name: str
    verb: str  # a Verb, or a verb of our own (SHARE)
    subject: str  # i: the owner or who holds the verb by a grant; u: any registered user; "": nobody as such
    roles: frozenset[str]  # Admin, God
    resource: str
    kparam: str
    action: str
    http_schema: str = "HTTPS"
    colors: frozenset[Color] = frozenset({Color.X})
    audience: str = ids.CONSOLE
    shop: str = ids.SUPER
    acitys: tuple[frozenset[State], ...] = ALL_ENABLED
    enable: str = "true"
    documented: Mapping[str, str] = field(default_factory=dict)


def own(name: str, verb: str, resource: str, *, subject: str = "i", roles: frozenset[str] = frozenset()) -> Policy:
    """A row of ours, which no document has: any colour, audience and shop (domain.md §3)."""
    return Policy(name, verb, subject, roles, resource, "id", name, colors=frozenset(Color), audience="*", shop="*")


def of_full_life(name: str, resource: str) -> tuple[Policy, ...]:
    """Our own rows of a kind with the full lifecycle and a secret that is rotated."""
    admin, god = frozenset({"Admin"}), frozenset({"God"})
    return (
        own(f"Add{name}", "ADD", resource, subject="u"),
        own(f"Set{name}", "SET", resource),
        own(f"Off{name}", "OFF", resource),
        own(f"Pub{name}", "PUB", resource),
        own(f"Dis{name}", "DIS", resource, roles=admin),
        own(f"Enb{name}", "ENB", resource, subject="", roles=admin),
        own(f"Dol{name}", "DOL", resource),
        own(f"Rcc{name}", "RCC", resource, subject="", roles=admin),
        own(f"Del{name}", "DEL", resource, roles=god),
        own(f"Get{name}", "GET", resource, roles=admin),
        own(f"Qri{name}", "QRI", resource),
        own(f"Rotate{name}", "ROTATE", resource),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """What a policy looks at: how the call came, and what its token says."""

    secure: bool
    color: Color
    audience: str
    shop: str
    chain: Mapping[Link, State]


_ENABLE = {"Api Not Supported": Code.API_NOT_SUPPORTED, "Api Not Implemented": Code.API_NOT_IMPLEMENTED}


def judge(policy: Policy, call: Call) -> None:
    """Pass, or raise DomainError: Enable, HttpSchema, chain, Color, Audience, Shop, in this order."""
    if policy.enable != "true":
        raise DomainError(_ENABLE.get(policy.enable, Code.API_NOT_SUPPORTED), policy=policy.name)
    if policy.http_schema == "HTTPS" and not call.secure:
        raise DomainError(Code.HTTPS_REQUIRED, policy=policy.name)
    for link, allowed in zip(Link, policy.acitys, strict=True):
        if call.chain[link] not in allowed:
            raise DomainError(_WHO.get(link, Code.CHAIN_CLOSED), link=str(link), policy=policy.name)
    if call.color not in policy.colors:
        allowed_colors = ", ".join(sorted(policy.colors))
        raise DomainError(Code.WRONG_COLOR, given=call.color, allowed=allowed_colors, policy=policy.name)
    if policy.audience not in ("*", call.audience):
        raise DomainError(Code.WRONG_AUDIENCE, allowed=policy.audience, policy=policy.name)
    if policy.shop not in ("*", call.shop):
        raise DomainError(Code.WRONG_SHOP, allowed=policy.shop, policy=policy.name)
