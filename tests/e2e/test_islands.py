"""A crowd of two tastes that has parted, as its host sees it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.host import SOON_MS, Host
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

EMAIL = "two-minds@example.org"
PARTED = """
from antiphon.accounts.models import User
from tests.antiphon.listening.parting import open_world, run
world = open_world()
population, room, host = world.population, world.room, User.objects.get(email="{email}")
population.owner = room.owner = host
population.name = "Two minds"
population.save()
room.save()
run(world, [0] * 7 + [1] * 5, rounds=4)
print(population.pk)
"""


@pytest.fixture(scope="module")
def host(stack: Stack, browser: Browser) -> Iterator[Host]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    host = Host(context.new_page(), stack.url)
    host.sign_up(EMAIL)
    yield host
    context.close()


def test_a_host_sees_who_stands_on_which_island_and_where_each_phrase_lives(
    stack: Stack, host: Host, tmp_path: Path
) -> None:
    printed = stack.run(sys.executable, "manage.py", "shell", "--no-imports", "-c", PARTED.format(email=EMAIL))
    population = printed.strip().splitlines()[-1]
    page, screens = host.page, Screens(tmp_path)
    page.goto(f"{stack.url}/studio/populations/{population}")
    expect(page.get_by_role("heading", name="Two minds")).to_be_visible(timeout=SOON_MS)
    screens.take(page, "islands-phrases", is_full=True)
    host.by("view-figures").click()
    rows = page.get_by_test_id("island-row").locator("visible=true")
    expect(rows).to_have_count(2, timeout=SOON_MS)
    listeners = sorted(row.locator("td").nth(1).inner_text().strip() for row in rows.all())
    assert listeners == ["5", "7"]
    screens.take(page, "islands-figures", is_full=True)
