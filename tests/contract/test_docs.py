"""The documents are in step with the code: verbs, errors, settings, commands, links."""

import re

import pytest
from django.core.management import get_commands
from django.utils import translation

from tests.contract import docs
from tests.contract.docs import ROOT, WORDS

READMES = tuple(WORDS)
READERS = ("config/settings.py", "config/gunicorn.py", "config/serve.py", "config/wsgi.py")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
NEW = "Run `python -m tests.contract.docs`, and read what it wrote."


@pytest.mark.parametrize("name", READMES)
def test_the_readme_has_the_verbs_as_they_are(name: str) -> None:
    assert docs.between((ROOT / name).read_text(), "verbs") == docs.verb_table(WORDS[name]), NEW


def test_the_error_table_has_every_error_as_it_is() -> None:
    text = docs.XDUA.read_text()
    with translation.override("en"):
        assert docs.between(text, "errors") == docs.error_table(text), NEW


def test_the_table_of_problems_has_every_error_as_it_is() -> None:
    with translation.override("en"):
        assert docs.between(docs.NATIVE.read_text(), "problems") == docs.problem_table(), NEW


@pytest.mark.parametrize("name", READMES)
def test_the_readme_lists_every_setting_and_no_other(name: str) -> None:
    pattern = r'(?:\benv(?:_[a-z]+)?|os\.environ\.(?:get|setdefault))\(\s*"([A-Z_]+)"'
    read = {setting for path in READERS for setting in re.findall(pattern, (ROOT / path).read_text())}
    table = docs.between((ROOT / name).read_text(), "settings")
    listed = re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)
    assert sorted(listed) == sorted(read - {"DJANGO_SETTINGS_MODULE"})


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_every_command_of_ours(name: str) -> None:
    text = (ROOT / name).read_text()
    ours = {
        command
        for command, app in get_commands().items()
        if app in {"accounts", "cities", "projects", "apps", "config.site"}
    }
    assert ours
    assert {command for command in ours if f"`{command}" not in text} == set()


def test_every_link_to_a_file_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in _LINK.findall(page.read_text())]
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_every_picture_is_shown_and_every_one_that_is_shown_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    shown = {name for page in pages for name in re.findall(r"images/([\w-]+\.\w+)", page.read_text())}
    files = list((ROOT / "docs" / "images").iterdir())
    assert shown == {file.name for file in files}
    assert sum(file.stat().st_size for file in files) < 3_000_000


def test_the_decision_records_are_numbered_without_a_gap_and_keep_their_form() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text()
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name


def test_what_comments_cite_is_there() -> None:
    folders = [ROOT / name for name in ("config", "accounts", "cities", "projects", "apps")]
    code = "\n".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    security = set(re.findall(r"^\| (S\d+) \|", (ROOT / "docs" / "security.md").read_text(), re.MULTILINE))
    domain = set(re.findall(r"^## (\d+)\. ", (ROOT / "docs" / "domain.md").read_text(), re.MULTILINE))
    records = {str(int(path.name[:4])) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    assert set(re.findall(r"\bS\d{1,2}\b", code)) <= security
    assert set(re.findall(r"domain\.md §(\d+)", code)) <= domain
    assert set(re.findall(r"\bADR (\d+)", code)) <= records
