"""axe-core in a page: what it finds, in words."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {360: 740, 1440: 900}
THEMES = ("paper", "night")
SETTLED = """
() => new Promise(requestAnimationFrame).then(() =>
  document.getAnimations().every(one => one.playState !== "running"))
"""


def found_in(page: Page, within: str = "html") -> list[str]:
    """Every violation of a page (or of a part, by its selector) as it stands, at two widths, on both grounds."""
    size, theme = page.viewport_size, page.evaluate("document.documentElement.dataset.theme ?? ''")
    found: list[str] = []
    page.emulate_media(reduced_motion="reduce")  # a colour on its way is no colour that stays
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text("utf-8"))  # evaluated, not linked: the page's policy allows its own scripts only
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for shown in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", shown)
            page.wait_for_timeout(300)
            page.wait_for_function(SETTLED)
            if _violations(page, within):  # seen once in a while of the ground before: what is wrong stays
                page.wait_for_timeout(1_000)
                found += [f"{width} {shown}: {words}" for words in _violations(page, within)]
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.emulate_media(reduced_motion="no-preference")
    if size is not None:
        page.set_viewport_size(size)
    return found


def _violations(page: Page, within: str) -> list[str]:
    result: dict[str, Any] = page.evaluate(
        "([part, rules]) => axe.run(part, { runOnly: { type: 'tag', values: rules } })", [within, RULES]
    )
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:160]} {node['failureSummary'][:300]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
