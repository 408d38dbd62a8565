"""`make messages`: compile the Chinese catalogue. And what the catalogue must hold: every sentence of our own code.

Without the gettext tools, which not every machine has: Python's strings are read from its syntax tree, the
templates' from what Django itself would hand to those tools.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "config" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PACKAGES = ("config", "accounts", "cities", "projects", "apps")
_PLAIN = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
_TEXTS = r"((?:\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?)+)"
_CALL = re.compile(rf"(?<![a-z])(p?gettext|ngettext|_)\({_TEXTS}(?:\s*count)?\)")

Message = tuple[str, str]  # context ("" for none) and text


def main() -> int:
    compile_catalogue()
    if missing := sorted(used() - known()):
        sys.stderr.write("Without Chinese:\n" + "".join(f"  {context or '–'}: {text}\n" for context, text in missing))
    return 1 if missing else 0


def compile_catalogue() -> None:
    """Write the .mo beside the .po."""
    CATALOGUE.with_suffix(".mo").write_bytes(compiled())


def compiled() -> bytes:
    """What the .mo must be; the header without the stamps that change by themselves."""
    return bytes(polib.pofile(str(CATALOGUE)).to_binary())


def known() -> set[Message]:
    """What is translated: in our catalogue, or in Django's, which ours is laid over."""
    found = {_message(entry) for entry in polib.pofile(str(CATALOGUE)) if _is_said(entry)}
    for app in ("conf", "contrib/admin", "contrib/auth"):
        shipped = Path(django.__file__).parent / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
        found |= {_message(entry) for entry in polib.mofile(str(shipped)) if _is_said(entry)}
    return found


def _message(entry: Any) -> Message:
    return entry.msgctxt or "", entry.msgid


def _is_said(entry: Any) -> bool:
    return bool(entry.msgstr or (all(entry.msgstr_plural.values()) and entry.msgstr_plural))


def used() -> set[Message]:
    """Every sentence in our code and our templates."""
    found: set[Message] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            found.update(_in_python(path.read_text()))
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]:
        found.update(_in_template(path.read_text()))
    return found


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
        if node.func.id in _PLAIN and texts:
            yield "", str(texts[0])
        if node.func.id in _WITH_CONTEXT and len(texts) > 1:
            yield str(texts[0]), str(texts[1])


def _in_template(source: str) -> Iterator[Message]:
    for call, texts in _CALL.findall(templatize(source)):
        read = ast.literal_eval(f"({texts.rstrip().rstrip(',')},)")
        yield (str(read[0]), str(read[1])) if call == "pgettext" else ("", str(read[0]))


if __name__ == "__main__":
    settings.configure()
    sys.exit(main())
