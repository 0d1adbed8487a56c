"""The room for screen readers, keyboards and small fingers: axe-core finds nothing, and targets are large enough."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import found_in
from tests.e2e.listener import SOON_MS, Listener
from tests.e2e.reach import stops
from tests.e2e.rooms import open_room
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

TARGET_PX, RATING_PX = 48, 56
LONG_NAME = "Twelve short phrases for a very long evening in the kitchen"
SMALL = """
least => [...document.querySelectorAll("main button, header button, dialog[open] button, dialog[open] label")]
  .map(node => [node.getAttribute("data-testid") || node.getAttribute("aria-label") || node.textContent.trim(),
                node.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < least - 0.5 || box.width < least - 0.5))
  .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)
"""


def test_axe_finds_nothing_on_any_screen_and_every_target_is_large_enough(stack: Stack, browser: Browser) -> None:
    room = open_room(stack, LONG_NAME, size=4, quorum=1)
    person = Listener(browser, "Bartholomew Featherstonehaugh of Wick")
    page = person.page
    try:
        page.goto(f"{stack.url}/")
        assert found_in(page) == []
        person.open(room.link)
        look(page)
        person.by("join").click()
        expect(person.by("consent")).to_be_visible(timeout=SOON_MS)
        look(page)
        person.by("agree").click()
        expect(person.by("headphones")).to_be_visible(timeout=SOON_MS)
        look(page)
        person.by("headphones-skip").click()
        expect(person.by("practice")).to_be_visible(timeout=SOON_MS)
        person.hear()
        look(page)
        person.by("practice-skip").click()
        expect(person.by("practice")).to_have_count(0)
        person.rated_roll = ""
        person.hear()
        look(page)
        person.rate(4, by_key=True)
        person.expect_kept(1)
        for opener in ("say-more", "given", "sound", "skip", "presence", "settings"):
            person.by(opener).click()
            look(page)
            page.keyboard.press("Escape")
        page.keyboard.press("?")
        look(page)
        page.keyboard.press("Escape")
        page.keyboard.press("z")
        expect(person.by("take-back")).to_be_visible()
        look(page)
        page.keyboard.press("z")
        for answered in (2, 3, 4):
            person.hear()
            person.rate(answered, by_key=True)
        expect(person.by("born")).to_be_visible(timeout=150_000)
        expect(person.by("bred")).to_contain_text("bred from", timeout=150_000)
        look(page)
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        page.context.close()


def look(page: Page) -> None:
    """Nothing for axe to find, nothing too small to hit with a thumb, nothing beside the screen."""
    assert found_in(page) == []
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(SMALL, TARGET_PX) == []
    ratings = page.get_by_test_id("ratings").locator("button")
    for index in range(ratings.count()):
        box = ratings.nth(index).bounding_box()
        assert box is not None
        assert box["height"] >= RATING_PX


def test_everything_is_done_by_keyboard_alone(stack: Stack, browser: Browser) -> None:
    room = open_room(stack, "Keys", size=4, quorum=2)
    person = Listener(browser, "Ada", is_phone=False)
    page = person.page
    try:
        person.open(room.link)
        expect_rings(page, "join")
        person.by("join-name").focus()
        page.keyboard.type("Ada")
        page.keyboard.press("Enter")
        expect(person.by("agree")).to_be_visible(timeout=SOON_MS)
        expect_rings(page, "agree")
        press_by_keyboard(page, "agree")
        expect(person.by("headphones")).to_be_visible(timeout=SOON_MS)
        press_by_keyboard(page, "headphones-skip")
        expect(person.by("practice")).to_be_visible(timeout=SOON_MS)
        press_by_keyboard(page, "practice-skip")
        expect(person.by("practice")).to_have_count(0)
        page.keyboard.press("Space")
        expect(person.by("rate-0")).to_have_attribute("aria-disabled", "false", timeout=SOON_MS)
        page.keyboard.press("3")
        person.expect_kept(1)
        expect_rings(page, "rate-5")
        press_by_keyboard(page, "settings")
        expect(person.by("settings-dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(person.by("settings")).to_be_focused()  # one is where one was
        page.keyboard.press("s")
        expect(person.by("skip-dialog")).to_be_visible()
        press_by_keyboard(page, "skip-other")
        person.expect_kept(2)
        page.keyboard.press("g")
        press_by_keyboard(page, "given-1")
        expect(person.by("take-back")).to_be_visible(timeout=SOON_MS)
    finally:
        page.context.close()


def expect_rings(page: Page, testid: str) -> None:
    """The Tab key comes to this control among others, leaves the page again, and shows each time where one is."""
    met = dict(stops(page))
    assert testid in met
    assert [name for name, amiss in met.items() if amiss] == []


def press_by_keyboard(page: Page, testid: str) -> None:
    """Tab until the control has the focus, then Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.getAttribute('data-testid')") == testid:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{testid} is not reached by the Tab key")
