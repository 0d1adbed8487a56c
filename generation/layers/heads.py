"""Layers for notes of several fields: one embedding of a whole note, and heads that choose its fields in turn."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops


class NoteEmbedding(keras.layers.Layer):  # type: ignore[misc]
    """Each field of a note embedded and put side by side: (..., fields) ids -> (..., fields * units).

    Every field has one id more than its size: the id `size` says that no note came before (see `start_tokens`). In
    training a share of `dropout` of the fields goes unheard, each wholly, so that no piece is known by one of them.
    """

    def __init__(self, sizes: Sequence[int], units: int, *, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sizes, self.units = tuple(sizes), units
        self.dropout = keras.layers.Dropout(dropout)
        self.offsets = np.concatenate([[0], np.cumsum(np.array(self.sizes) + 1)[:-1]]).astype("int32")

    def build(self, input_shape: Any) -> None:
        """One table, the fields' rows below one another."""
        rows = sum(self.sizes) + len(self.sizes)
        self.table = self.add_weight(shape=(rows, self.units), initializer=_embedding_start(), name="table")

    def call(self, notes: Any, training: bool | None = None) -> Any:
        """(..., fields) int -> (..., fields * units) float."""
        vectors = ops.take(self.table, notes + self.offsets, axis=0)
        if training and self.dropout.rate:
            vectors = vectors * self.dropout(ops.ones_like(vectors[..., :1]), training=True)
        return ops.reshape(vectors, (*ops.shape(notes)[:-1], len(self.sizes) * self.units))


class NotesNear(keras.layers.Layer):  # type: ignore[misc]
    """Each step's heard note beside that of the step before: (b, steps, width) -> (b, steps, 2 * width).

    Two hands take turns: what a hand plays next follows from the note before the last.
    """

    def call(self, heard: Any) -> Any:
        """Zeros stand before the first step."""
        earlier = ops.pad(heard[:, :-1], ((0, 0), (1, 0), (0, 0)))
        return ops.concatenate([heard, earlier], axis=-1)


class ChainedHeads(keras.layers.Layer):  # type: ignore[misc]
    """One head a field, each told what the note's earlier fields are, so that the fields of one note agree.

    In training the earlier fields are the true note's; in sampling those drawn so far.
    """

    def __init__(self, sizes: Sequence[int], units: int, *, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sizes, self.units = tuple(sizes), units
        self.dropout = keras.layers.Dropout(dropout)
        self.offsets = [int(n) for n in np.concatenate([[0], np.cumsum(self.sizes)])]

    def build(self, hidden_shape: Any, notes_shape: Any = None) -> None:
        """Weights shared by all heads lie in one matrix each, a head's columns side by side."""
        total, n_fields = sum(self.sizes), len(self.sizes)
        self.entry = self.add_weight(shape=(hidden_shape[-1], self.units), name="entry")
        self.field_bias = self.add_weight(shape=(n_fields, self.units), initializer="zeros", name="field_bias")
        if n_fields > 1:  # the last field is told to nobody
            rows = sum(self.sizes[:-1])
            self.chosen = self.add_weight(shape=(rows, self.units), initializer=_embedding_start(), name="chosen")
        self.kernel = self.add_weight(shape=(self.units, total), name="kernel")
        self.bias = self.add_weight(shape=(total,), initializer="zeros", name="bias")

    def begin(self, hidden: Any) -> Any:
        """The chain's context before any field is chosen: (..., hidden) -> (..., units)."""
        return ops.matmul(hidden, self.entry)

    def logits(self, context: Any, field: int, training: bool | None = False) -> Any:
        """Logits of one field: (..., units) -> (..., size of the field)."""
        first, last = self.offsets[field], self.offsets[field + 1]
        active = self.dropout(ops.relu(context + self.field_bias[field]), training=training)
        return ops.matmul(active, self.kernel[:, first:last]) + self.bias[first:last]

    def choose(self, context: Any, field: int, values: Any) -> Any:
        """The context after a field but the last took these values: (..., units), (...) int -> (..., units)."""
        return context + ops.take(self.chosen, values + self.offsets[field], axis=0)

    def call(self, hidden: Any, notes: Any, training: bool | None = None) -> Any:
        """(batch, steps, hidden), (batch, steps, fields) int -> (batch, steps, sum of sizes) logits."""
        context, outputs = self.begin(hidden), []
        for field in range(len(self.sizes)):
            outputs.append(self.logits(context, field, training))
            if field + 1 < len(self.sizes):
                context = self.choose(context, field, notes[..., field])
        return ops.concatenate(outputs, axis=-1)


def _embedding_start() -> Any:
    # Keras' own 0.05 leaves the LSTM nothing to hear for the first hundred steps, of the thousand that `quick` has.
    return keras.initializers.RandomNormal(stddev=0.4)


def field_losses(sizes: Sequence[int], notes: Any, logits: Any) -> list[Any]:
    """Cross-entropy of each field in nats: (b, t, fields) int and (b, t, sum of sizes) -> fields x (b, t)."""
    losses, first = [], 0
    for field, size in enumerate(sizes):
        part = logits[..., first : first + size]
        losses.append(keras.losses.sparse_categorical_crossentropy(notes[..., field], part, from_logits=True))
        first += size
    return losses
