"""The studio under a finger, on phones and on larger screens: nothing lies over what is to be pressed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.host import SOON_MS, Host
from tests.e2e.reach import covered
from tests.e2e.rooms import hand_over, open_room
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

EMAIL = "finger@example.org"
SIZES = ((360, 740), (390, 780), (768, 1024), (1440, 900))


@pytest.fixture
def host(stack: Stack, browser: Browser) -> Iterator[Host]:
    context = browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True)
    host = Host(context.new_page(), stack.url)
    host.sign_up(EMAIL)
    yield host
    context.close()


def test_whatever_is_scrolled_to_is_under_the_finger(stack: Stack, host: Host) -> None:
    room = open_room(stack, "Pressed", size=6)
    population = hand_over(stack, room.code, EMAIL)
    page = host.page
    looked_at = {
        f"populations/{population}": "individual-row",
        f"rooms/{room.code}/": "room-link",
        f"rooms/{room.code}/?view=settings": "room-settings",
        "populations/new": "population-name",
    }
    for path, sign in looked_at.items():
        page.goto(f"{stack.url}/studio/{path}")
        expect(host.by(sign)).to_be_visible(timeout=SOON_MS)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(200)  # what is drawn anew at another width
            assert covered(page) == [], f"{path} at {width}"
