"""Many callers, one call: what comes in while a call is under way goes along with the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """Gathers single items into lists for `run`, which answers each in order; `at_once` calls may be under way.

    Under load the batches grow by themselves, and a lone item waits for nothing. Two items of one `key` never share a
    batch, so that the later one finds what the earlier one left.
    """

    def __init__(
        self,
        run: Callable[[list[T]], Awaitable[list[R]]],
        *,
        key: Callable[[T], Hashable],
        size_max: int,
        at_once: int = 1,
    ) -> None:
        self._run = run
        self._key = key
        self._size_max = size_max
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._at_once = at_once
        self._running = 0  # counted apart: a task that has ended stays in the set for a moment
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, item: T) -> R:
        """The answer for one item. Raises whatever the call of its batch raised."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running < self._at_once:
            self._running += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def finish(self) -> None:
        """Wait until everything that was asked is answered."""
        await asyncio.gather(*self._tasks)

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._answer(self._take())
        finally:
            self._running -= 1

    async def _answer(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._run([item for item, _ in batch])
        except Exception as error:  # each caller is told, and the next batch may do better
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    def _take(self) -> list[tuple[T, asyncio.Future[R]]]:
        batch: list[tuple[T, asyncio.Future[R]]] = []
        later: list[tuple[T, asyncio.Future[R]]] = []
        keys: set[Hashable] = set()
        while self._waiting and len(batch) < self._size_max:
            item, future = self._waiting.popleft()
            key = self._key(item)
            if key in keys:
                later.append((item, future))
                continue
            keys.add(key)
            batch.append((item, future))
        self._waiting.extendleft(reversed(later))
        return batch
