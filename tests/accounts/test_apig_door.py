"""The gateway's door, through Keystone's list of projects: a token, or an access key's signature, and never both."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN, USER
from accounts.models import AccessKey, AuditEvent, Lockout, User
from accounts.people import credentials, services
from accounts.people.reach import Reach
from config.kernel import scopes
from config.kernel.states import Verb
from tests.accounts.signing import send, sign
from tests.cast import Answer, Caller
from tests.factories import actor, make_city, make_project, make_token, make_user

pytestmark = pytest.mark.django_db
PATH = "/v3/projects"
UNAUTHORIZED = {
    "error": {
        "code": 401,
        "title": "Unauthorized",
        "message": "The request you have made requires authentication.",
    }
}


@pytest.fixture
def dora() -> User:
    user = make_user("dora")
    make_project(user, "Doras Project")
    return user


def make_key(user: User, **reach: Any) -> tuple[AccessKey, str]:
    """A key of every scope, and its SK."""
    with transaction.atomic():
        given = {"scopes": scopes.ALL} | reach
        return credentials.make_key(user, Reach(**given), by=Actor.system(), name="ci")


def get(token: str, path: str = PATH, **headers: str) -> Answer:
    return Caller().call("GET", path, X_Auth_Token=token, **headers)


def names_of(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [project["name"] for project in answer.body["projects"]]


# ── a token ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_lets_its_user_in(dora: User) -> None:
    assert "Doras Project" in names_of(get(make_token(dora)))


@pytest.mark.parametrize("token", ["", "polis_nonsense", "Bearer x"])
def test_who_has_no_good_token_is_nobody(token: str) -> None:
    answer = get(token)
    assert (answer.status, answer.body) == (401, UNAUTHORIZED)
    assert answer.headers["WWW-Authenticate"] == 'Keystone uri="http://testserver/v3"'
    assert answer.headers["X-Request-Id"]


def test_a_token_is_not_looked_for_in_the_authorization_header(dora: User) -> None:
    assert Caller(make_token(dora)).call("GET", PATH).status == 401


def test_a_dead_token_is_dead_here_too(dora: User) -> None:
    text = make_token(dora)
    services.switch(ACCESS_TOKEN, dora.accesstokens.get(), Verb.DEL, by=Actor.system())
    assert get(text).status == 401


def test_a_token_is_good_from_its_addresses_alone(dora: User) -> None:
    assert get(make_token(dora, addresses=["192.0.2.0/24"])).status == 403


# ── a signature ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_signature_lets_the_keys_user_in(dora: User) -> None:
    key, sk = make_key(dora)
    assert "Doras Project" in names_of(send(sign(key.key, sk, "GET", PATH)))
    assert names_of(send(sign(key.key, sk, "GET", PATH, query=[("name", "Doras Project")]))) == ["Doras Project"]


def test_one_query_finds_the_key_with_its_chain(dora: User) -> None:
    key, sk = make_key(dora)
    send(sign(key.key, sk, "GET", PATH))
    with CaptureQueriesContext(connection) as captured:
        assert send(sign(key.key, sk, "GET", PATH)).status == 200
    assert [query["sql"] for query in captured if "accesskey" in query["sql"]] == [captured[0]["sql"]]
    assert len(captured) == 2, "the key, and the projects"


def test_an_unknown_key_is_told_what_a_wrong_secret_is(dora: User) -> None:
    key, sk = make_key(dora)
    wrong = send(sign(key.key, "another" + sk, "GET", PATH))
    with CaptureQueriesContext(connection) as captured:
        unknown = send(sign("A" * 20, sk, "GET", PATH))
    assert (wrong.status, wrong.body) == (unknown.status, unknown.body) == (401, UNAUTHORIZED)
    assert sum("accesskey" in query["sql"] for query in captured) == 1


def test_the_secret_that_stands_for_nobodys_opens_nothing(dora: User) -> None:
    """It is in the code, for everybody to read."""
    assert send(sign("A" * 20, "a secret of nobody's, just as long", "GET", PATH)).status == 401


def test_a_wrong_signature_locks_nobody_out(dora: User) -> None:
    key, sk = make_key(dora)
    for _ in range(30):
        assert send(sign(key.key, "wrong", "GET", PATH)).status == 401
    assert send(sign(key.key, sk, "GET", PATH)).status == 200
    assert not Lockout.objects.exists()


def test_wrong_signatures_are_counted_for_their_address_and_not_for_the_user(dora: User, settings: Any) -> None:
    settings.RATE_LIMIT = 3
    key, sk = make_key(dora)
    bad = [send(sign(key.key, "wrong", "GET", PATH), address="192.0.2.77").status for _ in range(4)]
    assert bad == [401, 401, 401, 429]
    assert send(sign(key.key, sk, "GET", PATH), address="192.0.2.78").status == 200


def _ended(key: AccessKey) -> None:
    services.switch(ACCESS_KEY, key, Verb.DEL, by=Actor.system())


def _disabled(key: AccessKey) -> None:
    services.switch(ACCESS_KEY, key, Verb.DIS, by=Actor.system())


def _users_end(key: AccessKey) -> None:
    services.switch(USER, key.user, Verb.DIS, by=Actor.system())


def _past(key: AccessKey) -> None:
    AccessKey.objects.filter(pk=key.pk).update(ends_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("close", [_ended, _disabled, _users_end, _past])
def test_a_key_that_is_not_in_service_is_good_for_nothing(close: Any, dora: User) -> None:
    key, sk = make_key(dora)
    close(key)
    answer = send(sign(key.key, sk, "GET", PATH))
    assert (answer.status, answer.body) == (401, UNAUTHORIZED)


def test_a_key_reaches_no_further_than_it_was_given(dora: User) -> None:
    city = make_city(dora, "Doras_City")
    make_project(dora, "In the city", city=city.key)
    key, sk = make_key(dora, cities=(city.key,))
    assert names_of(send(sign(key.key, sk, "GET", PATH))) == ["In the city"]
    key, sk = make_key(dora, scopes=("verbs",))
    assert send(sign(key.key, sk, "GET", PATH)).status == 403
    key, sk = make_key(dora, addresses=("192.0.2.0/24",))
    assert send(sign(key.key, sk, "GET", PATH)).status == 403
    assert send(sign(key.key, sk, "GET", PATH), address="192.0.2.9").status == 200


def test_a_key_carries_no_proof_of_who_asks(dora: User) -> None:
    key, _ = make_key(dora)
    assert (key.proof, key.signing_in) == (None, None)


def test_a_refusal_is_recorded_for_whoever_signed(dora: User) -> None:
    key, sk = make_key(dora, scopes=("verbs",))
    assert send(sign(key.key, sk, "GET", PATH)).status == 403
    event = AuditEvent.objects.get(outcome="refused")
    assert (event.actor, event.door, event.verb, event.code) == (dora.key, "apig", "QRI", "out_of_scope")


# ── what is neither ──────────────────────────────────────────────────────────────────────────────────────────────


def test_two_credentials_are_one_too_many(dora: User) -> None:
    key, sk = make_key(dora)
    signed = sign(key.key, sk, "GET", PATH)
    signed.header_params["X-Auth-Token"] = make_token(dora)
    assert send(signed).status == 400


def test_the_path_that_counts_is_the_one_that_was_sent(dora: User) -> None:
    """gunicorn tells it as RAW_URI: what Django makes of it could be another one's (S21)."""
    key, sk = make_key(dora)
    signed = sign(key.key, sk, "GET", PATH)
    assert send(signed, RAW_URI=PATH).status == 200
    assert send(signed, RAW_URI="/v3/%70rojects").status == 200
    for raw in ("/v3%2Fprojects", "/v3/./projects", "/v3/x/../projects", "/v3/%2570rojects", "/v3/tokens", "*"):
        assert send(signed, RAW_URI=raw).status == 400, raw


