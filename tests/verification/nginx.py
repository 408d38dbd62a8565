"""A real nginx, made of the files that operators get: a client before it, Polis beside it, a service behind it.

Of deploy/nginx the examples are filled in, as an operator would, and all else is used where it lies.
"""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests import debian
from tests.server import ROOT, SECONDS_TO_STOP, Reply, Server
from tests.verification.calls import Call, plain, send_once
from tests.verification.tenants import Tenant

SHIPPED = ROOT / "deploy" / "nginx"
_MAIN = """
daemon off;
{user}
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log info;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/client;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {lines}
    include site.conf;
}}
"""

# What an operator's nginx may say for its other sites, and what each line of it would turn into a yes.
FURTHER_OUT = """
    error_page 400 401 403 429 500 502 503 504 =200 /fine;
    recursive_error_pages on;
    proxy_intercept_errors on;
    proxy_cache_path {folder} keys_zone=others:1m;
    proxy_cache others;
    proxy_cache_key one;
    proxy_cache_valid any 1h;
    proxy_cache_use_stale error timeout updating http_403 http_429 http_500 http_503;
    proxy_ignore_headers Cache-Control Expires Vary Set-Cookie X-Accel-Expires;
    proxy_set_header X-Original-URI /fine;
    proxy_pass_request_headers on;
    underscores_in_headers on;
    ignore_invalid_headers off;
    merge_slashes off;
    satisfy any;
    allow all;
"""


@dataclass(frozen=True)
class Arrived:
    """A request as the service got it: its first line's path, and each line of its headers."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]


@dataclass(frozen=True)
class Gate:
    """nginx, and what has come through it."""

    address: tuple[str, int]
    folder: Path
    arrived: list[Arrived] = field(default_factory=list)

    def send(self, call: Call, source: str = "") -> Reply:
        """On a connection of its own. `source`: the client's address, one of 127.0.0.0/8."""
        return send_once(self.address, call, source)


@contextmanager
def gate(
    server: Server, tenant: Tenant, *, lines: str = "", polis_port: int = 0, cache: Path | None = None
) -> Iterator[Gate]:
    """nginx as the gateway of a tenant, until the end of the block.

    `lines` stand further out, at the level of http; `cache` is where answers are kept, None for nowhere.
    """
    arrived: list[Arrived] = []
    with tempfile.TemporaryDirectory(prefix="polis-nginx-") as name, _service(arrived) as service:
        folder = Path(name)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address: tuple[str, int] = listener.getsockname()
            _fill_in(folder, tenant, cache=cache)
            _place(folder, address[1], polis_port or server.port, service)
            user = "user root;" if os.geteuid() == 0 else ""
            include = f"{lines} include polis/cache.conf;" if cache else lines
            (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user, lines=include))
            process = _start(folder, listener)
        try:
            _await_answer(address, folder)
            yield Gate(address, folder, arrived)
        finally:
            process.terminate()
            process.wait(SECONDS_TO_STOP)


def _start(folder: Path, listener: socket.socket) -> "subprocess.Popen[bytes]":
    """The socket is there before the program, which takes it as it takes its forerunner's at an upgrade."""
    nginx = debian.find("nginx")
    assert nginx, f"nginx is missing (Debian: apt-get install {debian.PROGRAMS['nginx']})"
    with (folder / "out").open("wb") as out:
        return subprocess.Popen(
            [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")],
            env={**os.environ, "NGINX": f"{listener.fileno()};"},
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def _fill_in(folder: Path, tenant: Tenant, *, cache: Path | None) -> None:
    """What an operator writes into copies of the examples; the rest stays where it was shipped."""
    polis = folder / "polis"
    polis.mkdir()
    for name in ("http.conf", "verify.conf", "protect.conf"):
        (polis / name).symlink_to(SHIPPED / name)
    known = {"INSTANCE_ID": tenant.gateway, "GATEWAY_KEY": tenant.gateway_key, "polis.example.com": "127.0.0.1"}
    if cache:
        (polis / "cache.conf").write_text(_changed("cache.conf", {"/run/polis_verify": str(cache)}))
        known["$polis_cache        off;"] = "$polis_cache polis_verify;"
    (polis / "gateway.conf").touch(mode=0o600)
    (polis / "gateway.conf").write_text(_changed("gateway.conf.example", known))


def _place(folder: Path, port: int, polis: int, service: int) -> None:
    """The site, where this nginx listens; without TLS."""
    places = {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{polis};",
        "server 127.0.0.1:9000;": f"server 127.0.0.1:{service};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "    ssl_certificate     /etc/ssl/certs/api.example.com.pem;\n": "",
        "    ssl_certificate_key /etc/ssl/private/api.example.com.key;\n": "",
    }
    (folder / "site.conf").write_text(_changed("site.conf.example", places))


def _changed(name: str, changes: dict[str, str]) -> str:
    """A shipped file in which each of these stands once, and now stands otherwise."""
    text = (SHIPPED / name).read_text()
    for old, new in changes.items():
        assert text.count(old) == 1, f"{name}: {old}"
        text = text.replace(old, new)
    return text


def _await_answer(address: tuple[str, int], folder: Path) -> None:
    """Return once it answers, without asking Polis; fail, with what it said, where it ends."""
    try:
        assert send_once(address, plain(path="/_polis_verify")).status == 404, "a client asks in the gateway's place"
    except OSError as error:
        said = [(folder / name).read_text() for name in ("out", "error.log") if (folder / name).exists()]
        raise AssertionError("nginx did not answer:\n" + "\n".join(said)) from error


@contextmanager
def _service(arrived: list[Arrived]) -> Iterator[int]:
    """The port of a service that answers everything with 200, and writes down what it gets."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.close_connection = True
            self.raw_requestline = self.rfile.readline(65537)
            if self.raw_requestline and self.parse_request():
                self._answer()

        def _answer(self) -> None:
            _, path, _ = self.raw_requestline.decode("latin-1").split(" ")
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            arrived.append(Arrived(self.command, path, list(self.headers.items()), body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Not to the tests' output."""

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=service.serve_forever)
    thread.start()
    try:
        yield service.server_address[1]
    finally:
        service.shutdown()
        service.server_close()
        thread.join()
