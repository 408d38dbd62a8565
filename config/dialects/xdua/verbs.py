"""Telling the verbs apart: seven of them are one PUT on one address, and the document does not say how they travel.

# assumed: header, parameter and path forms, all at once, which must agree (ADR 1).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.policies import Policy
from config.kernel.states import FULL_NAMES, Verb

HEADER = "XduaApiMethod"
PARAMETERS = ("XduaApiMethod", "action")
METHODS: Mapping[Verb, str] = MappingProxyType(
    {
        verb: {"ADD": "POST", "DEL": "DELETE", "GET": "GET", "GIT": "GET", "QRY": "GET", "QRI": "GET"}.get(verb, "PUT")
        for verb in Verb
    }
)
ON_COLLECTION = frozenset({Verb.ADD, Verb.QRY, Verb.QRI, Verb.RCC})
ON_ONE = frozenset(Verb) - {Verb.ADD, Verb.QRY, Verb.QRI}


def vocabulary(policies: Iterable[Policy]) -> dict[str, Verb]:
    """Every word that names a verb, in lower case: three letters, full name, the document's Name and Action."""
    words: dict[str, Verb] = {}
    for verb, full in FULL_NAMES.items():
        words[verb.lower()] = words[full.lower()] = verb
    for policy in policies:
        words[policy.name.lower()] = Verb(policy.verb)
        # GET and GIT share the Action `GetState`: it means GET.
        if policy.verb is not Verb.GIT:
            words[policy.action.lower()] = Verb(policy.verb)
    return words


def recognise(words: Mapping[str, Verb], given: Iterable[object], default: Verb) -> Verb:
    """The one verb that the request names, `default` where it names none.

    Raises UNKNOWN_VERB; CONFLICTING_VERBS where two disagree: a stray `action=` must not turn SET into DOL.
    """
    named: dict[Verb, None] = {}
    for word in given:
        verb = words.get(word.lower()) if isinstance(word, str) else None
        if verb is None:
            known = ", ".join(Verb)
            raise Invalid(Code.UNKNOWN_VERB, verb=str(word)[:32], known=known)
        named[verb] = None
    if len(named) > 1:
        raise Invalid(Code.CONFLICTING_VERBS, verbs=", ".join(named))
    return next(iter(named), default)


def default_verb(method: str, *, is_one: bool, is_god: bool) -> Verb | None:
    """The verb of a request that names none: its method's."""
    if method == "GET":
        return Verb.GET if is_one else Verb.QRY if is_god else Verb.QRI
    return {"POST": Verb.ADD, "DELETE": Verb.DEL, "PUT": Verb.SET}.get(method)


def check_method(verb: Verb | None, method: str, *, is_one: bool) -> None:
    """Pass, or METHOD_NOT_ALLOWED: each verb has one method, and stands on a city or on all of them."""
    here = ON_ONE if is_one else ON_COLLECTION
    if verb is None or METHODS[verb] != method:
        # What the verb would want; without one, what may be done at this address.
        wanted = {METHODS[verb]} if verb in here else {METHODS[each] for each in here}
        raise DomainError(Code.METHOD_NOT_ALLOWED, method=method, allowed=", ".join(sorted(wanted)))
    if verb not in here:
        if verb in ON_ONE:
            raise Invalid(Code.REQUIRED, field="id")
        if method == "GET":
            raise DomainError(Code.NO_SUCH_ROUTE)  # a list of what is one
        raise DomainError(
            Code.METHOD_NOT_ALLOWED,
            method=method,
            allowed=", ".join(sorted({METHODS[each] for each in here} - {method})),
        )
