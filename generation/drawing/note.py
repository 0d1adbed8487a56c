"""One note drawn from a network's answer: the cuts of the distribution, and the fields of a note in turn."""

from collections.abc import Container
from typing import Any, Protocol

import numpy as np
from keras import ops
from numpy.typing import NDArray

from generation.codecs import Codec
from generation.drawing.grammar import DISCOURAGED, Grammar, State
from generation.drawing.masks import field_masks
from generation.drawing.settings import SampleRefused, Sampling
from generation.network import field_sizes

LEAST = 1e-30  # probability, so that its logarithm is a number
BELOW_ONE = np.float32(1 - 2**-20)  # uniforms end there, so that no rounding reaches past the last value kept

Wishes = dict[str, Any]  # name -> numpy array, later tensor


def wishes(
    codec: Codec, settings: Sampling, chromas: frozenset[int] | None, *, lightly_cut: Container[str] = ()
) -> Wishes:
    """The settings as arrays for a compiled loop; the same shapes for every setting. Raises SampleRefused.

    Of fields that are `lightly_cut`, by name, `top_p` leaves out the square of the share that it leaves out of others.
    """
    sizes = field_sizes(codec)
    names = [field.name for field in codec.fields]
    for name in settings.temperatures:
        if name not in names:
            raise SampleRefused(f"temperatures: expected fields among {', '.join(names)}, got {name!r}")
    heats = [settings.temperatures.get(name, settings.temperature) for name in names]
    ranks = np.arange(max(sizes))
    shares = [1 - (1 - settings.top_p) ** (2 if name in lightly_cut else 1) for name in names]
    mask, pairs = field_masks(codec, chromas)
    return {
        "colds": np.array([1 / heat if heat else 1.0 for heat in heats], dtype=np.float32),  # 0 takes the likeliest
        "sampled": np.array([float(heat > 0) * BELOW_ONE for heat in heats], dtype=np.float32),
        # The share before a value must be less than this for it to be kept; the likeliest has 0 before it.
        "cuts": np.where(ranks < (settings.top_k or len(ranks)), np.array(shares)[:, None], -1.0).astype(np.float32),
        "mask": mask,
        "pairs": pairs,
        "limits": Grammar(codec).limits(settings),
    }


def pick(logits: Any, uniform: Any, cuts: Any) -> tuple[Any, Any]:
    """Draw by inverse distribution function from the likeliest values: ((batch,) int32, (batch,) its probability).

    (batch, size) logits, (batch,) uniforms in [0, 1); `cuts` (size,): a value of that rank is kept where all likelier
    ones together have less. Uniform 0 gives the likeliest value, of equal ones the first. The probability is that
    before the cuts.
    """
    size = logits.shape[-1]
    best, order = ops.top_k(logits, k=size)
    probabilities = ops.softmax(best)
    reached = ops.cumsum(probabilities, axis=-1)
    kept = ops.where(reached - probabilities < cuts, reached, 0.0)
    threshold = uniform * ops.max(kept, axis=-1)
    rank = ops.sum(ops.cast(reached <= threshold[:, None], "int32"), axis=-1)
    is_drawn = np.arange(size, dtype="int32") == rank[:, None]  # cheaper than a gather for each row
    value = ops.sum(ops.where(is_drawn, ops.cast(order, "int32"), 0), axis=-1)
    return value, ops.sum(ops.where(is_drawn, probabilities, 0.0), axis=-1)


class Drawer:
    """Draws notes from what a network answers, within the wishes; made outside of a loop, used inside it.

    Temperature and masks are part of the last layer's weights: they cost nothing at each note.
    """

    def __init__(self, answers: "Answers", grammar: Grammar, wish: Wishes) -> None:
        self.grammar, self.wish, self.answers = grammar, wish, answers
        parts = [ops.broadcast_to(wish["colds"][field], (size,)) for field, size in enumerate(grammar.sizes)]
        answers.scale(ops.concatenate(parts), wish["mask"])

    def note(
        self, context: Any, uniforms: Any, state: State, bar_step: Any = None, *, banned: Any = None
    ) -> tuple[Any, State]:
        """A note (batch, fields) int32, and the grammar's state after it; `uniforms` (batch, fields).

        Where `bar_step` (batch,) is not below 0 the note's is that one. `banned` (batch, values) are 1 for values of
        the guarded field that are discouraged.
        """
        grammar, limits = self.grammar, self.wish["limits"]
        warmth = 1 / grammar.heat(state, limits)
        chosen: list[Any] = []
        for field, size in enumerate(grammar.sizes):
            logits = self.answers.logits(context, field) * warmth
            if field == grammar.alteration:
                logits = logits + ops.take(self.wish["pairs"], chosen[grammar.guarded], axis=0)
            logits = grammar.restrict(logits, field, chosen, state, limits)
            if field == grammar.guarded and banned is not None:
                logits = logits + banned * DISCOURAGED
            value, probability = pick(logits, uniforms[:, field], self.wish["cuts"][field, :size])
            if field == grammar.guarded:
                state = grammar.surprised(state, probability)
            if field == grammar.bar_step and bar_step is not None:
                value = ops.where(bar_step >= 0, bar_step, value)
            chosen.append(value)
            context = self.answers.choose(context, field, value)
        note = ops.stack(chosen, axis=-1)
        return note, grammar.update(state, note, limits)


