"""What a name may be, and when two are one: the alphabet by its edges, and the folded form (S14)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.errors import Code, Invalid
from config.kernel.names import clean_label, clean_name, clean_text, clean_user_name, name_key, shown


def code_of(clean: object, *arguments: object, **options: object) -> Code:
    with pytest.raises(Invalid) as caught:
        clean(*arguments, **options)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(
    "name",
    [
        "abcd",
        "Z999",
        "a___",
        "健康手环",
        "城a1_",
        "a" * 32,
        "城" * 32,
        "𠀀" * 32,
        "〇々城市",
        "\U00030000城市一",
        "㐀㐀㐀㐀",
    ],
)
def test_a_name_of_the_alphabet_is_taken_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "character",
    [
        *" -.!/\\'\"<>{}%,;:@\t\n\r\0\x7f\u00a0\u200b\u200d\u202e\u2028\ufeff\ud800",
        *"éßøİıАα",  # letters that are not ASCII
        *"ａ１＿",  # full width
        *"١²½Ⅷ",  # digits of other scripts, and what looks like numbers
        *"あア한ㄅ",  # Kana, Hangul, Bopomofo
        *"⺀⼀⿕〡〩",  # radicals and Hangzhou numerals look like characters
        *"😀👍\U000e0041。、",
    ],
    ids=ascii,
)
def test_a_character_outside_of_it_is_refused_wherever_it_stands(character: str) -> None:
    for name in (f"{character}abc", f"ab{character}c", f"abc{character}"):
        assert code_of(clean_name, name) is Code.BAD_CHARACTER


@pytest.mark.parametrize("name", ["1abc", "_abc", "9城市城", "____"])
def test_it_begins_with_a_letter_or_han(name: str) -> None:
    assert code_of(clean_name, name) is Code.BAD_START


@pytest.mark.parametrize(("name", "code"), [("", Code.TOO_SHORT), ("abc", Code.TOO_SHORT), ("a" * 33, Code.TOO_LONG)])
def test_its_length_is_four_to_thirty_two(name: str, code: Code) -> None:
    assert code_of(clean_name, name) is code


def test_length_is_counted_in_code_points_after_composition() -> None:
    # U+2F800 composes to U+4E3D; e and an accent are one character, which is still none of ours.
    assert clean_name("\U0002f800" * 4) == "\u4e3d" * 4
    assert code_of(clean_name, "e\u0301" * 3) is Code.TOO_SHORT
    assert code_of(clean_name, "e\u0301" * 4) is Code.BAD_CHARACTER


def test_other_kinds_have_other_lengths() -> None:
    assert clean_name("abc", shortest=3, longest=64) == "abc"
    assert code_of(clean_name, "ab", shortest=3, longest=64) is Code.TOO_SHORT


def test_the_error_names_field_and_character() -> None:
    with pytest.raises(Invalid) as caught:
        clean_name("ab\0cd", field="title")
    assert caught.value.facts == {"field": "title", "character": "U+0000"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("ABCD", "abcd"), ("第十城市", "第\u3038城市"), ("ABCD", "ＡＢＣＤ"), ("\u4e3d城市一", "\U0002f800城市一")],
)
def test_look_alikes_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("abcd", "abc_"), ("城市城市", "城市城巿"), ("a_bc", "ab_c")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=64))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text(alphabet=st.characters(), max_size=40))
def test_what_passes_is_composed_and_passes_again(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except Invalid:
        return
    assert cleaned == unicodedata.normalize("NFC", name) == clean_name(cleaned)
    assert 4 <= len(cleaned) <= 32
    assert len(name_key(cleaned)) <= 64  # what its column holds


def test_free_text_keeps_everything_but_control_characters() -> None:
    text = " 简介, with 😀 and é! "
    assert clean_text(text, field="brief", longest=64) == text
    assert clean_text("", field="brief", longest=64) == ""
    for character in "\0\n\r\t\x1b\x85\u2028\u2029\ud800":
        assert code_of(clean_text, f"a{character}b", field="brief", longest=64) is Code.BAD_CHARACTER
    assert code_of(clean_text, "a" * 65, field="brief", longest=64) is Code.TOO_LONG


def test_a_sign_in_name_has_no_white_space() -> None:
    assert clean_user_name("é😀") == "é😀"
    assert code_of(clean_user_name, "a b") is Code.BAD_CHARACTER
    assert code_of(clean_user_name, "a\u3000b") is Code.BAD_CHARACTER
    assert code_of(clean_user_name, "a") is Code.TOO_SHORT


UNSEEN = ["\u200b", "\u3164", "\uffa0", "\u115f", "\u2800", "\ufe0f", "\u034f", "\U000e0100"]


@pytest.mark.parametrize("character", UNSEEN)
def test_a_sign_in_name_has_nothing_that_cannot_be_seen(character: str) -> None:
    assert code_of(clean_user_name, f"ab{character}") is Code.BAD_CHARACTER


@pytest.mark.parametrize("text", ["", " ", "\u3000", *UNSEEN, "".join(UNSEEN)])
def test_a_label_has_something_to_see(text: str) -> None:
    assert code_of(clean_label, text, field="name") is Code.REQUIRED


def test_a_label_is_free_text() -> None:
    assert clean_label(" 葛\U000e0100城 ❤\ufe0f", field="name") == " 葛\U000e0100城 ❤\ufe0f"
    assert code_of(clean_label, "a" * 65, field="name") is Code.TOO_LONG
    assert code_of(clean_label, "a\nb", field="name") is Code.BAD_CHARACTER


@pytest.mark.parametrize(("character", "text"), [("-", "-"), ("\0", "U+0000"), (" ", "U+0020"), ("\ud800", "U+D800")])
def test_a_character_is_quoted_so_that_it_can_be_read(character: str, text: str) -> None:
    assert shown(character) == text
