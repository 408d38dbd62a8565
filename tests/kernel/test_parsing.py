"""Bodies and query strings, read strictly: what two readers could take for two things is refused (S22)."""

from time import process_time

import pytest

from config.dialects.fields import whole
from config.dialects.parsing import loads, read_pairs
from config.kernel.errors import Code, Invalid


def code_of(text: str) -> Code:
    with pytest.raises(Invalid) as caught:
        loads(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        (' {"a": [1, -2.5, true, null, "\\u57ce"]} ', {"a": [1, -2.5, True, None, "城"]}),
        ('"\\ud83d\\ude00"', "😀"),
        ("12345678901234567890", 12345678901234567890),
        ("[" * 16 + "]" * 16, [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]),
        ('{"a": 1, "a": 1}', {"a": 1}),
        ('"' + "[" * 50 + "9" * 50 + '\\"[["', "[" * 50 + "9" * 50 + '"[['),
        ('"a\\\\"', "a\\"),
    ],
)
def test_it_reads_json_within_the_limits(text: str, value: object) -> None:
    assert loads(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{]",
        "[1,]",
        "{'a': 1}",
        "NaN",
        "Infinity",
        "1e999",
        "01",
        "+1",
        ".5",
        "tru",
        '"a',
        '"\\',
        '"\\x"',
        '"\n"',
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '{"\\ud800": 1}',
        '{"a": 1} {"b": 2}',
        '{"a": 1, "a": 2}',
        '[{"a": {"b": 1, "b": null}}]',
        "\ufeff{}",
        "// c\n{}",
    ],
    ids=ascii,
)
def test_it_refuses_what_is_malformed_or_ambiguous(text: str) -> None:
    assert code_of(text) is Code.BODY_MALFORMED


@pytest.mark.parametrize(
    "text",
    ["[" * 17 + "]" * 17, "[" * 200_000, '{"a":' * 17 + "1" + "}" * 17, "9" * 21, "-0." + "1" * 20, "[1, " + "9" * 21],
    ids=lambda text: text[:8],
)
def test_it_refuses_what_is_too_deep_or_too_long(text: str) -> None:
    assert code_of(text) is Code.BODY_TOO_COMPLEX


@pytest.mark.parametrize("text", ['"' + '\\"' * 60_000, '"' * 120_001, '"\\' * 60_000, "\\" * 120_000], ids=range(4))
def test_no_text_costs_more_than_its_length(text: str) -> None:
    began = process_time()
    assert code_of(text) is Code.BODY_MALFORMED
    assert process_time() - began < 5  # beginning anew at every quote takes a minute


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("a=1&b=%E5%9F%8E+2", {"a": "1", "b": "城 2"}),
        ("a=&b", {"a": "", "b": ""}),
        ("a=1&a=1", {"a": "1"}),
        ("a=1;b=2", {"a": "1;b=2"}),
        ("a=b=c", {"a": "b=c"}),
    ],
)
def test_it_reads_pairs(text: str, fields: dict[str, str]) -> None:
    assert read_pairs(text) == fields


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a=%FF", Code.BODY_NOT_TEXT),
        ("%C0%80=1", Code.BODY_NOT_TEXT),
        ("a=1&a=2", Code.BODY_MALFORMED),
        ("&".join(f"a{number}=" for number in range(201)), Code.BODY_TOO_COMPLEX),
    ],
    ids=["bytes", "overlong", "twice", "many"],
)
def test_it_refuses_pairs_that_are_none(text: str, code: Code) -> None:
    with pytest.raises(Invalid) as caught:
        read_pairs(text)
    assert caught.value.code is code


@pytest.mark.parametrize(("data", "number"), [(0, 0), ("0", 0), ("007", 7), (-3, -3), ("-3", -3), (9, 9)])
def test_a_whole_number_is_a_number_or_its_digits(data: object, number: int) -> None:
    assert whole(data, field="n", minimum=-3, maximum=9) == number


@pytest.mark.parametrize(
    "data", ["", "-", "--1", "+1", " 1", "1 ", "1_0", "1.0", "1e3", "0x1", "٣", "²", None, True, 1.0, [1]]
)
def test_nothing_else_is_one(data: object) -> None:
    with pytest.raises(Invalid) as caught:
        whole(data, field="n", minimum=0, maximum=9)
    assert caught.value.code is Code.WRONG_TYPE


@pytest.mark.parametrize(
    "data", [-1, 10, "10", 10**30, "9" * 100_000, "-" + "9" * 100_000], ids=lambda data: str(data)[:5]
)
def test_one_that_is_too_small_or_too_great_is_out_of_range(data: object) -> None:
    with pytest.raises(Invalid) as caught:
        whole(data, field="n", minimum=0, maximum=9)
    assert caught.value.code is Code.OUT_OF_RANGE
