"""A room over its websocket, from the first hello to the next generation."""

import asyncio
from uuid import uuid4

import pytest

from antiphon.listening.models import Rating
from antiphon.listening.threads import in_thread
from antiphon.populations import breeding
from antiphon.populations.models import Generation
from antiphon.workers.models import Job
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def sure_world(transactional_db: None) -> World:
    """One that is sure of its parents with two ratings a phrase."""
    return make_world(quorum=9, closing="certainty", wanted_error=2.0)


async def test_a_listener_is_welcomed_and_offered_two_phrases(world: World) -> None:
    async with Page(world.room.code, name="Ada") as page:
        welcome = await page.join()
        assert welcome["room_name"] == "The kitchen"
        assert (welcome["stage"], welcome["room_state"], welcome["here"]) == ("rating", "open", 1)
        assert welcome["names"] == []  # a name is told once its owner has agreed
        assert welcome["progress"] == {
            "generation": 0, "size": 4, "complete": 0, "quorum": 2, "ratings": 0, "needed": 8,
            "expected_error": None, "wanted_error": None, "minutes": None, "closes_at": None,
        }  # fmt: skip
        await page.hear_until("offer")
        await page.hear_until("offer")
        assert len(set(page.held)) == 2
        phrase = page.said[-1]["phrase"]
        assert phrase["notes"]
        assert phrase["bars"] == 1


async def test_those_who_are_here_hear_of_those_who_come_and_go(world: World) -> None:
    async with Page(world.room.code, name="Ada") as ada:
        await ada.join()
        async with Page(world.room.code, name="Ben") as ben:
            assert (await ben.join())["here"] == 2
            while sorted((await ada.hear_until("presence"))["names"]) != ["Ada", "Ben"]:
                pass
        assert (await ada.hear_until("presence", here=1))["names"] == ["Ada"]


async def test_a_listener_with_two_pages_counts_once(world: World) -> None:
    async with Page(world.room.code, name="Ada") as first:
        await first.join()
        async with Page(world.room.code, name="Ada", cookie=first.cookie) as second:
            assert (await second.join())["here"] == 1


async def test_progress_is_told_to_everyone_and_never_how_anybody_rated(world: World) -> None:
    async with Page(world.room.code, name="Ada") as ada, Page(world.room.code, name="Ben") as ben:
        await ada.join()
        await ben.join()
        await ada.rate_all(2, value=5)
        told = await ben.hear_until("progressed", progress={
            "generation": 0, "size": 4, "complete": 0, "quorum": 2, "ratings": 2, "needed": 8,
            "expected_error": None, "wanted_error": None, "minutes": None, "closes_at": None,
        })  # fmt: skip
        assert set(told) == {"type", "progress"}


async def test_a_room_that_is_sure_of_its_parents_moves_on_before_its_quorum(sure_world: World) -> None:
    code = sure_world.room.code
    async with Page(code, name="Ada") as ada, Page(code, name="Ben") as ben, Page(code, name="Cleo") as cleo:
        for page in (ada, ben, cleo):
            await page.join()
        await ada.rate_all(4, value=4)
        told = await cleo.hear_until("progressed")
        assert (told["progress"]["wanted_error"], told["progress"]["quorum"]) == (2.0, 9)
        await ben.rate_all(4, value=2)
        assert (await cleo.hear_until("room_changed"))["stage"] == "breeding"
        assert await in_thread(lambda: Rating.objects.count()) == 8


async def test_a_rating_is_in_the_database_when_it_is_acknowledged(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        kept = await page.rate(offer, 4)
        assert (kept["what"], kept["value"], kept["answered"], kept["is_revision"]) == ("rating", 4, 1, False)
        assert await in_thread(lambda: Rating.objects.get().value) == 4


async def test_a_resent_rating_is_acknowledged_again_and_kept_once(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        message_id = str(uuid4())
        first = await page.rate(offer, 4, message_id=message_id)
        again = await page.rate(offer, 4, message_id=message_id)
        assert first == again
        rating = await in_thread(Rating.objects.get)
        assert rating.revised_at is None


async def test_rating_again_under_a_new_id_revises(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        offer = await page.next_offer()
        await page.rate(offer, 4)
        kept = await page.rate(offer, 1)
        assert (kept["value"], kept["answered"], kept["is_revision"]) == (1, 1, True)
        rating = await in_thread(Rating.objects.get)
        assert rating.value == 1
        assert rating.revised_at is not None


async def test_a_reconnection_finds_its_state_and_the_same_offers(world: World) -> None:
    page = Page(world.room.code)
    await page.open()
    await page.join()
    await page.rate_all(1)
    await page.next_offer()
    await page.hear_until("offer") if len(page.held) < 2 else None
    held = sorted(page.held)
    await page.close()
    await page.open()
    welcome = await page.join()
    assert welcome["answered"] == 1
    await page.hear_until("offer")
    await page.hear_until("offer")
    assert sorted(page.held) == held
    await page.close()


async def test_a_rating_resent_after_a_reconnection_is_kept(world: World) -> None:
    page = Page(world.room.code)
    await page.open()
    await page.join()
    offer = await page.next_offer()
    await page.close()
    await page.open()
    await page.join()
    kept = await page.rate(offer, 5)
    assert kept["type"] == "kept"
    await page.close()


async def test_nobody_is_offered_what_they_have_rated_and_the_end_is_told(world: World) -> None:
    async with Page(world.room.code) as page:
        await page.join()
        rated = await page.rate_all(4)
        assert len(set(rated)) == 4
        done = await page.hear_until("done")
        assert (done["generation"], done["answered"]) == (0, 4)


async def test_the_quorum_closes_a_generation_once_and_everyone_moves_on(world: World) -> None:
    pages = [Page(world.room.code, name=name) for name in ("Ada", "Ben")]
    for page in pages:
        await page.open()
        await page.join()
    await asyncio.gather(*(page.rate_all(4, value) for page, value in zip(pages, (2, 5), strict=True)))
    for page in pages:
        await page.hear_until("room_changed", stage="breeding")
    assert await in_thread(lambda: Job.objects.filter(kind="breed").count()) == 1
    generation = await in_thread(Generation.objects.get)
    await in_thread(breeding.breed, generation_id=generation.pk)
    for page in pages:
        closed = await page.hear_until("generation_closed")
        assert (closed["generation"], closed["listeners"], closed["ratings"]) == (0, 2, 8)
        assert closed["winner"]["notes"]
        opened = await page.hear_until("generation_opened")
        assert opened["progress"]["generation"] == 1
        await page.next_offer()
        await page.close()
    assert await in_thread(Generation.objects.count) == 2


async def test_a_generation_closes_when_its_last_listener_leaves_right_after_the_last_rating(world: World) -> None:
    pages = [Page(world.room.code, name=name) for name in ("Ada", "Ben")]
    for page in pages:
        await page.open()
        await page.join()
    await asyncio.gather(*(page.rate_all(4) for page in pages))
    await asyncio.gather(*(page.close() for page in pages))
    assert (await in_thread(Generation.objects.get)).is_closed
    assert await in_thread(lambda: Job.objects.filter(kind="breed").count()) == 1
