"""S25: what a browser may do with what Polis answers, by Content-Security-Policy."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.site.console import CITIES, Browser, address

HEADER = "Content-Security-Policy"
PAGE = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
}
ADMIN = {**PAGE, "script-src": {"'self'", "'unsafe-eval'"}, "img-src": {"'self'", "data:"}}
CLOSED = {"default-src": {"'none'"}, "frame-ancestors": {"'none'"}}


def policy(text: str) -> dict[str, set[str]]:
    """What a header says, by directive."""
    parts = [part.split() for part in text.split(";") if part.strip()]
    assert len({name for name, *_ in parts}) == len(parts), "a directive that comes twice counts once"
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.parametrize(
    "path",
    ["/account/login", "/account/signup", "/account/password/reset", "/account/", "/console/", "/api/problems", "/"],
)
def test_a_page_runs_and_shows_nothing_that_is_not_ours(cast: Cast, path: str) -> None:
    for browser in (Browser(), Browser(cast.alice.user)):
        assert policy(browser.get(path).headers[HEADER]) == PAGE


def test_the_super_console_may_make_code_from_its_own_texts_and_nothing_else(cast: Cast) -> None:
    zoon = Browser(cast.zoe.user)
    pages = ("/admin/", CITIES, address(cast.city), address(cast.city, "dis"), address(cast.city, "del"))
    for path in pages:
        assert policy(zoon.get(path).headers[HEADER]) == ADMIN, path
    refused = Browser(cast.alice.user).post(address(cast.city, "dis"))
    assert (refused.status, policy(refused.headers[HEADER])) == (403, ADMIN)
    assert policy(zoon.get("/admin/nothing/").headers[HEADER]) == PAGE


def test_no_page_of_the_super_console_has_a_style_or_a_script_in_it(cast: Cast) -> None:
    zoon = Browser(cast.zoe.user)
    for path in (CITIES, address(cast.city), address(cast.city, "dis")):
        source = zoon.get(path).source
        for sign in ("<style", "<script>", " style=", " onclick=", "javascript:"):
            assert sign not in source, (path, sign)


def test_the_page_of_the_api_has_pictures_in_its_stylesheet(db: None) -> None:
    page = Browser().get("/api/docs")
    assert policy(page.headers[HEADER]) == {**PAGE, "img-src": {"'self'", "data:"}}
    assert "<style" not in page.source


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/cities"),
        ("GET", "/api/nothing"),
        ("GET", "/api/schema"),
        ("GET", "/city"),
        ("POST", "/login"),
        ("PUT", "/devltmpl/AbcdEfgh"),
        ("POST", "/CLOUDROOM-API/project/create"),
        ("GET", "/v1/AbcdEfgh/apigw/instances"),
        ("POST", "/v3/auth/tokens"),
        ("GET", "/livez"),
    ],
)
def test_with_data_a_browser_may_do_nothing(cast: Cast, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": cast.alice.token}):
        answer = Client(raise_request_exception=False).generic(method, path, headers=headers)
        assert policy(answer.headers[HEADER]) == CLOSED


def test_the_data_plane_is_spared_it(db: None) -> None:
    assert HEADER not in Client().get("/verify").headers
