"""The listening room in a real browser: several people on phones and desktops, from the door to a closed generation."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.axe import found_in
from tests.e2e.listener import SOON_MS, Listener
from tests.e2e.rooms import open_room, ratings_in
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

BREEDING_MS = 150_000


@pytest.fixture
def people(browser: Browser) -> Iterator[list[Listener]]:
    """One on a phone in English, one at a desktop in German, who gives no name."""
    both = [Listener(browser, "Ada"), Listener(browser, "", is_phone=False, language="de")]
    yield both
    for person in both:
        person.page.context.close()


def test_two_people_go_through_the_door_rate_a_generation_and_see_it_close(
    stack: Stack, people: list[Listener]
) -> None:
    room = open_room(stack, "Evening blues", size=4, quorum=2)
    ada, other = people
    try:
        walk_through_the_door(ada, room.link)
        other.open(room.link)
        expect(other.by("join")).to_have_text("Mitmachen")
        other.join()
        rate_change_and_take_back(ada)
        rate_in_german(other)
        for person in people:
            expect(person.by("born")).to_be_visible(timeout=BREEDING_MS)
        expect(ada.by("bred")).to_contain_text("that you and 1 other liked", timeout=BREEDING_MS)
        expect(other.by("bred")).to_contain_text("die dir und einer weiteren Person gefielen", timeout=BREEDING_MS)
        ada.by("continue").click()
        expect(ada.by("generation")).to_have_attribute("data-generation", "1", timeout=SOON_MS)
        assert [trouble for person in people for trouble in person.troubles] == []
    except Exception as error:
        error.add_note(stack.words())
        raise


def walk_through_the_door(person: Listener, link: str) -> None:
    """Consent before the first sound, the first trial of the headphone test, and both practice phrases."""
    person.open(link)
    person.by("join-name").fill(person.name)
    person.by("join").click()
    expect(person.by("consent")).to_contain_text("Version", timeout=SOON_MS)
    person.by("agree").click()
    person.by("headphones-begin").click(timeout=SOON_MS)
    expect(person.by("tone-1")).to_have_attribute("aria-disabled", "false", timeout=SOON_MS)  # three tones were heard
    person.by("tone-1").click()
    expect(person.by("headphones")).to_contain_text("2 of 6")
    person.by("headphones-skip").click()
    for turn in (1, 2):
        expect(person.by("practice")).to_have_attribute("data-turn", str(turn), timeout=SOON_MS)
        person.hear()
        person.rate(3, by_key=turn == 1)
    expect(person.by("practice")).to_have_count(0, timeout=SOON_MS)
    expect(person.by("own")).to_contain_text("0 of 4")  # practice does not count


def rate_change_and_take_back(person: Listener) -> None:
    """Rating by key and touch, undo, a skip with its reason, words, one's own list, and a reload in the middle."""
    person.hear()
    person.rate(4, by_key=True)
    person.expect_kept(1)
    person.page.keyboard.press("z")  # back to it, and another rating
    expect(person.by("leave-it")).to_be_visible()
    person.by("rate-2").click()
    person.expect_kept(1)
    expect(person.by("kept")).to_contain_text("so-so")
    person.by("skip").click()
    person.by("skip-heard_before").click()
    person.expect_kept(2)
    person.by("given").click()
    expect(person.by("given-2")).to_contain_text("skipped")
    person.by("given-1").click()
    person.by("take-back").click()
    expect(person.by("own")).to_contain_text("1 of 4", timeout=SOON_MS)
    person.page.reload()
    expect(person.by("play")).to_be_visible(timeout=SOON_MS)  # in the room again without asking
    person.by("given").click()
    expect(person.by("given-1")).to_contain_text("skipped", timeout=SOON_MS)
    person.by("given-1").click()  # fetched again, and rated after all
    person.rated_roll = ""
    person.hear()
    person.rate(5, by_key=False)
    person.expect_kept(1)
    person.by("say-more").click()
    person.page.get_by_label("lively").check(force=True)
    person.by("remark").fill("like rain")
    person.by("say-save").click()
    person.expect_kept(1)
    for answered in (2, 3, 4):
        person.hear()
        person.rate(answered, by_key=answered % 2 == 0)
        if answered < 4:
            person.expect_kept(answered)


