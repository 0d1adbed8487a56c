"""axe-core in a page: what it finds, in words."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.e2e.looks import looks

SCRIPT = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Beside those: what is said to press something is what one reads on it (WCAG 2.5.3), which axe still tries out.
ALSO = ["label-content-name-mismatch"]
SIZES = {360: 740, 1440: 900}


def found_in(page: Page, within: str = "html") -> list[str]:
    """Every violation of a page (or of a part, by its selector) as it stands, at two widths, on both grounds."""
    found: list[str] = []
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text("utf-8"))  # evaluated, not linked: the page's policy allows its own scripts only
    for width, theme in looks(page, SIZES):
        if _violations(page, within):  # seen once in a while of the ground before: what is wrong stays
            page.wait_for_timeout(1_000)
            found += [f"{width} {theme}: {words}" for words in _violations(page, within)]
    return found


def _violations(page: Page, within: str) -> list[str]:
    result: dict[str, Any] = page.evaluate(
        "([part, tags, also]) => axe.run(part, { runOnly: { type: 'tag', values: tags }, rules: Object.fromEntries("
        "also.map(name => [name, { enabled: true }])) })",
        [within, RULES, ALSO],
    )
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:160]} {node['failureSummary'][:300]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
