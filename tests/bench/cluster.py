"""A PostgreSQL of the benchmark's own, set up as one that keeps somebody's data, and Django on it."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from config.kernel import keyring
from tests import postgres

# Durable, and with a memory and a disk of today. Checkpoints and the vacuum come when they do in production.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "100",
    "shared_buffers": "1GB",
    "effective_cache_size": "3GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
}


@contextmanager
def server() -> Iterator[str]:
    """The URL of the cluster's own database."""
    binaries = postgres.find_binaries() or postgres.install()
    with (
        tempfile.TemporaryDirectory(prefix="polis-bench-pg-") as folder,
        postgres.cluster(binaries, Path(folder), SETTINGS) as url,
    ):
        yield url


@contextmanager
def configured(url: str) -> Iterator[Path]:
    """Django on the database of this URL, with keys of this run's own; their folder, which the servers share."""
    for name in [name for name in os.environ if name.startswith("POLIS_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="polis-bench-") as folder:
        keys = Path(folder) / "keys"
        keyring.make_keys(keys)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": url,
            "POLIS_VAR": folder,
            "POLIS_DEVELOPMENT": "1",
            "POLIS_RATE_LIMIT": "0",
        }
        django.setup()
        logging.disable(logging.INFO)  # of the calls that are made in this process: the servers write a log as shipped
        yield keys
