"""The gallery in a real browser: opened by its host, played, passed on, taken away, and closed again."""

import re
from pathlib import Path

import mido
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.axe import found_in
from tests.e2e.listener import SOON_MS, Listener
from tests.e2e.rooms import open_room, show_in_gallery
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

BREEDING_MS = 150_000


def test_a_population_is_shown_played_taken_away_and_hidden_again(
    stack: Stack, browser: Browser, tmp_path: Path
) -> None:
    room = open_room(stack, "Gallery blues", size=4, quorum=1)
    address = show_in_gallery(stack, room.code)
    ada = Listener(browser, "Ada")
    visitor = browser.new_context(viewport={"width": 390, "height": 780}, locale="de").new_page()
    try:
        ada.open(room.link)
        ada.join()
        for value in (5, 1, 3, 2):
            ada.hear()
            ada.rate(value, by_key=True)
            ada.page.wait_for_timeout(300)
        expect(ada.by("born")).to_be_visible(timeout=BREEDING_MS)
        expect(ada.by("bred")).to_contain_text("bred from", timeout=BREEDING_MS)

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
        visitor.wait_for_function("document.querySelector('.note.sounding') !== null", timeout=SOON_MS)

        with visitor.expect_download(timeout=SOON_MS) as waiting:
            first.get_by_test_id("phrase-midi").click()
        taken = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(taken)
        assert any(message.type == "note_on" for message in mido.MidiFile(taken))

        show_in_gallery(stack, room.code, is_shown=False)
        answer = visitor.reload()
        assert answer is not None
        assert answer.status == 404
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        ada.page.context.close()
        visitor.context.close()
