"""The compiled loops behind sampling; `keras.ops` only, so that they run on every backend of Keras."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from generation.codecs import Codec
from generation.drawing.grammar import Grammar, Limits, State
from generation.drawing.lstm_steps import LstmSteps
from generation.drawing.note import Answers, Drawer, HeadsAnswers, SoftmaxAnswers
from generation.drawing.settings import SampleRefused
from generation.network import has_gpu, hole_context

Loop = Callable[..., Any]


def compiled(function: Callable[..., Any], *, is_fused: bool = False) -> Callable[..., Any]:
    """The function compiled by the backend in use; as it is where the backend runs eagerly.

    `is_fused` asks TensorFlow for XLA, which makes one kernel of a loop's many small operations: twice as fast for a
    single score, slower for many, whose large products it does worse. On a card XLA wants more installed than Keras.
    """
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        # What `keras.ops` says needs no autograph, which takes seconds.
        function = tf.function(function, jit_compile=is_fused and not has_gpu(), autograph=False)
    if keras.backend.backend() == "jax":
        import jax

        function = jax.jit(function)
    return function


def opening_loop(model: Any, codec: Codec, *, batch: int) -> Loop:
    """What a network that learnt at every step remembers before its first note, for `stateful_loop`.

    (given (most given, fields), n_given, wishes) -> memory of `batch` pieces, which have heard the first `n_given` of
    `given`.
    """
    grammar = Grammar(codec)

    def listen(given: Any, n_given: Any, wish: Any) -> Any:
        limits, steps = wish["limits"], LstmSteps(model)

        def hear(t: Any, memory: Any, state: State) -> Any:
            note = ops.broadcast_to(ops.take(given, t, axis=0)[None], (batch, given.shape[1]))
            memory, _ = steps.hear(state["previous"], memory)
            return t + 1, memory, grammar.update(state, note, limits)

        none = ops.convert_to_tensor(0, dtype="int32")
        begin = (none, steps.silence(batch), grammar.begin(batch, limits))
        return ops.while_loop(lambda t, *_: t < n_given, hear, begin)[1:]

    return compiled(listen)


def stateful_loop(model: Any, codec: Codec, *, is_fused: bool) -> Loop:
    """The loop of a network that learnt at every step: each note costs one step of each LSTM.

    (uniforms (most steps, batch, fields), n_steps, memory, wishes, bans) -> notes (most steps, batch, fields) int32, of
    which the first `n_steps` are drawn, and the memory after them. `bans` (most steps, batch, values) are 1 where the
    guarded field's value may not come at a step, or None.
    """
    grammar = Grammar(codec)

    def draw(uniforms: Any, n_steps: Any, memory: Any, wish: Any, bans: Any = None) -> Any:
        steps = LstmSteps(model)
        drawer = Drawer(steps.answers(model), grammar, wish)

        def step(t: Any, memory: Any, state: State, notes: Any) -> Any:
            memory, context = steps.hear(state["previous"], memory)
            banned = None if bans is None else ops.take(bans, t, axis=0)
            note, state = drawer.note(context, ops.take(uniforms, t, axis=0), state, banned=banned)
            return t + 1, memory, state, ops.slice_update(notes, (t, 0, 0), note[None])

        none, notes = ops.convert_to_tensor(0, dtype="int32"), ops.zeros(uniforms.shape, dtype="int32")
        *memory, notes = ops.while_loop(lambda t, *_: t < n_steps, step, (none, *memory, notes))[1:]
        return notes, tuple(memory)

    return compiled(draw, is_fused=is_fused)


def sliding_loop(model: Any, codec: Codec, *, is_bidirectional: bool) -> Loop:
    """The loop of a network that hears each window anew, from silence.

    (uniforms (most steps, batch, fields), n_steps, heard (batch, window, fields), wishes) -> notes as `stateful_loop`.
    Raises SampleRefused for a network that writes bars between others.
    """
    if len(codec.fields) > 1:
        raise SampleRefused(
            "checkpoint: expected a network that goes on from what came before, got one that writes bars between "
            "others; have it re-write bars, or train another preset"
        )
    grammar = Grammar(codec)

    def draw(uniforms: Any, n_steps: Any, heard: Any, wish: Any) -> Any:
        batch, limits = uniforms.shape[1], wish["limits"]
        listen, answers = _listener(model, codec, is_bidirectional=is_bidirectional)
        drawer = Drawer(answers, grammar, wish)

        def step(t: Any, heard: Any, state: State, notes: Any) -> Any:
            note, state = drawer.note(listen(heard), ops.take(uniforms, t, axis=0), state)
            heard = ops.concatenate([heard[:, 1:], note[:, None]], axis=1)
            return t + 1, heard, state, ops.slice_update(notes, (t, 0, 0), note[None])

        state = heard_before(grammar, heard, grammar.begin(batch, limits), limits)
        notes = ops.zeros(uniforms.shape, dtype="int32")
        begin = (ops.convert_to_tensor(0, dtype="int32"), heard, state, notes)
        return ops.while_loop(lambda t, *_: t < n_steps, step, begin)[-1]

    return compiled(draw)


def _listener(model: Any, codec: Codec, *, is_bidirectional: bool) -> tuple[Callable[[Any], Any], Answers]:
    """What hears a window, (batch, window, fields) -> context, and what answers from that."""
    sizes = tuple(field.size for field in codec.fields)
    if not is_bidirectional:
        return lambda heard: model(ops.cast(heard, "float32") / sizes[0], training=False), SoftmaxAnswers()
    heads = model.get_layer("heads")
    return lambda heard: heads.begin(hole_context(model, heard)), HeadsAnswers(heads)


def heard_before(grammar: Grammar, notes: Any, state: State, limits: Limits) -> State:
    """The grammar's state after notes (batch, n, fields) that were not drawn; start tokens are none."""

    def step(t: Any, state: State) -> Any:
        note = ops.take(notes, t, axis=1)
        is_there = note[:, 0] < grammar.sizes[0]
        after = grammar.update(state, note, limits)
        kept = {}
        for name, value in after.items():
            is_new = is_there[:, None] if len(value.shape) == 2 else is_there
            kept[name] = ops.where(is_new, value, state[name])
        return t + 1, kept

    begin = (first_of(notes[..., 0] < grammar.sizes[0]), state)
    last: State = ops.while_loop(lambda t, _: t < notes.shape[1], step, begin)[-1]
    return last


def first_of(flags: Any) -> Any:
    """The first step at which any of a batch has a flag, (batch, steps) bool -> int32; their number for none."""
    is_before = ops.cumsum(ops.cast(ops.any(flags, axis=0), "int32")) == 0
    return ops.sum(ops.cast(is_before, "int32"))
