"""The policy registry's rows and their judgment (XDUA's 配置参数; domain.md §3): a row and a call in, nothing out.

A policy is one more gate, never a key (S11): it is judged at the door, before anything is looked for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from config.kernel import ids
from config.kernel.errors import Code, DomainError, Invalid
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


IN_SERVICE = "true"
_CLOSED = {"Api Not Supported": Code.API_NOT_SUPPORTED, "Api Not Implemented": Code.API_NOT_IMPLEMENTED}
ENABLES = (IN_SERVICE, *_CLOSED)
# As the document writes Acitys, and what it means by that (domain.md §3).
_LITERALS = {"0,0 或者0": "0", "State,Corp,Shop,User,State,Token: 0": "0,0,0,0,0,0,0135"}
_DIGITS = {str(int(state)): state for state in State}
# One link's states, the lower first, each once.
_ITEM = re.compile("01?3?5?|13?5?|35?|5")
ACITYS = f"^(({_ITEM.pattern})(,({_ITEM.pattern})){{0,6}}|{'|'.join(_LITERALS)})$"


@dataclass(frozen=True, slots=True)
class Policy:
    """One documented interface with the values that are in force; `documented` keeps the document's own words.

    `is_fixed`: it cannot be overridden. Of signing in, tokens, policies and users: so whoever has closed too much can
    always open it again (S11). `follows` is the documented row whose overrides govern this one too.
    """

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
    enable: str = IN_SERVICE
    documented: Mapping[str, str] = field(default_factory=dict)
    is_fixed: bool = False
    follows: str = ""


def own(
    name: str,
    verb: str,
    resource: str,
    *,
    subject: str = "i",
    roles: frozenset[str] = frozenset(),
    is_fixed: bool = False,
    follows: str = "",
) -> Policy:
    """A row of ours, which no document has: any colour, audience and shop (domain.md §3)."""
    return Policy(
        name,
        verb,
        subject,
        roles,
        resource,
        "id",
        name,
        colors=frozenset(Color),
        audience="*",
        shop="*",
        is_fixed=is_fixed,
        follows=follows,
    )


def of_full_life(name: str, resource: str, *, set_follows: str = "") -> tuple[Policy, ...]:
    """Our own rows of a kind with the full lifecycle and a secret that is rotated; `set_follows`: what its SET does."""
    admin, god = frozenset({"Admin"}), frozenset({"God"})
    return (
        own(f"Add{name}", "ADD", resource, subject="u"),
        own(f"Set{name}", "SET", resource, follows=set_follows),
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


class Check(NamedTuple):
    """One question of a judgment, and why it is answered with no; None: it is passed."""

    name: str
    error: DomainError | None


def checks(policy: Policy, call: Call) -> Iterator[Check]:
    """Every question that a row asks of a call, in their order: Enable, HttpSchema, chain, Color, Audience, Shop."""
    yield Check("enable", None if policy.enable == IN_SERVICE else _no(policy, _CLOSED[policy.enable]))
    yield Check("https", None if call.secure or policy.http_schema != "HTTPS" else _no(policy, Code.HTTPS_REQUIRED))
    for link, allowed in zip(Link, policy.acitys, strict=True):
        is_closed = call.chain[link] not in allowed
        yield Check(f"chain: {link}", _no(policy, _WHO.get(link, Code.CHAIN_CLOSED), link=link) if is_closed else None)
    is_color = call.color in policy.colors
    yield Check("color", None if is_color else _no(policy, Code.WRONG_COLOR, given=call.color, allowed=_listed(policy)))
    is_audience = policy.audience in ("*", call.audience)
    yield Check("audience", None if is_audience else _no(policy, Code.WRONG_AUDIENCE, allowed=policy.audience))
    is_shop = policy.shop in ("*", call.shop)
    yield Check("shop", None if is_shop else _no(policy, Code.WRONG_SHOP, allowed=policy.shop))


def judge(policy: Policy, call: Call) -> None:
    """Pass, or raise the DomainError of the first question that is answered with no."""
    for check in checks(policy, call):
        if check.error is not None:
            raise check.error


def _no(policy: Policy, code: Code, **facts: str) -> DomainError:
    return DomainError(code, **{name: str(value) for name, value in facts.items()}, policy=policy.name)


def _listed(policy: Policy) -> str:
    return ", ".join(sorted(policy.colors))


def read_enable(text: str, *, field: str = "enable") -> str:
    """Enable, as the document words it. Raises Invalid."""
    if text not in ENABLES:
        raise Invalid(Code.BAD_CHOICE, field=field, allowed=", ".join(ENABLES))
    return text


def read_acitys(text: str, *, field: str = "acitys") -> tuple[frozenset[State], ...]:
    """Acitys, as the document writes it: a comma list of states, each item one or more of them. Raises Invalid.

    An item that is missing at the end counts as 0; the document's own two phrases are understood.
    """
    items = _LITERALS.get(text, text).split(",")
    if len(items) > len(Link):
        raise Invalid(Code.TOO_MANY_VALUES, field=field, limit=len(Link))
    if not all(_ITEM.fullmatch(item) for item in items):
        allowed = f"{', '.join(_DIGITS)}, or several of them (03), for each of {', '.join(Link)}"
        raise Invalid(Code.BAD_CHOICE, field=field, allowed=allowed)
    given = tuple(frozenset(_DIGITS[digit] for digit in item) for item in items)
    return given + ALL_ENABLED[len(given) :]


def write_acitys(acitys: tuple[frozenset[State], ...]) -> str:
    """The shortest text that means this: without the 0s at its end, but for one that stands alone."""
    items = ["".join(str(int(state)) for state in sorted(states)) for states in acitys]
    while len(items) > 1 and items[-1] == "0":
        items.pop()
    return ",".join(items)
