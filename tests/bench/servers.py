"""Who is measured: Polis as it is shipped, and three references beside it, under the same server and settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.server import running

POLIS = "polis"
REFERENCES = ("bare-drf", "bare-django", "raw-sql")
ENTRANTS = (POLIS, *REFERENCES)
WORKERS = 2
# Seconds after which Polis writes down which secrets were used: within its own time, as far as may be. It is 30 where
# it is shipped, and then what it has put off would be paid by whoever is measured next.
WRITTEN_BEHIND = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """The ports of Polis and of the references, which share a server, on one database."""

    polis: int
    references: int

    def port_of(self, entrant: str) -> int:
        return self.polis if entrant == POLIS else self.references


@contextmanager
def shipped(database: str, keys: Path) -> Iterator[int]:
    """Polis alone, on the database of this URL: its port."""
    with running(**_settings(database, keys)) as polis:
        yield polis.port


@contextmanager
def serving(database: str, keys: Path) -> Iterator[Pair]:
    """Both, on the database of this URL."""
    shared = _settings(database, keys)
    behind = {"POLIS_USAGE_SECONDS": str(WRITTEN_BEHIND)}
    with (
        running(**shared, **behind) as polis,
        running(**shared, DJANGO_SETTINGS_MODULE="tests.bench.settings") as references,
    ):
        yield Pair(polis.port, references.port)


def _settings(database: str, keys: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "POLIS_KEYS": str(keys),
        "POLIS_WORKERS": str(WORKERS),
        # One client calls here more often than a thousand do elsewhere.
        "POLIS_RATE_LIMIT": "0",
        "POLIS_CITIES_PER_USER": "100",
    }