@pytest.mark.parametrize("name", ["Authorization", "X-Sdk-Date", "Host"])
def test_a_header_that_came_twice_is_malformed(name: str, dora: User, settings: Any) -> None:
    """As gunicorn joins them; of Host it refuses the second itself."""
    settings.ALLOWED_HOSTS = ["*"]
    key, sk = make_key(dora)
    signed = sign(key.key, sk, "GET", PATH)
    signed.header_params[name] = f"{signed.header_params[name]},{signed.header_params[name]}"
    assert send(signed).status == 400


@pytest.mark.parametrize("query", ["X-Auth-Token=x", "x-auth-token=x", "app_secret=x", "Authorization=x"])
def test_a_secret_in_the_address_is_refused_unread(query: str, dora: User) -> None:
    answer = get(make_token(dora), f"{PATH}?{query}")
    assert answer.status == 400
    assert answer.body["error"]["message"].endswith("must not be in the query string: send it in the body.")


@pytest.mark.parametrize("query", ["name=a&name=b", "name=%FF", "&".join(f"a{n}=" for n in range(1100))])
def test_a_query_that_is_ambiguous_is_refused(query: str, dora: User) -> None:
    assert get(make_token(dora), f"{PATH}?{query}").status == 400


def test_plain_http_is_refused(dora: User, settings: Any) -> None:
    settings.DEVELOPMENT = False
    assert get(make_token(dora)).status == 403


def test_what_is_no_method_is_none(dora: User) -> None:
    answer = Caller().call("DELETE", PATH, X_Auth_Token=make_token(dora))
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_a_token_that_a_key_has_made_reaches_no_further(dora: User) -> None:
    """S4, with a key as the maker."""
    key, _ = make_key(dora, scopes=("read", "credentials"))
    by = replace(actor(dora), token=key, proved_at=timezone.now())
    made, _ = credentials.make(ACCESS_TOKEN, by=by, read=lambda: {"name": "made"})
    assert (made.scopes, made.proved_at) == (["read"], by.proved_at)