def rate_in_german(person: Listener) -> None:
    for answered in (1, 2, 3, 4):
        person.hear()
        person.rate(min(answered + 2, 5), by_key=True)  # all liked, so also what the next generation comes from
        if answered < 4:
            person.expect_kept(answered)


def test_answers_survive_a_killed_server_and_a_reload_and_are_there_once(stack: Stack, browser: Browser) -> None:
    room = open_room(stack, "Storm", size=4, quorum=2)
    person = Listener(browser, "Ada")
    try:
        person.open(room.link)
        person.join()
        person.hear()
        person.rate(4, by_key=False)
        person.expect_kept(1)
        person.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        assert person.sees("caches.has('antiphon-pages')")
        person.hear()
        person.page.context.set_offline(True)
        stack.kill("web")
        expect(person.by("lost")).to_be_visible(timeout=SOON_MS)
        person.rate(1, by_key=False)
        expect(person.by("lost")).to_contain_text("1 answer waits", timeout=SOON_MS)
        expect(person.by("kept")).to_have_attribute("data-kept", "false")
        person.page.reload()  # without a server: the page comes from this device, the answer too
        expect(person.by("connecting")).to_contain_text("1 answer waits", timeout=SOON_MS)
        person.page.context.set_offline(False)
        expect(person.by("own")).to_contain_text("2 of 4", timeout=60_000)  # the supervisor has started another
        expect(person.by("play")).to_be_visible(timeout=SOON_MS)
        person.page.wait_for_timeout(1_000)
        assert ratings_in(stack, room.code) == (2, 0)
        assert person.troubles == []
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        person.page.context.close()


def test_a_duel_is_heard_on_both_sides_and_decided(stack: Stack, browser: Browser, screens: Screens) -> None:
    room = open_room(stack, "Finalists", size=6, quorum=3, has_duels=True)
    people = [Listener(browser, name) for name in ("Ada", "Béla")]
    try:
        for person in people:
            person.open(room.link)
            person.join()
        for number in range(6):
            for person in people:
                if person.by("duel").count() > 0:
                    decide(person)
                person.hear()
                person.rate(number % 6, by_key=False)
                person.turn()
        last = people[-1]
        change_until_a_duel_comes(last)
        expect(last.by("choose-left")).to_have_attribute("aria-disabled", "true")
        screens.take(last.page, "room-duel")
        assert found_in(last.page) == []
        decide(last)
        expect(last.by("duel").or_(last.by("done")).first).to_be_visible(timeout=SOON_MS)
        assert last.troubles == []
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        for person in people:
            person.page.context.close()


def change_until_a_duel_comes(person: Listener) -> None:
    """Two phrases meet once all were rated twice and the server has made up its mind: the next offer says so."""
    for value in (1, 2, 3, 4, 5, 0):
        if person.by("duel").count() > 0:
            return
        person.page.keyboard.press("z")
        expect(person.by("leave-it")).to_be_visible(timeout=SOON_MS)
        person.page.keyboard.press(str(value))
        with suppress(AssertionError):
            expect(person.by("duel")).to_be_visible(timeout=2_000)
    expect(person.by("duel")).to_be_visible(timeout=SOON_MS)


def decide(person: Listener) -> None:
    """Hear A until B is asked for, hear B, choose by key, and see the duel leave."""
    hint = person.by("hint")
    hear_both = hint.inner_text()
    person.by("play-left").click()
    expect(hint).not_to_have_text(hear_both, timeout=SOON_MS)
    person.by("play-right").click()
    expect(person.by("choose-right")).to_have_attribute("aria-disabled", "false", timeout=SOON_MS)
    person.page.keyboard.press("2")
    expect(person.page.locator("[data-testid=choose-right][aria-disabled=false]")).to_have_count(0, timeout=SOON_MS)
