"""`make run`: from nothing to a served demo in one process. Development only; production starts gunicorn itself."""

import logging
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
NOTICES_SECONDS = 3


def main() -> None:
    port = read_port(os.environ.get("PORT", "8000"))
    os.environ.setdefault("POLIS_STATEMENT_TIMEOUT_MS", "2000")  # as config.wsgi does, which comes too late here
    check_port(port)
    prepare()

    from config.site import demo

    greet(demo.load(), f"http://{LOOPBACK}:{port}")
    serve(port)


def prepare() -> None:
    """Folder, keys and an up-to-date database; Django is set up when it returns."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["POLIS_DEVELOPMENT"] = "1"
    make_ready(Path(os.environ.get("POLIS_VAR") or "var").absolute())

    import django

    django.setup()
    migrate()


def read_port(text: str) -> int:
    """The port, or the end with one line."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_port(port: int) -> None:
    """Bind it for a moment; the end with one line where that fails."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used: {error.strerror}. Choose another: make run PORT=8001")


def make_ready(folder: Path) -> None:
    """The folder for what is written at run time, and the keys in it."""
    from config.kernel import keyring

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
        keyring.make_keys(Path(os.environ.get("POLIS_KEYS") or folder / "keys"))
    except OSError as error:
        sys.exit(f"The folder {folder} cannot be used: {error.strerror}. Choose another: make run POLIS_VAR=…")


def migrate() -> None:
    """Bring the database up to date; where it is, that costs one look."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from accounts.audit import triggers

    runner = MigrationExecutor(connection)
    if runner.migration_plan(runner.loader.graph.leaf_nodes()) or triggers.missing_triggers():
        call_command("migrate", verbosity=0)


def greet(people: Any, url: str) -> None:
    """Where everything is, who can sign in, and one line to paste."""
    print(f"\nPolis  {url}   (development: loopback only)")
    print(f"  admin      {url}/admin/")
    print(f"  CloudRoom  {url}/CLOUDROOM-API/project/…   CompID CompSecret: {people.company}")
    print(f"  APIG       {url}/v1/{people.gateways[0]}/apigw/instances/{people.gateways[1]}/apps   (X-Auth-Token)")
    print(f"  XDUA       {url}/city      login {url}/login")
    print(f"  API        {url}/api/v1/…  to be tried at {url}/api/docs\n")
    print("Sign in (demo, made for this folder alone):")
    for person in people.people:
        print(f"  {person.role:<10}{person.name:<8}{person.password}")
    print("\nA first city:")
    print(
        f"  curl -X POST {url}/city -H 'Authorization: {people.token}' -H 'XduaApiMethod: ADD' -d name=健康手环\n",
        flush=True,
    )


def serve(port: int) -> None:
    """The production server, in this process: what is imported is imported once. Ends with the process."""
    from django.db import connections
    from gunicorn.app.wsgiapp import WSGIApplication

    connections.close_all()  # no connection crosses a fork
    os.register_at_fork(after_in_child=see_to_notices)
    os.environ["POLIS_BIND"] = f"{LOOPBACK}:{port}"
    configuration = Path(__file__).with_name("gunicorn.py")
    sys.argv = ["gunicorn", "-c", str(configuration), "--preload", "--log-level", "warning", "config.wsgi"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def see_to_notices() -> None:
    """Here nobody runs `send_notices`: each process of the server does what it does, beside its requests.

    So mails are printed where the server is started, a few seconds after what they are about.
    """
    threading.Thread(target=_tell_and_send, name="polis-notices", daemon=True).start()


def _tell_and_send() -> None:
    from django.db import Error, connection

    from accounts.machine import reminders
    from accounts.people import mailing

    while True:
        time.sleep(NOTICES_SECONDS)
        try:
            reminders.remind()
            mailing.send_waiting()
        except Error as error:  # another process writes at this moment: the next time, then
            logging.getLogger("polis.mail").warning("notices wait: %s", type(error).__name__)
        finally:
            connection.close()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
