"""Sends calls as fast as they are answered, by wrk, and tells how fast that was."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from tests import debian

# The script ends wrk when it is done; this is for a server that does not answer any more.
AT_MOST = 60
_REPLAY = Path(__file__).with_name("replay.lua")


class Refused(Exception):
    """A call was not answered by 2xx, or not answered: what was measured is worth nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def wire(self, host: str) -> bytes:
        """As it is sent."""
        headers = {"Host": host, **self.headers}
        if self.body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(self.body))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Measured:
    """Calls answered in a second; in how many milliseconds half of them and all but a hundredth were."""

    rate: float
    p50: float
    p99: float


def together(passes: Sequence[Measured]) -> Measured:
    """Of passes of the same length: the mean rate, and of their times the median."""
    rate = fmean(each.rate for each in passes)
    return Measured(rate, median(each.p50 for each in passes), median(each.p99 for each in passes))


def press(port: int, calls: Iterable[Call], *, connections: int, seconds: float) -> Measured:
    """So many connections, each sending the next call as soon as it has its answer. Raises Refused."""
    host = f"127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="polis-bench-") as folder:
        script, result = Path(folder) / "calls", Path(folder) / "result"
        with script.open("wb") as file:
            for wire in (call.wire(host) for call in calls):
                file.write(b"%d\n%b" % (len(wire), wire))
        told = {"CALLS": str(script), "RESULT": str(result), "SECONDS": str(seconds), "CONNECTIONS": str(connections)}
        done = subprocess.run(
            [
                *(debian.require("wrk"), "--threads", "1", "--connections", str(connections)),
                *("--duration", f"{AT_MOST}s", "--timeout", f"{AT_MOST}s", "--script", _REPLAY, f"http://{host}"),
            ],
            env={**os.environ, **told},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode or not result.exists():
            raise Refused(done.stderr.strip() or "wrk has told nothing")
        return _read(json.loads(result.read_text()))


def _read(told: dict[str, Any]) -> Measured:
    if told["failure"]:
        raise Refused(told["failure"])
    if told["broken"] or not told["seconds"]:
        raise Refused(f"{told['answered']} calls were answered, {told['broken']} connections broke")
    return Measured(told["answered"] / told["seconds"], told["p50"] / 1000, told["p99"] / 1000)
