"""A host's side of a room, in a real browser: what they watch, what they change, and the next generation."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.axe import found_in
from tests.e2e.host import SOON_MS, WORK_MS, Host
from tests.e2e.listener import Listener
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

EMAIL = "watcher@example.org"
SIZE = 10
# A population of this host with a room, 30 listeners who have rated some of its phrases, and one who clicks.
MAKE = """
import time
from datetime import timedelta
from uuid import uuid4
import numpy as np
from django.conf import settings
from django.utils import timezone
from redis.client import Redis
from antiphon.accounts.models import Listener
from antiphon.listening.models import Rating, Skip
from antiphon.listening.services import open_room
from tests.e2e.seeded import seeded
(population,) = seeded("{email}", dict(name="Small hours", settings=dict(size={size}), quorum=40))
room = open_room(owner_id=population.owner_id, population_id=population.pk, name="The kitchen")
rng = np.random.default_rng(3)
names = ["Ada", "Béla", "Clara", "Dmitri", "Elif", "Fanny", "Gustav", "", "Hildegard von B.", "Igor"]
listeners = [Listener.objects.create(name=names[n] if n < len(names) else f"Guest {{n}}") for n in range(30)]
phrases = list(population.generations.get().individuals.order_by("index"))
for number, listener in enumerate(listeners):
    heard = phrases if number in (0, 4) else rng.permutation(phrases)[: rng.integers(3, 9)].tolist()
    for one in heard:
        value = 3 if number == 4 else int(np.clip(round(5 * one.index / {size} + rng.normal()), 0, 5))
        if number == 2 and one.index == 5:
            Skip.objects.create(room=room, listener=listener, individual=one, client_id=uuid4(), reason="other")
        else:
            Rating.objects.create(room=room, listener=listener, individual=one, value=value, client_id=uuid4())
for number, pk in enumerate(Rating.objects.filter(room=room).order_by("pk").values_list("pk", flat=True)):
    Rating.objects.filter(pk=pk).update(created_at=timezone.now() - timedelta(minutes=25 - number % 26))
places = {{f"{{one.pk}}:page": time.time() + 3600 for one in listeners[:9]}}
with Redis.from_url(settings.REDIS_URL) as valkey:
    valkey.zadd("antiphon:presence:{{%s}}" % room.code, places)
