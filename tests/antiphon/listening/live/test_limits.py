"""Ten thousand frames that no page would send, and pages that ask too much: nobody else in the room notices."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest

from antiphon.core.limits import Buckets, Limit
from antiphon.listening.assigning.plays import DuelPair, Play
from antiphon.listening.live import limits
from antiphon.listening.models import Duel, Rating, Retraction, Skip
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.pages import Page
from tests.antiphon.listening.worlds import World, make_world

FRAMES, FLOODERS = 10_000, 4
NO_LIMIT = Limit(per_second=1e6, at_once=1e6)
REFUSALS = {
    "malformed", "not_text", "too_long", "not_offered", "unknown_phrase", "not_joined", "already_rated",
    "nothing_to_retract", "not_answered", "consent_outdated", "unknown_tag", "retracted",
}  # fmt: skip


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world(size=6, quorum=50)


@pytest.fixture
def no_limits() -> Iterator[None]:
    with (
        held(messages=NO_LIMIT),
        held(openings=NO_LIMIT),
        held(nonsense=NO_LIMIT),
    ):
        yield


def held(**to: Limit) -> Any:
    """Buckets held to another limit, by a name that nobody else's are known by."""
    ((name, limit),) = to.items()
    return patch.object(limits, name, Buckets(f"{name} {uuid4()}", limit))


class Flood:
    """Frames of one page, drawn from a seed: malformed, oversized, replayed, out of order, of another room."""

    def __init__(self, seed: int, foreign: list[str], mine: list[str]) -> None:
        self._rng = random.Random(seed)
        self._foreign, self._mine = foreign, mine
        self._sent: list[str] = []

    def next(self) -> str | bytes:
        """One frame."""
        rng = self._rng
        kind = rng.random()
        if kind < 0.25:
            return rng.randbytes(rng.randint(0, 60)).decode("latin-1")
        if kind < 0.35:
            return rng.randbytes(rng.randint(0, 60))
        if kind < 0.40:
            return json.dumps({"type": "rate", "remark": "x" * rng.randint(4_100, 9_000)})
        if kind < 0.70:
            return self._typed(broken=True)
        if kind < 0.75 and self._sent:
            return rng.choice(self._sent)  # said before
        frame = self._typed(broken=False)
        self._sent.append(frame)
        return frame

    def _typed(self, *, broken: bool) -> str:
        rng = self._rng
        handle = rng.choice([*self._foreign, *self._mine, "made-up"])
        message: dict[str, Any] = rng.choice(
            [
                {"type": "rate", "offer": handle, "value": rng.randint(0, 5), "heard_ms": 10},
                {"type": "skip", "offer": handle, "reason": "other", "heard_ms": 10},
                {"type": "retract", "offer": handle},
                {"type": "recall", "offer": handle},
                {"type": "duel", "duel": handle, "choice": "left", "heard_left_ms": 1, "heard_right_ms": 1},
                {"type": "consent", "version": "own-0", "language": "de"},
                {"type": "ping"},
            ]
        )
        message["id"] = str(uuid4())
        if broken:
            spoiled = rng.choice(list(message))
            message[spoiled] = rng.choice([None, -1, 10**30, [], {}, "\x00", "ß" * 70, "type", 0.5, True, [[[]]]])
            if rng.random() < 0.3:
                message[f"extra{rng.randint(0, 9)}"] = 1
        return json.dumps(message)


async def flood(page: Page, frames: Flood, count: int, told: Counter[str]) -> None:
    """Send them all, a few at a time, and hear an answer to each."""
    for start in range(0, count, 20):
        some = [frames.next() for _ in range(min(20, count - start))]
        for frame in some:
            await page.send(frame)
        waiting = len(some)
        while waiting:
            said = await page.hear()
            if said["type"] in {"refused", "kept", "pong", "recalled"}:
                waiting -= 1
                told[str(said.get("code", said["type"]))] += 1


