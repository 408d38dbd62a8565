"""Watches the whole suite: a secret stands in the one answer that made it and nowhere else (S15).

Every generator of secrets (`GENERATORS`) tells what it made. From then on that text and its md5 are looked for in every
answer of Django's test client, in every record of the log, and in every value that is sent to the database, and so in
every table: audit trail and stored answers too. What is found makes the test red in which it was found.
"""

import hashlib
import logging
import re
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.backends.signals import connection_created
from django.test import Client

from accounts.machine import rotation
from accounts.models import User
from accounts.people import companies, credentials, factors, tokens
from accounts.people.sessions import SessionStore
from apps.services import codes
from cities import services as cities

# A generated secret is a run of letters and digits, of one of these lengths: so a text is searched in one pass,
# however many secrets are known. `polis_` is no part of such a run.
LENGTHS = (32, 40, 49, 64)
SUBJECT = "X-Subject-Token"
_RUN = re.compile(r"[0-9A-Za-z]{32,}")

known: dict[str, str] = {}  # a generated secret or its md5, and what it is
passwords: dict[str, str] = {}  # any text: searched one by one, so they are few
found: list[str] = []
# `.made`: what the present request has made; `.held`: what was written while a generator was at work.
_request = threading.local()


def made(what: str, secret: str, *, md5_of: str = "") -> None:
    """There is a new secret. `md5_of` is its form at a door that takes another md5 than the secret's own."""
    body = secret.removeprefix(tokens.PREFIX)
    assert len(body) in LENGTHS, f"LENGTHS does not know a {what} of {len(body)}"
    known[body] = what
    for text in (secret, body, md5_of or secret):
        known[hashlib.md5(text.encode()).hexdigest()] = f"the md5 of a {what}"
    if (mine := getattr(_request, "made", None)) is not None:
        mine.append(body)


def chosen(what: str, secret: str) -> None:
    """One of a client's own choice, which may have any form: searched like a password, where it is no common word."""
    if len(secret) < 16:
        return
    passwords[secret] = what
    passwords[hashlib.md5(secret.encode()).hexdigest()] = f"the md5 of {what}"
    if (mine := getattr(_request, "made", None)) is not None:
        mine.append(secret)


def password_given(plain: str | None) -> None:
    """A password, plain or as its md5, long enough not to be a word of our own texts."""
    if plain and len(plain) >= 10:
        passwords[plain] = "a password"
        passwords[hashlib.md5(plain.encode()).hexdigest()] = "the md5 of a password"


def search(text: str) -> Iterable[tuple[str, str]]:
    """Each occurrence of a secret: itself, and what it is."""
    for run in _RUN.findall(text):
        for length in LENGTHS:
            for start in range(len(run) - length + 1):
                part = run[start : start + length]
                if part in known:
                    yield part, known[part]
    for secret, what in passwords.items():
        if secret in text:
            yield secret, what


def _look(place: str, text: str, *, shown_once: Iterable[str] = ()) -> None:
    if (held := getattr(_request, "held", None)) is not None:
        held.append((place, text))
        return
    once = set(shown_once)
    for secret, what in search(text):
        if secret in once:
            once.discard(secret)
        else:
            found.append(f"{what} in {place}")


def _after(function: Callable[..., Any], tell: Callable[..., None]) -> Callable[..., Any]:
    """The function, and then what it gave is told."""

    def watched(*args: Any, **named: Any) -> Any:
        outer, _request.held = getattr(_request, "held", None), []
        try:
            result = function(*args, **named)
            tell(result, *args, **named)
        finally:
            held, _request.held = _request.held, outer
        for place, text in held:  # it was not known yet when they were written
            _look(place, text)
        return result

    return watched


def _held_secret(pair: Any, *_: Any, is_given: bool = False, **__: Any) -> None:
    if is_given:
        chosen("a secret of a client's own", pair[1])
    else:
        made("AppSecret", pair[1])


def _app_code(pair: Any, app: Any, given: str, *_: Any) -> None:
    if given:
        chosen("an AppCode of a client's own", given)
    else:
        made("AppCode", pair[1])


