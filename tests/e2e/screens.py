"""Screenshots of a page as it stands, at three widths in both themes."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

SIZES = {360: 740, 768: 1024, 1440: 900}
THEMES = ("paper", "night")


@dataclass(frozen=True)
class Screens:
    """A folder of pictures, named page-width-theme.png."""

    folder: Path

    def take(self, page: Page, name: str, *, is_full: bool = False) -> None:
        """All six pictures of a page; its size and theme are put back."""
        size, theme = page.viewport_size, page.evaluate("document.documentElement.dataset.theme ?? ''")
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for shown in THEMES:
                page.evaluate("theme => { document.documentElement.dataset.theme = theme }", shown)
                page.wait_for_timeout(250)  # colours glide, charts are drawn anew
                page.screenshot(path=self.folder / f"{name}-{width}-{shown}.png", full_page=is_full)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        if theme == "":
            page.evaluate("delete document.documentElement.dataset.theme")
        if size is not None:
            page.set_viewport_size(size)
