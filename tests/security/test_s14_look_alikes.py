"""S14: names that look alike are one name."""

import pytest

from tests.cast import Cast


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ("Harbour_1", "HARBOUR_1"),
        ("Harbour_1", "harbour_1"),
        # A compatibility ideograph and its own: U+F900 is U+8C48 after NFC already.
        ("\u8c48\u8c48城市", "\uf900\uf900城市"),
        # The Hangzhou numeral ten is of the script Han, and NFKC makes it 十.
        ("十里洋场", "\u3038里洋场"),
    ],
)
def test_a_look_alike_is_taken(cast: Cast, held: str, wanted: str) -> None:
    assert cast.alice.verb("ADD", data={"name": held}).status == 200
    answer = cast.charlie.verb("ADD", data={"name": wanted})
    assert (answer.status, answer.reason) == (409, "CityNameTaken")


@pytest.mark.parametrize(
    "name",
    [
        "Ｈarbour",  # a full-width letter
        "Hárbour",  # an accented one
        "Наrbour",  # Cyrillic
        "⼀⼆⼋⼗",  # Kangxi radicals
        "⺀⺁⺂⺃",  # the radicals' supplement
        "〡〢〣〤",  # Hangzhou numerals 1-9
        "City١٢",  # Arabic digits
        "Ⅷcity",  # a Roman numeral
    ],
)
def test_what_would_only_look_like_a_name_is_none(cast: Cast, name: str) -> None:
    answer = cast.alice.verb("ADD", data={"name": name})
    assert (answer.status, answer.reason) == (400, "CityNameBadCharacter")


def test_one_keeps_ones_own_name_in_another_case(cast: Cast) -> None:
    answer = cast.alice.verb("SET", cast.city.key, {"name": "ALICE_CITY"})
    assert (answer.status, answer.result["updates"]) == (200, {"name": "ALICE_CITY"})


def test_a_renamed_city_frees_its_former_name(cast: Cast) -> None:
    cast.alice.verb("SET", cast.city.key, {"name": "Other_City"})
    assert cast.charlie.verb("ADD", data={"name": "alice_city"}).status == 200


@pytest.mark.parametrize("name", ["𠮷野家城", "\u3007一二三", "佐々木城", "\U00030000\U00031350城市"])
def test_all_of_han_is_han(cast: Cast, name: str) -> None:
    assert cast.alice.verb("ADD", data={"name": name}).status == 200