class Answers(Protocol):
    """Logits of a note's fields, each given the fields chosen before it."""

    def scale(self, cold: Any, mask: Any) -> None:
        """Multiply all logits, (sum of sizes,), by `cold` and add `mask` from now on."""

    def logits(self, context: Any, field: int) -> Any:
        """(batch, units) -> (batch, size of the field)."""

    def choose(self, context: Any, field: int, value: Any) -> Any:
        """The context after a field took these values, (batch,) int."""


class HeadsAnswers:
    """What a network's `ChainedHeads` answer; the context is what their `begin` gave, (batch, units)."""

    def __init__(self, heads: Any) -> None:
        self.heads = heads
        self.kernel, self.bias = ops.convert_to_tensor(heads.kernel), ops.convert_to_tensor(heads.bias)

    def scale(self, cold: Any, mask: Any) -> None:
        """Of the last layer's weights, once for all notes."""
        self.kernel, self.bias = self.kernel * cold, self.bias * cold + mask

    def logits(self, context: Any, field: int) -> Any:
        """As `ChainedHeads.logits`, of the scaled weights."""
        first, last = self.heads.offsets[field], self.heads.offsets[field + 1]
        active = ops.relu(context + self.heads.field_bias[field])
        return ops.matmul(active, self.kernel[:, first:last]) + self.bias[first:last]

    def choose(self, context: Any, field: int, value: Any) -> Any:
        """As `ChainedHeads.choose`; the last field is told to nobody."""
        return self.heads.choose(context, field, value) if field + 1 < len(self.heads.sizes) else context


class RecallAnswers:
    """What heads and a layer `Recall` answer together.

    The context is that of the heads, then how much earlier notes count, (batch, ways, earlier) in logarithms, how much
    nothing does, (batch, ways, 1), and those notes, (batch, earlier, fields).
    """

    def __init__(self, heads: HeadsAnswers, recall: Any) -> None:
        self.heads, self.recall = heads, recall

    def scale(self, cold: Any, mask: Any) -> None:
        """Of the heads' weights once for all notes; of what is recalled each time."""
        self.cold = cold
        self.heads.scale(cold, mask)

    def logits(self, context: Any, field: int) -> Any:
        """The sum of both."""
        context, scores, nothing, notes = context
        found = ops.exp(scores)[:, :, None]
        recalled = self.recall.answer(found, nothing[:, :, None], notes[..., field], field)[:, 0]
        first = self.heads.heads.offsets[field]
        return self.heads.logits(context, field) + recalled * self.cold[first]

    def choose(self, context: Any, field: int, value: Any) -> Any:
        """Notes that differ count for less from now on."""
        context, scores, nothing, notes = context
        differs = ops.cast(notes[..., field] != value[:, None], "float32")
        scores = scores + differs[:, None] * self.recall.unlike[:, field, None]
        return self.heads.choose(context, field, value), scores, nothing, notes


class SoftmaxAnswers:
    """What a network of one field with a softmax answers; the context is its probabilities, (batch, size)."""

    def scale(self, cold: Any, mask: Any) -> None:
        """Kept until logits are asked for."""
        self.cold, self.mask = cold, mask

    def logits(self, context: Any, field: int) -> Any:
        """Logarithms: of the likeliest values none changes places with another."""
        return ops.log(ops.maximum(context, LEAST)) * self.cold + self.mask

    def choose(self, context: Any, field: int, value: Any) -> Any:
        """There is no other field."""
        return context


def draw_uniforms(shape: tuple[int, ...], rng: np.random.Generator, wish: Wishes) -> NDArray[np.float32]:
    """Uniforms in [0, 1) for draws of (..., fields), 0 where the likeliest value is wanted."""
    uniforms: NDArray[np.float32] = rng.random(shape, dtype=np.float32) * wish["sampled"]
    return uniforms
