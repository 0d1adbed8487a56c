"""A layer that hears the bars about a note again: what they have where the music stands now."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from generation.layers.bar_rows import DEGREE, OCTAVE, Aims, BarRow, unless
from generation.layers.recall import CERTAIN, KEY_UNITS, UNLIKE, WAYS, WEIGHT, levelled

BARS_AWAY = 4  # notes of bars further away count alike
LESS_A_BAR = (0.0, 0.3, 1.0, 3.0)  # of each way, at first: what a note loses for every bar that it lies away
LEAST = 1e-6  # that nothing counts for: where no note is known it may have been ruled out by one that was
NEXT = 2.0  # at first: what a note gains that is its bar's next stroke after where the music stands


class BarRecall(keras.layers.Layer):  # type: ignore[misc]
    """Logits of a note's fields from the bars before it and after it, to be added to those of the heads.

    As `generation.layers.recall.Recall`, but for a row that is known on both sides of a bar. A note's key is what its
    own bar had just before it, at most two notes, which can be said of notes that come later too; how many bars away it
    lies, and whether it is its bar's next stroke, count beside. Whether the bar goes on is asked of how other bars went
    on; of a bar's first note only other bars' first notes tell, of its other notes all but those. A note's pitch is
    recalled in two ways: as it was there, and as far from the note before as it was there, for a figure that goes on
    elsewhere.
    """

    def __init__(self, sizes: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sizes = tuple(sizes)

    def build(self, hidden_shape: Any, over_shape: Any = None, near_shape: Any = None, *_: Any) -> None:
        """Weights of all ways lie in one array each."""
        away = np.abs(np.arange(-BARS_AWAY, BARS_AWAY + 1, dtype=np.float32))
        far = _constant(-np.array(LESS_A_BAR, dtype=np.float32)[:, None] * away)
        starts = ("glorot_uniform", "ones", "zeros", "zeros", far, far, *map(_constant, (NEXT, UNLIKE, WEIGHT, WEIGHT)))
        names = ("keys", "gain", "nothing", "nothing_bias", "away", "first_away", "next", "unlike", "weight", "moved")
        shapes = bar_recall_shapes(hidden_shape[-1], near_shape[-1], len(self.sizes))
        for name, shape, start in zip(names, shapes, starts, strict=True):
            setattr(self, name, self.add_weight(shape=shape, initializer=start, name=name))

    def call(self, hidden: Any, over: Any, near: Any, notes: Any, previous: Any) -> Any:
        """-> (batch, steps, sum of sizes) logits of the row's first notes, as many as there are contexts.

        `hidden`, `over` (batch, steps, width) are what was heard about each note, and about whether its bar goes on;
        `near` (batch, row, units) what its bar had before each note of the row; `notes`, `previous` (batch, row,
        fields) int are the row and the notes before each.
        """
        steps = hidden.shape[1]
        row = BarRow(notes, previous, steps, self.sizes[0])
        keys = self.keys_of(near)  # (b, ways, row, units)
        scores = ops.matmul(keys[:, :, :steps] * self.scale()[:, None], ops.transpose(keys, (0, 1, 3, 2)))
        scores = scores + lying(row.previous_bars_away(), self.away)
        scores = scores + ops.cast(row.is_next(), "float32")[:, None] * self.next[:, None, None]
        found, none = levelled(scores + unless(row.is_known_with_previous()), self.nothing_at(over))
        outputs = [self.answer(ops.exp(found), none, notes[..., 0], 0)]
        scores = ops.where(row.begins[:, None, :steps, None], lying(row.bars_away(), self.first_away), scores)
        scores = scores + unless(row.is_known() & row.is_alike())
        scores, none = levelled(scores, self.nothing_at(hidden))
        aims = row.aims(self.sizes)
        for field in range(1, len(self.sizes)):
            said = notes[..., field]
            logits = self.answer(ops.exp(scores), none, said, field)
            if field == DEGREE:
                moved = ops.exp(scores)
                logits = logits + self.answer_moved(moved, none, aims, DEGREE)
            if field == OCTAVE:
                aims = aims.given(notes[:, :steps, DEGREE])
                logits = logits + self.answer_moved(moved, none, aims, OCTAVE)
            outputs.append(logits)
            differs = ops.cast(said[:, :steps, None] != said[:, None], "float32")  # (b, t, s)
            scores = scores + differs[:, None] * self.unlike[:, field, None, None]
        return ops.concatenate(outputs, axis=-1)

    def keys_of(self, near: Any) -> Any:
        """(batch, row, units) -> (batch, ways, row, key units)."""
        keys = ops.reshape(ops.matmul(near, self.keys), (-1, near.shape[1], WAYS, KEY_UNITS))
        return ops.transpose(keys, (0, 2, 1, 3))

    def nothing_at(self, hidden: Any) -> Any:
        """What recalling nothing counts for: (batch, t, width) -> (batch, ways, t, 1) in logarithms."""
        return ops.transpose(ops.matmul(hidden, self.nothing) + self.nothing_bias, (0, 2, 1))[..., None]

    def answer(self, found: Any, nothing: Any, said: Any, field: int) -> Any:
        """Logits of a field, (batch, t, size), from how much each note counts.

        `found` (batch, ways, t, row), `nothing` (batch, ways, t, 1), `said` (batch, row) the field's values.
        """
        size = self.sizes[field]
        told = ops.one_hot(ops.minimum(said, size - 1), size)[:, None]  # (b, 1, s, v); missing notes count nothing
        shares = ops.matmul(found, told) / (ops.sum(found, axis=-1, keepdims=True) + nothing + LEAST)
        spread = ops.log(CERTAIN * shares + (1 - CERTAIN) / size)
        return ops.sum(spread * self.weight[:, field, None, None], axis=1)

    def answer_moved(self, found: Any, nothing: Any, aims: Aims, field: int) -> Any:
        """As `answer`, of degree or octave, where each note is as far from the one before as the note found was."""
        told, is_known = aims.told(field)  # (b, t, s, v), (b, t, s)
        found = found * ops.cast(is_known, "float32")[:, None]
        shares = ops.matmul(ops.transpose(found, (0, 2, 1, 3)), told)  # (b, t, ways, v)
        shares = ops.transpose(shares, (0, 2, 1, 3)) / (ops.sum(found, axis=-1, keepdims=True) + nothing + LEAST)
        spread = ops.log(CERTAIN * shares + (1 - CERTAIN) / self.sizes[field])
        return ops.sum(spread * self.moved[:, field - DEGREE, None, None], axis=1)

    def scale(self) -> Any:
        """What each unit of a query is multiplied by, (ways, units)."""
        return self.gain / KEY_UNITS**0.5


def lying(bars_away: Any, table: Any) -> Any:
    """What notes count for by how far away their bars lie: (b, t, s) int, (ways, distances) -> (b, ways, t, s)."""
    places = ops.clip(bars_away, -BARS_AWAY, BARS_AWAY) + BARS_AWAY
    return ops.transpose(ops.take(ops.transpose(table), places, axis=0), (0, 3, 1, 2))


def bar_recall_shapes(hidden: int, near: int, fields: int) -> list[tuple[int, ...]]:
    """Shapes of the layer's weights, in their order."""
    distances = 2 * BARS_AWAY + 1
    ways = (WAYS, KEY_UNITS), (hidden, WAYS), (WAYS,), (WAYS, distances), (WAYS, distances), (WAYS,), (WAYS, fields)
    return [(near, WAYS * KEY_UNITS), *ways, (WAYS, fields), (WAYS, 2)]


def _constant(value: Any) -> Any:
    return keras.initializers.Constant(value)
