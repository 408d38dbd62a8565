"""S15: a secret is shown once, and is nowhere else: not in the database, the logs, the trail, nor another answer."""

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import AuditEvent, RefusalTally, StoredAnswer
from config.kernel import keyring
from tests.cast import Caller, Cast
from tests.factories import make_token, make_user

PASSWORD = "correct horse 9"


def all_the_database() -> str:
    """Every value of every row of every table, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found.append(repr(cursor.fetchall()))
        return "\n".join(found)


def forms(secret: str) -> list[str]:
    """A secret, and its md5, which is one for the doors that take it (S2)."""
    return [secret, hashlib.md5(secret.encode()).hexdigest()]


def test_no_secret_is_in_the_database_or_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    secrets = [PASSWORD]
    user = make_user("dora", password=PASSWORD, email="dora@polis.example")
    secrets.append(make_token(user))
    pwd = hashlib.md5(PASSWORD.encode()).hexdigest()
    secrets.append(Caller().call("POST", "/login", {"by": "name", "ustr": "dora", "pwd": pwd}).result["token"])
    secrets.append(cast.alice.verb("SET", cast.city.key, {"secret": "kid-1"}).result["secret"])
    client = Client()
    client.force_login(cast.root.user)  # type: ignore[arg-type]
    secrets.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    client.get("/admin/")
    Caller().call("POST", "/login", {"by": "name", "ustr": "dora", "pwd": hashlib.md5(b"wrong").hexdigest()})
    haystack = all_the_database() + caplog.text
    for secret in secrets:
        for form in forms(secret):
            assert form not in haystack


def test_no_text_of_a_token_and_no_secret_key_is_kept_or_shown_again(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """Made with a key for repeats, which stores the answer; used, named, disabled and enabled; while it lives."""
    caplog.set_level("DEBUG")
    secrets, later = [], ""
    for path, member in (("tokens", "token"), ("access-keys", "sk")):
        sent = {"name": "x", "scopes": ["read", "verbs", "credentials"]}
        made = cast.alice.api("POST", path, sent, Idempotency_Key=f"key {path}").body
        secrets.append(made[member])
        where = f"{path}/{made['id' if path == 'tokens' else 'ak']}"
        replay = cast.alice.api("POST", path, sent, Idempotency_Key=f"key {path}")
        assert (replay.headers["Idempotent-Replayed"], replay.body[member]) == ("true", None)
        Caller(made[member]).api("GET", "me")
        again = [replay, cast.alice.api("GET", where), cast.alice.api("PATCH", where, {"name": "y"})]
        again += [cast.alice.api("POST", f"{where}/{step}") for step in ("disable", "enable")]
        again += [cast.alice.api("GET", path), cast.root.api("GET", "audit?limit=200")]
        later += str([answer.body for answer in again])
    assert StoredAnswer.objects.filter(status=201).count() == 2
    haystack = all_the_database() + caplog.text + later
    for secret in [*secrets, cast.alice.token]:
        for form in [*forms(secret), secret.removeprefix("polis_")]:
            assert form not in haystack


def test_the_city_secret_is_of_32_hex_and_only_its_hash_is_kept(cast: Cast) -> None:
    answer = cast.alice.verb("SET", cast.city.key, {"secret": "kid-1"}).result
    secret = answer["secret"]
    assert len(secret) == 32
    assert int(secret, 16) >= 0
    assert "secret" not in answer["updates"] | answer["ipdates"]
    cast.city.refresh_from_db()
    assert cast.city.secret_digest == hashlib.sha256(secret.encode()).hexdigest()
    again = cast.alice.verb("SET", cast.city.key, {"secret": "kid-1"}).result["secret"]
    assert again != secret


def test_no_later_answer_shows_a_secret(cast: Cast) -> None:
    secret = cast.alice.verb("SET", cast.city.key, {"secret": "kid-1"}).result["secret"]
    cast.city.refresh_from_db()
    answers: list[Any] = [
        cast.alice.verb("GET", cast.city.key, {"fields": "@all"}).body,
        cast.root.verb("QRY", data={"fields": "@all"}).body,
    ]
    for value in (secret, cast.city.secret_digest):
        assert value not in json.dumps(answers)


def test_the_trail_says_that_a_secret_changed_and_not_to_what(cast: Cast) -> None:
    from accounts.models import AuditEvent

    cast.alice.verb("SET", cast.city.key, {"secret": "kid-1"})
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.before, event.after) == ("SET", {}, {"secret": "changed"})


def test_the_keys_are_their_owners_alone(tmp_path: Path) -> None:
    keyring.make_keys(tmp_path / "keys")
    key = keyring.read_key(tmp_path / "keys", keyring.SECRET_KEY)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / keyring.SECRET_KEY).stat().st_mode) == 0o600
    keyring.make_keys(tmp_path / "keys")
    assert keyring.read_key(tmp_path / "keys", keyring.SECRET_KEY) == key
    assert len(key) >= 64


@pytest.mark.parametrize("name", ["token", "Authorization", "pwd", "oldpwd"])
def test_a_secret_in_the_query_string_is_refused_unread(cast: Cast, name: str) -> None:
    answer = cast.alice.call("GET", f"/city?{name}=whatever")
    assert (answer.status, answer.reason) == (400, "SecretInQuery")


def test_the_log_of_requests_leaves_out_the_query_string(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        cast.alice.call("GET", "/city?token=s3cr3t-in-the-wrong-place")
    assert "GET /city 400" in caplog.text
    assert "s3cr3t" not in caplog.text


def test_a_token_that_slips_into_an_address_is_written_down_nowhere(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    text = cast.alice.token
    for path in (
        f"/api/v1/tokens/{text}",
        f"/api/v1/cities/{text}",
        f"/city/{text}",
        f"/api/v1/audit?thing=city/{text}",
    ):
        answer = cast.charlie.call("GET", path, X_Request_Id=text)
        assert answer.status == 404
        assert text not in str(answer.headers)
    assert AuditEvent.objects.filter(outcome="refused").exists()
    assert not AuditEvent.objects.filter(thing__contains="polis_").exists()
    assert not RefusalTally.objects.filter(thing__contains="polis_").exists()
    assert not AuditEvent.objects.filter(request_id__contains="polis_").exists()
    assert text not in caplog.text
