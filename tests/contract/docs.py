"""The tables of the documents that the code knows better: `python -m tests.contract.docs` writes them anew.

What only a person can say, the column "when" of an error, stays as it is in the document; a new error
gets its sentence.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cities.lifecycle import CITY
from config.dialects.native.problems import STATUSES
from config.dialects.xdua import codes, verbs
from config.kernel import roles
from config.kernel.errors import SENTENCES, Code
from config.kernel.roles import Role, Share
from config.kernel.states import FULL_NAMES, READS, State, Transition, Verb

ROOT = Path(__file__).resolve().parents[2]
XDUA = ROOT / "docs" / "xdua.md"
NATIVE = ROOT / "docs" / "api.md"
# The titles of the XDUA document's own sections.
CHINESE = {
    Verb.ADD: "创建",
    Verb.DEL: "删除",
    Verb.SET: "修改",
    Verb.DOL: "软删",
    Verb.DIS: "关闭",
    Verb.ENB: "打开",
    Verb.RCC: "回收",
    Verb.PUB: "发布",
    Verb.OFF: "下线",
    Verb.GET: "详情",
    Verb.GIT: "私详",
    Verb.QRY: "查询",
    Verb.QRI: "私查",
}


@dataclass(frozen=True)
class Words:
    """The words of one language; `to` is keyed by what a row sets."""

    heads: tuple[str, ...]
    to: Mapping[tuple[str, bool] | None, str]
    anything: str
    everybody: str
    people: Mapping[Share | Role, str]
    comma: str


WORDS = {
    "README.md": Words(
        heads=("Verb", "Full name", "In Chinese", "Call", "From", "To", "Who may"),
        to={
            None: "unchanged",
            ("offline", True): "OFFLINE",
            ("offline", False): "ENABLED",
            ("disabled", True): "DISABLED",
            ("disabled", False): "what it was",
            ("deleted", True): "DELETED",
            ("deleted", False): "what it was",
            ("gone", True): "gone for good",
        },
        anything="any",
        everybody="every user",
        people={
            Share.VIEWER: "viewer",
            Share.OPERATOR: "operator",
            Share.OWNER: "owner",
            Role.ZOON: "zoon",
            Role.GOD: "god",
        },
        comma=", ",
    ),
    "README.zh-hans.md": Words(
        heads=("动词", "全名", "中文名", "调用", "起始状态", "到达状态", "谁可以"),
        to={
            None: "不变",
            ("offline", True): "OFFLINE",
            ("offline", False): "ENABLED",
            ("disabled", True): "DISABLED",
            ("disabled", False): "恢复原状",
            ("deleted", True): "DELETED",
            ("deleted", False): "恢复原状",
            ("gone", True): "永久消失",
        },
        anything="任意",
        everybody="所有用户",
        people={
            Share.VIEWER: "查看者",
            Share.OPERATOR: "操作者",
            Share.OWNER: "所有者",
            Role.ZOON: "zoon",
            Role.GOD: "god",
        },
        comma="、",
    ),
}


def verb_table(words: Words) -> str:
    """The verbs of a city: how each is called, where it leads, who may."""
    rows = [_verb_row(CITY.row(verb), words) for verb in Verb]
    return _table(words.heads, rows)


def _verb_row(row: Transition, words: Words) -> tuple[str, ...]:
    verb, method = row.verb, verbs.METHODS[row.verb]
    paths = [path for path, here in (("/city/{id}", verbs.ON_ONE), ("/city", verbs.ON_COLLECTION)) if row.verb in here]
    if verb is Verb.ADD:
        source, target = "–", State.ENABLED.name
    elif verb in READS:
        source, target = words.anything, "–"
    else:
        is_any = row.sources == frozenset(State)
        names = [state.name for state in State if state in row.sources]
        source, target = words.anything if is_any else words.comma.join(names), words.to[row.sets]
    calls = words.comma.join(f"`{method} {path}`" for path in paths)
    return f"`{verb}`", FULL_NAMES[verb], CHINESE[verb], calls, source, target, _who(verb, words)


def _who(verb: Verb, words: Words) -> str:
    if verb in roles.ANYBODY:
        return words.everybody
    shares = [words.people[share] for share in Share if roles.grants_share(share, verb)]
    platform = [words.people[role] for role in (Role.ZOON, Role.GOD) if roles.grants_role(role, verb)]
    return words.comma.join([*shares, *platform])


def error_table(text: str) -> str:
    """Every error of XDUA; "when" is what `text`, the document, says now."""
    said = dict(re.findall(r"^\| (\d{6}) \|.*\| (.+?) \|$", text, re.MULTILINE))
    every: list[tuple[Code, codes.Row]] = [*codes.TABLE.items()]
    every += [(key[0], row) for table in (codes.CITY, codes.DEVLTMPL) for key, row in table.items()]
    rows = [
        (str(row.number), f"`{row.name}`", str(row.status), said.get(str(row.number)) or str(SENTENCES[code]))
        for code, row in sorted(every, key=lambda each: each[1].number)
    ]
    return _table(("error", "reason", "HTTP", "when"), rows)


def problem_table() -> str:
    """Every problem of the native API; ‹…› is what a sentence is filled with."""
    rows: list[tuple[str, ...]] = [
        (f"`{code}`", str(status), re.sub(r"\{(\w+)\}", r"‹\1›", str(SENTENCES[code])))
        for code, status in sorted(STATUSES.items(), key=lambda each: (each[1], each[0]))
    ]
    return _table(("code", "HTTP", "detail"), rows)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def between(text: str, mark: str) -> str:
    """What stands between `<!-- mark -->` and `<!-- /mark -->`."""
    return text.split(f"<!-- {mark} -->\n", 1)[1].split(f"\n<!-- /{mark} -->", 1)[0]


def rewrite(path: Path, mark: str, table: str) -> None:
    head, _, rest = path.read_text().partition(f"<!-- {mark} -->\n")
    _, end, tail = rest.partition(f"\n<!-- /{mark} -->")
    assert end, f"{path.name}: nothing to put the table in the place of"
    path.write_text(f"{head}<!-- {mark} -->\n{table}\n<!-- /{mark} -->{tail}")


def main() -> None:
    import tests.environment  # noqa: F401 - keys before settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    for name, words in WORDS.items():
        rewrite(ROOT / name, "verbs", verb_table(words))
    rewrite(XDUA, "errors", error_table(XDUA.read_text()))
    rewrite(NATIVE, "problems", problem_table())


if __name__ == "__main__":
    main()
