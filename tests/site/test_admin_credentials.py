"""Tokens and access keys in the super-console: found and looked at, with nothing that could be used, and no verb."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessKey, AccessToken, AuditEvent, Login, User
from tests.cast import Caller, Cast
from tests.factories import make_token, make_user
from tests.site.console import Browser, prove
from tests.site.pages import cost_alike, queries

TOKENS = "/admin/accounts/accesstoken/"
KEYS = "/admin/accounts/accesskey/"
DAY = timedelta(days=1)


@pytest.fixture
def key(cast: Cast) -> tuple[AccessKey, str]:
    """alice's access key, and its SK."""
    made = cast.alice.api("POST", "access-keys", {"name": "Signer", "scopes": ["read"]})
    return AccessKey.objects.get(key=made.body["ak"]), made.body["sk"]


def token_of(caller: Caller) -> AccessToken:
    return AccessToken.objects.get(user=caller.user, login=None)


def test_each_page_is_for_stewards_alone(cast: Cast, key: tuple[AccessKey, str]) -> None:
    for path in (TOKENS, KEYS, f"{TOKENS}{token_of(cast.alice).key}/change/", f"{KEYS}{key[0].key}/change/"):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/"), path
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/", path
        assert Browser(cast.alice.user).post(path).status == 403, path
        for steward in (cast.zoe, cast.root):
            assert Browser(steward.user).get(path).status == 200, path


def test_a_row_and_a_page_tell_what_it_is_and_nothing_that_could_be_used(
    cast: Cast, zoon: Browser, key: tuple[AccessKey, str]
) -> None:
    token = token_of(cast.alice)
    AccessToken.objects.filter(pk=token.pk).update(name="Robot", ends_at=timezone.now() + 3 * DAY)
    row, page = zoon.get(TOKENS, q=token.key), zoon.get(f"{TOKENS}{token.key}/change/")
    for told in ("Robot", token.key, "alice", "credentials", "Enabled"):
        assert told in row.text
        assert told in page.text
    sk_page = zoon.get(f"{KEYS}{key[0].key}/change/")
    assert "Signer" in zoon.get(KEYS, q="alice").text
    assert f"{key[1][:4]}…" in sk_page.text
    for each in (row, page, sk_page, zoon.get(KEYS), zoon.get(TOKENS)):
        for secret in (cast.alice.token, token.digest, key[1], key[0].sealed):
            assert secret not in each.source


def test_they_are_found_by_their_id_and_by_whose_they_are(cast: Cast, zoon: Browser) -> None:
    alice, charlie = token_of(cast.alice), token_of(cast.charlie)
    assert cast.alice.user is not None
    for given in ({"q": alice.key}, {"q": cast.alice.user.key}, {"q": "ALICE"}, {"owner": cast.alice.user.key}):
        text = zoon.get(TOKENS, **given).text
        assert (alice.key in text, charlie.key in text) == (True, False), given
    for term in ("nobody", "%", "a" * 5000):
        assert "Nothing found." in zoon.get(TOKENS, q=term).text, term
    assert zoon.get(TOKENS, q="\0").status == 200
    assert alice.key in zoon.get(TOKENS).text


def test_what_has_ended_is_found_by_its_state_its_id_and_its_owner(cast: Cast, zoon: Browser) -> None:
    token = token_of(cast.alice)
    assert cast.alice.user is not None
    assert cast.alice.api("DELETE", f"tokens/{token.key}").status == 204
    for given in ({"state": 5}, {"q": token.key}, {"owner": cast.alice.user.key}):
        assert token.key in zoon.get(TOKENS, **given).text, given
    for given in ({}, {"state": 0}):
        assert token.key not in zoon.get(TOKENS, **given).text, given


def test_they_are_narrowed_by_their_end_and_by_where_they_come_from(cast: Cast, zoon: Browser) -> None:
    token = token_of(cast.alice)
    for ends, is_found in ((6 * DAY, True), (8 * DAY, False), (-DAY, False)):
        AccessToken.objects.filter(pk=token.pk).update(ends_at=timezone.now() + ends)
        assert (token.key in zoon.get(TOKENS, expires="soon").text) is is_found, ends
    user = make_user("dora", password="a password of many words")
    make_token(user, "Made")
    login = Login.objects.create(
        user=user, ends_at=timezone.now() + DAY, epoch=0, created_at=timezone.now(), updated_at=timezone.now()
    )
    AccessToken.objects.filter(user=user).update(login=login)
    assert "dora" not in zoon.get(TOKENS).text
    assert "dora" in zoon.get(TOKENS, origin="login").text
    assert token.key not in zoon.get(TOKENS, origin="login").text


def test_no_address_takes_a_verb_from_anybody(cast: Cast, god: Browser, key: tuple[AccessKey, str]) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (AccessToken, AccessKey)]
    prove(god)
    for row, root in ((token_of(cast.alice), TOKENS), (key[0], KEYS)):
        assert god.get(f"{root}{row.key}/change/").buttons == []
        for page in ("change", "dis", "enb", "del", "set", "add", "delete", "history"):
            assert god.post(f"{root}{row.key}/{page}/", reason="", name=row.name).status in {404, 405}, page
        assert god.post(root, action="delete_selected").status == 405
    assert [list(model.objects.order_by("pk").values()) for model in (AccessToken, AccessKey)] == before


def test_one_that_there_is_not_is_not_found_and_on_record(zoon: Browser) -> None:
    for path in (f"{TOKENS}AbcdEfgh/change/", f"{KEYS}{'A' * 20}/change/"):
        assert zoon.get(path).status == 404
    found = AuditEvent.objects.filter(outcome="refused", door="admin").values_list("kind", "thing", "code")
    assert set(found) == {("accesstoken", "AbcdEfgh", "not_found"), ("accesskey", "A" * 20, "not_found")}


def test_a_person_and_the_trail_lead_to_them(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    key, token = cast.alice.user.key, token_of(cast.alice)
    source = zoon.get(f"/admin/accounts/user/{key}/change/").source
    for root in (TOKENS, KEYS):
        assert f'href="{root}?owner={key}"' in source
    assert f'href="{TOKENS}{token.key}/change/"' in zoon.get("/admin/accounts/auditevent/", q=token.key).source
    page = zoon.get(f"{TOKENS}{token.key}/change/")
    assert f'href="/admin/accounts/user/{key}/change/"' in page.source
    assert re.search(r"Create\b", page.text)


def test_a_list_costs_the_same_for_2_and_for_60(cast: Cast, zoon: Browser) -> None:
    def make(many: int) -> None:
        for _ in range(many):
            make_token(User.objects.get(name="vera"))

    make(2)
    few = queries(zoon, TOKENS)
    make(60)
    assert cost_alike(few, queries(zoon, TOKENS), 4)
