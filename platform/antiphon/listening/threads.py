"""Database work away from the event loop, on threads of its own: no page waits behind it, nor it behind a page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4
WRITERS = 2  # batches of ratings at once: while one commits, the next is on its way

# Rooms are read, counted, looked at and closed; what is heard waits behind none of that.
_threads = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="listening")
_writing = ThreadPoolExecutor(max_workers=WRITERS, thread_name_prefix="ratings")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run synchronous work that uses the database; its connection goes back to the pool afterwards."""
    call = database_sync_to_async(work, thread_sensitive=False, executor=_threads)
    result: R = await call(*args, **kwargs)
    return result


async def in_writing_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The same for what somebody waits for with a rating that is to be kept."""
    call = database_sync_to_async(work, thread_sensitive=False, executor=_writing)
    result: R = await call(*args, **kwargs)
    return result
