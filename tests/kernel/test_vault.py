"""Secrets that are read again: bound to their row, by keys that can be exchanged, and never given back as they are."""

import base64
import itertools
from pathlib import Path
from typing import Any

import pytest

from config.kernel import keyring, vault
from config.kernel.vault import Unreadable, Vault

ONE, TWO = bytes(range(32)), bytes(range(1, 33))
ROW = "accesskey:AAAAAAAAAAAAAAAAAAAA"
SECRET = "s3cr3t-秘密"


def test_it_is_read_again_for_its_row_alone() -> None:
    keys = Vault({1: ONE})
    value = keys.protect(SECRET, ROW)
    assert keys.reveal(value, ROW) == SECRET
    for other in ("accesskey:BBBBBBBBBBBBBBBBBBBB", "accesskey", "", ROW + " "):
        with pytest.raises(Unreadable):
            keys.reveal(value, other)


def test_what_is_kept_tells_nothing_and_is_never_the_same_twice() -> None:
    keys = Vault({1: ONE})
    first, second = keys.protect(SECRET, ROW), keys.protect(SECRET, ROW)
    assert first != second
    for value in (first, second):
        number, _, sealed = value.partition(":")
        assert number == "1"
        assert SECRET.encode() not in base64.urlsafe_b64decode(sealed)


def test_every_changed_byte_is_noticed() -> None:
    keys = Vault({1: ONE})
    raw = base64.urlsafe_b64decode(keys.protect(SECRET, ROW).partition(":")[2])
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            keys.reveal("1:" + base64.urlsafe_b64encode(changed).decode(), ROW)


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":",
        "1:",
        "1",
        SECRET,
        f"1:{SECRET}",
        "1:AAAA",
        "1:====",
        "1:a",
        "2:AAAA",
        "x:AAAA",
        "-1:AAAA",
        "²:AAAA",
        "９:AA",
    ],
)
def test_what_was_not_encrypted_here_is_never_given_back(value: str) -> None:
    with pytest.raises(Unreadable):
        Vault({1: ONE}).reveal(value, ROW)


def test_a_shortened_value_is_unreadable() -> None:
    keys = Vault({1: ONE})
    value = keys.protect(SECRET, ROW)
    for end in range(len(value)):
        with pytest.raises(Unreadable):
            keys.reveal(value[:end], ROW)


def test_a_new_key_encrypts_and_the_old_one_still_decrypts() -> None:
    old = Vault({1: ONE}).protect(SECRET, ROW)
    both = Vault({1: ONE, 2: TWO})
    new = both.protect(SECRET, ROW)
    assert (new[:2], both.reveal(old, ROW), both.reveal(new, ROW)) == ("2:", SECRET, SECRET)
    for keys, value in ((Vault({2: TWO}), old), (Vault({1: ONE}), new), (Vault({}), old)):
        with pytest.raises(Unreadable):
            keys.reveal(value, ROW)


def test_the_number_of_a_key_does_not_replace_the_key() -> None:
    value = Vault({1: ONE}).protect(SECRET, ROW)
    with pytest.raises(Unreadable):
        Vault({1: TWO}).reveal(value, ROW)
    with pytest.raises(Unreadable):
        Vault({1: ONE, 2: TWO}).reveal(f"2{value[1:]}", ROW)


def test_without_a_key_nothing_is_kept_at_all() -> None:
    with pytest.raises(Unreadable):
        Vault({}).protect(SECRET, ROW)


def test_the_keys_are_the_files_that_are_named_by_numbers(tmp_path: Path) -> None:
    keyring.make_keys(tmp_path)
    folder = tmp_path / keyring.VAULT
    made = vault.load(tmp_path)
    assert [len(key) for key in made.keys.values()] == [32]
    value, newest = made.protect(SECRET, ROW), max(made.keys)
    (folder / str(newest + 1)).write_text(base64.b64encode(TWO).decode())
    (folder / "README").write_text("no key")
    loaded = vault.load(tmp_path)
    assert loaded.keys == made.keys | {newest + 1: TWO}
    assert loaded.reveal(value, ROW) == SECRET


def test_two_secrets_have_nothing_in_common() -> None:
    values = [Vault({1: ONE}).protect("same", f"row {number}") for number in range(20)]
    assert all(one[2:18] != other[2:18] for one, other in itertools.combinations(values, 2)), "a nonce of its own"


def test_a_new_key_counts_from_the_next_secret_on(tmp_path: Path, settings: Any) -> None:
    settings.KEYS = tmp_path
    keyring.make_keys(tmp_path)
    old = vault.protect(SECRET, ROW)
    assert (vault.newest(), old[:2]) == (1, "1:")
    for number in range(2, 12):  # in a row, within one tick of a clock
        keyring.add_key(tmp_path)
        assert vault.newest() == number
        assert vault.protect(SECRET, ROW).partition(":")[0] == str(number)
    assert vault.reveal(old, ROW) == SECRET


def test_a_key_that_is_taken_away_opens_nothing_more_and_one_put_back_does(tmp_path: Path, settings: Any) -> None:
    settings.KEYS = tmp_path
    keyring.make_keys(tmp_path)
    old, file = vault.protect(SECRET, ROW), tmp_path / keyring.VAULT / "1"
    keyring.add_key(tmp_path)
    file.rename(tmp_path / "aside")
    with pytest.raises(Unreadable, match="no key 1"):
        vault.reveal(old, ROW)
    assert vault.newest() == 2
    (tmp_path / "aside").rename(file)
    assert vault.reveal(old, ROW) == SECRET


def test_without_a_folder_there_is_no_newest_key(tmp_path: Path, settings: Any) -> None:
    settings.KEYS = tmp_path / "nowhere"
    for act in (vault.newest, lambda: vault.protect(SECRET, ROW), lambda: vault.reveal("1:AAAA", ROW)):
        with pytest.raises(Unreadable, match="no key"):
            act()
    keyring.make_keys(tmp_path / "nowhere")
    assert vault.newest() == 1


def test_numbers_are_compared_as_numbers(tmp_path: Path, settings: Any) -> None:
    settings.KEYS = tmp_path
    keyring.make_keys(tmp_path)
    for name in ("2", "10", "9"):
        (tmp_path / keyring.VAULT / name).write_text(base64.b64encode(TWO).decode())
    assert vault.newest() == 10


def test_the_refusal_tells_nothing_of_what_was_never_encrypted() -> None:
    with pytest.raises(Unreadable) as refused:
        Vault({1: ONE}).reveal(SECRET, ROW)
    assert SECRET[:4] not in str(refused.value)
