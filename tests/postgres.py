"""A private PostgreSQL for the tests: from the machine's binaries, on a free loopback port, gone afterwards."""

import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests import debian

HOW = (
    "No PostgreSQL server was found for the tests. Install one (Debian: apt-get install postgresql), "
    "or name a server: POLIS_TEST_POSTGRES_URL=postgresql://user:password@host/database"
)
# Of a server whose data nobody misses.
SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
}


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server: the one that is named, or a cluster of our own."""
    if url := os.environ.get("POLIS_TEST_POSTGRES_URL"):
        yield url
        return
    binaries = find_binaries() or install()
    with tempfile.TemporaryDirectory(prefix="polis-pg-") as folder, cluster(binaries, Path(folder)) as url:
        yield url


def find_binaries() -> Path | None:
    """The newest installed server's folder of binaries."""
    found = [Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def install() -> Path:
    """By apt, where we may; otherwise the end, saying how to get one."""
    debian.install("postgresql")
    binaries = find_binaries()
    if binaries is None:
        sys.exit(HOW)
    return binaries


@contextmanager
def cluster(binaries: Path, folder: Path, settings: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """A cluster in this folder. PostgreSQL refuses to run as root: then it runs as `nobody`."""
    as_whom = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if as_whom:
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    make = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "polis",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    subprocess.run([*as_whom, *map(str, make)], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    port = free_port()
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    control = [*as_whom, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    start = [*control, "-l", str(folder / "log"), "-o", f"-p {port} -k {folder} {options}", "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    try:
        yield f"postgresql://polis@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd=folder)


def free_port() -> int:
    """A loopback port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
