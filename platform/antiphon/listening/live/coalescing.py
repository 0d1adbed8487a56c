"""Something told at most so often, however often there is reason to, over all web processes."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PRESSING_SECONDS = 0.05  # between two tellings, also where it presses


class Coalesced:
    """Runs `tell` soon after it is asked to, at most once in an interval; the last ask is always followed by a run."""

    def __init__(
        self, valkey: "Redis", *, key: str, interval_seconds: float, tell: Callable[[], Awaitable[None]]
    ) -> None:
        self._valkey = valkey
        self._key = f"antiphon:told:{key}"
        self._interval_seconds = interval_seconds
        self._tell = tell
        self._is_asked = False
        self._is_pressing = asyncio.Event()
        self._told_at = -PRESSING_SECONDS
        self._free_at = 0.0  # as far as known here: Valkey need not be asked before
        self._task: asyncio.Task[None] | None = None

    def ask(self, *, at_once: bool = False) -> None:
        """There is something to tell, or something that presses and is not to wait for the interval."""
        self._is_asked = True
        if at_once:
            self._is_pressing.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def rest(self, seconds: float) -> None:
        """Have the next run wait for so long, where that is longer than the interval."""
        if seconds > self._interval_seconds:
            await self._valkey.set(self._key, 1, px=int(seconds * 1000))
            self._free_at = time.monotonic() + seconds

    async def stop(self) -> None:
        """Tell nothing more."""
        self._is_asked = False
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while self._is_asked:
            try:
                if not await self._has_turn():
                    continue
                self._is_pressing.clear()
                self._is_asked = False
                self._told_at = time.monotonic()
                await self._tell()
            except (RedisError, OSError):
                log.warning("Valkey does not answer; telling %s is tried again.", self._key)
                await asyncio.sleep(self._interval_seconds)
            except Exception:  # one failure must not end the telling for good
                log.exception("telling %s failed", self._key)
                self._is_asked = True
                await asyncio.sleep(1.0)

    async def _has_turn(self) -> bool:
        """Whether it may be told now; where it was told a moment ago, here or by another process, after a wait."""
        if self._is_pressing.is_set():
            await asyncio.sleep(self._told_at + PRESSING_SECONDS - time.monotonic())
            return True
        if self._free_at <= time.monotonic():
            if await self._valkey.set(self._key, 1, nx=True, px=int(self._interval_seconds * 1000)):
                self._free_at = time.monotonic() + self._interval_seconds
                return True
            self._free_at = time.monotonic() + max(await self._valkey.pttl(self._key), 5) / 1000
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_pressing.wait(), self._free_at - time.monotonic())
        return False
