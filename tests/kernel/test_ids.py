"""Public ids: their form to the character, and what of an id from outside may be written down."""

import pytest

from config.kernel import ids


def test_a_new_one_is_eight_letters_and_digits() -> None:
    made = {ids.new_key() for _ in range(2_000)}
    assert len(made) == 2_000
    assert {len(key) for key in made} == {8}
    # Every letter in both cases and every digit turns up in sixteen thousand of them.
    assert set("".join(made)) == set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def test_a_reserved_one_is_never_made(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("ConsoleXNullNullabcdefgh")
    monkeypatch.setattr(ids.secrets, "choice", lambda alphabet: next(letters))
    assert ids.new_key() == "abcdefgh"


def test_four_are_reserved() -> None:
    assert {"XdUaXduA", "ConsoleX", "AnoNymuS", "NullNull"} == ids.RESERVED


@pytest.mark.parametrize("key", ["abcdefgh", "ABCDEFGH", "12345678", "aB3dE6gH", "ConsoleX"])
def test_eight_of_the_alphabet_are_a_key(key: str) -> None:
    assert ids.is_key(key)


@pytest.mark.parametrize(
    "value",
    ["", "abcdefg", "abcdefghi", "abcdefgh\n", "\nabcdefgh", "abcd-fgh", "abcd_fgh", "abcdéfgh", "１２３４５６７８"],
    ids=ascii,
)
def test_anything_else_is_none(value: str) -> None:
    assert not ids.is_key(value)


@pytest.mark.parametrize("value", [None, 12345678, b"abcdefgh", ["a"] * 8, True])
def test_what_is_no_text_is_none(value: object) -> None:
    assert not ids.is_key(value)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("abc-1.2_X", "abc-1.2_X"),
        ("a" * 64, "a" * 64),
        ("a" * 65, ""),
        ("a b", ""),
        ("a\n", ""),
        ("a\0", ""),
        ("<b>", ""),
        ("城市", ""),
        ("", ""),
        (None, ""),
    ],
    ids=ascii,
)
def test_an_id_from_outside_is_kept_if_it_is_harmless(value: str | None, kept: str) -> None:
    assert ids.foreign_id(value) == kept
