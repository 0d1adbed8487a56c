import numpy as np
import pytest

from generation.score.notes import Bend, Meter, Part, Score, Tempo, sort_notes
from tests.measurements.expressive_loss import Losses, measure, table

SLOT = 1 / 12


def test_what_is_lost_of_a_score_is_counted() -> None:
    rows = [(4.0 + SLOT / 20, 1.0, 60, 68, 0), (4.0 + SLOT / 18, 0.5, 60, 68, 0), (4.0, 1.0, 60, 64, 1)]
    rows += [(5.0, 16.0, 64, 68, 0), (40.0, 1.0, 67, 68, 0), (4.0, 1.0, 36, 68, 2)]
    losses = Losses()
    measure(
        Score(
            sort_notes(rows),
            parts=(Part(), Part(program=5), Part(is_drum=True)),
            tempos=(Tempo(0.0, 60.0), Tempo(5.0, 120.0)),
            meters=(Meter(0.0, 4, 4), Meter(5.0, 3, 4)),
            bends=(Bend(0, 0.0, 50.0),),
        ),
        losses,
    )
    counts = losses.counts
    assert (counts["notes with drums"], counts["drum notes"], counts["notes"]) == (6, 1, 5)
    assert (counts["notes dropped, all parts as one"], counts["notes dropped, part by part"]) == (2, 1)
    assert (counts["rests closed up"], counts["bars cut from rests"]) == (1, 6)
    assert (counts["tempo marks after the first"], counts["bends"], counts["notes outside 4/4"]) == (1, 1, 2)
    assert counts["notes longer than the longest class"] == 1
    assert counts["pieces with silent bars before the first note"] == 1
    errors = {name: np.concatenate(values) for name, values in losses.errors.items()}
    assert errors["onset ms"].max() == pytest.approx(1000 * SLOT / 18, rel=1e-6)
    assert errors["duration ratio"].max() == pytest.approx(1.0)
    assert errors["velocity"].max() == 4
    assert "| notes | 5 |" in table({"here": losses})
