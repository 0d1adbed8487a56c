"""Layers of the network that the study's text speaks of: LSTM layers that read both ways, with attention."""

from typing import Any

import keras
from keras import ops


class Surroundings(keras.layers.Layer):  # type: ignore[misc]
    """Notes before a hole and a learnt vector in its place: (b, window, width) -> (b, window + 1, width)."""

    def build(self, before_shape: Any) -> None:
        """A hole as wide as a note."""
        self.hole = self.add_weight(shape=(before_shape[-1],), initializer=_small(), name="hole")

    def call(self, before: Any) -> Any:
        """The hole comes last: the study's network hears nothing after the token that it predicts."""
        hole = ops.broadcast_to(self.hole, (ops.shape(before)[0], 1, self.hole.shape[0]))
        return ops.concatenate([before, hole], axis=1)


class HoleAttention(keras.layers.Layer):  # type: ignore[misc]
    """The hole's state beside what it finds in the whole window: (b, steps, width) -> (b, 2 * width).

    Scaled dot-product attention with one query (Vaswani et al. 2017, section 3.2.1); what is found are the states.
    """

    def __init__(self, place: int, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place, self.units = place, units

    def build(self, states_shape: Any) -> None:
        """The projections that query and keys are compared in."""
        width = states_shape[-1]
        self.query = self.add_weight(shape=(width, self.units), name="query")
        self.key = self.add_weight(shape=(width, self.units), name="key")

    def call(self, states: Any) -> Any:
        """-> (batch, 2 * width): the state at the hole, and the weighted mean of all."""
        hole = states[:, self.place]  # (b, width)
        query = ops.matmul(hole, self.query)  # (b, units)
        keys = ops.matmul(states, self.key)  # (b, steps, units)
        scores = ops.sum(keys * query[:, None], axis=-1) / self.units**0.5  # (b, steps)
        shares = ops.softmax(scores, axis=-1)
        found = ops.sum(states * shares[..., None], axis=1)  # (b, width)
        return ops.concatenate([hole, found], axis=-1)


def bidirectional_weight_shapes(width: int, units: int, n_layers: int) -> list[tuple[int, ...]]:
    """Shapes of what lies between the embedding and the heads, in the order of `model.get_weights()`."""
    shapes: list[tuple[int, ...]] = [(width,)]
    for _ in range(n_layers):
        shapes += [(width, 4 * units), (units, 4 * units), (4 * units,)] * 2
        width = 2 * units
    return [*shapes, (width, units), (width, units)]


def _small() -> Any:
    return keras.initializers.RandomNormal(stddev=0.4)  # as the notes' own vectors are
