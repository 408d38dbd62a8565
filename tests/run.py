"""`make test`: the whole suite on SQLite, then on PostgreSQL; further arguments go to pytest.

`--scale` runs the marked tests with a million rows instead, on PostgreSQL alone.
"""

import os
import signal
import subprocess
import sys

from tests import debian, postgres

# The tests start hundreds of commands and servers. One takes twice as long where Python has to compile it all anew,
# as it does on a machine that is told to keep nothing of it: here it is kept, in the environment.
_OURS = {"POLIS_TEST_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}


def main() -> int:
    # Ended from outside, it still takes its server with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = sys.argv[1:]
    is_scale = "--scale" in arguments
    if is_scale:
        arguments = ["-m", "scale", "-s", *(each for each in arguments if each != "--scale")]
    else:
        arguments = ["-n", str(os.cpu_count() or 2), *arguments]
    debian.install_programs()
    with postgres.server() as url:
        runs = [("PostgreSQL", url)] if is_scale else [("SQLite", ""), ("PostgreSQL", url)]
        failed = [name for name, database in runs if run(name, database, arguments)]
    if failed:
        print(f"Failed on {' and '.join(failed)}.")
    return 1 if failed else 0


def run(name: str, database: str, arguments: list[str]) -> int:
    """One run of pytest; its exit code."""
    print(f"── {name} " + "─" * 60, flush=True)
    environment = {key: value for key, value in os.environ.items() if key not in _OURS}
    environment["PYTHONPYCACHEPREFIX"] = os.path.join(sys.prefix, "pycache")
    if database:
        environment["POLIS_TEST_DATABASE_URL"] = database
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
