"""Signed calls (SDK-HMAC-SHA256) in words that run: for a shell with openssl, and for Python's own library.

They sign a GET without query and body, over its host and its date: what is signed may be told to somebody else, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.console import spelling
from accounts.console.spelling import Wire

_SHELL = """DATE=$(date -u +%Y%m%dT%H%M%SZ)
EMPTY=$(printf '' | openssl dgst -sha256 | sed 's/.* //')
CANONICAL=$(printf 'GET\\n{path}/\\n\\nhost:{host}\\nx-sdk-date:%s\\n\\nhost;x-sdk-date\\n%s' "$DATE" "$EMPTY")
HASH=$(printf %s "$CANONICAL" | openssl dgst -sha256 | sed 's/.* //')
SIGNATURE=$(printf 'SDK-HMAC-SHA256\\n%s\\n%s' "$DATE" "$HASH" | openssl dgst -sha256 -hmac "${secret}" | sed 's/.* //')
"""
_PYTHON = """import hashlib
import hmac
import os
import sys
import urllib.error
import urllib.request
from datetime import datetime, timezone

date = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
empty = hashlib.sha256(b"").hexdigest()
canonical = f"GET\\n{path}/\\n\\nhost:{host}\\nx-sdk-date:{{date}}\\n\\nhost;x-sdk-date\\n{{empty}}"
text = f"SDK-HMAC-SHA256\\n{{date}}\\n{{hashlib.sha256(canonical.encode()).hexdigest()}}"
signature = hmac.new(os.environ["{secret}"].encode(), text.encode(), hashlib.sha256).hexdigest()

request = urllib.request.Request(
    {url},
{headers}
)
try:
    with urllib.request.urlopen(request) as answer:
        print(answer.status, {shown})
except urllib.error.HTTPError as error:
    sys.exit(f"{{error.code}} {{error.read().decode()}}")"""


@dataclass(frozen=True, slots=True)
class Signed:
    """A GET of `path` at `host`, signed by a key and a secret, which is a variable of the environment.

    It is sent as `wire` says, with the signature beside; `shown`: what Python prints of the answer.
    """

    host: str
    path: str
    access: str
    secret: str
    wire: Wire
    shown: str = "answer.read().decode()"

    @property
    def curl(self) -> str:
        """For a shell."""
        before = _SHELL.format(path=self.path, host=self.host, secret=self.secret)
        signed = Wire("GET", self.wire.url, self._headers, tells_status=self.wire.tells_status)
        return before + spelling.curl(signed)

    @property
    def python(self) -> str:
        """For Python 3."""
        headers = spelling.headers_in_python(self._headers)
        url = spelling.spelled(self.wire.url)
        names = {"path": self.path, "host": self.host, "secret": self.secret}
        return _PYTHON.format(**names, url=url, headers=headers, shown=self.shown)

    @property
    def _headers(self) -> Mapping[str, str]:
        claim = f"SDK-HMAC-SHA256 Access={self.access}, SignedHeaders=host;x-sdk-date, Signature=$SIGNATURE"
        return {**self.wire.headers, "X-Sdk-Date": "$DATE", "Authorization": claim}
