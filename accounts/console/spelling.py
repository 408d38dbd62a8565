"""A call in words that run: for a shell with curl, and for Python with nothing but its own library.

In what is sent `$NAME` stands for a variable: one of POLIS_… is of the environment, any other is worked out before.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

JSON = {"Content-Type": "application/json"}
_VARIABLE = re.compile(r"\$([A-Z][A-Z_]*)")
_OF_THE_ENVIRONMENT = "POLIS_"


@dataclass(frozen=True, slots=True)
class Computed:
    """A variable that is worked out from others: by a line of a shell, and by one of Python with what that imports."""

    shell: str
    python: str
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wire:
    """What is sent. `body` is sent as JSON; None: there is none. `tells_status`: the answer has nothing else to say."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    before: Computed | None = None
    tells_status: bool = False


def curl(wire: Wire) -> str:
    """For a shell."""
    method = "" if wire.method == "GET" else f" -X {wire.method}"
    first = f"curl{' -i' if wire.tells_status else ''}{method} {_quoted(wire.url)}"
    parts = [first, *(f"-H {_quoted(f'{name}: {value}')}" for name, value in _headers(wire).items())]
    if wire.body is not None:
        parts.append(f"-d {_quoted(json.dumps(wire.body, ensure_ascii=False))}")
    lines = [wire.before.shell] if wire.before is not None else []
    return "\n".join([*lines, " \\\n  ".join(parts)])


def python(wire: Wire) -> str:
    """For Python 3."""
    lines = [f"request = urllib.request.Request(\n    {spelled(wire.url)},"]
    if wire.method not in {"GET", "POST"} or (wire.method == "POST" and wire.body is None):
        lines.append(f"    method={spelled(wire.method)},")
    lines.append(headers_in_python(_headers(wire)))
    if wire.body is not None:
        lines.append(f"    data=json.dumps({spelled(wire.body)}).encode(),")
    before = [wire.before.python] if wire.before is not None else []
    shown = "answer.status, answer.read().decode()"
    program = [*before, *lines, ")", "with urllib.request.urlopen(request) as answer:", f"    print({shown})"]
    return "\n".join([*_imports(wire, program), "", *program])


def headers_in_python(headers: Mapping[str, str]) -> str:
    """The argument of a request, in its lines."""
    told = [f"        {spelled(name)}: {spelled(value)}," for name, value in headers.items()]
    return "\n".join(["    headers={", *told, "    },"])


def _headers(wire: Wire) -> dict[str, str]:
    return {**wire.headers, **(JSON if wire.body is not None else {})}


def _imports(wire: Wire, program: Iterable[str]) -> list[str]:
    text = "\n".join(program)
    used = [module for module in ("json", "os") if f"{module}." in text]
    computed = wire.before.modules if wire.before is not None else ()
    return [f"import {module}" for module in sorted({*used, *computed, "urllib.request"})]


def _quoted(text: str) -> str:
    """A word of a shell: nothing in it is read but our variables."""
    if _VARIABLE.search(text) is None:
        return _literally(text)
    if not set(text) & set('"\\`!'):
        return f'"{text}"'
    return _VARIABLE.sub(lambda found: f"'\"${found[1]}\"'", _literally(text))


def _literally(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def spelled(value: Any) -> str:
    """A value as Python writes it."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{spelled(name)}: {spelled(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(spelled, value)) + "]"
    return repr(value)


def _text(text: str) -> str:
    spelled = json.dumps(text, ensure_ascii=False)
    if (whole := _VARIABLE.fullmatch(text)) is not None:
        return _value_of(whole, '"')
    if _VARIABLE.search(text) is None:
        return spelled
    doubled = spelled.replace("{", "{{").replace("}", "}}")
    return "f" + _VARIABLE.sub(lambda found: "{" + _value_of(found, "'") + "}", doubled)


def _value_of(found: re.Match[str], quote: str) -> str:
    name = found[1]
    return f"os.environ[{quote}{name}{quote}]" if name.startswith(_OF_THE_ENVIRONMENT) else name.lower()
