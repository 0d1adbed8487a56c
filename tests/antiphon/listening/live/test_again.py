"""What is heard again in a room, over its websocket: hidden repeats and duels, each kept as what it is."""

from uuid import uuid4

import pytest

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.plays import Kind, Play
from antiphon.listening.models import Duel, Rating, Room
from antiphon.listening.progress import progress_of
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.rounds import store
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_hidden_repeat_is_kept_beside_the_first_answer_and_counts_once(transactional_db: None) -> None:
    world = await in_thread(make_world, size=13, quorum=9)
    async with Page(world.room.code) as page:
        welcome = await page.join()
        assert (welcome["answered"], welcome["left"]) == (0, 14)
        for number in range(14):
            kept = await page.rate(await page.next_offer(), number % 6)
            assert (kept["type"], kept["answered"], kept["left"]) == ("kept", number + 1, 13 - number)
        assert (await page.hear_until("done"))["answered"] == 14
    kinds = await in_thread(lambda: list(Rating.objects.order_by("pk").values_list("kind", flat=True)))
    assert kinds == [Kind.NEW] * 11 + [Kind.REPEAT] + [Kind.NEW] * 2
    repeat = await in_thread(Rating.objects.get, kind=Kind.REPEAT)
    first = await in_thread(Rating.objects.get, individual_id=repeat.individual_id, occasion=0)
    assert (repeat.occasion, first.listener_id) == (1, repeat.listener_id)
    assert repeat.value != first.value  # the first is still what it was
    progress = await in_thread(lambda: progress_of(world.newest))
    assert progress.ratings == 13


@pytest.mark.parametrize(("again", "is_advised"), [(0, True), (5, False)])
async def test_who_no_longer_agrees_with_themselves_is_advised_to_rest(
    transactional_db: None, again: int, is_advised: bool
) -> None:
    world = await in_thread(make_world, size=26, quorum=9)
    async with Page(world.room.code) as page:
        await page.join()
        heard: list[str] = []
        while await _is_offered(page):
            handle = page.held[0]
            notes = next(str(said["phrase"]["notes"]) for said in page.said if said.get("offer") == handle)
            await page.rate(handle, again if notes in heard else 5)
            heard.append(notes)
        assert len(heard) - len(set(heard)) == 2  # the twelfth and the twenty-fourth
        assert ("rest_advised" in [said["type"] for said in page.said]) == is_advised


async def _is_offered(page: Page) -> bool:
    """Whether there is a phrase to be heard, once the page knows."""
    while not page.held:
        if (await page.hear())["type"] == "done":
            return False
    return True


async def test_finalists_are_put_side_by_side_where_the_host_wants_duels(transactional_db: None) -> None:
    world = await in_thread(_heard_world)
    async with Page(world.room.code) as page:
        await page.join()
        for number in range(8):
            await page.rate(await page.next_offer(), number % 6)
        offer = await page.hear_until("duel_offer")
        assert set(offer) == {"type", "duel", "left", "right"}
        assert offer["left"]["notes"] != offer["right"]["notes"]
        answer = {"duel": offer["duel"], "choice": "right", "heard_left_ms": 900, "heard_right_ms": 900}
        assert (await page.ask("duel", message_id=str(uuid4()), **answer))["what"] == "duel"
        again = await page.hear_until("duel_offer")
        assert again["duel"] != offer["duel"]
    duel = await in_thread(Duel.objects.get)
    generation = await in_thread(lambda: world.newest)
    assert duel.generation_id == generation.pk
    assert duel.choice == "right"


def _heard_world() -> World:
    """A world where two listeners have rated everything, so that finalists are known, and duels are on."""
    world = make_world(size=8, quorum=9)
    Room.objects.filter(pk=world.room.pk).update(has_duels=True, has_repeats=False)
    for _ in range(2):
        listener = Listener.objects.create(name="Listener")
        for one in world.newest.individuals.all():
            store(world, listener, Play(one.pk, one.generation_id), value=one.index % 6)
    return world
