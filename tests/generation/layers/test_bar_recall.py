from typing import Any

import keras
import numpy as np
import pytest

from generation.codecs import ExpressiveCodec
from generation.layers.bar_recall import BarRecall
from generation.layers.bar_rows import BAR_STEP, DEGREE, OCTAVE, POSITION, BarRow
from generation.layers.infilling import NotesOfTheBar
from generation.network import field_sizes, previous_notes, start_tokens

SIZES = field_sizes(ExpressiveCodec())
ENDS = np.concatenate([[0], np.cumsum(SIZES)])
STROKES = (0, 18, 24, 42)
FIGURE = (0, 2, 4, 2)  # scale steps above a bar's first note
PER_BAR = len(STROKES)


def bars_of(heights: tuple[int, ...], *, missing: int = 0) -> np.ndarray:
    """Bars of one rhythm and figure that begin on scale steps counted from the lowest, (1, row, fields)."""
    notes = np.zeros((len(heights), PER_BAR, len(SIZES)), dtype=np.int32)
    notes[1:, 0, BAR_STEP] = 1
    notes[..., POSITION] = STROKES
    steps = np.array(heights)[:, None] + np.array(FIGURE)
    notes[..., DEGREE], notes[..., OCTAVE] = steps % SIZES[DEGREE], steps // SIZES[DEGREE]
    absent = np.tile(start_tokens(SIZES), (missing, 1))
    return np.concatenate([notes.reshape(-1, len(SIZES)), absent])[None].astype(np.int32)


def recalled(notes: np.ndarray, changes: dict[str, Any] | None = None) -> np.ndarray:
    """What a new layer says of each note of a row, (row, sum of sizes): nothing was heard but the row itself."""
    keras.utils.set_random_seed(0)
    previous, row = previous_notes(notes, SIZES), notes.shape[1]
    # As an embedding would, one vector for each position; other fields are not heard here.
    vectors = keras.ops.one_hot(np.minimum(previous[..., POSITION], SIZES[POSITION]), SIZES[POSITION] + 1) * 8.0
    near = NotesOfTheBar(SIZES[0])(vectors, notes, previous)
    hidden = np.zeros((1, row, 4), dtype=np.float32)
    layer = BarRecall(SIZES)
    layer.build(hidden.shape, hidden.shape, near.shape)
    for name, value in (changes or {}).items():
        weight = getattr(layer, name)
        weight.assign(np.full(weight.shape, value))
    return np.asarray(layer(hidden, hidden, near, notes, previous)[0])


def of(logits: np.ndarray, field: int) -> np.ndarray:
    return logits[:, ENDS[field] : ENDS[field + 1]]


@pytest.mark.parametrize("bar", [0, 1, 2])
def test_a_bar_is_told_the_rhythm_of_those_about_it(bar: int) -> None:
    logits = recalled(bars_of((35, 37, 36)))[PER_BAR * bar : PER_BAR * (bar + 1)]
    assert of(logits, POSITION).argmax(axis=1).tolist() == list(STROKES)


def test_a_bar_is_told_when_those_about_it_are_over() -> None:
    is_over = of(recalled(bars_of((35, 37, 36, 35))), BAR_STEP).argmax(axis=1)
    assert is_over[PER_BAR + 1 : 2 * PER_BAR + 1].tolist() == [0, 0, 0, 1]


def test_a_figure_goes_on_at_another_pitch() -> None:
    # From other notes: as pitch stood there it says nothing of this bar's, as it moved all.
    logits = recalled(bars_of((35, 40, 35)), {"weight": 0.0, "moved": 1.0})[PER_BAR + 1 : 2 * PER_BAR]
    steps = 40 + np.array(FIGURE[1:])
    assert of(logits, DEGREE).argmax(axis=1).tolist() == (steps % SIZES[DEGREE]).tolist()
    assert of(logits, OCTAVE).argmax(axis=1).tolist() == (steps // SIZES[DEGREE]).tolist()


def test_where_nothing_is_known_nothing_is_recalled() -> None:
    logits = recalled(bars_of((35,), missing=6), {"nothing_bias": -80.0})
    assert np.isfinite(logits).all()
    assert np.ptp(of(logits[:1], POSITION)) == pytest.approx(0, abs=1e-5)


def test_rows_know_where_bars_begin_and_go_on() -> None:
    notes = bars_of((35, 37, 36), missing=2)
    row = BarRow(notes, previous_notes(notes, SIZES), 12, SIZES[0])
    assert np.flatnonzero(np.array(row.begins)[0]).tolist() == [0, 4, 8, 12, 13]
    assert np.array(row.resumes)[0].tolist() == [4] * 4 + [8] * 4 + [12] * 4
    assert np.array(row.goes_on)[0].tolist() == [4] * 5 + [8] * 4 + [12] * 3
