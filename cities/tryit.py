"""“Try it” for cities: XDUA and the native API."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.console import tryit
from accounts.console.spelling import Wire
from accounts.console.tryit import Call, Group, Native
from cities.models import City
from config.dialects.xdua import verbs
from config.kernel import words
from config.kernel.states import Verb


def calls(city: City, root: str) -> Iterator[Group]:
    """What the pages of a city do, as programs do it."""
    yield _native(city, root)
    yield Group(
        tryit.XDUA,
        "XDUA",
        _("The document's own calls: one address, and the verb in a header."),
        (tryit.of_token(),),
        list(_xdua(city, root)),
    )


def _native(city: City, root: str) -> Group:
    native, one = Native(root), f"cities/{city.key}"
    return native.group(
        native.call(words.verb(Verb.GET), "GET", one),
        native.call(words.verb(Verb.QRI), "GET", "cities?limit=20"),
        native.call(words.verb(Verb.SET), "PATCH", one, {"brief": "Changed by a call"}),
        native.call(words.verb(Verb.OFF), "POST", f"{one}/offline", {}),
        native.call(words.verb(Verb.PUB), "POST", f"{one}/publish", {}),
        native.call(_("Create a project in it"), "POST", "projects", {"name": "A first project", "city": city.key}),
        native.call(words.verb(Verb.DIS), "POST", f"{one}/disable", {"reason": "Moving house"}),
        native.call(words.verb(Verb.DOL), "DELETE", one),
    )


def _xdua(city: City, root: str) -> Iterator[Call]:
    given: Mapping[Verb, dict[str, Any] | None] = {
        Verb.GET: None,
        Verb.QRI: None,
        Verb.SET: {"brief": "Changed by a call"},
        Verb.OFF: None,
        Verb.PUB: None,
        Verb.DIS: {"stato": "Moving house"},
        Verb.DOL: None,
    }
    for verb, body in given.items():
        url = f"{root}/city/{city.key}" if verb in verbs.ON_ONE else f"{root}/city?limit=20"
        headers = {"Authorization": "$POLIS_TOKEN", verbs.HEADER: str(verb)}
        yield tryit.call(words.verb(verb), Wire(verbs.METHODS[verb], url, headers, body))
