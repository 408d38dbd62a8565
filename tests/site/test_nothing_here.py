"""Where there is no page, and where a form has outlived its session: said in the reader's language, with a way on."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.site.console import CITIES, Browser


@pytest.mark.parametrize("path", ["/admin/nothing/", f"{CITIES}AbcdEfgh/change/", "/nowhere", "/account/nowhere"])
def test_an_address_of_nothing_says_so_and_leads_on(cast: Cast, path: str) -> None:
    page = Browser(cast.zoe.user).get(path)
    assert page.status == 404
    assert "There is nothing here" in page.text
    assert 'href="/"' in page.source
    page = Browser(cast.zoe.user, "zh-CN").get(path)
    assert (page.status, "这里没有内容" in page.text, "Not Found" in page.text) == (404, True, False)


def test_nobody_is_told_the_same(db: None) -> None:
    assert "There is nothing here" in Browser().get("/nowhere").text


def test_a_form_without_its_cookie_is_refused_in_words(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert cast.zoe.user is not None
    client.force_login(cast.zoe.user)
    answer = client.post(f"{CITIES}{cast.city.key}/dis/", {"reason": ""}, headers={"accept-language": "zh-CN"})
    assert answer.status_code == 403
    assert "此表单已失效" in answer.content.decode()
    assert "CSRF" not in answer.content.decode()
