"""Samples as nodes bring them: checked, kept, and told to whoever waits for them."""

from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.errors import Invalid
from antiphon.core.events import SamplesDrawn
from antiphon.core.jobs import Payload
from antiphon.training.borrowing import checked_score, checkpoint_of
from antiphon.training.memorisation import order_for_samples
from antiphon.training.models import Checkpoint, Sample
from antiphon.training.playing import play
from antiphon.training.priming import prime_score
from antiphon.training.sample_settings import Prime, sampling_of
from antiphon.training.services import purpose_of

CANCELLED = "The drawing of these samples was cancelled."


def sample_specification(payload: Payload) -> Payload:
    """What a node is told. Raises NotFound where the checkpoint, or the file to go on from, was deleted."""
    checkpoint = checkpoint_of(payload)
    wanted = payload["settings"]
    prime = wanted.get("prime")
    return {
        "checkpoint_sha256": checkpoint.sha256,
        "count": wanted["count"],
        "length": wanted["length"],
        "seed": wanted["seed"],
        "tempo_bpm": wanted["tempo_bpm"],
        "sampling": sampling_of(wanted),
        "prime": None if prime is None else prime_score(Prime(**prime)).to_json(),
    }


def samples_drawn(payload: Payload, result: Payload) -> None:
    """Keep the scores that a node has drawn. Raises Invalid where they are none."""
    checkpoint = checkpoint_of(payload)
    scores = result.get("scores")
    if not isinstance(scores, list) or not scores:
        raise Invalid("Expected `scores`, a list of at least one score.")
    how = {key: value for key, value in payload["settings"].items() if key != "count"}
    job_id = payload["job_id"]
    drawn = [checked_score(score) for score in scores]
    samples = Sample.objects.bulk_create(
        Sample(
            checkpoint=checkpoint,
            job_id=job_id,
            index=index,
            settings=how,
            score=score.to_json(),
            played=play(score, job_id=job_id, index=index).to_json(),
        )
        for index, score in enumerate(drawn)
    )
    order_for_samples(checkpoint=checkpoint, sample_job_id=payload["job_id"])
    purpose = purpose_of(payload)
    if purpose is not None:
        purpose.drawn(payload, samples)
    _tell(checkpoint, payload, len(samples))


def samples_failed(payload: Payload, reason: str) -> None:
    """Tell whoever waits that no samples will come."""
    purpose = purpose_of(payload)
    if purpose is not None:
        purpose.failed(payload, reason)
    checkpoint = Checkpoint.objects.select_related("run").filter(pk=payload["checkpoint_id"]).first()
    if checkpoint is not None:
        _tell(checkpoint, payload, 0, reason)


def samples_cancelled(payload: Payload) -> None:
    """The same, where the job was cancelled."""
    samples_failed(payload, CANCELLED)


def _tell(checkpoint: Checkpoint, payload: Payload, count: int, reason: str = "") -> None:
    broadcast(
        host_group(checkpoint.run.owner_id),
        SamplesDrawn(checkpoint=checkpoint.pk, job=payload["job_id"], count=count, reason=reason),
    )
