"""Screenshots of a page as it stands, at three widths in both themes."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.looks import looks

SIZES = {360: 740, 768: 1024, 1440: 900}


@dataclass(frozen=True)
class Screens:
    """A folder of pictures, named page-width-theme.png."""

    folder: Path

    def take(self, page: Page, name: str, *, is_full: bool = False) -> None:
        """All six pictures of a page; its size and theme are put back."""
        for width, theme in looks(page, SIZES):
            page.screenshot(path=self.folder / f"{name}-{width}-{theme}.png", full_page=is_full)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
