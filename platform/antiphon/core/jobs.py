"""What kinds of job there are, and who answers for each.

The apps that need work done register here what a node is told when it claims a job, and what happens with its progress,
its artefacts and its result. The `workers` app keeps the rows and the leases and knows none of those apps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO

Payload = dict[str, Any]


class Kind(StrEnum):
    INGEST = "ingest"
    SEED = "seed"
    BREED = "breed"
    MEMORISE = "memorise"
    TRAIN = "train"
    REPORT = "report"
    SAMPLE = "sample"
    REWRITE = "rewrite"
    LIKELIHOOD = "likelihood"
    REHEARSE = "rehearse"


# Platform workers (Django) serve the queues ingest, breed, render and rehearse, nodes (no Django) the other two. A
# report draws samples of its own for a minute: it waits behind training, so that nobody who wants to hear something
# waits behind it.
QUEUES: dict[Kind, str] = {
    Kind.INGEST: "ingest",
    Kind.SEED: "breed",
    Kind.BREED: "breed",
    Kind.MEMORISE: "render",
    Kind.TRAIN: "train",
    Kind.REPORT: "train",
    Kind.SAMPLE: "sample",
    Kind.REWRITE: "sample",
    Kind.LIKELIHOOD: "sample",
    Kind.REHEARSE: "rehearse",
}
NODE_KINDS = frozenset({Kind.TRAIN, Kind.REPORT, Kind.SAMPLE, Kind.REWRITE, Kind.LIKELIHOOD})


def _ignore(*_args: Any) -> None:
    """The answer of a kind that has nothing to do on this occasion."""


@dataclass(frozen=True)
class Handler:
    """What one kind of job means to the app that orders it.

    Every callable but `prepare` takes the job's payload first, with the job's own id added as `job_id`. All but
    `specification`, `archive`, `resume`, `run` and `prepare` are called within the transaction that changes the job.
    """

    specification: Callable[[Payload], Payload] = dict  # what the claimer is told
    archive: Callable[[Payload], bytes] | None = None  # the file it may fetch (a dataset's scores, a checkpoint)
    resume: Callable[[Payload, str], BinaryIO | None] | None = None  # payload, name; the last such artefact received
    started: Callable[[Payload], None] = field(default=_ignore)
    progressed: Callable[[Payload, Payload], None] = field(default=_ignore)  # payload, progress
    received: Callable[[Payload, str, BinaryIO, Payload], Payload] | None = None  # payload, name, file, facts
    finished: Callable[[Payload, Payload], None] = field(default=_ignore)  # payload, result
    failed: Callable[[Payload, str], None] = field(default=_ignore)  # payload, reason; after the last attempt
    cancelled: Callable[[Payload], None] = field(default=_ignore)  # on request, with no result to come
    run: Callable[[Payload], Payload] | None = None  # platform kinds: does the work, returns the result
    prepare: Callable[[], None] = field(default=_ignore)  # as a worker begins: loads what `run` will need


_handlers: dict[Kind, Handler] = {}


def register(kind: Kind, handler: Handler) -> None:
    """Say who answers for a kind; called once from the ordering app's AppConfig.ready."""
    _handlers[kind] = handler


def handler_for(kind: str) -> Handler:
    """The registered handler. Raises KeyError where no app answers for the kind."""
    return _handlers[Kind(kind)]
