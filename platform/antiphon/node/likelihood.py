"""A `likelihood` job: say how surprised a checkpoint is by each of some scores."""

import math
from typing import Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import JobImpossible
from antiphon.node.sample import Sampler
from generation.score.notes import Score


def run_likelihood_job(client: NodeClient, claim: Claim, sampler: Sampler) -> dict[str, Any]:
    """Judge as the job says: nats a note of each score, null for one that cannot be said. Raises JobImpossible."""
    from generation.likelihood.held_out import JudgingRefused  # with TensorFlow: seconds, only where needed
    from generation.likelihood.phrases import phrase_nats

    checkpoint = sampler.borrow(client, claim)
    scores = [Score.from_json(score) for score in claim.specification["scores"]]
    try:
        found = phrase_nats(checkpoint, scores)
    except JudgingRefused as error:
        raise JobImpossible(str(error)) from error
    return {"nats": [float(value) if math.isfinite(value) else None for value in found]}
