"""Names, keys, secrets and codes at each bound of 004's table 3, in v1 and v2."""

import json
from typing import Any

import pytest

from tests.apps.calling import Apig, said

HAN_BEYOND = "\U00020000"  # 𠀀, of extension B
GOOD_NAMES = [
    "app", "汉字名", f"{HAN_BEYOND}ab", "a_1", "A" * 64, "汉" * 64, HAN_BEYOND * 64,
]  # fmt: skip
BAD_NAMES = {
    "two characters": "ab",
    "two beyond the BMP": HAN_BEYOND * 2,
    "65": "a" * 65,
    "65 of Han": "汉" * 65,
    "a leading digit": "1abc",
    "a leading underscore": "_abc",
    "an emoji": "app😀",
    "a hyphen": "app-1",
    "a space": "app 1",
    "a trailing space": "app ",
    "a trailing line end": "app\n",
    "full-width letters": "ａｂｃ",
    "full-width digits": "app１",
    "an accented letter": "café",
    "a combining character": "cafe\u0301",
    "cyrillic that looks latin": "арр",
    "a radical that looks like Han": "\u2f00bc",
    "NUL": "app\0",
    "empty": "",
}
MISSING = "The request parameters must be specified,parameterName:name. Please refer to the support documentation"
INVALID = "Invalid parameter value,parameterName:{}. Please refer to the support documentation"


@pytest.mark.parametrize("v", ["v1", "v2"])
@pytest.mark.parametrize("name", GOOD_NAMES)
def test_a_name_within_the_bounds(alice: Apig, name: str, v: str) -> None:
    made = alice.call("POST", "/apps", {"name": name}, v=v)
    assert (made.status, made.body["name"]) == (201, name)


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_name_beyond_them(alice: Apig, name: str) -> None:
    held = alice.add()
    for method, path in (("POST", "/apps"), ("PUT", f"/apps/{held['id']}")):
        answer = alice.call(method, path, {"name": name, "remark": "x"})
        assert (answer.status, answer.body) == (400, {"error_code": "APIG.2011", "error_msg": INVALID.format("name")})
    assert alice.call("GET", f"/apps/{held['id']}").body["remark"] == ""


@pytest.mark.parametrize("body", [{}, {"name": None}, {"remark": "x"}])
def test_a_missing_name(alice: Apig, body: dict[str, Any]) -> None:
    held = alice.add()
    for method, path in (("POST", "/apps"), ("PUT", f"/apps/{held['id']}")):
        assert alice.call(method, path, body).body == {"error_code": "APIG.2001", "error_msg": MISSING}


@pytest.mark.parametrize("name", ["ＡＢＣ_1", "APP_001", "ａpp_001"])
def test_a_look_alike_is_refused_or_taken(alice: Apig, name: str) -> None:
    alice.add("app_001")
    assert alice.call("POST", "/apps", {"name": name}).status == 400


def test_names_that_differ_in_case_alone_are_one(alice: Apig) -> None:
    alice.add("Strasse")
    assert said(alice.call("POST", "/apps", {"name": "sTRASSE"})) == (400, "APIG.3203")


def test_escapes_are_what_they_stand_for(alice: Apig) -> None:
    raw = json.dumps({"name": "健康手环", "remark": "第一个APP𠀀"}).encode("ascii")
    answer = alice.call("POST", "/apps", raw)
    assert (answer.status, answer.body["name"], answer.body["remark"]) == (201, "健康手环", "第一个APP𠀀")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_a_body_in_another_encoding(alice: Apig, encoding: str) -> None:
    raw = json.dumps({"name": "健康"}, ensure_ascii=False).encode(encoding)
    assert said(alice.call("POST", "/apps", raw)) == (400, "APIG.2000")


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"x"', b'{"name": "app_1"} x', b'{"name": app_1}'])
def test_a_body_that_is_no_object(alice: Apig, raw: bytes) -> None:
    assert said(alice.call("POST", "/apps", raw)) == (400, "APIG.2000")


@pytest.mark.parametrize("value", [1, True, [], {}, 1.5])
@pytest.mark.parametrize(
    ("field", "code"),
    [("name", "APIG.2011"), ("remark", "APIG.2000"), ("app_key", "APIG.2011"), ("app_secret", "APIG.2011")],
)
def test_a_value_of_another_type(alice: Apig, field: str, code: str, value: Any) -> None:
    assert said(alice.call("POST", "/apps", {"name": "app_001", field: value})) == (400, code)


