"""The gallery in a real browser: opened by its host, played, passed on, taken away, and closed again."""

import re
from pathlib import Path

import mido
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import found_in
from tests.e2e.host import Host
from tests.e2e.listener import SOON_MS, Listener
from tests.e2e.rooms import hand_over, open_room
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

BREEDING_MS = 150_000
EMAIL = "curator@example.org"


def test_a_population_is_shown_by_its_host_played_taken_away_and_hidden_again(
    stack: Stack, browser: Browser, screens: Screens, tmp_path: Path
) -> None:
    host = Host(browser.new_context(viewport={"width": 1440, "height": 900}).new_page(), stack.url)
    visitor = browser.new_context(viewport={"width": 390, "height": 780}, locale="de").new_page()
    try:
        room = open_room(stack, "Gallery blues", size=4, quorum=1)
        breed_a_generation(browser, room.link)
        host.sign_up(EMAIL)
        population = hand_over(stack, room.code, EMAIL)
        address = show(host, population, screens)
        listen_and_take(visitor, address, tmp_path)
        host.by("exhibition-shown").uncheck()
        expect(host.by("exhibition")).to_have_attribute("data-shown", "false", timeout=SOON_MS)
        answer = visitor.reload()
        assert answer is not None
        assert answer.status == 404
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        host.page.context.close()
        visitor.context.close()


def breed_a_generation(browser: Browser, link: str) -> None:
    """One listener rates all four phrases."""
    ada = Listener(browser, "Ada")
    ada.open(link)
    ada.join()
    for value in (5, 1, 3, 2):
        ada.hear()
        ada.rate(value, by_key=True)
    expect(ada.by("born")).to_be_visible(timeout=BREEDING_MS)
    expect(ada.by("bred")).to_contain_text("bred from", timeout=BREEDING_MS)
    ada.page.context.close()


def show(host: Host, population: int, screens: Screens) -> str:
    """Switch the population on in the studio, its MIDI too; where everybody finds it."""
    host.page.goto(f"{host.base_url}/studio/populations/{population}")
    shown = host.by("exhibition-shown")
    expect(shown).not_to_be_checked(timeout=SOON_MS)
    shown.check()
    host.by("exhibition-midi").check(timeout=SOON_MS)
    expect(host.by("exhibition")).to_have_attribute("data-shown", "true")
    shown.scroll_into_view_if_needed()
    screens.take(host.page, "population-gallery", is_full=True)
    assert found_in(host.page, "section:has([data-testid=exhibition])") == []
    return f"{host.base_url}{host.by('exhibition-link').get_attribute('href')}"


def listen_and_take(visitor: Page, address: str, folder: Path) -> None:
    """Somebody without an account plays the best phrase by keyboard, and takes it away."""
    visitor.goto(address)
    expect(visitor).to_have_title("Gallery blues · Galerie · Antiphon")
    first = visitor.get_by_test_id("phrase").first
    expect(first).to_be_visible(timeout=SOON_MS)
    assert found_in(visitor) == []
    assert visitor.get_by_test_id("credit").count() == 0  # who has rated nothing is told nothing
    play = first.get_by_test_id("phrase-play")
    play.focus()
    visitor.keyboard.press("Enter")
    expect(play).to_have_accessible_name(re.compile("anhalten"), timeout=SOON_MS)
    expect(visitor.locator(".note.sounding").first).to_be_attached(timeout=SOON_MS)
    with visitor.expect_download(timeout=SOON_MS) as waiting:
        first.get_by_test_id("phrase-midi").click()
    taken = folder / waiting.value.suggested_filename
    waiting.value.save_as(taken)
    assert any(message.type == "note_on" for message in mido.MidiFile(taken))
