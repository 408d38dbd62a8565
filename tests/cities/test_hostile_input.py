"""What an attacker would send: it is answered in the envelope, changes nothing, and is never our fault (5xx)."""

from time import process_time
from typing import Any
from urllib.parse import quote

import pytest

from tests.cast import Answer, Caller, Cast
from tests.cities import trail

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def send(caller: Caller, method: str, path: str, body: bytes = b"", kind: str = JSON, **headers: str) -> Answer:
    """A request to the byte; `kind` is its Content-Type."""
    sent = {"Authorization": caller.token, **{name.replace("_", "-"): value for name, value in headers.items()}}
    response = caller.client.generic(method, path, body, kind, headers=sent)
    return Answer(response.status_code, response.json(), response.headers)


NOT_TEXT, MALFORMED, COMPLEX = (400, "BodyNotUtf8"), (400, "BodyMalformed"), (400, "BodyTooComplex")
BODIES: dict[bytes, tuple[int, str]] = {
    b'{"name": "\xff\xfe\xfd\xfc"}': NOT_TEXT,
    b'{"name": "\xed\xa0\x80abc"}': NOT_TEXT,
    b"\x00": MALFORMED,
    b"{": MALFORMED,
    b'{"name": "abcd}': MALFORMED,
    b'{"name": "Quite_new",}': MALFORMED,
    b"{'name': 'Quite_new'}": MALFORMED,
    b'{"name": "\\ud800abc"}': MALFORMED,
    b'{"\\udfff": "abc"}': MALFORMED,
    b'{"name": "ab\x00cd"}': MALFORMED,
    b'\xef\xbb\xbf{"name": "Quite_new"}': MALFORMED,
    b'{"name": "Quite_new", "x": NaN}': MALFORMED,
    b'{"name": "Quite_new", "x": -Infinity}': MALFORMED,
    b'{"name": "Quite_new", "x": 1e999}': MALFORMED,
    b'{"name": "Quite_new", "x": 0x10}': MALFORMED,
    b'{"name": "Quite_new", "name": "Other_new"}': MALFORMED,
    b'{"name": "Quite_new", "x": {"y": 1, "y": 2}}': MALFORMED,
    b'{"name": "Quite_new"}{"name": "Other_new"}': MALFORMED,
    b'{"name": "Quite_new", "x": ' + b"[" * 16 + b"]" * 16 + b"}": COMPLEX,
    b"[" * 100_000: COMPLEX,
    b'{"a":' * 40_000: COMPLEX,
    b'{"name": "Quite_new", "x": 123456789012345678901}': COMPLEX,
    b'{"name": "Quite_new", "x": -1.23456789012345678901}': COMPLEX,
    b"[]": (400, "NotAnObject"),
    b'[{"name": "Quite_new"}]': (400, "NotAnObject"),
    b'"name"': (400, "NotAnObject"),
    b"null": (400, "NotAnObject"),
    b"7": (400, "NotAnObject"),
    b'{"name": "Quite_new", "x": "' + b"x" * 262_144 + b'"}': (413, "BodyTooLarge"),
}
FORMS: dict[bytes, tuple[int, str]] = {
    b"name=\xff\xfe\xfd\xfc": NOT_TEXT,
    b"name=%FF%FE%FD%FC": NOT_TEXT,
    b"name=%ED%A0%80abc": NOT_TEXT,
    b"name=Quite_new&name=Other_new": MALFORMED,
    b"&".join(b"a%d=1" % number for number in range(201)): COMPLEX,
    b"name=ab%00cd": (400, "CityNameBadCharacter"),
    b"name=": (400, "CityNameTooShort"),
    b"name": (400, "CityNameTooShort"),
    b"=Quite_new": (400, "CityNameRequired"),
    b"name=" + b"x" * 262_144: (413, "BodyTooLarge"),
}


@pytest.mark.parametrize(("method", "verb"), [("POST", "ADD"), ("PUT", "SET"), ("PUT", "DIS"), ("DELETE", "DEL")])
def test_a_body_that_cannot_be_read_is_refused_for_every_verb(cast: Cast, method: str, verb: str) -> None:
    before = trail.everything()
    path = "/city" if verb == "ADD" else f"/city/{cast.city.key}"
    for body, expected in BODIES.items():
        refused = send(cast.alice, method, path, body, XduaApiMethod=verb)
        assert (refused.status, refused.reason) == expected, body[:60]
    assert trail.everything() == before


def test_a_form_that_cannot_be_read_is_refused(cast: Cast) -> None:
    before = trail.everything()
    for body, expected in FORMS.items():
        refused = send(cast.alice, "POST", "/city", body, FORM)
        assert (refused.status, refused.reason) == expected, body[:60]
    assert trail.everything() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json-patch+json", "x"]
)
def test_another_content_type_is_refused(cast: Cast, kind: str) -> None:
    before = trail.everything()
    refused = send(cast.alice, "POST", "/city", b'{"name": "Quite_new"}', kind)
    assert (refused.status, refused.reason) == (415, "UnsupportedMediaType")
    assert trail.everything() == before


