"""What changes often reaches every page of a full room, in turns, and what is no longer true does not."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import cast

from antiphon.listening.live.page import RoomPage
from antiphon.listening.live.turns import TOLD_AT_ONCE, TOLD_PER_SECOND, InTurns, Pace
from antiphon.listening.protocol.told import Presence


@dataclass
class Page:
    """One that only hears."""

    heard: list[int] = field(default_factory=list)

    def push(self, text: str) -> None:
        self.heard.append(int(json.loads(text)["here"]))


def here(count: int) -> Presence:
    return Presence(here=count, names=[])


def room(size: int, pace: Pace | None = None) -> tuple[list[Page], InTurns]:
    pages = [Page() for _ in range(size)]
    return pages, InTurns(cast(list[RoomPage], pages), pace or Pace())


async def test_a_small_room_hears_it_at_once() -> None:
    pages, told = room(3)
    told.tell(here(7))
    await asyncio.sleep(0.01)
    assert [page.heard for page in pages] == [[7], [7], [7]]


async def test_a_full_room_hears_it_in_turns_and_only_the_newest() -> None:
    pages, told = room(4 * TOLD_AT_ONCE)
    told.tell(here(1))
    await asyncio.sleep(0)
    assert sum(page.heard == [1] for page in pages) == TOLD_AT_ONCE
    for count in range(2, 50):
        told.tell(here(count))
    await asyncio.sleep(2.5 * len(pages) / TOLD_PER_SECOND)
    assert {page.heard[-1] for page in pages} == {49}
    assert max(len(page.heard) for page in pages) == 2
    assert pages[-1].heard == [49] * len(pages[-1].heard)


async def test_many_rooms_are_told_no_faster_than_one_and_none_is_left_out() -> None:
    pace = Pace()
    rooms = [room(TOLD_AT_ONCE, pace) for _ in range(6)]
    for _, told in rooms:
        told.tell(here(1))
    await asyncio.sleep(2.5 * TOLD_AT_ONCE / TOLD_PER_SECOND)
    assert sum(page.heard == [1] for pages, _ in rooms for page in pages) == 3 * TOLD_AT_ONCE
    for _, told in rooms:
        told.tell(here(2))
    await asyncio.sleep(8 * TOLD_AT_ONCE / TOLD_PER_SECOND)
    assert [pages[0].heard for pages, _ in rooms] == [[1, 2]] * 3 + [[2]] * 3


async def test_what_is_no_longer_true_is_told_to_nobody_else_and_what_comes_after_it_is_told_to_all() -> None:
    pages, told = room(2 * TOLD_AT_ONCE)
    told.tell(here(1))
    await asyncio.sleep(0)
    told.forget()
    await asyncio.sleep(2 * len(pages) / TOLD_PER_SECOND)
    assert sum(page.heard == [1] for page in pages) == TOLD_AT_ONCE
    assert sum(page.heard == [] for page in pages) == TOLD_AT_ONCE
    told.tell(here(2))
    await asyncio.sleep(2 * len(pages) / TOLD_PER_SECOND)
    assert {page.heard[-1] for page in pages} == {2}


async def test_nothing_is_told_after_a_stop() -> None:
    pages, told = room(2 * TOLD_AT_ONCE)
    told.tell(here(1))
    await asyncio.sleep(0)
    await told.stop()
    await asyncio.sleep(2 * len(pages) / TOLD_PER_SECOND)
    assert sum(len(page.heard) for page in pages) == TOLD_AT_ONCE
