"""The super-console in two languages: chosen by the browser, switched by hand, in the documents' own words."""

import pytest
from django.utils import translation

from config.kernel import words
from config.kernel.states import Verb
from tests.cast import Cast
from tests.site.console import CITIES, Browser, address


@pytest.mark.parametrize(("language", "disable"), [("en", "Disable"), ("zh-CN", "冻结"), ("fr", "Disable")])
def test_the_browser_chooses_the_language(cast: Cast, language: str, disable: str) -> None:
    assert Browser(cast.zoe.user, language).get(address(cast.city)).buttons == [disable]


def test_the_chinese_of_the_verbs_is_the_documents() -> None:
    """创建, 修改, 详情, 冻结, 解冻, 下线, 发布, 软删, 删除, 回收, 城市."""
    with translation.override("zh-hans"):
        said = {verb: str(words.VERBS[verb]) for verb in Verb}
        city = str(words.KINDS["city"])
    assert (city, said[Verb.ADD], said[Verb.SET], said[Verb.GET]) == ("城市", "创建", "修改", "详情")
    assert (said[Verb.DIS], said[Verb.ENB], said[Verb.OFF], said[Verb.PUB]) == ("冻结", "解冻", "下线", "发布")
    assert (said[Verb.DOL], said[Verb.DEL], said[Verb.RCC]) == ("软删", "删除", "回收")


def test_the_language_can_be_switched_and_stays(cast: Cast) -> None:
    zoon = Browser(cast.zoe.user)
    page = zoon.get(CITIES)
    assert "简体中文" in page.text
    assert "English" in page.text
    zoon.post("/i18n/setlang/", language="zh-hans", next=CITIES)
    assert "状态" in zoon.get(CITIES).text


def test_errors_are_said_in_chinese_too(cast: Cast) -> None:
    page = Browser(cast.zoe.user, "zh-CN").post(address(cast.city, "del"), name="Alice_City")
    assert "您无权执行此操作。" in page.text
