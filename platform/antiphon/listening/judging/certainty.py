"""How sure a generation's parents are: what choosing them now is expected to cost, looked at no more than is needed.

The estimate goes through all ratings of a population. However many listeners rate, it is made at most once a second a
generation over all web processes, and for all generations together takes at most a tenth of a process's time; in
between what was found last is told.
"""

import json
import time
from dataclasses import dataclass

from django.conf import settings
from redis.client import Redis

from antiphon.listening.judging.fitness import CrowdEstimator
from antiphon.listening.share import Share
from antiphon.populations.models import Generation

TURN_SECONDS = 1.0
KEPT_SECONDS = 2 * 24 * 3600

_looking = Share(0.1)


@dataclass(frozen=True)
class Certainty:
    """The expected selection error on the rating scale, None while nothing is known; and whether it is of now."""

    error: float | None = None
    is_fresh: bool = False


def look(generation: Generation, *, tally: int, is_patient: bool = True) -> Certainty:
    """How sure the parents of a generation are after `tally` ratings and revisions.

    Who is patient is told what was found a moment ago, where somebody has just looked.
    """
    found_key, turn_key = _key(generation.pk, "found"), _key(generation.pk, "turn")
    with Redis.from_url(settings.REDIS_URL) as valkey:
        known = _read(valkey.get(found_key), tally)
        if known.is_fresh:
            return known
        has_turn = valkey.set(turn_key, 1, nx=True, px=int(TURN_SECONDS * 1000))
        if is_patient and not has_turn:
            return known
        began = time.monotonic()
        error = CrowdEstimator().live(generation).expected_error
        rest_seconds = max(TURN_SECONDS, _looking.rest_seconds(generation.pk, time.monotonic() - began))
        valkey.set(found_key, json.dumps([tally, error]), ex=KEPT_SECONDS)
        valkey.set(turn_key, 1, px=int(rest_seconds * 1000))
    return Certainty(error, is_fresh=True)


def remembered(generation_ids: list[int]) -> dict[int, float | None]:
    """What was found last of some generations, without looking."""
    if not generation_ids:
        return {}
    with Redis.from_url(settings.REDIS_URL) as valkey:
        found = valkey.mget([_key(pk, "found") for pk in generation_ids])
    return {pk: _read(text, None).error for pk, text in zip(generation_ids, found, strict=True)}


def forget(generation_id: int) -> None:
    """Let what was found be found anew: another's answers count now."""
    with Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.delete(_key(generation_id, "found"), _key(generation_id, "turn"))


def _read(text: bytes | None, tally: int | None) -> Certainty:
    if text is None:
        return Certainty()
    of, error = json.loads(text)
    return Certainty(error, is_fresh=of == tally)


def _key(generation_id: int, name: str) -> str:
    return f"antiphon:certainty:{{{generation_id}}}:{name}"