def test_within_the_limits_all_is_well(cast: Cast) -> None:
    deep = b'{"name": "Deep_enough", "x": ' + b"[" * 15 + b"]" * 15 + b', "y": 12345678901234567890}'
    assert send(cast.alice, "POST", "/city", deep).status == 200
    brackets = b'{"name": "Only_brackets", "x": "' + b'[{\\"' * 50 + b'123456789012345678901234567890"}'
    assert send(cast.alice, "POST", "/city", brackets, "APPLICATION/JSON; charset=utf-8").status == 200


@pytest.mark.parametrize("body", [b'"' + b'\\"' * 60_000, b'{"name": "' + b"\\" * 100_001, b'"' * 100_001])
def test_an_unclosed_string_costs_no_more_than_its_length(cast: Cast, body: bytes) -> None:
    began = process_time()
    assert send(cast.alice, "POST", "/city", body).status == 400
    assert process_time() - began < 5  # beginning anew at every quote takes a minute


QUERY_STRINGS = [
    "name=%FF%FE%FD%FC",
    "name=%ED%A0%80abc",
    "name=Quite_new&avatar=%C0%80",
    "name=\xff\xfe\xfd\xfc",
    "name=Quite_new&name=Other_new",
    "&".join(f"a{number}=1" for number in range(1_500)),
]


@pytest.mark.parametrize("query", QUERY_STRINGS, ids=lambda query: query[:30])
def test_a_query_string_that_cannot_be_read_is_refused(cast: Cast, query: str) -> None:
    before = trail.everything()
    for method, path in (("POST", "/city"), ("GET", "/city"), ("PUT", f"/city/{cast.city.key}")):
        response = cast.alice.client.generic(
            method, path, headers={"Authorization": cast.alice.token}, QUERY_STRING=query
        )
        assert (response.status_code, response.json()["reason"]) == (400, "BadRequest")
    assert trail.everything() == before


IDS = [
    "%00",
    "%00%00%00%00%00%00%00%00",
    "abc%00defg",
    "%FF%FE%FD%FC",
    "%ED%A0%80",
    "城市城市城市城市",
    "........",
    "%2e%2e",
    "'OR'1'='1",
    "{id:>999}",
    "{0.__class__}",
    "%7B%7D%25s",
    "%20%20%20%20%20%20%20%20",
    "abcdefg%0A",
    "abcdefgh%0A",
    "a" * 4_000,
    "%F0%9F%98%80",
    "<script>",
]


def test_a_strange_id_is_not_found(cast: Cast) -> None:
    before = trail.everything()
    for key in IDS:
        for method in ("GET", "PUT", "DELETE"):
            refused = cast.alice.call(method, f"/city/{quote(key, safe='%')}")
            assert (refused.status, refused.reason) == (404, "CityNotFound"), key[:40]
            assert "id" in refused.result
    assert trail.everything() == before


HEADERS: list[dict[str, Any]] = [
    {"XduaApiMethod": "\xff\xfe"},
    {"XduaApiMethod": "{verb.__class__}"},
    {"XduaApiMethod": "DIS\0"},
    {"XduaApiMethod": "x" * 8_000},
]


def test_strange_headers_are_refused(cast: Cast) -> None:
    before = trail.everything()
    for headers in HEADERS:
        refused = send(cast.alice, "PUT", f"/city/{cast.city.key}", **headers)
        assert (refused.status, refused.reason) == (400, "UnknownVerb")
    for headers in ({"XduaAcceptLang": "\xff" * 99}, {"X_Request_Id": "\xff\r\nSet-Cookie: a"}, {"Accept": "text/xml"}):
        assert send(cast.alice, "GET", f"/city/{cast.city.key}", **headers).status == 200
    assert trail.everything() == before


def test_what_was_sent_is_not_read_as_a_format(cast: Cast) -> None:
    for text in ("{field}", "{0}", "{given.__class__}", "%s", "{"):
        refused = cast.alice.verb("QRI", data={"fields": text})
        assert (refused.status, refused.reason) == (400, "FieldsUnknownField")
        assert text in refused.result["detail"]


def test_who_is_not_signed_in_learns_nothing_of_their_input(cast: Cast) -> None:
    for body in (b"{", b'{"action": "fly"}', b'{"action": "dis", "XduaApiMethod": "DOL"}', b"x" * 300_000):
        refused = send(cast.nobody, "PUT", f"/city/{cast.city.key}?action=fly", body)
        assert (refused.status, refused.reason) == (401, "TokenMissing")


def test_bad_input_comes_after_who_may_and_before_the_state(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key)
    given = {"name": "x"}
    order = [(cast.nobody, 401), (cast.charlie, 404), (cast.vera, 403), (cast.zoe, 403), (cast.alice, 400)]
    assert [(caller, caller.verb("SET", cast.city.key, given).status) for caller, _ in order] == order
    assert cast.alice.verb("SET", cast.city.key, {"name": "Good_name"}).status == 409
