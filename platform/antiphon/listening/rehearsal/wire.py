"""A phrase as the protocol gives it, made a score again: what a simulated listener hears is what a page plays."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.score.notes import NOTE, Bend, Meter, Part, Score, Tempo

SECONDS_PER_MINUTE = 60.0
DENOMINATORS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class HeardPhrase:
    """A phrase as a score of one tempo, and how long it sounds, rests at its end included."""

    score: Score
    duration_seconds: float


def heard_phrase(encoded: str) -> HeardPhrase:
    """The phrase in `encoded`, JSON of antiphon.listening.protocol.Phrase.

    Times on the wire are seconds and the tempo is the mean one, so a tempo curve comes back as timing.
    """
    phrase: dict[str, Any] = json.loads(encoded)
    quarters_per_second = phrase["tempo_bpm"] / SECONDS_PER_MINUTE
    quarters_per_bar = phrase["duration_seconds"] * quarters_per_second / phrase["bars"]
    rows = [
        (
            note["onset_seconds"] * quarters_per_second,
            max(note["duration_seconds"], 1e-3) * quarters_per_second,
            note["pitch"],
            note["velocity"],
            note["part"],
        )
        for note in phrase["notes"]
    ]
    notes = np.array(rows, dtype=NOTE)
    score = Score(
        notes=notes[np.lexsort((notes["pitch"], notes["part"], notes["onset_quarters"]))],
        parts=tuple(Part(program=part["program"], is_drum=part["is_drum"]) for part in phrase["parts"]),
        tempos=(Tempo(0.0, phrase["tempo_bpm"]),),
        meters=(Meter(0.0, phrase["beats_per_bar"], _denominator(phrase["beats_per_bar"], quarters_per_bar)),),
        bends=tuple(
            Bend(bend["part"], bend["onset_seconds"] * quarters_per_second, bend["cents"]) for bend in phrase["bends"]
        ),
    )
    return HeardPhrase(score, phrase["duration_seconds"])


def _denominator(beats_per_bar: int, quarters_per_bar: float) -> int:
    """What a beat is of a whole note: the power of two by which the beats fill the bar."""
    return min(DENOMINATORS, key=lambda one: abs(beats_per_bar * 4 / one - quarters_per_bar))
