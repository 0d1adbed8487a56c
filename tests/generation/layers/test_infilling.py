from typing import Any

import keras
import numpy as np
import pytest

from generation.codecs import ExpressiveCodec
from generation.drawing.bar_loop import BarAnswers, BarSteps
from generation.drawing.note import HeadsAnswers
from generation.network import field_sizes, previous_notes, start_tokens
from tests.generation.networks import untrained

SIZES = field_sizes(ExpressiveCodec())
ENDS = np.cumsum(SIZES)
WINDOW, AFTER = 16, 8


@pytest.fixture(scope="module")
def model() -> Any:
    return untrained("bars", window=WINDOW, window_after=AFTER).model


def row_of(n: int, *, seed: int, most: int = WINDOW + AFTER) -> np.ndarray:
    """Random notes in bars of about three, and missing ones after them, (1, most, fields)."""
    rng = np.random.default_rng(seed)
    notes = np.tile(start_tokens(SIZES), (1, most, 1)).astype(np.int32)
    notes[0, :n] = rng.integers(0, np.array(SIZES), (n, len(SIZES)))
    notes[0, :n, 0] = rng.random(n) < 0.35
    notes[0, 0, 0] = 0
    return notes


def said(model: Any, notes: np.ndarray) -> np.ndarray:
    """Logits of each note of the window, (window, sum of sizes)."""
    logits: np.ndarray = np.array(model([previous_notes(notes, SIZES), notes]))
    return np.asarray(logits[0])


@pytest.mark.parametrize("seed", range(3))
def test_a_note_is_said_from_all_before_it_and_all_later_bars_and_nothing_else(model: Any, seed: int) -> None:
    notes = row_of(WINDOW + AFTER, seed=seed)
    bars, before = np.cumsum(notes[0, :, 0]), said(model, notes)
    for changed in range(WINDOW + AFTER):
        other = notes.copy()
        other[0, changed, 1:] = (other[0, changed, 1:] + 1) % SIZES[1:]
        is_moved = np.abs(said(model, other) - before) > 1e-5
        for asked in range(WINDOW):
            is_later = bars[changed] > bars[asked]
            assert is_moved[asked, ENDS[0] : ENDS[1]].any() == (changed < asked or is_later)
            assert changed == asked or is_moved[asked, ENDS[1] :].any() == (changed < asked or is_later)
            # Whether a bar goes on is asked of the bar of the note before: what comes after that one is heard.
            is_later = bars[changed] > bars[max(0, asked - 1)]
            assert is_moved[asked, : ENDS[0]].any() == (changed < asked or is_later)


def test_missing_notes_tell_nothing_but_that_they_are_missing(model: Any) -> None:
    notes = row_of(9, seed=0)
    other = notes.copy()
    other[0, 9:, 1:] = 0
    silenced = keras.models.clone_model(model)
    silenced.set_weights(model.get_weights())
    backwards = silenced.get_layer("backwards")
    backwards.set_weights([np.zeros_like(array) for array in backwards.get_weights()])
    assert said(silenced, other)[:9] == pytest.approx(said(silenced, notes)[:9], abs=1e-5)
    assert np.abs(said(model, other)[:9] - said(model, notes)[:9]).max() > 1e-4  # while an LSTM hears how they are said


@pytest.mark.parametrize(
    ("n_before", "n_own", "n_after"), [(5, 6, 8), (0, 4, 7), (6, 3, 0), (12, 4, 3), (0, 5, 0), (1, 1, 1)]
)
def test_a_bar_heard_note_by_note_is_heard_as_the_network_learnt_it(
    model: Any, n_before: int, n_own: int, n_after: int
) -> None:
    n = n_before + n_own + n_after
    notes = row_of(n, seed=n)
    notes[0, n_before : n_before + n_own, 0] = 0
    notes[0, n_before, 0] = 2 if n_before else 0
    notes[0, n_before + n_own : n_before + n_own + min(1, n_after), 0] = 1
    expected = said(model, notes)
    # As many missing notes after the bar as the row has there: an LSTM hears how many.
    steps = BarSteps(model, WINDOW, 10, WINDOW + AFTER - n_before - n_own)
    before = np.tile(start_tokens(SIZES), (1, WINDOW + 1, 1)).astype(np.int32)
    before[0, WINDOW + 1 - n_before :] = notes[0, :n_before]
    about, memory = steps.listen(*tensors(before, notes[:, n_before + n_own :], notes[:, n_before, 0]))
    answers = BarAnswers(HeadsAnswers(steps.heads), steps.recall)
    answers.scale(np.ones(ENDS[-1], dtype=np.float32), np.zeros(ENDS[-1], dtype=np.float32))
    (note,) = tensors(before[:, -1])
    for t in range(n_own):
        place, following = tensors(t, notes[:, n_before + t])
        memory, context = steps.hear(place, note, about, memory)
        note = following
        found = []
        for field in range(len(SIZES)):
            found.append(np.array(answers.logits(context, field))[0])
            context = answers.choose(context, field, note[:, field])
        memory = steps.write(place, note, memory)
        first = 0 if t else ENDS[0]  # the bar step of a bar's first note is known
        assert np.concatenate(found)[first:] == pytest.approx(expected[n_before + t, first:], abs=1e-4)


def tensors(*values: Any) -> list[Any]:
    return [keras.ops.convert_to_tensor(value) for value in values]
