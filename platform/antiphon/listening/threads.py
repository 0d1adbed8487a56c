"""Database work away from the event loop, on threads of its own: no page waits behind it, nor it behind a page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")

# Ratings are written by one thread at a time; the others read snapshots, count progress and close.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="listening")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run synchronous work that uses the database; its connection goes back to the pool afterwards."""
    call = database_sync_to_async(work, thread_sensitive=False, executor=_threads)
    result: R = await call(*args, **kwargs)
    return result