def test_a_remark_at_its_bound(alice: Apig) -> None:
    made = alice.add(remark="汉" * 255)
    assert made["remark"] == "汉" * 255
    answer = alice.call("PUT", f"/apps/{made['id']}", {"name": "app_001", "remark": "汉" * 256})
    assert said(answer) == (400, "APIG.2006")
    assert alice.call("GET", f"/apps/{made['id']}").body["remark"] == "汉" * 255


LENGTHS = [
    ("v1", "app_key", 8, True), ("v1", "app_key", 64, True), ("v1", "app_key", 7, False), ("v1", "app_key", 65, False),
    ("v1", "app_secret", 8, True), ("v1", "app_secret", 64, True),
    ("v1", "app_secret", 7, False), ("v1", "app_secret", 65, False),
    ("v2", "app_key", 8, True), ("v2", "app_key", 65, True), ("v2", "app_key", 200, True),
    ("v2", "app_key", 7, False), ("v2", "app_key", 201, False),
    ("v2", "app_secret", 8, True), ("v2", "app_secret", 65, True), ("v2", "app_secret", 128, True),
    ("v2", "app_secret", 7, False), ("v2", "app_secret", 129, False),
]  # fmt: skip


@pytest.mark.parametrize(("v", "field", "length", "is_good"), LENGTHS)
def test_keys_and_secrets_at_their_bounds(alice: Apig, v: str, field: str, length: int, is_good: bool) -> None:
    held = alice.add()
    value = "k" * length
    for method, path, name in (("POST", "/apps", "app_002"), ("PUT", f"/apps/{held['id']}", "app_001")):
        answer = alice.call(method, path, {"name": name, field: value}, v=v)
        if is_good:
            assert answer.status in {200, 201}
            alice.call("DELETE", f"/apps/{answer.body['id']}")
        else:
            assert (answer.status, answer.body["error_msg"]) == (400, INVALID.format(field))
    if field == "app_secret" and not is_good:
        assert said(alice.call("PUT", f"/apps/secret/{held['id']}", {field: value}, v=v)) == (400, "APIG.2011")


@pytest.mark.parametrize("character", "_-!@#$%")
def test_each_documented_character_of_a_secret(alice: Apig, character: str) -> None:
    held = alice.add()
    value = f"0abcdef{character}"
    assert alice.call("PUT", f"/apps/secret/{held['id']}", {"app_secret": value}).body["app_secret"] == value
    leading = alice.call("PUT", f"/apps/secret/{held['id']}", {"app_secret": f"{character}0abcdef"})
    assert said(leading) == (400, "APIG.2011")
    in_a_key = alice.call("PUT", f"/apps/{held['id']}", {"name": "app_001", "app_key": f"0abcdef{character}"})
    assert in_a_key.status == (200 if character in "_-" else 400)


@pytest.mark.parametrize("character", "&*()+=/ .汉éＡ\t")
def test_no_other_character(alice: Apig, character: str) -> None:
    body = {"name": "app_001", "app_secret": f"0abcdef{character}"}
    assert said(alice.call("POST", "/apps", body)) == (400, "APIG.2011")
    assert said(alice.call("POST", "/apps", {"name": "app_001", "app_key": f"0abcdef{character}"})) == (
        400,
        "APIG.2011",
    )


CODE = "c" * 60


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("c" * 64, 201), ("c" * 180, 201), ("c" * 63, 400), ("c" * 181, 400),
        *((f"{CODE}123{character}", 201) for character in "+_!@#$%-/="),
        *((f"{character}123{CODE}", 201) for character in "+/0a"),
        *((f"{character}123{CODE}", 400) for character in "_!@#$%-="),
        *((f"{CODE}123{character}", 400) for character in "&.* 汉"),
    ],
)  # fmt: skip
def test_an_app_code_of_ones_own(alice: Apig, code: str, status: int) -> None:
    held = alice.add()
    answer = alice.call("POST", f"/apps/{held['id']}/app-codes", {"app_code": code})
    assert answer.status == status
    assert answer.body.get("app_code", code) == code
    if status == 400:
        assert said(answer) == (400, "APIG.2011")
