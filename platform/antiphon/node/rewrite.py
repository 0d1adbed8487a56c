"""A `rewrite` job: fetch the checkpoint, write one bar of each score anew, send the scores."""

import logging
from typing import Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import JobImpossible
from antiphon.node.sample import Sampler
from generation.score.notes import Score

log = logging.getLogger(__name__)


def run_rewrite_job(client: NodeClient, claim: Claim, sampler: Sampler) -> dict[str, Any]:
    """Re-write as the job says; a bar that the network cannot take comes back as null. Raises JobImpossible."""
    from generation.drawing.settings import SampleRefused
    from generation.rewriting import rewrite_bars  # with TensorFlow: seconds, only where needed

    checkpoint = sampler.borrow(client, claim)
    bars = [(Score.from_json(one["score"]), int(one["bar"])) for one in claim.specification["bars"]]
    seed = int(claim.specification["seed"])
    try:
        scores: list[Score | None] = list(rewrite_bars(checkpoint, bars, seed=seed))
    except SampleRefused:
        # One that cannot be taken must not cost the others theirs.
        scores = []
        for place, bar in enumerate(bars):
            try:
                scores += rewrite_bars(checkpoint, [bar], seed=seed + place)
            except SampleRefused as error:
                log.info("job %s: bar %d of score %d is left as it was: %s", claim.job_id, bar[1], place, error)
                scores.append(None)
    if bars and all(score is None for score in scores):
        raise JobImpossible("No bar of these scores could be re-written by this network.")
    return {"scores": [None if score is None else score.to_json() for score in scores]}
