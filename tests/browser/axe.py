"""What axe-core finds wrong with a page for those who do not see, or not as most do, or use no mouse."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
# What WCAG 2.2 has added is off in axe-core unless it is asked for.
_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
GRAVE = {"serious", "critical"}


def found_on(page: Page, *, is_strict: bool = False) -> list[str]:
    """What is serious or critical, or with `is_strict` whatever it is: the rule, and where it is broken."""
    violations = _AXE.run(page, options=_OPTIONS).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {_why(node)}"
        for each in violations
        if is_strict or each["impact"] in GRAVE
        for node in each["nodes"]
    ]


def _why(node: dict) -> str:
    return " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])[:200]
