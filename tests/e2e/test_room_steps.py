"""Every step of a room as a picture, from the door to the gallery: for people who look, and for axe."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import found_in
from tests.e2e.listener import SOON_MS, Listener
from tests.e2e.rooms import RoomOf, close_room, open_room, show_in_gallery
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

BREEDING_MS = 150_000
SIZE = 4


def test_every_step_of_a_room_can_be_looked_at(stack: Stack, browser: Browser, screens: Screens) -> None:
    room = open_room(stack, "Evening blues", size=SIZE, quorum=1)
    address = show_in_gallery(stack, room.code)
    ada = Listener(browser, "Ada")
    try:
        come_in(ada, room, screens)
        rate_the_first(ada, screens)
        see_it_close(ada, screens)
        see_ones_credit(ada, screens, address)
        see_the_room_closed(stack, ada, room, screens)
        assert ada.troubles == []
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        ada.page.context.close()


def come_in(person: Listener, room: RoomOf, screens: Screens) -> None:
    """The door, the consent, the headphone test and practice."""
    person.open(room.link)
    screens.take(person.page, "room-1-door")
    person.by("join-name").fill(person.name)
    person.by("join").click()
    expect(person.by("consent")).to_be_visible(timeout=SOON_MS)
    screens.take(person.page, "room-2-consent")
    person.by("agree").click()
    expect(person.by("headphones")).to_be_visible(timeout=SOON_MS)
    screens.take(person.page, "room-3-headphones")
    person.by("headphones-begin").click()
    expect(person.by("tone-1")).to_have_attribute("aria-disabled", "false", timeout=SOON_MS)
    screens.take(person.page, "room-4-headphone-test")
    person.by("headphones-skip").click()
    expect(person.by("practice")).to_be_visible(timeout=SOON_MS)
    person.hear()
    screens.take(person.page, "room-5-practice")
    person.by("practice-skip").click()
    expect(person.by("practice")).to_have_count(0)
    person.rated_roll = ""


def rate_the_first(person: Listener, screens: Screens) -> None:
    """A phrase before and while it is heard, one rated and recalled, one's own list, and a lost connection."""
    expect(person.by("play")).to_be_visible(timeout=SOON_MS)
    screens.take(person.page, "room-6-before-listening")
    person.hear()
    screens.take(person.page, "room-7-listening")
    person.rate(4, by_key=True)
    person.expect_kept(1)
    screens.take(person.page, "room-8-rated")
    person.page.keyboard.press("z")
    expect(person.by("leave-it")).to_be_visible()
    screens.take(person.page, "room-9-undo")
    person.page.keyboard.press("z")
    person.by("given").click()
    expect(person.by("given-1")).to_be_visible()
    screens.take(person.page, "room-10-history")
    person.page.keyboard.press("Escape")
    person.page.context.set_offline(True)
    person.page.evaluate("dispatchEvent(new Event('offline'))")
    person.hear()
    person.rate(2, by_key=True)
    expect(person.by("lost")).to_be_visible(timeout=SOON_MS)
    screens.take(person.page, "room-11-lost")
    person.page.context.set_offline(False)
    person.expect_kept(2)


def see_it_close(person: Listener, screens: Screens) -> None:
    """The rest of the generation, and its closing moment."""
    rate_on(person, [3, 3, 5, 1])
    expect(person.by("born")).to_be_visible(timeout=BREEDING_MS)
    person.page.mouse.move(200, 300)  # whoever is at it is not moved on
    expect(person.by("bred")).to_contain_text("bred from", timeout=BREEDING_MS)
    screens.take(person.page, "room-12-closing")
    person.by("continue").click()
    expect(person.by("born")).to_have_count(0)
    person.rated_roll = ""


def see_ones_credit(person: Listener, screens: Screens, address: str) -> None:
    """The next generation closes: its winner has parents, and somebody is told what descends from their ratings."""
    rate_on(person, [5, 4, 4, 4])
    expect(person.by("born")).to_be_visible(timeout=BREEDING_MS)
    person.page.mouse.move(200, 300)
    expect(person.by("credit")).to_contain_text("descend", timeout=BREEDING_MS)
    expect(person.by("to-gallery")).to_have_attribute("href", address.removeprefix(address.split("/gallery/")[0]))
    screens.take(person.page, "room-13-credit")
    assert found_in(person.page) == []
    look_at_the_gallery(person.page, address, screens)


def look_at_the_gallery(page: Page, address: str, screens: Screens) -> None:
    """The list and the population's page, as the listener's browser shows them."""
    room = page.url
    page.goto(address)
    expect(page.get_by_test_id("credit")).to_contain_text("% of this generation", timeout=SOON_MS)
    expect(page.get_by_test_id("phrase").first).to_be_visible()
    screens.take(page, "gallery-population", is_full=True)
    assert found_in(page) == []
    page.goto(address.rsplit("/", 2)[0] + "/")
    expect(page.get_by_test_id("phrase").first).to_be_visible(timeout=SOON_MS)
    screens.take(page, "gallery-list", is_full=True)
    assert found_in(page) == []
    page.goto(room)


def see_the_room_closed(stack: Stack, person: Listener, room: RoomOf, screens: Screens) -> None:
    """What stands at the end of it all."""
    expect(person.by("own")).to_be_visible(timeout=SOON_MS)
    close_room(stack, room.code)
    expect(person.by("closed")).to_be_visible(timeout=SOON_MS)
    expect(person.by("to-gallery")).to_be_visible(timeout=SOON_MS)
    screens.take(person.page, "room-14-closed")


def rate_on(person: Listener, values: list[int]) -> None:
    """Rate what is offered until the generation closes; of elites nobody is asked again."""
    for value in values:
        if person.by("born").count() > 0:
            return
        person.hear()
        person.rate(value, by_key=True)
        person.turn()
        if person.by("done").or_(person.by("breeding")).count() > 0:
            expect(person.by("born")).to_be_visible(timeout=BREEDING_MS)
