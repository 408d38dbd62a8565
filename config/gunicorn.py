"""The production server's configuration: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os
import sys
from typing import Any

from gunicorn.http import message

# A request line of up to 2 MB reaches the application, whose limits answer in the caller's dialect (S22);
# gunicorn's own cap of 8190 would answer in HTML. It is a bound all the same: never 0, which is none.
message.MAX_REQUEST_LINE = limit_request_line = 2 * 1024 * 1024

limit_request_field_size = 64 * 1024  # so for a header, of which a token is one

bind = os.environ.get("POLIS_BIND", "127.0.0.1:8000")
_LOOPBACK = ("127.", "localhost:", "[::1]:", "unix:", "fd://")
if os.environ.get("POLIS_DEVELOPMENT") in {"1", "true"} and not bind.startswith(_LOOPBACK):
    sys.exit(f"POLIS_DEVELOPMENT=1 serves loopback only, not {bind}: it takes plain http and passwords alone (S19).")
worker_class = "gthread"
workers = int(os.environ.get("POLIS_WORKERS", "2"))
threads = int(os.environ.get("POLIS_THREADS", "4"))
keepalive = 30
graceful_timeout = 10
control_socket_disable = True
# Whom to believe about X-Forwarded-* is POLIS_TRUSTED_PROXIES' to say, not the server's (S19). Headers whose
# names hold `_` are dropped, which is gunicorn's default, written down.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
header_map = "drop"
accesslog = None  # the application logs each request, without its query string


def pre_request(worker: object, request: Any) -> None:
    """Say which headers came twice: what joins them by a comma forgets it, and in a path a comma may stand (S20)."""
    names = [name for name, _ in request.headers]
    kept = [pair for pair in request.headers if pair[0] != "POLIS-DOUBLED"]
    if len(set(names)) < len(names):
        kept.append(("POLIS-DOUBLED", " ".join({name for name in names if names.count(name) > 1})))
    request.headers = kept


def post_worker_init(worker: object) -> None:
    """From now on this process also does what nobody waits for."""
    from accounts.machine import background

    background.start()