print(room.code)
"""


@pytest.fixture
def host(stack: Stack, browser: Browser) -> Iterator[Host]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    host = Host(context.new_page(), stack.url)
    host.sign_up(EMAIL)
    yield host
    context.close()


def test_a_host_watches_a_room_changes_it_and_breeds_from_it(
    stack: Stack, browser: Browser, host: Host, screens: Screens
) -> None:
    code = stack.ask(MAKE.format(email=EMAIL, size=SIZE))
    listener = Listener(browser, "Noor")
    try:
        listener.open(f"{stack.url}/r/{code}/")
        listener.join()
        watch(host, code, screens)
        limit_and_extend(host, listener, screens)
        change_settings(host, listener, screens)
        breed(host, listener, screens)
        assert listener.troubles == []
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        listener.page.context.close()


def watch(host: Host, code: str, screens: Screens) -> None:
    """What needs a hand, who said what by tone and figure, how fast it goes."""
    host.page.goto(f"{host.base_url}/studio/rooms/{code}/")
    expect(host.by("room-link")).to_be_visible(timeout=SOON_MS)
    expect(host.by("rating-matrix")).to_be_visible(timeout=SOON_MS)
    expect(host.by("alert-clicker")).to_contain_text("Elif: gave 3 to 10 of 10", timeout=SOON_MS)
    expect(host.by("room-here")).to_have_text("10", timeout=SOON_MS)  # nine, and one on a phone
    expect(host.page.get_by_test_id("matrix-row")).to_have_count(12)
    screens.take(host.page, "host-room-live", is_full=True)
    host.by("matrix-more").click()
    row = host.page.get_by_test_id("matrix-row").filter(has_text="Ada")
    cells = row.get_by_role("gridcell")
    expect(cells).to_have_count(SIZE)
    cells.first.focus()
    host.page.keyboard.press("ArrowRight")
    expect(cells.nth(1)).to_be_focused()
    expect(host.page.get_by_text("Ada, phrase 2:")).to_be_visible()
    host.page.evaluate("scrollTo(0, 0)")  # axe takes a name that is scrolled half under the page's head for too small
    found = found_in(host.page)
    assert not found, "\n".join(found)
    host.by("view-fitness").click()
    expect(host.page.get_by_test_id("live-row")).to_have_count(SIZE, timeout=SOON_MS)
    screens.take(host.page, "host-room-fitness")
    host.by("view-live").click()


def limit_and_extend(host: Host, listener: Listener, screens: Screens) -> None:
    """A time limit is set while the generation is rated, and extended; the listener's page counts it down."""
    expect(listener.by("time-left")).to_have_count(0)
    host.by("view-settings").click()
    host.page.get_by_text("By time").click()
    screens.take(host.page, "host-room-settings", is_full=True)
    found = found_in(host.page)
    assert not found, "\n".join(found)
    host.by("settings-save").click()
    expect(host.page.get_by_text("Everybody in the room has it now")).to_be_visible(timeout=SOON_MS)
    expect(listener.by("time-left")).to_contain_text("9:", timeout=SOON_MS)
    host.by("view-live").click()
    expect(host.by("room-left")).to_contain_text("9:", timeout=SOON_MS)
    host.by("room-extend").click()
    host.by("extend-minutes").fill("5")
    host.by("extend-yes").click()
    expect(host.page.get_by_text("expected more than the 10")).to_be_visible(timeout=SOON_MS)
    host.by("extend-minutes").fill("25")
    screens.take(host.page, "host-room-extend")
    host.by("extend-yes").click()
    expect(host.by("room-rule")).to_contain_text("after 25 minutes", timeout=SOON_MS)
    expect(listener.by("time-left")).to_contain_text("24:", timeout=SOON_MS)
    listener.page.screenshot(path=screens.folder / "room-time-left.png")


def change_settings(host: Host, listener: Listener, screens: Screens) -> None:
    """Another name shows in the room at once, and another text is asked of who is there."""
    host.by("view-settings").click()
    host.by("settings-name").fill("The cellar")
    host.by("settings-tags").fill("warm, Not a tag!")
    host.by("settings-save").click()
    expect(host.page.locator("[data-testid=settings-tags][aria-invalid=true]")).to_be_visible(timeout=SOON_MS)
    host.by("settings-tags").fill("warm, odd")
    host.by("settings-duels").check()
    host.by("settings-consent").fill("We study what a cellar likes.")
    expect(host.page.get_by_text("everybody is asked again")).to_be_visible()
    host.by("settings-save").click()
    expect(host.page.get_by_role("heading", name="The cellar")).to_be_visible(timeout=SOON_MS)
    expect(listener.page.get_by_text("We study what a cellar likes.")).to_be_visible(timeout=SOON_MS)
    listener.by("agree").click()
    expect(listener.by("play")).to_be_visible(timeout=SOON_MS)
    expect(listener.page.get_by_role("heading", name="The cellar")).to_be_visible()


def breed(host: Host, listener: Listener, screens: Screens) -> None:
    """The confirmation says what there is; everybody moves on."""
    host.by("view-live").click()
    host.by("room-breed").click()
    expect(host.by("confirm")).to_contain_text("10 phrases have")
    screens.take(host.page, "host-room-breed")
    host.by("confirm-yes").click()
    expect(listener.by("generation")).to_have_attribute("data-generation", "1", timeout=WORK_MS)
    expect(host.page.get_by_role("dialog")).to_have_count(0)
    expect(host.by("room-rule")).to_contain_text("after 10 minutes", timeout=WORK_MS)  # as before it was extended
