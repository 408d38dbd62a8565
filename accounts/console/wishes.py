"""What stands on a thing's page where its owner can only ask: to have it back from the bin, or to have it enabled."""

from dataclasses import dataclass
from typing import Any

from accounts.access.actor import Actor
from accounts.console import things
from accounts.console.ways import address
from accounts.models import Request
from accounts.people import requests
from config.kernel.states import Verb


@dataclass(frozen=True, slots=True)
class Wish:
    """`asked`: the request that waits, None where it can be asked at `ask`."""

    verb: Verb
    ask: str
    asked: Any


def wish_of(kind: str, thing: Any, by: Actor) -> Wish | None:
    """For its owner, while it is in a state that only an administrator ends."""
    if not things.owns(thing):
        return None
    state = thing.state_at(by.now)
    verb = next((verb for verb, source in requests.FROM.items() if source is state), None)
    if verb is None:
        return None
    rows = requests.in_state(requests.mine(by=by), Request.State.OPEN)
    asked = rows.filter(kind=kind, thing=thing.key, verb=verb).first()
    return Wish(verb, address(f"{kind}_ask", thing.key), asked)
