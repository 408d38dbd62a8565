"""A good credential, a bad one and one of nobody's are the same work: none is told from another by how long it takes.

Counted, not timed: every call of a cipher, a hash, a comparison and the database that an answer takes. (How long they
take is measured by the benchmark.)
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from apps.verification import credentials
from config.kernel import vault
from tests.cast import Cast
from tests.verification.calling import Standing, stand
from tests.verification.test_signed import sign

_COSTLY = {"bound_to", "decrypt", "digest", "compare_digest", "execute", "sha256", "openssl_sha256", "fetchall"}


@contextmanager
def work() -> Iterator[Counter[str]]:
    """What is done within, by the names of functions; of ours and of the libraries'."""
    done: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        name = argument.__name__ if event == "c_call" else frame.f_code.co_name if event == "call" else ""
        if name in _COSTLY:
            done[name] += 1

    sys.setprofile(count)
    try:
        yield done
    finally:
        sys.setprofile(None)


def of(ask: Callable[[], Any], status: int) -> Counter[str]:
    ask()  # what a process does once, it has done
    with work() as done:
        assert ask().status_code == status
    return done


def by_secret(standing: Standing, key: str, secret: str) -> Callable[[], Any]:
    return lambda: standing.ask(X_Api_Key=f"{key}.{secret}")


def by_signature(standing: Standing, key: str, secret: str) -> Callable[[], Any]:
    presented = Standing(standing.asking, standing.app, secret, "")
    headers = sign(presented) | {"X_Original_Method": "POST"}
    headers["Authorization"] = headers["Authorization"].replace(standing.app.app_key, key)
    return lambda: standing.ask(**headers)


@pytest.mark.parametrize("by", [by_secret, by_signature])
def test_good_bad_and_nobodys_are_the_same_work(standing: Standing, by: Callable[..., Callable[[], Any]]) -> None:
    key, secret = standing.app.app_key, standing.secret
    good = of(by(standing, key, secret), 200)
    assert good["decrypt"] == 4, "two keys that a gateway can have, two secrets that an app can have"
    assert good["compare_digest"] == 4
    assert of(by(standing, key, secret[::-1]), 401) == good
    assert of(by(standing, "nobody_has_this", secret), 401) == good


def test_an_app_of_another_gateway_is_nobodys(cast: Cast, standing: Standing) -> None:
    other = stand(cast)
    nobodys = of(by_secret(standing, "nobody_has_this", "wrong"), 401)
    assert of(by_secret(standing, other.app.app_key, other.secret), 401) == nobodys


def test_an_early_return_would_be_seen(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself: with the work for nobody's left out, it is another."""
    good = of(by_secret(standing, standing.app.app_key, standing.secret), 200)

    def early(held: Any, now: Any, is_own: Any) -> Any:
        return next((secret for secret in held if secret.is_live(now) and is_own(secret.reveal())), None)

    monkeypatch.setattr(credentials, "matching", early)
    assert of(by_secret(standing, "nobody_has_this", standing.secret), 401) != good
    assert vault.reveal_nobodys()
