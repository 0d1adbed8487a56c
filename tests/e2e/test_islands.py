"""A crowd of two tastes that do not agree, as its host sees it: it parts, and everything is of an island."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.axe import found_in
from tests.e2e.host import SOON_MS, WORK_MS, Host
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

EMAIL = "two-minds@example.org"
LISTENERS = 24
PARTED = """
from django.core.management import call_command
from antiphon.listening.services import open_room
from tests.e2e.seeded import seeded
frame, settings = dict(bars=2, notes_per_bar=4, key="A", scale="dorian"), dict(size=12, mutations=2, islands=2)
(population,) = seeded({email!r}, dict(name="Two minds", frame=frame, settings=settings, quorum=8))
room = open_room(owner_id=population.owner_id, population_id=population.pk, name="Two minds")
call_command(
    "crowd", room.code, listeners={listeners}, minutes=0.25, pace=0.05, correlation=-0.9, address={address!r}, json=True
)
print()
print(population.pk)
"""


@pytest.fixture(scope="module")
def host(stack: Stack, browser: Browser) -> Iterator[Host]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    host = Host(context.new_page(), stack.url)
    host.sign_up(EMAIL)
    yield host
    context.close()


def test_a_host_sees_which_island_each_phrase_and_each_listener_is_of(stack: Stack, host: Host, tmp_path: Path) -> None:
    printed = stack.ask(PARTED.format(email=EMAIL, listeners=LISTENERS, address=stack.url))
    page, screens = host.page, Screens(tmp_path)
    page.goto(f"{stack.url}/studio/populations/{printed.splitlines()[-1]}?view=figures")
    islands = page.get_by_test_id("island-row").locator("visible=true")
    expect(islands).to_have_count(2, timeout=WORK_MS)
    of_each = [int(row.locator("td").nth(1).inner_text()) for row in islands.all()]
    assert sum(of_each) == LISTENERS
    assert min(of_each) >= LISTENERS // 4
    screens.take(page, "islands-figures", is_full=True)

    islands.first.get_by_role("link").click()
    rows = page.get_by_test_id("individual-row").locator("visible=true")
    expect(rows).to_have_count(12, timeout=SOON_MS)
    homes = {row.get_by_test_id("individual-island").inner_text() for row in rows.all()}
    assert {"1", "2"} <= homes <= {"1", "2", "all"}
    assert found_in(page) == []

    host.by("view-listeners").click()
    voices = page.get_by_test_id("listener-row").locator("visible=true")
    expect(voices).to_have_count(LISTENERS, timeout=SOON_MS)
    assert {voice.get_by_test_id("listener-island").inner_text() for voice in voices.all()} == {"1", "2"}
    flagged = voices.filter(has_text="At random").count() + voices.filter(has_text="One answer").count()
    assert flagged < LISTENERS // 2, "those of the other taste do not pass for clickers"
