"""A layer that hears a window's earlier notes again: what followed when the music was last where it is now."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

# Ways of listening back, told apart at first by how much less each hears of every note that lies further back.
LESS_A_NOTE = (0.0, 0.02, 0.1, 0.5)
WAYS = len(LESS_A_NOTE)
KEY_UNITS = 32  # of each way
NEVER = -1e9
UNLIKE = -2.0  # at first: what a note loses that differs in one of the fields said so far
WEIGHT = 0.1  # of each way's answer, at first
CERTAIN = 0.98  # the share of an answer that is not spread over all values


class Recall(keras.layers.Layer):  # type: ignore[misc]
    """Logits of the next note's fields from the window's earlier notes, to be added to those of the heads.

    Where the network stands at each step is compared with where it stood before each earlier note, by attention whose
    queries and keys are alike (Vaswani et al. 2017, section 3.2.1), and with nothing, as in a pointer sentinel (Merity
    et al., ICLR 2017). What followed there is the answer, a share for each value of a field; a note counts for less
    where it differs in the fields already said. The shares' logarithms, weighted, are the logits.
    """

    def __init__(self, sizes: Sequence[int], span: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sizes, self.span = tuple(sizes), span

    def build(self, hidden_shape: Any, notes_shape: Any = None) -> None:
        """Weights of all ways lie in one array each."""
        keys, gain, nothing, nothing_bias, distance, unlike, weight = recall_shapes(
            hidden_shape[-1], self.sizes, self.span
        )
        far = -np.array(LESS_A_NOTE, dtype=np.float32)[:, None] * np.arange(self.span, dtype=np.float32)
        self.keys = self.add_weight(shape=keys, name="keys")
        self.gain = self.add_weight(shape=gain, initializer="ones", name="gain")
        self.nothing = self.add_weight(shape=nothing, initializer="zeros", name="nothing")
        self.nothing_bias = self.add_weight(shape=nothing_bias, initializer="zeros", name="nothing_bias")
        self.distance = self.add_weight(shape=distance, initializer=_constant(far), name="distance")
        self.unlike = self.add_weight(shape=unlike, initializer=_constant(UNLIKE), name="unlike")
        self.weight = self.add_weight(shape=weight, initializer=_constant(WEIGHT), name="weight")

    def call(self, hidden: Any, notes: Any) -> Any:
        """(batch, steps, hidden), (batch, steps, fields) int -> (batch, steps, sum of sizes) logits.

        At each step only the notes of earlier steps are heard, and of the step's own note the fields said before.
        """
        scores, nothing = self._scores(hidden)
        outputs = []
        for field in range(len(self.sizes)):
            said = notes[..., field]
            outputs.append(self.answer(ops.exp(scores), nothing, said, field))
            differs = ops.cast(said[:, :, None] != said[:, None, :], "float32")  # (b, t, s)
            scores = scores + differs[:, None] * self.unlike[:, field, None, None]
        return ops.concatenate(outputs, axis=-1)

    def answer(self, found: Any, nothing: Any, said: Any, field: int) -> Any:
        """Logits of a field, (batch, steps, size), from how much each earlier note counts.

        `found` (batch, ways, steps, earlier), `nothing` (batch, ways, steps, 1), `said` (batch, earlier) the field's
        values in the earlier notes.
        """
        size = self.sizes[field]
        told = ops.one_hot(said, size)[:, None]  # (b, 1, s, v)
        shares = ops.matmul(found, told) / (ops.sum(found, axis=-1, keepdims=True) + nothing)  # (b, ways, t, v)
        spread = ops.log(CERTAIN * shares + (1 - CERTAIN) / size)
        return ops.sum(spread * self.weight[:, field, None, None], axis=1)

    def _scores(self, hidden: Any) -> tuple[Any, Any]:
        """How like each step is to each earlier one, (b, ways, t, s), and what nothing counts for, (b, ways, t, 1)."""
        steps = hidden.shape[1]
        keys = ops.reshape(ops.matmul(hidden, self.keys), (-1, steps, WAYS, KEY_UNITS))
        keys = ops.transpose(keys, (0, 2, 1, 3))  # (b, ways, t, units)
        scores = ops.matmul(keys * self.scale()[:, None], ops.transpose(keys, (0, 1, 3, 2)))
        ago = np.arange(steps)[:, None] - np.arange(steps)
        scores = scores + ops.take(self.distance, np.clip(ago - 1, 0, self.span - 1), axis=1)
        scores = scores + np.where(ago > 0, 0.0, NEVER).astype("float32")
        nothing = ops.transpose(ops.matmul(hidden, self.nothing) + self.nothing_bias, (0, 2, 1))[..., None]
        return levelled(scores, nothing)

    def scale(self) -> Any:
        """What each unit of a query is multiplied by, (ways, units)."""
        return self.gain / KEY_UNITS**0.5


def levelled(scores: Any, nothing: Any) -> tuple[Any, Any]:
    """Scores (..., earlier) less the highest, and e to the power of `nothing` (..., 1) less the same."""
    top = ops.stop_gradient(ops.maximum(ops.max(scores, axis=-1, keepdims=True), nothing))
    return scores - top, ops.exp(nothing - top)


def recall_shapes(hidden: int, sizes: Sequence[int], span: int) -> list[tuple[int, ...]]:
    """Shapes of the layer's weights, in their order."""
    fields = len(sizes)
    ways = (WAYS, KEY_UNITS), (hidden, WAYS), (WAYS,), (WAYS, span), (WAYS, fields), (WAYS, fields)
    return [(hidden, WAYS * KEY_UNITS), *ways]


def recall_span(window: int) -> int:
    """How many notes back a network with such windows can hear."""
    return max(1, window - 1)


def _constant(value: Any) -> Any:
    return keras.initializers.Constant(value)
