"""A platform worker for tests of rehearsals: does seeding, breeding and rehearsing as jobs are ordered, in threads."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from antiphon.core.jobs import Kind
from antiphon.workers.actors import work_in_thread
from antiphon.workers.models import Job

LOOK_SECONDS = 0.05
DONE_SECONDS = 30.0


@contextmanager
def working(*kinds: Kind) -> Iterator[None]:
    """Do jobs of these kinds until the block ends, each kind on a thread of its own."""
    is_over = threading.Event()
    threads = [threading.Thread(target=_work, args=(kind, is_over)) for kind in kinds]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join(DONE_SECONDS)


def wait_until(is_so: Callable[[], bool], seconds: float = DONE_SECONDS) -> None:
    """Wait until it is so. Raises AssertionError where it does not come."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(LOOK_SECONDS)


def _work(kind: Kind, is_over: threading.Event) -> None:
    try:
        while not is_over.wait(LOOK_SECONDS):
            for job_id in list(Job.objects.filter(kind=kind, state=Job.State.QUEUED).values_list("pk", flat=True)):
                work_in_thread(job_id)
    finally:
        connections.close_all()
