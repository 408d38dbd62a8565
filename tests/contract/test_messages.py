"""The Chinese catalogue: complete, compiled, and true to the placeholders of what it translates."""

import re
from string import Formatter
from typing import Any

import polib
import pytest
from django.utils import translation

from config.kernel.errors import SENTENCES, Code
from tests.contract import messages

ENTRIES = list(polib.pofile(str(messages.CATALOGUE)))
_PERCENT = re.compile(r"%(?:\(\w+\))?[sd]")


def test_what_is_compiled_is_what_is_written() -> None:
    assert messages.CATALOGUE.with_suffix(".mo").read_bytes() == messages.compiled(), "Run `make messages`."


def test_every_sentence_of_the_code_and_the_templates_has_its_chinese() -> None:
    assert messages.used() - messages.known() == set()


@pytest.mark.parametrize("code", Code)
def test_every_error_is_said_in_chinese(code: Code) -> None:
    english = str(SENTENCES[code])
    with translation.override("zh-hans"):
        chinese = str(SENTENCES[code])
    assert re.search(r"[\u4e00-\u9fff]", chinese), english
    assert _placeholders(chinese) == _placeholders(english)


def test_no_entry_is_empty_fuzzy_or_doubled() -> None:
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete or not _said(entry)] == []
    assert len({(entry.msgctxt, entry.msgid) for entry in ENTRIES}) == len(ENTRIES)


def test_every_entry_keeps_its_placeholders() -> None:
    for entry in ENTRIES:
        english = entry.msgid_plural or entry.msgid  # of one, the number may be a word
        assert sorted(_PERCENT.findall(english)) == sorted(_PERCENT.findall(_said(entry))), entry.msgid
        assert _placeholders(english) == _placeholders(_said(entry)), entry.msgid


def _said(entry: Any) -> str:
    """Chinese has one form for any number."""
    return str(entry.msgstr or entry.msgstr_plural.get(0, ""))


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