# Where secrets come from: owner, name, and what of a call is the secret. test_s15_watched.py knows every other use of
# randomness in the code.
GENERATORS: list[tuple[Any, str, Callable[..., None]]] = [
    (tokens, "_new_text", lambda text: made("token", text)),
    (credentials, "make_key", lambda pair, *_, **__: made("secret key", pair[1])),
    (cities, "_new_secret", lambda secret, *_, **__: made("city's secret", secret)),
    (rotation, "_add", _held_secret),
    (codes, "_insert", _app_code),
    (SessionStore, "_get_new_session_key", lambda key, *_: made("session's key", key)),
    (factors, "enrol", lambda _, user, seed, **__: made("second factor's key", seed)),
    (User, "set_password", lambda _, user, plain: password_given(plain)),
]


def _company_secret(company: Any, secret: str) -> None:
    if len(secret) >= 32:  # the documented check value is one letter
        made("CompSecret", secret, md5_of=f"{company.comp_id}&{secret}")


def _watch_answers() -> None:
    ask = Client.request

    def request(self: Client, **given: Any) -> Any:
        _request.made = []
        try:
            answer = ask(self, **given)
        finally:
            mine, _request.made = _request.made, None
        if answer.streaming:
            answer.streaming_content = _looked_at(answer.streaming_content, f"the stream of {given.get('PATH_INFO')}")
        body = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name != SUBJECT)
        _look(f"the answer to {given.get('REQUEST_METHOD')} {given.get('PATH_INFO')}", body, shown_once=mine)
        # Keystone gives a token in a header of its own, and in no body.
        _look(f"{SUBJECT} answering {given.get('PATH_INFO')}", answer.headers.get(SUBJECT, ""), shown_once=mine)
        _look(f"the headers answering {given.get('PATH_INFO')}", headers)
        for name, cookie in answer.cookies.items():  # a session's key goes to its own browser, in its own cookie
            if name != settings.SESSION_COOKIE_NAME:
                _look(f"the cookie {name}", cookie.value)
        return answer

    Client.request = request  # type: ignore[method-assign]


def _looked_at(parts: Iterable[bytes], place: str) -> Iterable[bytes]:
    for part in parts:
        _look(place, part.decode("utf-8", "replace"))
        yield part


def _watch_log() -> None:
    """Every record that a logger takes. A handler would go with the next configuration of the log."""
    handle = logging.Logger.handle

    def looked_at(self: logging.Logger, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        _look(f"the log of {record.name}", text)
        handle(self, record)

    logging.Logger.handle = looked_at  # type: ignore[method-assign]


def _statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    _look(f"the database: {sql[:60]}", sql + _texts(params) if params else sql)
    return execute(sql, params, many, context)


def _texts(params: Any) -> str:
    """What is sent, as text; values of JSON are wrapped on PostgreSQL."""
    values = params.values() if isinstance(params, dict) else params
    return "\n".join(
        _texts(value)
        if isinstance(value, list | tuple)
        else bytes(value).decode("latin-1")
        if isinstance(value, bytes | memoryview)
        else str(getattr(value, "obj", value))
        for value in values
    )


def _watch_connection(connection: Any, **_: Any) -> None:
    if _statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_statement)


def _watch_mails() -> None:
    """A mail lies with others for good: there is no secret in it."""
    send = EmailMessage.send

    def looked_at(self: EmailMessage, fail_silently: bool = False) -> int:
        _look("a mail", f"{self.subject}\n{self.body}")
        return send(self, fail_silently)

    EmailMessage.send = looked_at  # type: ignore[method-assign]


def watch() -> None:
    """From now on, in this process."""
    for owner, name, tell in GENERATORS:
        setattr(owner, name, _after(getattr(owner, name), tell))
    companies.set_secret = _after(
        companies.set_secret, lambda _, company, secret, **__: _company_secret(company, secret)
    )
    connection_created.connect(_watch_connection, dispatch_uid="tests.leaks")
    _watch_log()
    _watch_answers()
    _watch_mails()