@pytest.mark.django_db(transaction=True)
async def test_ten_thousand_frames_are_each_answered_and_nobody_else_notices(world: World, no_limits: None) -> None:
    elsewhere = await in_thread(make_world, size=4)
    strangers = await in_thread(lambda: list(elsewhere.newest.individuals.values_list("pk", flat=True)))
    told: Counter[str] = Counter()
    with patch("antiphon.listening.consumers.MALFORMED_MAX", FRAMES):
        async with Page(world.room.code, name="Ada") as ada:
            await ada.join()
            floods = [await _flooder(world, elsewhere, strangers, seed) for seed in range(FLOODERS)]
            async with asyncio.TaskGroup() as tasks:
                for page, frames in floods:
                    tasks.create_task(flood(page, frames, FRAMES // FLOODERS, told))
                for _ in range(6):  # meanwhile somebody listens
                    assert (await ada.rate(await ada.next_offer(), 4))["type"] == "kept"
                    await asyncio.sleep(0.2)
            for page, _ in floods:
                assert (await page.ask("ping"))["type"] == "pong"
                await page.close()
            assert (await ada.ask("ping"))["type"] == "pong"
            assert "refused" not in {said["type"] for said in ada.said}
    assert told.total() == FRAMES
    assert set(told) <= REFUSALS | {"kept", "pong", "recalled"}
    assert told["malformed"] > FRAMES / 4
    assert min(told[code] for code in ("too_long", "not_text", "not_offered", "unknown_phrase", "kept")) > 0
    mine = await in_thread(lambda: list(Rating.objects.values_list("listener__name", "individual__generation__id")))
    assert Counter(name for name, _ in mine)["Ada"] == 6
    assert {generation for _, generation in mine} == {(await in_thread(lambda: world.newest)).pk}
    assert await in_thread(_rooms_of_what_was_said) <= {world.room.pk}


def _rooms_of_what_was_said() -> set[int]:
    return {pk for model in (Skip, Retraction, Duel) for pk in model.objects.values_list("room_id", flat=True)}


async def _flooder(world: World, elsewhere: World, strangers: list[int], seed: int) -> tuple[Page, Flood]:
    """A page that has joined, with handles of its own and of another room's phrases."""
    page = Page(world.room.code, name=f"Flood {seed}")
    await page.open()
    listener = UUID((await page.join())["listener"])
    generation = (await in_thread(lambda: elsewhere.newest)).pk
    foreign = [Play(pk, generation).seal(listener) for pk in strangers]
    foreign.append(DuelPair(generation, *strangers[:2]).seal(listener))
    return page, Flood(seed, foreign, [await page.next_offer()])


@pytest.mark.django_db(transaction=True)
async def test_a_page_that_says_too_much_is_told_so_and_then_cut_off(world: World) -> None:
    with (
        held(messages=Limit(per_second=0.5, at_once=4)),
        patch("antiphon.listening.consumers.MALFORMED_MAX", 3),
    ):
        async with Page(world.room.code) as page:
            await page.join()  # and consents: the first message of somebody who has joined
            offer = await page.next_offer()
            for _ in range(3):
                await page.ask("ping")
            refused = await page.rate(offer)
            assert (refused["code"], refused["is_final"]) == ("too_fast", False)
            await asyncio.sleep(3.1)  # Valkey hears of what was said a moment later, and counts from then
            assert (await page.rate(offer))["type"] == "kept"
            for _ in range(2):
                assert (await page.ask("ping"))["code"] == "too_fast"
            with pytest.raises(EOFError, match="1013"):
                await page.hear_until("nothing more")


@pytest.mark.django_db(transaction=True)
async def test_an_address_that_opens_too_many_connections_waits(world: World) -> None:
    with held(openings=Limit(per_second=0.01, at_once=2)):
        async with Page(world.room.code) as first, Page(world.room.code, name="Ben") as second:
            await first.join()
            await second.join()
            async with Page(world.room.code, name="Cleo") as third:
                assert (await third.hear())["code"] == "too_fast"
                with pytest.raises(EOFError, match="1013"):
                    await third.hear()
            assert (await first.rate(await first.next_offer()))["type"] == "kept"


@pytest.mark.django_db(transaction=True)
async def test_an_address_that_sends_nonsense_is_cut_off(world: World) -> None:
    with held(nonsense=Limit(per_second=0.01, at_once=3)):
        async with Page(world.room.code) as page:
            for _ in range(4):
                await page.send("nonsense")
                assert (await page.hear())["code"] == "malformed"
            with pytest.raises(EOFError, match="1013"):
                await page.hear()


@pytest.mark.django_db(transaction=True)
async def test_a_listener_has_only_so_many_pages_open(world: World) -> None:
    with patch.object(limits, "PAGES_MAX", 2):
        async with Page(world.room.code) as first, Page(world.room.code) as other:
            await first.join()
            await other.join()
            async with (
                Page(world.room.code, cookie=first.cookie) as second,
                Page(world.room.code, cookie=first.cookie) as third,
            ):
                await second.join()
                await third.send({"type": "join", "id": str(uuid4()), "protocol": 2})
                assert (await third.hear_until("refused"))["code"] == "too_many_pages"
                with pytest.raises(EOFError, match="4429"):
                    await third.hear()
            async with Page(world.room.code, cookie=first.cookie) as again:
                await again.join()


@pytest.mark.django_db(transaction=True)
async def test_several_pages_of_one_listener_may_say_as_much_as_one(world: World) -> None:
    with held(messages=Limit(per_second=0.01, at_once=4)):
        async with Page(world.room.code) as first, Page(world.room.code) as other:
            await first.join()
            await other.join()
            async with Page(world.room.code, cookie=first.cookie) as second:
                await second.join()  # and has agreed before
                said = [(await page.ask("ping"))["type"] for page in (first, second, second, first)]
            assert said == ["pong", "pong", "pong", "refused"]
            assert (await other.ask("ping"))["type"] == "pong"
