"""S15: the watch over the suite (tests/leaks.py) sees what it is for, and knows every generator."""

import hashlib
import logging
import re
from pathlib import Path

from django.core.mail import EmailMessage
from django.db import connection

from accounts.models import AuditEvent
from tests import leaks
from tests.cast import Cast
from tests.factories import make_app, make_gateway
from tests.server import ROOT

# Each use of randomness in the code: in what file, and whose it is. A new one is added here and, where what it makes
# is a secret, to leaks.GENERATORS.
USES = {
    "accounts/machine/rotation.py": ["secrets.choice"],  # watched
    "accounts/people/companies.py": ["secrets.choice", "secrets.randbelow"],  # CompSecret: watched; CompID
    "accounts/people/credentials.py": ["secrets.choice"],  # watched
    "accounts/people/tokens.py": ["secrets.choice"],  # watched
    "cities/services.py": ["secrets.token_bytes"],  # watched
    "accounts/console/once.py": ["secrets.token_urlsafe"],  # a form's number, which opens nothing
    "accounts/machine/answers.py": ["secrets.token_hex"],  # a lease, which opens nothing
    "accounts/machine/operations.py": ["secrets.token_hex"],  # whose turn it is, which opens nothing
    "accounts/models/audit.py": ["secrets.randbits"],  # an event's number
    "accounts/models/policies.py": ["secrets.token_hex"],  # an edition of the policy book
    "accounts/people/devices.py": ["secrets.token_urlsafe"],  # a device's name, signed
    "config/kernel/ids.py": [*["secrets.choice"] * 3, *["uuid4"] * 2],  # ids are no secrets
    "config/kernel/keyring.py": ["secrets.token_urlsafe", "secrets.token_hex", "os.urandom", "secrets.token_bytes"],
    "config/middleware.py": ["get_random_string"],  # a request's id
    "config/site/demo.py": ["secrets.token_urlsafe"],  # a password: watched where it is set
}
_USE = re.compile(r"\b(?:secrets\.(?:choice|token_\w+|rand\w+)|os\.urandom|get_random_string|uuid4|random\.\w+)(?=\()")


def test_every_generator_is_known() -> None:
    found = {}
    for app in ("accounts", "cities", "projects", "apps", "config"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and (uses := _USE.findall(path.read_text())):
                found[str(Path(path).relative_to(ROOT))] = sorted(uses)
    assert found == {name: sorted(uses) for name, uses in USES.items()}


def taken() -> list[str]:
    """What was found, which is then forgotten: it was planted."""
    found = list(leaks.found)
    leaks.found.clear()
    return found


def test_it_sees_each_place_where_a_secret_must_not_be(cast: Cast) -> None:
    secret = cast.alice.verb("SET", cast.city.key, {"secret": "kid-1"}).result["secret"]
    assert taken() == [], "once, in the answer that made it"
    md5 = hashlib.md5(secret.encode()).hexdigest()
    logging.getLogger("polis").info("made %s", f"x{md5}y")
    assert taken() == ["the md5 of a city's secret in the log of polis"]
    cast.alice.verb("SET", cast.city.key, {"brief": f"it is {secret}"})
    told = taken()
    assert all(text.startswith("city's secret in ") for text in told)
    assert any("the database: UPDATE" in text for text in told)
    assert any(f'the database: INSERT INTO "{AuditEvent._meta.db_table}"' in text for text in told)
    EmailMessage("A city", f"its secret is {secret}", to=["alice@example.com"]).send()
    assert taken() == ["city's secret in a mail"]
    cast.alice.verb("GET", cast.city.key, {"fields": "@all"})
    assert taken()[-1] == f"city's secret in the answer to GET /city/{cast.city.key}"


def test_it_sees_a_token_that_was_made_outside_and_one_in_a_statement(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [cast.alice.token])
        cursor.execute(f"SELECT 1 AS told -- {cast.alice.token}")
    assert [text[:45] for text in taken()] == [
        "token in the database: SELECT %s",
        "token in the database: SELECT 1 AS told -- po",
    ]


def test_it_sees_a_secret_and_a_code_of_a_clients_own(cast: Cast) -> None:
    assert cast.alice.user is not None
    gateway = make_gateway(cast.alice.user, key_switch=True)
    app, secret = make_app(gateway, cast.alice.user, app_secret="A-secret-of-ones-own!")
    cast.alice.api("POST", f"apps/{app.key}/codes", {"app_code": "Own+code" * 8})
    cast.alice.api("POST", f"apps/{app.key}/codes", {})
    assert taken() == [], "once, in the answer that made it"
    for told in (secret, "Own+code" * 8, hashlib.md5(secret.encode()).hexdigest()):
        logging.getLogger("polis").info("made %s", told)
    assert taken() == [
        "a secret of a client's own in the log of polis",
        "an AppCode of a client's own in the log of polis",
        "the md5 of a secret of a client's own in the log of polis",
    ]
