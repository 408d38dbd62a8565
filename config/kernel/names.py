"""What a name may be, and when two names are the same one (domain.md §1, S14)."""

import re
import unicodedata

from config.kernel.errors import Code, Invalid

# The Unicode script property Han without the radical blocks (U+2E80–2FDF) and the numerals
# U+3021–3029 that look like other characters; supplementary and compatibility blocks included.
HAN = (
    "\u3005\u3007\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9"
    "\U00016fe2\U00016fe3\U00016ff0-\U00016ff6"
    "\U00020000-\U0002a6df\U0002a700-\U0002b73f\U0002b740-\U0002b81d\U0002b820-\U0002cead"
    "\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U0002f800-\U0002fa1d\U00030000-\U0003134a\U00031350-\U00033479"
)
SHORTEST_MATCH = 2  # characters of a name that are looked for inside names (S22)
# The same for readers of a schema.
PATTERN = f"^[{HAN}A-Za-z][{HAN}A-Za-z0-9_]*$"
_START = re.compile(f"[{HAN}A-Za-z]")
_NOT_OF_A_PROJECT = re.compile(f"[^{HAN}A-Za-z0-9_ -]|^ | $")
_FORBIDDEN = re.compile(f"[^{HAN}A-Za-z0-9_]")
# Line ends, NUL and other control characters, lone surrogates.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# What takes no ink though it is neither white space nor of the category Cf: the rest of Unicode's
# Default_Ignorable_Code_Point, and the empty pattern of Braille.
_INKLESS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)


def name_key(name: str) -> str:
    """The form in which names are unique and searched: casefolded NFKC, the same on every database."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def clean_name(value: str, *, field: str = "name", shortest: int = 4, longest: int = 32) -> str:
    """The name in NFC, or Invalid. Nothing is trimmed.

    Length is counted in code points after NFC. Raises Invalid with TOO_SHORT, TOO_LONG, BAD_START or
    BAD_CHARACTER, in this order. Source: 003, 创建城市, row `name`.
    """
    name = unicodedata.normalize("NFC", value)
    if len(name) < shortest:
        raise Invalid(Code.TOO_SHORT, field=field, limit=shortest)
    if len(name) > longest:
        raise Invalid(Code.TOO_LONG, field=field, limit=longest)
    if bad := _FORBIDDEN.search(name):
        raise Invalid(Code.BAD_CHARACTER, field=field, character=shown(bad.group()))
    if not _START.match(name):
        raise Invalid(Code.BAD_START, field=field, character=name[0])
    return name


def clean_project_name(value: str, *, field: str = "name") -> str:
    """The name of a project in NFC: 2–30 of Han, English letters, digits, `_`, `-` and spaces within (domain.md §1).

    Raises Invalid with BAD_CHARACTER, TOO_SHORT or TOO_LONG, in this order.
    """
    name = unicodedata.normalize("NFC", value)
    if bad := _NOT_OF_A_PROJECT.search(name):
        raise Invalid(Code.BAD_CHARACTER, field=field, character=shown(bad.group()))
    if len(name) < 2:
        raise Invalid(Code.TOO_SHORT, field=field, limit=2)
    if len(name) > 30:
        raise Invalid(Code.TOO_LONG, field=field, limit=30)
    return name


def clean_text(value: str, *, field: str, longest: int) -> str:
    """Free text of at most `longest` code points in NFC, without control characters. Raises Invalid."""
    text = unicodedata.normalize("NFC", value)
    if len(text) > longest:
        raise Invalid(Code.TOO_LONG, field=field, limit=longest)
    for character in text:
        if unicodedata.category(character) in _UNPRINTABLE:
            raise Invalid(Code.BAD_CHARACTER, field=field, character=shown(character))
    return text


def clean_label(value: str, *, field: str) -> str:
    """What people call something: free text of at most 64, in which there is something to see. Raises Invalid."""
    label = clean_text(value, field=field, longest=64)
    if not any(_is_seen(character) for character in label):
        raise Invalid(Code.REQUIRED, field=field)
    return label


def clean_user_name(value: str) -> str:
    """A sign-in name: 2–64 characters, each of which can be seen. Raises Invalid."""
    name = clean_text(value, field="name", longest=64)
    if len(name) < 2:
        raise Invalid(Code.TOO_SHORT, field="name", limit=2)
    for character in name:
        if not _is_seen(character):  # it would make two names of one (S14)
            raise Invalid(Code.BAD_CHARACTER, field="name", character=f"U+{ord(character):04X}")
    if len(name_key(name)) > 128:  # some characters are written out when folded, up to eighteenfold
        raise Invalid(Code.TOO_LONG, field="name", limit=64)
    return name


def _is_seen(character: str) -> bool:
    """Is there ink, and be it a part of a letter's? In free text, whose control characters are out already."""
    is_blank = character.isspace() or unicodedata.category(character) == "Cf"
    return not is_blank and not _INKLESS.match(character)


def shown(character: str) -> str:
    """A character as an error may quote it: itself where it can be seen, else its code point."""
    if unicodedata.category(character) in _UNPRINTABLE or character.isspace():
        return f"U+{ord(character):04X}"
    return character
