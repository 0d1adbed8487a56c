"""How long a room takes on a first visit: `python -m tests.e2e.cold_load LINK [VISITS]`.

Each visit is a browser context of its own with an empty cache, on this machine. Usable is: the door is there and takes
a press. The median and the worst are printed, and what was fetched until then.
"""

import statistics
import sys
import time

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import ARGUMENTS, chromium

VISITS = 7
TARGET_SECONDS = 2.0


def visit(browser: Browser, link: str) -> tuple[float, int]:
    """Seconds until the door can be pressed, and bytes that the page fetched for it."""
    context = browser.new_context()
    page = context.new_page()
    began = time.perf_counter()
    page.goto(link, wait_until="commit")
    page.get_by_test_id("join").click(trial=True)
    seconds = time.perf_counter() - began
    fetched = int(
        page.evaluate("performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)")
    )
    context.close()
    return seconds, fetched


def main(link: str, visits: int = VISITS) -> None:
    """Visit, and print."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        visit(browser, link)  # the browser's own first page
        seen = [visit(browser, link) for _ in range(visits)]
        browser.close()
    seconds = [one for one, _ in seen]
    print(
        f"usable after {statistics.median(seconds):.2f} s (median of {visits}, worst {max(seconds):.2f} s); "
        f"target {TARGET_SECONDS} s; {seen[0][1] / 1000:.0f} kB fetched"
    )


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:3]))
