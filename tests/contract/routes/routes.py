"""The routes that there are, from Django's resolver, so that none can come without a row in the tables."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from config.dialects.xdua.verbs import METHODS, ON_COLLECTION, ON_ONE
from config.kernel.states import Verb

# Where no dialect answers: the console's pages, what a load balancer asks, and what gateways do (tests/verification).
_NO_DIALECT = ("/livez", "/readyz", "/i18n/", "/admin", "/account", "/console", "/verify")
_METHODS = ("get", "post", "put", "patch", "delete")
# The forms of an address of XDUA, each with the plain one, and how the verb is written into it.
FORMS = {
    "/city": ("/city", "/city"),
    "/city.{suffix}": ("/city", "/city.{verb}"),
    "/city/{id}": ("/city/{id}", "/city/{id}"),
    "/city.{suffix}/{id}": ("/city/{id}", "/city.{verb}/{id}"),
    "/city/{id}/{tail}": ("/city/{id}", "/city/{id}/{verb}"),
}


def routes() -> set[tuple[str, str]]:
    """Each address and method of a dialect: ("/api/v1/cities/{id}", "PATCH")."""
    found = _walked(get_resolver().url_patterns, "")
    ours = [(path, view) for path, view in found if path != "/" and not path.startswith(_NO_DIALECT)]
    return {(path, method) for path, view in ours for method in _methods_of(view)}


def heads() -> set[str]:
    """How each route is called in the tables: `PATCH /api/v1/cities/{id}`; in XDUA with the verb, `PUT /city/{id} DIS`.

    There `-` is what names no verb, which is its method's own.
    """
    return {head for path, method in routes() for head in _heads_of(path, method)}


def _heads_of(path: str, method: str) -> list[str]:
    if not path.startswith("/city"):
        return [f"{method} {path}"]
    plain = FORMS[path][0]
    here = ON_ONE if "{id}" in plain else ON_COLLECTION
    verbs = [str(verb) for verb in Verb if METHODS[verb] == method and verb in here]
    return [f"{method} {plain} {verb}" for verb in [*verbs, *(["-"] if path == plain else [])]]


def _walked(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walked(pattern.url_patterns, text)
        else:
            assert isinstance(pattern, URLPattern)
            yield _plain(text), pattern.callback


def _plain(text: str) -> str:
    """An address as people write it, from a pattern of either kind."""
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", text)
    text = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text)
    return "/" + text.replace("^", "").removesuffix("$").removesuffix("\\Z").removesuffix("/?").replace("\\.", ".")


def _methods_of(view: Any) -> list[str]:
    if (actions := getattr(view, "actions", None)) is not None:
        return [method.upper() for method in actions if method in _METHODS]
    made_of = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if made_of is None:  # a function says nothing of its methods: it is a page
        return ["GET"]
    return [method.upper() for method in _METHODS if hasattr(made_of, method)]
