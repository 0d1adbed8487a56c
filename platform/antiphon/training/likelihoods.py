"""How surprised a network is by scores, for whoever has some: asked of a node, checked when the answer comes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon.core.enqueue import enqueue
from antiphon.core.errors import Invalid
from antiphon.core.jobs import Kind, Payload
from antiphon.training.borrowing import checkpoint_of
from antiphon.training.models import Checkpoint
from generation.score.notes import Score

EXPRESSIVE = "expressive"


@dataclass(frozen=True)
class LikelihoodPurpose:
    """Who has scores to be judged: what they are, and whom to tell when the answer has come or will not come.

    `scores` is asked again when it comes: what it answers must be the same. What comes is nats a note,
    the mean negative log-likelihood, and None for a score that the network cannot say.
    """

    scores: Callable[[Payload], Sequence[Score]]
    judged: Callable[[Payload, Sequence[float | None]], None]
    failed: Callable[[Payload], None]


_purposes: dict[str, LikelihoodPurpose] = {}


def on_likelihoods(purpose: str, answer: LikelihoodPurpose) -> None:
    """Answer for the scores of a purpose; called once from AppConfig.ready."""
    _purposes[purpose] = answer


def check_judges(checkpoint: Checkpoint) -> None:
    """Raises Invalid where the network cannot say how probable a single phrase is."""
    run = checkpoint.run
    if run.codec != EXPRESSIVE or run.is_rewriting:
        raise Invalid(
            f"taste_likelihood: expected a network that plays notes with time, like one of the preset `quick`; that of "
            f"{run.name!r} is of the preset `{run.preset}`. Choose another checkpoint, or leave it off."
        )


def order_likelihoods(*, checkpoint: Checkpoint, owner_id: int, purpose: str, **payload: Any) -> int:
    """Order the scores of a purpose to be judged and return the job's id; `payload` comes back to the purpose."""
    Checkpoint.objects.filter(pk=checkpoint.pk).update(is_kept=True)
    return enqueue(Kind.LIKELIHOOD, owner_id=owner_id, checkpoint_id=checkpoint.pk, purpose=purpose, **payload)


def likelihood_specification(payload: Payload) -> Payload:
    """What a node is told. Raises NotFound where the checkpoint was deleted."""
    checkpoint = checkpoint_of(payload)
    scores = [score.to_json() for score in _purposes[payload["purpose"]].scores(payload)]
    return {"scores": scores, "checkpoint_sha256": checkpoint.sha256}


def scores_judged(payload: Payload, result: Payload) -> None:
    """Hand what a node has found to whoever asked. Raises Invalid where it is not one number, or null, a score."""
    purpose = _purposes[payload["purpose"]]
    found, expected = result.get("nats"), len(purpose.scores(payload))
    if not isinstance(found, list) or len(found) != expected:
        raise Invalid(f"Expected `nats`, a list of {expected} numbers or nulls, one for each score.")
    purpose.judged(payload, [_checked(value) for value in found])


def judging_failed(payload: Payload, _reason: str = "") -> None:
    """Tell whoever asked that nothing will come."""
    _purposes[payload["purpose"]].failed(payload)


def _checked(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise Invalid(f"Expected nats a note, a number from 0, or null; got {value!r}.")
    return float(value)
