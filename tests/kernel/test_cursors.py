"""Cursors: opaque, tamper-proof, and good for one principal and one question only (S13)."""

import base64

import pytest
from pytest_django.fixtures import Settings

from config.kernel import cursors
from config.kernel.errors import Code, Invalid


def is_refused(cursor: str, principal: str = "alice", query: str = "q") -> bool:
    with pytest.raises(Invalid) as caught:
        cursors.decode(cursor, principal=principal, query=query)
    return caught.value.code is Code.BAD_CURSOR and caught.value.field == "cursor"


@pytest.mark.parametrize("position", [[7, 7], ["健康", 12], ["2030-01-01T00:00:00+00:00", 1], [None, 0], {"a": []}])
def test_it_gives_back_the_position(position: object) -> None:
    sealed = cursors.encode(position, principal="alice", query="q")
    assert cursors.decode(sealed, principal="alice", query="q") == position


def test_it_fits_into_an_address_as_it_is() -> None:
    for number in range(50):
        sealed = cursors.encode([number, "x" * number], principal="alice", query="q")
        assert set(sealed) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_nothing_of_the_position_can_be_read() -> None:
    sealed = cursors.encode(["secret-name", 123456], principal="alice", query="q")
    raw = base64.urlsafe_b64decode(sealed + "==")
    assert b"secret-name" not in raw
    assert b"123456" not in raw
    assert sealed != cursors.encode(["secret-name", 123456], principal="alice", query="q")


def test_it_is_bound_to_principal_and_query() -> None:
    sealed = cursors.encode([1, 1], principal="alice", query="q")
    assert is_refused(sealed, principal="bob")
    assert is_refused(sealed, query="other")
    # The two are apart: what ends one cannot begin the other.
    assert is_refused(cursors.encode([1, 1], principal="ab", query="c"), principal="a", query="bc")


@pytest.mark.parametrize("text", ["", "a", "AAAA", "=", "é", "\0", "ab cd", "A" * 5_000, "{}"], ids=ascii)
def test_what_is_not_ours_is_refused(text: str) -> None:
    assert is_refused(text)


def test_every_changed_byte_is_noticed() -> None:
    raw = bytearray(base64.urlsafe_b64decode(cursors.encode([1, 1], principal="alice", query="q") + "=="))
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        assert is_refused(base64.urlsafe_b64encode(bytes(changed)).decode())


def test_another_installation_cannot_read_it(settings: Settings) -> None:
    sealed = cursors.encode([1, 1], principal="alice", query="q")
    settings.SECRET_KEY = "another"
    assert is_refused(sealed)
