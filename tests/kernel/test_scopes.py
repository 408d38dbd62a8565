"""Scopes: which hold which, and which verb needs which."""

import pytest

from config.kernel import scopes

READING = ["get", "git", "qry", "qri"]
WRITING = [
    *("add", "set", "dol", "dis", "enb", "rcc", "pub", "off", "del", "share", "rotate", "transfer", "move"),
    *("request", "answer"),
]


def test_these_are_all_the_scopes() -> None:
    assert sorted(scopes.KNOWN) == sorted(["read", "verbs", "credentials", *READING, *WRITING])


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    [
        (["read"], READING, True),
        (["verbs"], WRITING, True),
        (["read"], ["read"], True),
        (["read", "verbs"], ["get", "set"], True),
        (["read"], ["verbs"], False),
        (["read"], ["set"], False),
        (["verbs"], ["read"], False),
        (["verbs"], ["get"], False),
        (["read", "verbs"], ["credentials"], False),
        (["credentials"], ["read"], False),
        (["credentials"], ["get"], False),
        (["get"], ["get"], True),
        (["get"], ["git"], False),
        (["get"], ["read"], False),
        (READING, ["read"], False),
        (WRITING, ["verbs"], False),
        (["set"], ["set", "off"], False),
        (["set", "off"], ["off", "set"], True),
        (["read"], ["nothing"], False),
        ([], ["get"], False),
        ([], [], True),
        (["get"], [], True),
    ],
)
def test_what_is_wanted_must_be_held_itself_or_by_its_group(held: list[str], wanted: list[str], expected: bool) -> None:
    assert scopes.within(wanted, held) is expected


@pytest.mark.parametrize("verb", [*READING, *WRITING])
def test_each_verb_is_allowed_by_its_own_scope_and_its_group(verb: str) -> None:
    group = "read" if verb in READING else "verbs"
    for scope in ("read", "verbs", "credentials", *READING, *WRITING):
        assert scopes.allows([scope], verb.upper()) is (scope in {verb, group}), scope


def test_who_may_share_may_take_away_what_was_shared() -> None:
    assert scopes.allows(["share"], "UNSHARE")
    assert scopes.allows(["verbs"], "UNSHARE")
    assert not scopes.allows(["read", "credentials"], "UNSHARE")


def test_who_may_transfer_may_withdraw_the_offer() -> None:
    assert scopes.allows(["transfer"], "WITHDRAW")
    assert scopes.allows(["verbs"], "WITHDRAW")
    assert not scopes.allows(["read", "credentials", "share"], "WITHDRAW")


def test_credentials_is_held_by_nothing_else() -> None:
    assert not scopes.allows(["read", "verbs", *READING, *WRITING], "credentials")
    assert scopes.allows(["credentials"], "credentials")
