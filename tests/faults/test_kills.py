"""`kill -9` of one process while listeners rate: nothing acknowledged is lost, nothing counts twice, rooms go on."""

import asyncio
import json
from typing import Any

import pytest

from tests.e2e.stack import Stack
from tests.faults.listeners import Page
from tests.faults.world import SIZE

LISTENERS = {"web": 200, "valkey": 200, "postgres": 40}  # by who is killed
KILLED_AFTER = 0.25  # of all ratings
PATIENCE_SECONDS = 400.0  # seconds on a quiet machine; a busy one makes two hundred pages wait


def ask(stack: Stack, what: str, *numbers: int) -> Any:
    """What a function of tests.faults.world says beside the platform."""
    return json.loads(
        stack.ask(f"import json\nfrom tests.faults.world import {what}\nprint(json.dumps({what}{numbers}))")
    )


@pytest.fixture(scope="module")
def rooms(stack: Stack) -> dict[str, dict[str, Any]]:
    """A room for each victim."""
    return dict(zip(LISTENERS, ask(stack, "make", *LISTENERS.values()), strict=True))


async def rate_through_a_kill(stack: Stack, pages: list[Page], victim: str) -> None:
    """Everybody rates everything; a quarter of the way the victim is killed."""
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as rating:
        for page in pages:
            rating.create_task(page.rate(SIZE))
        while sum(len(page.tally.ratings) for page in pages) < KILLED_AFTER * SIZE * len(pages):
            await asyncio.sleep(0.01)
        stack.kill(victim)


@pytest.mark.parametrize("victim", LISTENERS)
def test_no_acknowledged_rating_is_lost_or_counted_twice_and_the_room_goes_on(
    stack: Stack, rooms: dict[str, dict[str, Any]], victim: str
) -> None:
    room = rooms[victim]
    pages = [Page(stack.url, room["code"], cookie) for cookie in room["cookies"]]
    before = stack.pid(victim)
    asyncio.run(rate_through_a_kill(stack, pages, victim))
    kept = ask(stack, "look", room["population"])
    assert stack.pid(victim) != before

    acknowledged = {message_id: said for page in pages for message_id, said in page.acknowledged.items()}
    assert len(acknowledged) == LISTENERS[victim] * SIZE
    assert {message_id: value for message_id, _, value, _ in kept["ratings"]} == acknowledged
    assert len(kept["ratings"]) == len(acknowledged)
    assert not any(is_revised for *_, is_revised in kept["ratings"])
    assert (kept["is_closed"], kept["orders"]) == (True, 1), stack.words()
    if victim == "web":
        assert all(page.connections > 1 for page in pages)
