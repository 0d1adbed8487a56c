"""How long a room takes on a first visit: `python -m tests.e2e.cold_load LINK [VISITS]`.

Each visit is a browser context of its own with an empty cache, on this machine. Usable is: the door is there and takes
a press. The first sound is a phrase that plays, seconds after the press that joins, with the door's steps pressed
through as fast as they come; instruments are fetched and samples unpacked in that time. Medians and worst are printed,
and what was fetched until the door.
"""

import statistics
import sys
import time
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import launch

VISITS = 7
TARGET_SECONDS = 2.0


@dataclass(frozen=True)
class Visit:
    """Seconds until the door can be pressed, bytes fetched for it, and seconds from its press to the first sound."""

    door_seconds: float
    fetched: int
    sound_seconds: float


def visit(browser: Browser, link: str) -> Visit:
    """One first visit, from the link to the first sound."""
    context = browser.new_context()
    page = context.new_page()
    began = time.perf_counter()
    page.goto(link, wait_until="commit")
    page.get_by_test_id("join").click(trial=True)
    door_seconds = time.perf_counter() - began
    fetched = int(
        page.evaluate("performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)")
    )
    began = time.perf_counter()
    for testid in ("join", "agree", "headphones-skip", "practice-skip", "play"):
        page.get_by_test_id(testid).click()
    page.locator("[data-testid=play][data-state=playing]").wait_for()
    sound_seconds = time.perf_counter() - began
    context.close()
    return Visit(door_seconds, fetched, sound_seconds)


def main(link: str, visits: int = VISITS) -> None:
    """Visit, and print."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        visit(browser, link)  # the browser's own first page
        seen = [visit(browser, link) for _ in range(visits)]
        browser.close()
    door, sound = [one.door_seconds for one in seen], [one.sound_seconds for one in seen]
    print(
        f"usable after {statistics.median(door):.2f} s (median of {visits}, worst {max(door):.2f} s); "
        f"target {TARGET_SECONDS} s; {seen[0].fetched / 1000:.0f} kB fetched; "
        f"first sound {statistics.median(sound):.2f} s after the press that joins (worst {max(sound):.2f} s)"
    )


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:3]))
