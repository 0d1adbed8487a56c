"""What the model makes of a room's listeners while they rate: whose answers look like clicking, how far they agree.

It goes through all ratings of a population, as `certainty` does, and is looked at as seldom: by one process at a time,
which spends a tenth of its time on all rooms together. In between a host is told what was found last.
"""

import time
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from django.conf import settings
from pydantic import TypeAdapter
from redis.client import Redis

from antiphon.listening.judging.certainty import KEPT_SECONDS
from antiphon.listening.judging.fitness import CrowdEstimator
from antiphon.listening.judging.gathering import gather
from antiphon.listening.judging.judged import judge
from antiphon.listening.share import Share
from antiphon.populations.models import Generation
from evolution.agreement import icc
from evolution.clickers import FEWEST_RATINGS

TURN_SECONDS = 2.0

_assessing = Share(0.1)


@dataclass(frozen=True)
class Assessment:
    """Of a population's listeners by their first rating: who they are, whose answers are flagged and why.

    `agreement` is ICC(2,1) of the ratings of the newest generation, `expected_error` what choosing its parents now
    would cost, in rating points; both None where too little was said.
    """

    listeners: tuple[UUID, ...] = ()
    judged: int = 0  # those who have said enough to be told from clicking
    flagged: dict[UUID, tuple[str, str]] = field(default_factory=dict)  # kind and reason
    agreement: float | None = None
    expected_error: float | None = None


@dataclass(frozen=True)
class Stored:
    """What was found, and after how many answers."""

    tally: int
    found: Assessment


_stored = TypeAdapter(Stored)


def assess(generation: Generation, *, tally: int) -> Assessment:
    """What is known of the listeners after so many answers, or was a moment ago."""
    found_key, turn_key = (f"antiphon:assessment:{{{generation.pk}}}:{name}" for name in ("found", "turn"))
    with Redis.from_url(settings.REDIS_URL) as valkey:
        text = valkey.get(found_key)
        known = None if text is None else _stored.validate_json(text)
        if known is not None and known.tally == tally:
            return known.found
        if not valkey.set(turn_key, 1, nx=True, px=int(TURN_SECONDS * 1000)):
            return Assessment() if known is None else known.found
        began = time.monotonic()
        found = _look(generation)
        rest_seconds = max(TURN_SECONDS, _assessing.rest_seconds(generation.pk, time.monotonic() - began))
        valkey.set(found_key, _stored.dump_json(Stored(tally, found)), ex=KEPT_SECONDS)
        valkey.set(turn_key, 1, px=int(rest_seconds * 1000))
    return found


def _look(generation: Generation) -> Assessment:
    said = gather(generation)
    if not len(said.answers):
        return Assessment()
    flagged = judge(said, generation).flagged.values()
    return Assessment(
        listeners=said.listeners,
        judged=int(np.sum(np.bincount(said.answers.listener) >= FEWEST_RATINGS)),
        flagged={said.listeners[one.listener]: (one.kind, one.reason) for one in flagged},
        agreement=icc(said.ratings_of(generation.number)).icc_single,
        expected_error=CrowdEstimator().live(generation).expected_error,
    )
