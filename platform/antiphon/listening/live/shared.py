"""What all rooms of one web process have in common: a connection to Valkey, assignment, the writer of ratings."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from django.conf import settings
from redis.asyncio import BlockingConnectionPool, Redis

from antiphon.accounts.models import Listener
from antiphon.accounts.services import listeners_called
from antiphon.listening import services
from antiphon.listening.assigning.assignment import Assignment
from antiphon.listening.batching import Batcher
from antiphon.listening.keeping.pasts import Newcomer, Past, pasts_of
from antiphon.listening.keeping.ratings import NewRating, Outcome, write_ratings
from antiphon.listening.live.pages import Pages
from antiphon.listening.live.turns import Pace
from antiphon.listening.progress import Standing
from antiphon.listening.share import Share
from antiphon.listening.threads import WRITERS, in_thread, in_writing_thread

WRITE_MAX = 500  # ratings in one statement
JOINS_MAX = 100  # listeners looked up at once: a full hall comes back together when a server starts again
LEARNING_PART = 0.1  # of a process's time
COUNTED_MAX = 100  # generations whose ratings are counted at once
CONNECTIONS_MAX = 16  # to Valkey; whoever finds all of them busy waits


class Shared:
    """Opened on a running event loop, with its first room; closed with its last."""

    def __init__(self) -> None:
        pool = BlockingConnectionPool.from_url(settings.REDIS_URL, max_connections=CONNECTIONS_MAX)
        self.valkey = Redis.from_pool(pool)
        self.assignment = Assignment(self.valkey, random.Random())  # noqa: S311  ties, not secrets
        self.pages = Pages(self.valkey)
        self.writer: Batcher[NewRating, Outcome] = Batcher(
            _write, key=lambda rating: rating.key, size_max=WRITE_MAX, at_once=WRITERS
        )
        self.listeners: Batcher[UUID, Listener | None] = Batcher(_find, key=lambda one: one, size_max=JOINS_MAX)
        self.pasts: Batcher[Newcomer, Past] = Batcher(_look_back, key=lambda one: one.listener_id, size_max=JOINS_MAX)
        self.standings: Batcher[int, Standing | None] = Batcher(_take_stock, key=lambda one: one, size_max=COUNTED_MAX)
        self.telling, self.preparing_turn = Pace(), asyncio.Lock()
        self.learning, self.learning_turn = Share(LEARNING_PART), asyncio.Lock()
        self._spawned: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that nobody waits for."""
        task = asyncio.create_task(work)
        self._spawned.add(task)
        task.add_done_callback(self._spawned.discard)

    async def close(self) -> None:
        """Write what is still to be written, and let go of Valkey."""
        await self.writer.finish()
        await self.assignment.finish()
        await self.pages.finish()
        await self.valkey.aclose()


async def _find(listener_ids: list[UUID]) -> list[Listener | None]:
    return await in_thread(listeners_called, listener_ids)


async def _look_back(newcomers: list[Newcomer]) -> list[Past]:
    return await in_thread(pasts_of, newcomers)


async def _write(ratings: list[NewRating]) -> list[Outcome]:
    return await in_writing_thread(write_ratings, ratings)


async def _take_stock(generation_ids: list[int]) -> list[Standing | None]:
    standings = await in_thread(services.take_stock, generation_ids=generation_ids)
    return [standings.get(pk) for pk in generation_ids]
