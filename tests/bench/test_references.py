"""The references start on what is installed by now, whatever that asks of settings."""

import json
from urllib.request import urlopen

from tests.server import running


def test_they_answer() -> None:
    with running(DJANGO_SETTINGS_MODULE="tests.bench.settings") as server:
        for entrant in ("bare-drf", "bare-django", "raw-sql"):
            with urlopen(f"{server.url}/{entrant}/cities/ConsoleX", timeout=60) as answer:
                assert json.load(answer)["name"] == "ConsoleX", entrant
