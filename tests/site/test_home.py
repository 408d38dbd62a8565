"""Where one lands: `/`, and the developers' console."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.site.console import LOGIN, Browser


@pytest.mark.parametrize(("who", "where"), [("alice", "/console/"), ("zoe", "/admin/"), ("root", "/admin/")])
def test_the_first_address_leads_where_one_belongs(cast: Cast, who: str, where: str) -> None:
    assert Browser(getattr(cast, who).user).get("/").headers["Location"] == where


@pytest.mark.parametrize(("path", "next"), [("/", "/"), ("/console/", "%2Fconsole%2F")])
def test_nobody_is_sent_to_sign_in_and_comes_back(db: None, path: str, next: str) -> None:
    assert Browser().get(path).headers["Location"] == f"{LOGIN}?next={next}"


def test_the_console_without_its_slash_is_the_console(cast: Cast) -> None:
    assert Browser(cast.alice.user).get("/console").headers["Location"] == "/console/"


def test_the_console_says_who_one_is_and_where_programs_call(cast: Cast) -> None:
    page = Browser(cast.alice.user).get("/console/")
    assert page.status == 200
    assert f"alice {cast.alice.user.key}" in page.text  # type: ignore[union-attr]
    assert "http://testserver/api/v1" in page.text
    for link in ('href="/account/"', 'href="/api/docs"', 'action="/account/logout"', 'action="/i18n/setlang/"'):
        assert link in page.source, link


def test_it_names_the_public_address_where_there_is_one(cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "https://polis.example.com"
    assert "https://polis.example.com/api/v1" in Browser(cast.alice.user).get("/console/").text


def test_it_speaks_chinese(cast: Cast) -> None:
    page = Browser(cast.alice.user, "zh-CN").get("/console/")
    assert "退出登录" in page.text
    assert "访问令牌" in page.text


def test_no_cache_keeps_it(cast: Cast) -> None:
    for path in ("/", "/console/"):
        assert "no-store" in Browser(cast.alice.user).get(path).headers["Cache-Control"]


def test_nothing_is_sent_there(cast: Cast) -> None:
    for path in ("/", "/console/"):
        assert Browser(cast.alice.user).post(path).status == 405
