"""Signatures are the vendor's own: what its signer makes is taken, and nothing that differs from it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from config.kernel import signing
from config.kernel.errors import Code
from config.kernel.signing import Sent
from tests.kernel.signed import DATE, EMPTY_HASH, NOW, SECRET, by_hand, by_the_vendor, check, refusal, with_header

GOOD: dict[str, Sent] = {
    "plain": by_the_vendor("GET", "/v2/proj/apigw/instances"),
    "at the root": by_the_vendor("GET", "/"),
    "a Chinese name": by_the_vendor("GET", "/v2/项目/应用"),
    "escaped by the caller": by_the_vendor("GET", "/v2/%E9%A1%B9%E7%9B%AE/a%20b"),
    "spaces and a tilde": by_the_vendor("GET", "/v2/a b/~c-d_e.f"),
    "a percent sign": by_the_vendor("GET", "/v2/100%25"),
    "reserved characters": by_the_vendor("GET", "/v2/a+b,c=d;e:f@g!"),
    "a slash at the end": by_the_vendor("GET", "/v2/a/"),
    "a body": by_the_vendor("PUT", "/v1/p/apps/a", body='{"name": "广州"}'.encode(), Content_Type="application/json"),
    "an empty body of a type": by_the_vendor("POST", "/v1/p/apps", Content_Type="application/json"),
    "a query": by_the_vendor("GET", "/a", [("b", "x y"), ("a", 1), ("c~", "+&=/%")]),
    "empty parameters": by_the_vendor("GET", "/a", [("b", ""), ("a", "")]),
    "repeated parameters": by_the_vendor("GET", "/a", [("b", ["z", "", "m"]), ("a", "9")]),
    "Chinese parameters": by_the_vendor("GET", "/a", [("名", "城"), ("zone", "市"), ("~", "é")]),
    "a header with spaces inside": by_the_vendor("GET", "/a", X_Note="  a   b  "),
    "a Chinese header": by_the_vendor("GET", "/a", X_Note="深圳"),
    "a header with an underscore": by_the_vendor("GET", "/a", **{"X.Note_": "left out"}),
    "the hash of the body": by_the_vendor("POST", "/a", body=b"", X_Sdk_Content_Sha256=EMPTY_HASH),
}


@pytest.mark.parametrize("sent", GOOD.values(), ids=GOOD)
def test_what_the_vendors_signer_signs_is_right(sent: Sent) -> None:
    check(sent)
    assert refusal(sent, secret="another") is Code.BAD_SIGNATURE


PLAIN = Sent("GET", "/v2/proj", "", (("Host", "h.example"), ("X-Sdk-Date", DATE)))
NOTED = replace(PLAIN, path="/", headers=(*PLAIN.headers, ("X-Note", "a  b")))
BY_HAND = [
    (PLAIN, "915e48412137e63620ddf993488d80542e407092bb5500c8e35ddcebda9f451f", "host;x-sdk-date"),
    (
        replace(PLAIN, method="PUT", path="/v1/p%20q/%e5%b9%bf~", body='{"name":"广"}'.encode()),
        "1977e3085f28f673be70d6807b5f99cc102d0f8f58cc2dadcafc867eea4ef33a",
        "host;x-sdk-date",
    ),
    (  # sorted as they are meant: a, a, b, 名
        replace(NOTED, query="b=x%20y&a=1&%e5%90%8d=%E5%9F%8E&a"),
        "7b2dbd6f0ad12d82029b676c6b927dfb3576fbc96e11a0fac387f0e6e170d59b",
        "host;x-note;x-sdk-date",
    ),
    (  # sorted as they are written: %E5…, a, a, b; and `+` is a space
        replace(NOTED, query="a=1&b=x+y&a=&%E5%90%8D=%E5%9F%8E"),
        "55256771ecf4e1d3b91225c7e1390d925fe936cff2d3943b6ef2f925e6e86eea",
        "host;x-note;x-sdk-date",
    ),
]


@pytest.mark.parametrize(("sent", "signature", "names"), BY_HAND)
def test_signatures_that_were_made_by_hand(sent: Sent, signature: str, names: str) -> None:
    check(by_hand(sent, signature, names))


def test_the_canonical_path_is_the_documented_one() -> None:
    assert signing.canonical_path("/v2/a%20b/%e5%b9%bf~/c") == "/v2/a%20b/%E5%B9%BF~/c/"
    assert signing.canonical_path("/") == "/"
    assert signing.decoded_path("/v2/a%20b/%e5%b9%bf") == "/v2/a b/广"


RICH = by_the_vendor("PUT", "/v1/p/a b", [("q", "1")], b'{"a": 1}', X_Note="x", Content_Type="application/json")
CHANGES: dict[str, Callable[[Sent], Sent]] = {
    "method": lambda sent: replace(sent, method="POST"),
    "path": lambda sent: replace(sent, path="/v1/p/a%20c"),
    "a slash within": lambda sent: replace(sent, path="/v1//p/a%20b"),
    "query": lambda sent: replace(sent, query="q=2"),
    "one more parameter": lambda sent: replace(sent, query="q=1&r="),
    "the same one again": lambda sent: replace(sent, query="q=1&q=1"),
    "body": lambda sent: replace(sent, body=b'{"a": 2}'),
    "no body": lambda sent: replace(sent, body=b""),
    "signed header": lambda sent: with_header(sent, "X-Note", "y"),
    "signed header gone": lambda sent: with_header(sent, "X-Note", None),
    "host": lambda sent: with_header(sent, "Host", "i.example"),
    "date": lambda sent: with_header(sent, "X-Sdk-Date", "20260102T030406Z"),
    "no date": lambda sent: with_header(sent, "X-Sdk-Date", "yesterday"),
    "a date that is none": lambda sent: with_header(sent, "X-Sdk-Date", "20261302T030406Z"),
    "an unsigned payload": lambda sent: with_header(sent, "X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"),
    "another body's hash": lambda sent: with_header(sent, "X-Sdk-Content-Sha256", EMPTY_HASH),
}


def test_what_is_changed_in_these_tests_is_right_before() -> None:
    check(RICH)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_after_signing_is_refused(change: Callable[[Sent], Sent]) -> None:
    assert refusal(change(RICH)) is Code.BAD_SIGNATURE


def test_a_header_that_was_added_after_signing_is_nobodys_business() -> None:
    check(with_header(RICH, "X-Forwarded-For", "192.0.2.1"))
    check(replace(RICH, headers=(*RICH.headers, ("Via", "a"), ("Via", "b"))))


def test_a_payload_that_the_vendors_signer_leaves_unsigned_is_refused() -> None:
    upload = by_the_vendor("POST", "/a", body=b"a file", Content_Type="multipart/form-data")
    assert ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD") in upload.headers
    assert refusal(upload) is Code.BAD_SIGNATURE


@pytest.mark.parametrize(("seconds", "is_good"), [(-901, False), (-900, True), (0, True), (900, True), (901, False)])
def test_a_signature_is_good_for_fifteen_minutes(seconds: int, is_good: bool) -> None:
    now = NOW + timedelta(seconds=seconds)
    if is_good:
        check(RICH, now=now)
    else:
        assert refusal(RICH, now=now) is Code.BAD_SIGNATURE


@pytest.mark.parametrize("names", ["host", "x-sdk-date", "host;x-note", "x-note;x-sdk-date"])
def test_host_and_date_must_be_signed(names: str) -> None:
    """Signed rightly, by the same rules, but over too little."""
    sent = replace(NOTED, path="/a")
    canonical = signing.canonical_forms(sent, tuple(names.split(";")), EMPTY_HASH)[0]
    assert refusal(by_hand(sent, signing.sign(canonical, DATE, SECRET), names)) is Code.BAD_SIGNATURE


@pytest.mark.parametrize(
    "path",
    [
        "/v1/p/a%2Fb",
        "/v1/p/a%2fb",
        "/v1/p/a%5Cb",
        "/v1/p/a\\b",
        "/v1/p/a%00",
        "/v1/p/../b",
        "/v1/p/%2e%2E/b",
        "/v1/p/.",
        "/v1/p/..;x/b",
        "/v1/p/%FF",
        "/v1/p/%c0%af",
        "/v1/p/a%252Fb",
        "/v1/p/%2541",
        "/v1/p/%zz",
        "/v1/p/%4",
        "/v1/p/a#b",
        "/v1/p\u4e2d",
        "v1/p",
        "",
        "https://h.example/v1/p",
    ],
)
def test_a_path_that_can_be_read_in_two_ways_is_malformed(path: str) -> None:
    assert refusal(replace(RICH, path=path)) is Code.BAD_REQUEST


@pytest.mark.parametrize("query", ["q=%FF", "q=%", "%zz=1", "&".join(["q=1"] * 1001)])
def test_a_query_that_cannot_be_read_is_malformed(query: str) -> None:
    assert refusal(replace(RICH, query=query)) is Code.BAD_REQUEST


def test_a_plus_is_no_plus_sign() -> None:
    sent = by_the_vendor("GET", "/a", [("q", "a+b")])
    assert sent.query == "q=a%2Bb"
    assert refusal(replace(sent, query="q=a+b")) is Code.BAD_SIGNATURE


@pytest.mark.parametrize("name", ["Authorization", "Host", "X-Sdk-Date", "X-Note"])
@pytest.mark.parametrize("is_joined", [True, False])
def test_what_is_there_twice_is_malformed(name: str, is_joined: bool) -> None:
    """As two lines, or as gunicorn tells them to an application."""
    value = dict(RICH.headers)[name]
    if not is_joined:
        assert refusal(replace(RICH, headers=(*RICH.headers, (name.lower(), value)))) is Code.BAD_REQUEST
    elif name != "X-Note":  # of any other header a comma may be a part
        assert refusal(with_header(RICH, name, f"{value},{value}")) is Code.BAD_REQUEST


def test_two_kinds_of_authorization_are_malformed() -> None:
    given = dict(RICH.headers)["Authorization"]
    assert refusal(with_header(RICH, "Authorization", f"Bearer x,{given}")) is Code.BAD_REQUEST
    assert refusal(with_header(RICH, "Authorization", f"{given},Bearer x")) is Code.BAD_REQUEST


SIGNATURE = "0" * 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SDK-HMAC-SHA256",
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date",
        f"SDK-HMAC-SHA256 Access=AK, Access=AK, Signature={SIGNATURE}",
        f"SDK-HMAC-SM3 Access=AK, SignedHeaders=host;x-sdk-date, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=Host;x-sdk-date, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;host;x-sdk-date, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x_a;x-sdk-date, Signature={SIGNATURE}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;;x-sdk-date, Signature={SIGNATURE}",
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=0",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature={'é' * 64}",
    ],
)
def test_an_authorization_of_another_form_is_a_bad_signature(text: str) -> None:
    assert refusal(with_header(RICH, "Authorization", text)) is Code.BAD_SIGNATURE


def test_more_than_32_signed_headers_are_refused_before_anything_is_computed() -> None:
    names = [f"x-h{number:02}" for number in range(30)]
    sent = by_the_vendor("GET", "/a", **dict.fromkeys(names, "1"))
    assert len(signing.read_claim(sent).signed_headers) == 32
    check(sent)
    one_more = by_the_vendor("GET", "/a", **dict.fromkeys([*names, "x-h30"], "1"))
    assert refusal(one_more) is Code.TOO_MANY_VALUES
