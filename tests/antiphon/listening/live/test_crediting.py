"""What descends from what one liked comes over the room's connection: with each generation, and when it is closed."""

import asyncio

import pytest

from antiphon.gallery.services import exhibit
from antiphon.listening import services
from antiphon.listening.live import crediting
from antiphon.listening.threads import in_thread
from antiphon.populations import breeding
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


async def bred_by(world: World, ada: Page, ben: Page) -> None:
    """Ada likes everything, Ben nothing; the next generation is there."""
    for page, value in ((ada, 5), (ben, 1)):
        await page.join()
        await page.rate_all(4, value)
    await ada.hear_until("room_changed", stage="breeding")
    closed = await in_thread(lambda: world.newest.pk)
    await in_thread(breeding.breed, generation_id=closed)


async def test_with_the_next_generation_each_page_is_told_its_own_credit(world: World) -> None:
    async with Page(world.room.code, name="Ada") as ada, Page(world.room.code, name="Ben") as ben:
        await bred_by(world, ada, ben)
        liked, nothing = [await page.hear_until("credited") for page in (ada, ben)]
    assert (liked["generation"], liked["size"], liked["gallery"]) == (1, 4, None)
    assert liked["descendants"] == 4
    assert liked["parents_liked"] > 0
    assert (nothing["descendants"], nothing["parents_liked"]) == (0, 0)
    assert liked["parents_liked_by"] == nothing["parents_liked_by"] == 1


async def test_a_closed_room_tells_it_and_the_way_to_the_gallery_to_who_is_there_and_to_who_comes(
    world: World,
) -> None:
    async with Page(world.room.code, name="Ada") as ada, Page(world.room.code, name="Ben") as ben:
        await bred_by(world, ada, ben)
        await ada.hear_until("credited")
        await in_thread(exhibit, population=world.population, is_shown=True, allows_midi=False)
        await in_thread(services.set_room_state, room=world.room, state="closed")
        gallery = f"/gallery/{world.population.pk}/"
        assert (await ada.hear_until("credited"))["gallery"] == gallery
        again = Page(world.room.code, cookie=ben.cookie)
        async with again:
            await again.join()
            told = await again.hear_until("credited")
            assert (told["descendants"], told["gallery"]) == (0, gallery)


async def test_a_credit_that_cannot_be_found_leaves_the_room_as_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: int) -> None:
        raise ArithmeticError

    monkeypatch.setattr(crediting, "shown_at", fails)
    async with Page(world.room.code, name="Ada") as ada, Page(world.room.code, name="Ben") as ben:
        await bred_by(world, ada, ben)
        await ada.hear_until("generation_opened")
        await ada.next_offer()
        async with asyncio.timeout(5):
            while "was told of their credit" not in caplog.text:
                await asyncio.sleep(0.02)
    assert not any(said["type"] == "credited" for said in ada.said)
