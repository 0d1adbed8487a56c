"""How many phrases are left, as a page is told: as many as there come, those that tell a crowd apart among them."""

import numpy as np
import pytest

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.plays import Kind
from antiphon.listening.assigning.schedule import plays_left
from antiphon.listening.judging.islands import TELLING
from antiphon.listening.models import Rating
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.parting import SIZE, crowd, open_world, rate_round
from tests.antiphon.listening.worlds import World


def opened_after_a_round() -> tuple[World, int]:
    """A world whose crowd may part, in its second generation: there are phrases by which listeners are told apart.

    And how many phrases are new in it.
    """
    world = open_world()
    rate_round(world, crowd(8), [0, 1] * 4, np.random.default_rng(0))
    return world, world.newest.individuals.filter(first=None).count()


async def hear_out(page: Page, left: int) -> int:
    """Rate all that is offered; each time one phrase fewer is left, and none at the end. How many there were."""
    heard = 0
    while left:
        kept = await page.rate(await page.next_offer())
        heard += 1
        assert kept["left"] == left - 1, f"after {heard} phrases"
        left = kept["left"]
    await page.hear_until("done")
    return heard


def heard_as(kind: Kind) -> int:
    newest = Listener.objects.order_by("created_at").last()
    return Rating.objects.filter(kind=kind, listener=newest).count()


async def test_who_comes_into_a_crowd_that_may_part_is_told_of_the_phrases_that_tell_apart(
    transactional_db: None,
) -> None:
    world, new = await in_thread(opened_after_a_round)
    async with Page(world.room.code) as page:
        welcome = await page.join()
        assert welcome["left"] == new + TELLING
        assert await hear_out(page, welcome["left"]) == new + TELLING
    assert await in_thread(heard_as, Kind.ANCHOR) == TELLING


async def test_who_comes_back_is_told_of_those_that_they_have_not_heard_yet(transactional_db: None) -> None:
    world, new = await in_thread(opened_after_a_round)
    page = Page(world.room.code)
    async with page:
        await page.join()
        await page.rate_all(5)
    async with page:
        again = await page.join()
        assert again["left"] == new + TELLING - 5
        await hear_out(page, again["left"])


async def test_who_was_there_in_the_first_generation_has_heard_them_all(transactional_db: None) -> None:
    world = await in_thread(open_world)
    async with Page(world.room.code) as page:
        welcome = await page.join()
        assert welcome["left"] == SIZE + 1, "and the hidden repeat"
        await hear_out(page, welcome["left"])
        await in_thread(rate_round, world, [], [], np.random.default_rng(0))
        opened = await page.hear_until("generation_opened")
        kept = await page.rate(await page.next_offer())
        assert kept["left"] == opened["progress"]["size"] - 1
    async with page:
        assert (await page.join())["left"] == opened["progress"]["size"] - 1


@pytest.mark.parametrize("heard", range(0, 25, 5))
@pytest.mark.parametrize("telling", [0, 1, 8])
def test_what_is_left_shrinks_by_one_with_every_telling_phrase(heard: int, telling: int) -> None:
    phrases, position = 10, heard
    left = plays_left(position, phrases, has_anchors=False, has_repeats=True, telling=telling)
    while phrases:
        position += 1
        if telling and position % 2 == 0:
            telling -= 1
        elif position % 12:
            phrases -= 1
        left -= 1
        assert left == plays_left(position, phrases, has_anchors=False, has_repeats=True, telling=telling)
