"""The examples of docs/apig.md, run as they are written: each call is answered as the document says."""

import json
import re
import sys
from typing import Any

import pytest

from tests.apps.real import PASSWORD, Tenant, tenant
from tests.projects.test_cloudroom_docs import run
from tests.server import ROOT, Server

TEXT = (ROOT / "docs" / "apig.md").read_text()
_EXAMPLE = re.compile(r"```sh\n(curl [^`]+)```\n```json\n([^`]+)```")


@pytest.fixture
def dora(server: Server) -> Tenant:
    return tenant(server)


def known(dora: Tenant) -> dict[str, str]:
    given = {"HOST": dora.server.url, "PROJECT": dora.project, "GATEWAY": dora.open, "TOKEN": dora.token}
    return {**given, "NAME": dora.name, "PASSWORD": PASSWORD, "AK": dora.ak, "SK": dora.sk}


def shape(value: Any) -> Any:
    """Names, their order and types; and the texts that are not made anew each time."""
    if isinstance(value, dict):
        made = {"id", "app_key", "app_secret", "register_time", "update_time"}
        return [(name, type(each).__name__ if name in made else shape(each)) for name, each in value.items()]
    return [shape(each) for each in value] if isinstance(value, list) else value


def test_every_example_is_answered_as_the_document_says(dora: Tenant) -> None:
    told = known(dora)
    examples = _EXAMPLE.findall(TEXT)
    assert len(examples) == TEXT.count("```json") == 5
    for command, promised in examples:
        printed = run(["bash", "-c", command.replace("curl ", "curl -sS ", 1)], told)
        assert printed, command
        answer = json.loads(printed)
        assert shape(answer) == shape(json.loads(promised)), command
        told.setdefault("APP", answer.get("id", ""))


def test_the_sign_in_gives_a_token_that_works(dora: Tenant) -> None:
    told = known(dora)
    (command,) = re.findall(r"```sh\n(curl -i .+?)```", TEXT, re.DOTALL)
    answer = run(["bash", "-c", command.replace("curl ", "curl -sS ", 1)], told)
    assert answer.startswith("HTTP/1.1 201")
    (token,) = re.findall(r"(?im)^x-subject-token: (\S+)", answer)
    listing = 'curl -sS "$HOST/v2/$PROJECT/apigw/instances" -H "X-Auth-Token: $TOKEN"'
    assert json.loads(run(["bash", "-c", listing], told | {"TOKEN": token}))["total"] == 2


def test_the_sdks_example_runs(dora: Tenant) -> None:
    (program,) = re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)
    printed = run([sys.executable, "-c", program], {**known(dora), "PYTHONUTF8": "1"}).splitlines()
    assert re.fullmatch(r"\S{36} \S{32} \S{32}", printed[0])
    assert printed[1:] == ["from_the_SDK 1"]
