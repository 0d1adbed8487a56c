"""Two web processes hold a listener and an address to one limit, and the pages of one that is killed are free again."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest

from antiphon.accounts.services import issue_listener
from antiphon.core.limits import TOLD_SECONDS
from antiphon.listening.rehearsal.client import LOST, Conversation, TurnedAway
from antiphon.listening.rehearsal.tally import Tally
from antiphon.listening.threads import in_thread
from tests.antiphon.listening.live.web_process import WebProcess, web_process
from tests.antiphon.listening.worlds import World, make_world

AMPLE = [1e6, 1e6]
HEARD_OF_SECONDS = TOLD_SECONDS + 0.3  # after which each process knows what Valkey does

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def two(request: pytest.FixtureRequest, world: World) -> Iterator[tuple[WebProcess, WebProcess]]:
    told = {"name": str(uuid4()), "pages": 8, "kept_seconds": 30.0, "messages": AMPLE, "openings": AMPLE}
    with ExitStack() as stack:
        first, second = (stack.enter_context(web_process(**told | request.param)) for _ in range(2))
        yield first, second


class Guest:
    """A listener with pages in whichever process."""

    def __init__(self, world: World, cookie: str) -> None:
        self._world, self._cookie = world, cookie
        self._pages: list[Conversation] = []

    async def open(self, at: WebProcess) -> Conversation:
        """A page that has joined. Raises TurnedAway for good, ConnectionError for now."""
        page = Conversation(at.door, self._world.room.code, self._cookie, None, Tally())
        self._pages.append(page)
        await page.open()
        return page

    async def close(self) -> None:
        """Close all pages."""
        for page in self._pages:
            await page.close()


@asynccontextmanager
async def guest(world: World) -> Any:
    """Somebody new."""
    _, cookie = await in_thread(issue_listener, name="Ada")
    one = Guest(world, cookie)
    try:
        yield one
    finally:
        await one.close()


async def pinged(page: Conversation, count: int) -> list[str]:
    """What a page is answered that says so much, without waiting for the answers."""
    ids = [str(uuid4()) for _ in range(count)]
    for one in ids:
        await page._send({"type": "ping", "id": one})
    answers: dict[str, str] = {}
    while len(answers) < count:
        assert page._connection is not None
        said = json.loads(await page._connection.recv())
        if said.get("id") in ids:
            answers[said["id"]] = said.get("code", said["type"])
    return [answers[one] for one in ids]


@pytest.mark.parametrize("two", [{"pages": 2, "kept_seconds": 3.0}], indirect=True)
async def test_pages_count_over_both_and_those_of_a_killed_process_are_free_again(
    two: tuple[WebProcess, WebProcess], world: World
) -> None:
    first, second = two
    async with guest(world) as ada, guest(world) as ben:
        for page in await asyncio.gather(ada.open(first), ada.open(first), ben.open(second)):
            assert page.is_connected
        await asyncio.sleep(4.0)  # longer than a page is kept unless it is renewed
        with pytest.raises(TurnedAway, match="too_many_pages"):
            await ada.open(first)
        with pytest.raises(ConnectionError, match="at most 2 pages"):  # not for good: the other process may be gone
            await ada.open(second)
        await ben.open(first)
        first.kill()
        with pytest.raises(ConnectionError, match="at most 2 pages"):
            await ada.open(second)
        await asyncio.sleep(3.5)
        await asyncio.gather(ada.open(second), ada.open(second), ben.open(second))
        for one in (ada, ben):
            with pytest.raises(TurnedAway, match="too_many_pages"):
                await one.open(second)


@pytest.mark.parametrize("two", [{"messages": [0.01, 6]}], indirect=True)
async def test_what_a_listener_says_counts_over_both(two: tuple[WebProcess, WebProcess], world: World) -> None:
    async with guest(world) as ada, guest(world) as ben:
        here, there, bens = await asyncio.gather(ada.open(two[0]), ada.open(two[1]), ben.open(two[1]))
        assert await pinged(here, 5) == ["pong"] * 5
        await asyncio.sleep(HEARD_OF_SECONDS)
        assert await pinged(there, 1) == ["pong"]
        await asyncio.sleep(HEARD_OF_SECONDS)
        assert await pinged(there, 3) == ["too_fast"] * 3
        assert await pinged(bens, 3) == ["pong"] * 3


@pytest.mark.parametrize("two", [{"openings": [0.01, 4]}], indirect=True)
async def test_connections_of_an_address_count_over_both(two: tuple[WebProcess, WebProcess], world: World) -> None:
    async with guest(world) as ada:
        await asyncio.gather(*(ada.open(two[0]) for _ in range(3)))
        await asyncio.sleep(HEARD_OF_SECONDS)
        await ada.open(two[1])
        await asyncio.sleep(HEARD_OF_SECONDS)
        with pytest.raises(LOST, match=r"Too many connections|too_fast"):
            await ada.open(two[1])
