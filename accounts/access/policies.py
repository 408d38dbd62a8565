"""Asking the policy registry at the door: the token's chain, colour, audience and shop against the row in force."""

from datetime import datetime

from django.conf import settings

from accounts.access import book
from accounts.access.actor import Actor
from accounts.models import Credential
from config.kernel import ids
from config.kernel.policies import Call, Color, Link, Policy, judge
from config.kernel.states import State


def check(policy: Policy, by: Actor, *, is_secure: bool) -> None:
    """Pass, or raise as config.kernel.policies.judge. It costs no query: the token came with its chain, and with the
    edition of what is overridden.
    """
    judge(book.in_force(policy, by), call_of(by, is_secure=is_secure))


def call_of(by: Actor, *, is_secure: bool) -> Call:
    """What the policies look at of a call."""
    secure = is_secure or settings.DEVELOPMENT
    if by.token is not None:
        token = by.token
        return Call(secure, color_of(token), token.audience, token.shop.key, chain_of(token, by.now))
    # A session is of the super shop and of the console's city, which no verb can close (S10); so is a company's call.
    chain = dict.fromkeys(Link, State.ENABLED)
    if by.user is not None:
        chain |= {Link.CORP: by.user.corp.state_at(by.now), Link.USER: by.user.state_at(by.now)}
    if by.company is not None:
        assert by.company.parent is not None
        chain |= {Link.CORP: by.company.state_at(by.now), Link.ZONE: by.company.parent.state_at(by.now)}
    return Call(secure, Color.X, ids.CONSOLE, ids.SUPER, chain)


def color_of(token: Credential) -> Color:
    """X from the super shop; else by whether the shop is of one's company, of its zone, or of another [vendor]."""
    shop = token.shop
    if shop.key == ids.SUPER:
        return Color.X
    company = token.user.corp
    if shop.parent_id == company.pk:
        return Color.R
    assert shop.parent is not None
    # assumed: the document names the colours R, G and B but not their order; domain.md §3 decides it.
    return Color.G if shop.parent.parent_id == company.parent_id else Color.B


def chain_of(token: Credential, now: datetime) -> dict[Link, State]:
    """The states of what a token stands on: zone and shop are the token's, corp is the user's own (S10)."""
    shop, login = token.shop, token.signing_in
    assert shop.parent is not None
    assert shop.parent.parent is not None
    return {
        Link.CITY: _audience_state(token),
        Link.ZONE: shop.parent.parent.state_at(now),
        Link.CORP: token.user.corp.state_at(now),
        Link.SHOP: shop.state_at(now),
        Link.USER: token.user.state_at(now),
        Link.TOKEN: token.state_at(now),
        # A token that no signing in stands behind counts as one whose login is in service.
        Link.LOGIN: login.state_at(now) if login is not None else State.ENABLED,
    }


def _audience_state(token: Credential) -> State:
    """From the credential's own query. A city that is no more is as closed as one in the bin."""
    state: int | None = token.audience_state
    return State(state) if state is not None else State.DELETED
