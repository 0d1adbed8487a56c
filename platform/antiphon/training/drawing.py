"""Samples as nodes bring them: checked, kept, and told to whoever waits for them."""

from typing import Any

import numpy as np
from django.conf import settings

from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.errors import Invalid, NotFound
from antiphon.core.events import SamplesDrawn
from antiphon.core.jobs import Payload
from antiphon.training.memorisation import order_for_samples
from antiphon.training.models import Checkpoint, Sample
from antiphon.training.playing import play
from antiphon.training.priming import prime_score
from antiphon.training.reports import checkpoint_bytes
from antiphon.training.sample_settings import Prime, sampling_of
from antiphon.training.services import purpose_of
from generation.score.notes import Score

PITCHES = 128
QUARTERS_MAX = 1e6
CANCELLED = "The drawing of these samples was cancelled."


def sample_specification(payload: Payload) -> Payload:
    """What a node is told. Raises NotFound where the checkpoint, or the file to go on from, was deleted."""
    _checkpoint(payload)
    wanted = payload["settings"]
    prime = wanted.get("prime")
    return {
        "count": wanted["count"],
        "length": wanted["length"],
        "seed": wanted["seed"],
        "tempo_bpm": wanted["tempo_bpm"],
        "sampling": sampling_of(wanted),
        "prime": None if prime is None else prime_score(Prime(**prime)).to_json(),
    }


def sample_archive(payload: Payload) -> bytes:
    """The checkpoint that the samples are drawn from. Raises NotFound."""
    try:
        return checkpoint_bytes(_checkpoint(payload))
    except OSError as error:
        raise NotFound("The file of this checkpoint is gone from the store.") from error


def samples_drawn(payload: Payload, result: Payload) -> None:
    """Keep the scores that a node has drawn. Raises Invalid where they are none."""
    checkpoint = _checkpoint(payload)
    scores = result.get("scores")
    if not isinstance(scores, list) or not scores:
        raise Invalid("Expected `scores`, a list of at least one score.")
    how = {key: value for key, value in payload["settings"].items() if key != "count"}
    job_id = payload["job_id"]
    drawn = [_checked(score) for score in scores]
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


def _checkpoint(payload: Payload) -> Checkpoint:
    checkpoint = Checkpoint.objects.select_related("run").filter(pk=payload["checkpoint_id"]).first()
    if checkpoint is None:
        raise NotFound("The checkpoint to sample from was deleted.")
    return checkpoint


def _checked(data: Any) -> Score:
    """A score, made anew from what came. Raises Invalid where it is none, or holds impossible notes."""
    try:
        score = Score.from_json(data)
    except (KeyError, TypeError, ValueError, OverflowError, IndexError) as error:
        raise Invalid(f"Expected a score as Score.to_json writes it: {error}.") from None
    notes = score.notes
    if len(notes) > settings.MIDI_MAX_NOTES:
        raise Invalid(f"Expected at most {settings.MIDI_MAX_NOTES:,} notes in a score; got {len(notes):,}.")
    times = np.concatenate([notes["onset_quarters"], notes["duration_quarters"]])
    tempos = np.array([tempo.tempo_bpm for tempo in score.tempos], dtype=np.float64)
    checks = {
        "onsets and durations": bool(np.all((times >= 0) & (times < QUARTERS_MAX))),
        "pitches": bool(np.all((notes["pitch"] >= 0) & (notes["pitch"] < PITCHES))),
        "velocities": bool(np.all((notes["velocity"] > 0) & (notes["velocity"] < PITCHES))),
        "parts": bool(np.all((notes["part"] >= 0) & (notes["part"] < len(score.parts)))),
        "tempos": len(tempos) > 0 and bool(np.all((tempos > 1) & (tempos < 10_000))),
        "meters": all(0 < meter.numerator <= 64 and 0 < meter.denominator <= 64 for meter in score.meters),
    }
    wrong = [name for name, is_right in checks.items() if not is_right]
    if wrong:
        raise Invalid(f"A score has {' and '.join(wrong)} out of range.")
    return score


def _tell(checkpoint: Checkpoint, payload: Payload, count: int, reason: str = "") -> None:
    broadcast(
        host_group(checkpoint.run.owner_id),
        SamplesDrawn(checkpoint=checkpoint.pk, job=payload["job_id"], count=count, reason=reason),
    )
