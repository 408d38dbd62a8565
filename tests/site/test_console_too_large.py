"""A form that is larger than anybody means: refused as a page, in the reader's language."""

import pytest
from django.test import Client

from tests.cast import Cast

TOO_LARGE = {"name": "x" * (256 * 1024 + 1)}


PATHS = ("/console/cities/new", "/account/password", "/admin/login/")


@pytest.mark.parametrize(("path", "checks"), [*((path, True) for path in PATHS), (PATHS[0], False)])
def test_it_is_answered_as_a_page(cast: Cast, path: str, checks: bool) -> None:
    """Whether it is the form's own proof that is looked for in it, or what was typed."""
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    assert cast.alice.user is not None
    client.force_login(cast.alice.user)
    assert client.post(path, {}).status_code not in {404, 405, 413}
    answer = client.post(path, TOO_LARGE, headers={"accept-language": "en"})
    source = answer.content.decode()
    assert answer.status_code == 413
    assert "This is too much at once" in source
    assert "larger than 256 KB" in source
    assert 'href="/console/"' in source  # the frame of one's account
    assert "no-store" in answer.headers["Cache-Control"]


def test_nobody_is_told_the_same_and_a_dialect_keeps_its_own(cast: Cast) -> None:
    client = Client(raise_request_exception=False)
    answer = client.post("/account/login", TOO_LARGE)
    assert (answer.status_code, "This is too much at once" in answer.content.decode()) == (413, True)
    for path in ("/api/v1/cities", "/city", "/v2/p/apigw/instances/i/apps"):
        told = client.post(path, TOO_LARGE)
        assert "json" in told.headers["Content-Type"], path
