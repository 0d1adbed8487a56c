"""A network that learnt at every step, heard one note at a time: what a sampling loop carries from note to note."""

from collections.abc import Sequence
from typing import Any

from keras import ops

from generation.drawing.note import Answers, HeadsAnswers, RecallAnswers
from generation.layers.recall import KEY_UNITS, NEVER, WAYS, levelled
from generation.network import lstm_layers, start_tokens


class CellStack:
    """LSTM layers that hear one note at a time, and what is said from what they heard, weights made ready beforehand.

    What a note adds to the first layer and to the answer is one row of a table for each of its fields; what it adds to
    the answer when it is the note before the last, likewise.
    """

    def __init__(self, embedding: Any, cells: Sequence[Any], after: Any) -> None:
        """`after` (width + n * vector, answer): the answer from the last layer's state and the n notes before."""
        self.units, self.offsets, self.width = cells[-1].units, embedding.offsets, after.shape[1]
        vector = len(embedding.sizes) * embedding.units
        self.n_near = (after.shape[0] - self.units) // vector  # notes that the answer hears directly
        near = [after[self.units + i * vector : self.units + (i + 1) * vector] for i in range(self.n_near)]
        self.rows = field_rows(embedding, ops.concatenate([cells[0].kernel, *near], axis=1))
        self.after = after[: self.units]
        self.biases = [ops.convert_to_tensor(cell.bias) for cell in cells]
        both = [ops.concatenate([cell.kernel, cell.recurrent_kernel]) for cell in cells[1:]]
        self.kernels = [ops.convert_to_tensor(cells[0].recurrent_kernel), *both]

    def quiet(self, batch: int) -> tuple[Any, Any]:
        """Each layer's state before the first note, and what notes near add later."""
        states = tuple((ops.zeros((batch, self.units)), ops.zeros((batch, self.units))) for _ in self.kernels)
        return states, ops.zeros((batch, (self.n_near - 1) * self.width))

    def hear_note(self, note: Any, states: Any, late: Any) -> tuple[Any, Any, Any]:
        """(batch, fields) int -> the states and what is added later after it, and the answer, (batch, width)."""
        added = ops.take(self.rows, note + self.offsets, axis=0)
        added = added[:, 0] if note.shape[1] == 1 else ops.sum(added, axis=1)
        gates = 4 * self.units
        z = ops.matmul(states[0][0], self.kernels[0]) + added[:, :gates] + self.biases[0]
        heard = [self._cell(z, states[0][1])]
        for layer in range(1, len(self.kernels)):
            both = ops.concatenate([heard[-1][0], states[layer][0]], axis=-1)
            z = ops.matmul(both, self.kernels[layer]) + self.biases[layer]
            heard.append(self._cell(z, states[layer][1]))
        answer = ops.matmul(heard[-1][0], self.after) + added[:, gates : gates + self.width]
        if self.n_near > 1:
            answer = answer + late[:, : self.width]
            rest = ops.pad(late[:, self.width :], ((0, 0), (0, self.width)))
            late = rest + added[:, gates + self.width :]
        return tuple(heard), late, answer

    def _cell(self, z: Any, carry: Any) -> tuple[Any, Any]:
        """Hochreiter and Schmidhuber's cell with a forget gate, gates in Keras' order: in, forget, candidate, out."""
        gates = ops.sigmoid(z[:, : 2 * self.units])
        candidate = ops.tanh(z[:, 2 * self.units : 3 * self.units])
        carry = gates[:, self.units :] * carry + gates[:, : self.units] * candidate
        return ops.sigmoid(z[:, 3 * self.units :]) * ops.tanh(carry), carry


class LstmSteps(CellStack):
    """A network that learnt at every step, heard one note at a time, its weights made ready outside of a loop."""

    def __init__(self, model: Any) -> None:
        embedding, heads = model.get_layer("embedding"), model.get_layer("heads")
        self.dense, self.recall, after = heads.units, _recall_of(model), heads.entry
        if self.recall is not None:
            after = ops.concatenate([after, self.recall.keys, self.recall.nothing], axis=1)
        super().__init__(embedding, [layer.cell for layer in lstm_layers(model)], after)

    def answers(self, model: Any) -> Answers:
        """What answers from the contexts that `hear` gives."""
        answers = HeadsAnswers(model.get_layer("heads"))
        return answers if self.recall is None else RecallAnswers(answers, self.recall)

    def silence(self, batch: int) -> Any:
        """The memory before the first note: each layer's state, what notes near add later, and what is recalled."""
        states, late = self.quiet(batch)
        if self.recall is None:
            return states, late, ()
        span, sizes = self.recall.span, self.recall.sizes
        keys = ops.zeros((batch, WAYS, span + 1, KEY_UNITS))
        notes = ops.broadcast_to(start_tokens(sizes), (batch, span, len(sizes)))
        return states, late, (keys, notes)

    def hear(self, note: Any, memory: Any) -> tuple[Any, Any]:
        """(batch, fields) int -> the memory after it, and the context for the next."""
        states, late, recalled = memory
        states, late, context = self.hear_note(note, states, late)
        if self.recall is not None:
            recalled, context = self._listen_back(note, recalled, context)
        return (states, late, recalled), context

    def _listen_back(self, note: Any, recalled: Any, context: Any) -> tuple[Any, Any]:
        """What is recalled after a note, and the context beside how much each earlier note counts (see `Recall`)."""
        (keys, notes), ends = recalled, self.dense + WAYS * KEY_UNITS
        key = ops.reshape(context[:, self.dense : ends], (-1, WAYS, 1, KEY_UNITS))
        keys = ops.concatenate([keys[:, :, 1:], key], axis=2)  # the last is where the music stands now
        notes = ops.concatenate([notes[:, 1:], note[:, None]], axis=1)
        query = ops.transpose(key * self.recall.scale()[:, None], (0, 1, 3, 2))
        scores = ops.matmul(keys[:, :, :-1], query)[..., 0] + ops.flip(self.recall.distance, axis=1)
        is_note = notes[:, None, :, 0] < self.recall.sizes[0]
        scores = ops.where(is_note, scores, NEVER)
        nothing = (context[:, ends:] + self.recall.nothing_bias)[..., None]
        return (keys, notes), (context[:, : self.dense], *levelled(scores, nothing), notes)


def field_rows(embedding: Any, weights: Any) -> Any:
    """What each id of a `NoteEmbedding` adds through weights (fields * units, width): (ids, width)."""
    bounds = [*embedding.offsets.tolist(), embedding.table.shape[0]]
    rows = []
    for field in range(len(embedding.sizes)):
        ids = embedding.table[bounds[field] : bounds[field + 1]]
        rows.append(ops.matmul(ids, weights[field * embedding.units : (field + 1) * embedding.units]))
    return ops.concatenate(rows)


def _recall_of(model: Any) -> Any:
    """The network's layer `recall`, None where it has none."""
    return next((layer for layer in model.layers if layer.name == "recall"), None)
