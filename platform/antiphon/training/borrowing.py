"""What every job that borrows a network shares: its checkpoint on the way out, and the scores that come back."""

from typing import Any

import numpy as np
from django.conf import settings

from antiphon.core.errors import Invalid, NotFound
from antiphon.core.jobs import Payload
from antiphon.training.models import Checkpoint
from antiphon.training.reports import checkpoint_bytes
from generation.score.notes import Score

PITCHES = 128
QUARTERS_MAX = 1e6


def checkpoint_of(payload: Payload) -> Checkpoint:
    """The checkpoint that a job asks for. Raises NotFound where it was deleted."""
    checkpoint = Checkpoint.objects.select_related("run").filter(pk=payload["checkpoint_id"]).first()
    if checkpoint is None:
        raise NotFound("The checkpoint to sample from was deleted.")
    return checkpoint


def checkpoint_archive(payload: Payload) -> bytes:
    """Its file, for the node. Raises NotFound."""
    try:
        return checkpoint_bytes(checkpoint_of(payload))
    except OSError as error:
        raise NotFound("The file of this checkpoint is gone from the store.") from error


def checked_score(data: Any) -> Score:
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
