"""What is said of a credential, whichever door asks: good, unknown, closed, or not admitted from where it comes.

Effective at once: all that it looks at was read for this very question, and nothing of it is remembered.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apps.verification.credentials import Presented, Proof
from apps.verification.lookup import Found, Link
from apps.verification.original import Original
from config.kernel import addresses
from config.kernel.errors import DomainError
from config.kernel.states import State


class Outcome(StrEnum):
    """UNKNOWN is also a wrong secret, one that has expired, a code that is disabled: they are not told apart."""

    GOOD = "good"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    NOT_ADMITTED = "not_admitted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`closed`: the kind of the nearest link of the chain that is not in service, for the gateway alone to know."""

    outcome: Outcome
    proof: Proof | None = None
    closed: str = ""


def judge(presented: Presented, found: Found, original: Original, now: datetime) -> Verdict:
    """Of a credential that was looked up at the gateway that asks, which has proved itself."""
    try:
        proof = presented.find_secret(found, original, now)
    except DomainError:  # such a call cannot have been signed
        proof = None
    if proof is None or found.app is None:
        return Verdict(Outcome.UNKNOWN)
    if (closed := closed_link(found.chain)) is not None:
        return Verdict(Outcome.CLOSED, closed=closed.kind)
    if not addresses.admits(found.app.acl_type, found.app.acl_values, original.address):
        return Verdict(Outcome.NOT_ADMITTED)
    return Verdict(Outcome.GOOD, proof)


def closed_link(chain: tuple[Link, ...]) -> Link | None:
    """The nearest that is not in service: an app serves only while all are ENABLED (domain.md §2)."""
    return next((link for link in chain if link.state is not State.ENABLED), None)
