"""Layers of a network that writes a bar between others: it hears the notes before each note, and the later bars."""

from typing import Any

import keras
import numpy as np
from keras import ops

from generation.layers.bar_rows import BarRow
from generation.layers.heads import ChainedHeads


class LaterBars(keras.layers.Layer):  # type: ignore[misc]
    """What an LSTM that read a row from its end knew where the bars after each note begin (see `BarRow`)."""

    def __init__(self, steps: int, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.steps, self.size = steps, size

    def call(self, backwards: Any, notes: Any, previous: Any) -> Any:
        """States (batch, row, units), the last note's first, and the row's notes -> twice (batch, steps, units).

        The first is to say a note from, the second to say from whether its bar goes on.
        """
        row = BarRow(notes, previous, self.steps, self.size)
        states = ops.pad(ops.flip(backwards, axis=1), ((0, 0), (0, 1), (0, 0)))  # nothing is heard after the row
        return [ops.take_along_axis(states, at[..., None], axis=1) for at in (row.resumes, row.goes_on)]


class NotesOfTheBar(keras.layers.Layer):  # type: ignore[misc]
    """The two notes before each, the second as far as it is of the first one's bar: what a note is recalled by."""

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size

    def call(self, heard: Any, notes: Any, previous: Any) -> Any:
        """Vectors of the notes before, (batch, row, width), and the row's notes -> (batch, row, 2 * width)."""
        begins = BarRow(notes, previous, 1, self.size).begins
        is_of_bar = ops.pad(ops.cast(~begins[:, :-1], "float32"), ((0, 0), (1, 0)))
        earlier = ops.pad(heard[:, :-1], ((0, 0), (1, 0), (0, 0)))
        return ops.concatenate([heard, earlier * is_of_bar[..., None]], axis=-1)


class BarHeads(ChainedHeads):
    """Heads that say whether the bar goes on from one context, and all else about a note from another."""

    def build(self, hidden_shape: Any, notes_shape: Any = None, over_shape: Any = None) -> None:
        """As many weights as for one context."""
        super().build(hidden_shape)

    def call(self, hidden: Any, notes: Any, training: bool | None = None, over: Any = None) -> Any:
        """(batch, steps, hidden), (batch, row, fields) int -> (batch, steps, sum of sizes) logits.

        `over` (batch, steps, hidden) is what whether the bar goes on is said from; the row may go on after the steps.
        """
        notes = ops.minimum(notes[:, : hidden.shape[1]], np.array(self.sizes, dtype="int32") - 1)  # missing ones too
        outputs, context = [self.logits(self.begin(over), 0, training)], self.begin(hidden)
        for field in range(1, len(self.sizes)):
            context = self.choose(context, field - 1, notes[..., field - 1])
            outputs.append(self.logits(context, field, training))
        return ops.concatenate(outputs, axis=-1)
