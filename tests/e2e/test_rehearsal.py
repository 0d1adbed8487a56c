"""A host clones a population and rehearses a room in a real browser: at one press, followed live, stopped, deleted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.axe import found_in
from tests.e2e.host import SOON_MS, WORK_MS, Host
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

SIZE = 6
FRAME = {"bars": "2", "notes-per-bar": "4", "size": str(SIZE), "quorum": "2"}


@pytest.fixture(scope="module")
def host(stack: Stack, browser: Browser) -> Iterator[Host]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    host = Host(context.new_page(), stack.url)
    host.sign_up("rehearser@example.org")
    yield host
    context.close()


@pytest.fixture
def screens(tmp_path: Path) -> Screens:
    """Pictures for the look at their widths alone."""
    return Screens(tmp_path)


def test_a_population_is_cloned_with_its_phrases_and_names_its_source(host: Host, screens: Screens) -> None:
    host.go("populations")
    host.by("population-new").click()
    expect(host.by("population-name")).to_be_visible(timeout=SOON_MS)
    host.create_population(name="Evening song", fields=FRAME)
    rows = host.page.get_by_test_id("individual-row").locator("visible=true")
    expect(rows).to_have_count(SIZE, timeout=WORK_MS)
    host.by("population-clone").click()
    screens.take(host.page, "clone-dialog")
    host.page.get_by_test_id("clone-first").check()
    host.by("clone-name").fill("Morning song")
    host.by("clone-create").click()
    expect(host.page.get_by_role("heading", name="Morning song")).to_be_visible(timeout=SOON_MS)
    expect(rows).to_have_count(SIZE, timeout=WORK_MS)
    origin = host.by("cloned-from")
    expect(origin).to_contain_text("A clone of Evening song: it has its settings and the phrases of generation 1")
    screens.take(host.page, "clone", is_full=True)
    origin.get_by_role("link").click()
    expect(host.page.get_by_role("heading", name="Evening song")).to_be_visible(timeout=SOON_MS)


def test_a_room_is_rehearsed_at_one_press_followed_live_stopped_and_deleted(host: Host, screens: Screens) -> None:
    page = host.page
    host.open_room()
    host.by("view-rehearse").click()
    expect(host.by("rehearsal-form")).to_be_visible(timeout=SOON_MS)
    address = page.url
    screens.take(page, "rehearsal-before", is_full=True)
    host.by("rehearsal-listeners").fill("8")
    host.by("rehearsal-minutes").fill("2")
    host.by("rehearse").click()
    expect(host.by("rehearsal-state")).to_contain_text("Running", timeout=WORK_MS)
    expect(host.by("rehearsal-progress")).to_contain_text("8 of 8 here", timeout=WORK_MS)
    expect(host.by("rehearsal-progress")).to_contain_text("new generation", timeout=WORK_MS)
    expect(host.by("rehearsal-progress")).not_to_contain_text("no new generation", timeout=WORK_MS)
    screens.take(page, "rehearsal-running", is_full=True)
    assert found_in(page) == []

    page.get_by_role("link", name="Its room").click()
    expect(page.get_by_role("heading", name="Rehearsal of Evening song")).to_be_visible(timeout=SOON_MS)
    host.by("view-rehearse").click()
    expect(host.by("rehearsal-note")).to_contain_text("listeners are simulated")
    screens.take(page, "rehearsal-room", is_full=True)
    host.go("rooms")
    expect(host.row("Rehearsal of Evening song")).to_contain_text("Rehearsal", timeout=SOON_MS)
    screens.take(page, "rooms-with-rehearsal")
    host.go("populations")
    expect(host.row("Rehearsal of Evening song")).to_be_visible(timeout=SOON_MS)
    screens.take(page, "populations-with-rehearsal")
    host.row("Rehearsal of Evening song").get_by_role("link").click()
    expect(host.by("population-rehearsal")).to_be_visible(timeout=SOON_MS)
    host.by("view-listeners").click()
    expect(host.by("listener-simulated")).to_be_visible(timeout=SOON_MS)
    screens.take(page, "rehearsal-listeners")

    page.goto(address)
    host.by("rehearsal-stop").click()
    expect(host.by("rehearsal-state")).to_contain_text("Stopped", timeout=WORK_MS)
    expect(host.by("rehearsal-verdict")).to_contain_text("kept, once", timeout=SOON_MS)
    screens.take(page, "rehearsal-over", is_full=True)
    assert found_in(page) == []
    host.by("view-live").click()
    expect(host.by("room-ratings")).to_have_text("0", timeout=SOON_MS)  # of the room that was rehearsed
    page.goto(address)
    host.by("rehearsal-delete").click()
    host.by("confirm-yes").click()
    expect(page.get_by_test_id("rehearsal")).to_have_count(0, timeout=SOON_MS)
    host.go("rooms")
    expect(host.row("Evening song")).to_be_visible(timeout=SOON_MS)
    expect(page.get_by_text("Rehearsal of Evening song")).to_have_count(0)
