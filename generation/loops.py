"""The compiled loops behind sampling; `keras.ops` only, so that they run on every backend of Keras."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from generation.codecs import Codec, ExpressiveCodec
from generation.network import field_sizes, lstm_layers, start_tokens

LONGEST_RUN = 8  # of one token or pitch; the ninth is another, which keeps a sample out of a loop of one
OUT_OF_REACH = -1e9  # logit of what may not be drawn

Loop = Callable[..., Any]  # uniforms (steps, batch, fields), given (n, fields), temperature, top_p -> tokens


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function compiled by the backend in use; as it is where the backend runs eagerly."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        # Forced XLA is slower on the CPU; what `keras.ops` says needs no autograph, which takes seconds.
        function = tf.function(function, jit_compile=False, autograph=False)
    if keras.backend.backend() == "jax":
        import jax

        function = jax.jit(function)
    return function


def pick(logits: Any, uniform: Any, temperature: Any, top_p: Any) -> Any:
    """Draw by inverse distribution function from the likeliest values that make up `top_p`.

    (batch, size) logits, (batch,) uniforms in [0, 1) -> (batch,) int32. Uniform 0 gives the likeliest value.
    """
    size = logits.shape[-1]
    probabilities, order = ops.top_k(ops.softmax(logits / temperature), k=size)
    before = ops.cumsum(probabilities, axis=-1) - probabilities
    kept = ops.where(before < top_p, probabilities, ops.zeros_like(probabilities))
    reached = ops.cumsum(kept, axis=-1)
    threshold = uniform[:, None] * reached[:, -1:]
    rank = ops.minimum(ops.sum(ops.cast(reached <= threshold, "int32"), axis=-1), size - 1)
    return ops.cast(ops.take_along_axis(order, rank[:, None], axis=-1)[:, 0], "int32")


class Grammar:
    """What may not follow: a step back in time within a bar, a position after the bar, an endless run of one pitch."""

    def __init__(self, codec: Codec) -> None:
        sizes = field_sizes(codec)
        self.is_expressive = isinstance(codec, ExpressiveCodec)
        names = [field.name for field in codec.fields]
        self.position = names.index("position") if self.is_expressive else -1
        self.run_at = names.index("degree") if self.is_expressive else 0
        self.run_fields = [names.index(n) for n in ("degree", "octave", "alteration")] if self.is_expressive else [0]
        self.values = [np.arange(size, dtype="int32") for size in sizes]
        bar_slots = codec.bar_slots if isinstance(codec, ExpressiveCodec) else 0
        self.after_bar = np.where(np.arange(sizes[self.position]) >= bar_slots, OUT_OF_REACH, 0.0).astype("float32")

    def restrict(self, logits: Any, field: int, chosen: list[Any], previous: Any, run: Any) -> Any:
        """Logits (batch, size) of a field but for what may not follow; `run` (batch,) ends in `previous`."""
        if field == self.run_at:
            is_same = self.values[field] == previous[:, field][:, None]
            logits = ops.where(ops.logical_and(run[:, None] >= LONGEST_RUN, is_same), OUT_OF_REACH, logits)
        if field == self.position:
            is_past = self.values[field] < previous[:, field][:, None]
            # The start token's position is the field's size: with a first note nothing is past.
            is_first = previous[:, field] >= len(self.values[field])
            is_bound = ops.logical_and(chosen[0] == 0, ops.logical_not(is_first))
            logits = ops.where(ops.logical_and(is_bound[:, None], is_past), OUT_OF_REACH, logits) + self.after_bar
        return logits

    def count(self, note: Any, previous: Any, run: Any) -> Any:
        """How many notes in a row, (batch,), have the pitch (or token) that the last one has."""
        is_same = ops.ones_like(run, dtype="bool")
        for field in self.run_fields:
            is_same = ops.logical_and(is_same, note[:, field] == previous[:, field])
        return ops.where(is_same, run + 1, ops.ones_like(run))


def stateful_loop(model: Any, codec: Codec) -> Loop:
    """The loop of a network that learnt at every step: each note costs one step of each LSTM.

    The first len(given) notes are those given, the others drawn.
    """
    sizes, grammar = field_sizes(codec), Grammar(codec)
    embedding, heads = model.get_layer("embedding"), model.get_layer("heads")
    cells = [layer.cell for layer in lstm_layers(model)]

    def draw(uniforms: Any, given: Any, temperature: Any, top_p: Any) -> Any:
        steps, batch, _ = uniforms.shape
        n_given = given.shape[0]
        padded = ops.concatenate([given, ops.zeros((1, len(sizes)), dtype="int32")])

        def step(t: Any, previous: Any, run: Any, states: Any, notes: Any) -> Any:
            x = heard = embedding(previous)
            after: list[Any] = []
            for cell, (h, c) in zip(cells, states, strict=True):
                x, (h_after, c_after) = cell(x, [h, c])
                after.append((h_after, c_after))
            context = heads.begin(ops.concatenate([x, heard], axis=-1))
            chosen: list[Any] = []
            uniform = ops.take(uniforms, t, axis=0)
            forced = ops.take(padded, ops.minimum(t, n_given), axis=0)
            for field in range(len(sizes)):
                logits = grammar.restrict(heads.logits(context, field), field, chosen, previous, run)
                value = pick(logits, uniform[:, field], temperature, top_p)
                if n_given:
                    value = ops.where(t < n_given, forced[field], value)
                chosen.append(value)
                if field + 1 < len(sizes):
                    context = heads.choose(context, field, value)
            note = ops.stack(chosen, axis=-1)
            run = grammar.count(note, previous, run)
            return t + 1, note, run, tuple(after), ops.slice_update(notes, (t, 0, 0), note[None])

        states = tuple((ops.zeros((batch, cell.units)), ops.zeros((batch, cell.units))) for cell in cells)
        first = ops.convert_to_tensor(np.tile(start_tokens(sizes), (batch, 1)))
        notes = ops.zeros((steps, batch, len(sizes)), dtype="int32")
        begin = (ops.convert_to_tensor(0, dtype="int32"), first, ops.zeros((batch,), dtype="int32"), states, notes)
        return ops.while_loop(lambda t, *_: t < steps, step, begin)[-1]

    return compiled(draw)


def sliding_loop(model: Any, codec: Codec) -> Loop:
    """The loop of the paper's network, which hears each window anew, from silence; `given` is the first."""
    (size,), grammar = field_sizes(codec), Grammar(codec)

    def draw(uniforms: Any, given: Any, temperature: Any, top_p: Any) -> Any:
        steps, batch, _ = uniforms.shape
        window = given.shape[0]

        def step(t: Any, heard: Any, run: Any, tokens: Any) -> Any:
            probabilities = model(ops.cast(heard, "float32") / size, training=False)
            previous = heard[:, -1]
            logits = grammar.restrict(ops.log(probabilities + 1e-9), 0, [], previous, run)
            token = pick(logits, ops.take(uniforms, t, axis=0)[:, 0], temperature, top_p)[:, None]
            run = grammar.count(token, previous, run)
            heard = ops.concatenate([heard[:, 1:], token[:, None]], axis=1)
            return t + 1, heard, run, ops.slice_update(tokens, (t, 0, 0), token[None])

        heard = ops.broadcast_to(ops.convert_to_tensor(given, dtype="int32")[None], (batch, window, 1))
        tokens = ops.zeros((steps, batch, 1), dtype="int32")
        begin = (ops.convert_to_tensor(0, dtype="int32"), heard, ops.zeros((batch,), dtype="int32"), tokens)
        return ops.while_loop(lambda t, *_: t < steps, step, begin)[-1]

    return compiled(draw)
