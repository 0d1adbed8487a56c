"""The loop that writes a bar between what comes before it and after it, one note at a time, many bars at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from generation.codecs import Codec
from generation.drawing.grammar import Grammar, State
from generation.drawing.loops import Loop, compiled, first_of, heard_before
from generation.drawing.lstm_steps import CellStack, field_rows
from generation.drawing.note import Drawer, HeadsAnswers, RecallAnswers
from generation.layers.bar_recall import lying
from generation.layers.bar_rows import BAR_STEP, DEGREE, OCTAVE, POSITION, Aims, delayed, unless
from generation.layers.recall import levelled
from generation.network import lstm_layers, start_tokens


def bar_loop(model: Any, codec: Codec) -> Loop:
    """The loop of an infilling network: each note of a bar costs one step of each LSTM.

    (uniforms (most notes, batch, fields), before (batch, window + 1, fields), after (batch, window_after, fields),
    first (batch,) the bar_step of each bar's first note, wishes) -> notes (most notes, batch, fields) and how many of
    them are of the bar, (batch,). See `BarSteps.listen` for what is heard. The bar is over with the first note that
    would be in a later one, which is not among them.
    """
    grammar = Grammar(codec)

    def draw(uniforms: Any, before: Any, after: Any, first: Any, wish: Any) -> Any:
        most, batch, _ = uniforms.shape
        limits, steps = wish["limits"], BarSteps(model, before.shape[1] - 1, most, after.shape[1])
        drawer = Drawer(BarAnswers(HeadsAnswers(steps.heads), steps.recall), grammar, wish)
        about, memory = steps.listen(before, after, first)

        def step(t: Any, note: Any, memory: Any, state: State, lengths: Any, is_open: Any, notes: Any) -> Any:
            memory, context = steps.hear(t, note, about, memory)
            forced = ops.where(t == 0, first, -1)
            note, state = drawer.note(context, ops.take(uniforms, t, axis=0), state, forced)
            is_open = is_open & ((t == 0) | (note[:, grammar.bar_step] == 0))
            lengths = lengths + ops.cast(is_open, "int32")
            notes = ops.slice_update(notes, (t, 0, 0), note[None])
            return t + 1, note, steps.write(t, note, memory), state, lengths, is_open, notes

        state = heard_before(grammar, before[:, 1:], grammar.begin(batch, limits), limits)
        none, notes = ops.zeros((batch,), dtype="int32"), ops.zeros(uniforms.shape, dtype="int32")
        is_open = ops.ones((batch,), dtype="bool")
        begin = (ops.convert_to_tensor(0, dtype="int32"), before[:, -1], memory, state, none, is_open, notes)
        *_, lengths, _, notes = ops.while_loop(lambda t, *loop: (t < most) & ops.any(loop[-2]), step, begin)
        return notes, lengths

    return compiled(draw)


@dataclass(frozen=True)
class About:
    """What is known of a bar's surroundings while it is written; a row has the notes before it, its own, those after.

    Scores say in logarithms how much each note of the row counts when something is recalled, (b, ways, row).
    """

    added: Any  # (b, width of what is said) from the later bars
    is_known: Any  # (b, row) bool: a note is there that is not the bar's own, and the one before it too
    begins: Any  # (b, row) bool: it is the first of its bar
    first: Any  # scores when the bar's first note is asked for
    away: Any  # what is added to scores when another is


class BarSteps:
    """An infilling network that hears one note at a time, its weights made ready outside of a loop."""

    def __init__(self, model: Any, n_before: int, room: int, n_after: int) -> None:
        """How many notes are heard before the bar and after it at the most, and how many it has room for."""
        self.n_before, self.room, self.n_after = n_before, room, n_after
        self.embedding, self.backwards = model.get_layer("embedding"), model.get_layer("backwards")
        self.of_bar, self.recall, self.heads = (model.get_layer(name) for name in ("of_bar", "bar_recall", "heads"))
        self.sizes, self.n_said = self.heads.sizes, self.heads.units
        said = ops.concatenate([self.heads.entry, self.recall.nothing], axis=1)
        cells = [layer.cell for layer in lstm_layers(model) if layer is not self.backwards]
        self.stack = CellStack(self.embedding, cells, said[: -self.backwards.units])
        self.later = said[-self.backwards.units :]
        last, earlier = ops.split(ops.convert_to_tensor(self.recall.keys), 2)
        self.key_rows = field_rows(self.embedding, ops.concatenate([last, earlier], axis=1))

    def listen(self, before: Any, after: Any, first: Any) -> tuple[About, Any]:
        """What surrounds a bar, and the memory before its first note.

        `before` (b, notes + 1, fields) are the start and the notes before the bar, on the right; `after` (b, notes,
        fields) those after it, on the left; start tokens stand where there is none. `first` (b,) is the bar step of the
        bar's first note.
        """
        batch, _, fields = before.shape
        own = ops.broadcast_to(start_tokens(self.sizes), (batch, self.room, fields))
        heard = ops.concatenate([before[:, 1:], own, after], axis=1)
        previous = ops.concatenate([before, own, after[:, :-1]], axis=1)
        vectors = self.embedding(previous, training=False)
        keys = self.recall.keys_of(self.of_bar(vectors, heard, previous))
        silence = ops.zeros((batch, self.key_rows.shape[1] // 2))
        return self._about(before, after, first), (*self._hear_before(before), silence, keys, heard, previous)

    def hear(self, t: Any, note: Any, about: About, memory: Any) -> tuple[Any, Any]:
        """The note (b, fields) before the bar's note `t` -> the memory after it, and the context for `t`."""
        states, late, earlier, keys, heard, previous = memory
        states, late, said = self.stack.hear_note(note, states, late)
        said, place = said + about.added, self.n_before + t
        last, following = ops.split(
            ops.sum(ops.take(self.key_rows, note + self.embedding.offsets, axis=0), axis=1), 2, 1
        )
        key = ops.reshape(ops.where(t > 1, last + earlier, last), (*keys.shape[:2], 1, keys.shape[3]))
        key = ops.where(t == 0, keys[:, :, self.n_before : self.n_before + 1], key)
        keys = ops.slice_update(keys, (0, 0, place, 0), key)
        previous = ops.slice_update(previous, (0, place, 0), note[:, None])
        query = ops.transpose(key * self.recall.scale()[:, None], (0, 1, 3, 2))
        scores = ops.matmul(keys, query)[..., 0] + about.away + self._next(note, about, heard, previous)
        scores = scores + unless(about.is_known | self._is_own_until(t))
        others = ops.where(t == 0, about.first, scores + unless(~about.begins))
        nothing = (said[:, self.n_said :] + self.recall.nothing_bias)[..., None]
        aims = Aims.of(note[:, None], heard, previous, self.sizes)
        context = said[:, : self.n_said], levelled(scores, nothing), levelled(others, nothing), heard, aims, ()
        return (states, late, following, keys, heard, previous), context

    def write(self, t: Any, note: Any, memory: Any) -> Any:
        """The memory with the bar's note `t`, (b, fields), in the row."""
        *others, heard, previous = memory
        return (*others, ops.slice_update(heard, (0, self.n_before + t, 0), note[:, None]), previous)

    def _next(self, note: Any, about: About, heard: Any, previous: Any) -> Any:
        """What notes gain that are next in their bar, as `BarRow.is_next` says, (b, ways, row)."""
        now = note[:, None, POSITION]
        is_next = (about.begins | (heard[..., POSITION] > now)) & (previous[..., POSITION] <= now)
        return ops.cast(is_next, "float32")[:, None] * self.recall.next[:, None]

    def _is_own_until(self, t: Any) -> Any:
        places = np.arange(self.n_before + self.room + self.n_after) - self.n_before
        return ((places >= 0) & (places < t))[None]

    def _about(self, before: Any, after: Any, first: Any) -> About:
        """As `BarRow` has it, with the bar that is written as number 0."""
        size, batch = self.sizes[BAR_STEP], before.shape[0]
        steps, following = before[:, 1:, BAR_STEP], after[..., BAR_STEP]
        own = np.arange(self.room)
        bars = ops.cumsum(steps, axis=1)
        bars = bars - bars[:, -1:] - first[:, None]
        later = ops.cumsum(following, axis=1)
        own_previous = ops.where(own == 0, -first[:, None], 0)
        own_bars = ops.zeros((batch, self.room), dtype="int32")
        numbers = ops.concatenate([bars, own_bars, later], axis=1)
        of_previous = ops.concatenate([delayed(bars), own_previous, delayed(later)], axis=1)
        is_first = ops.broadcast_to(own == 0, (batch, self.room))
        begins = [(steps > 0) | (before[:, :-1, BAR_STEP] >= size), is_first, following > 0]
        no_own = ops.zeros((batch, self.room), dtype="bool")
        is_there = ops.concatenate([steps < size, no_own, following < size], axis=1)
        is_known = is_there & (np.arange(is_there.shape[1]) != self.n_before + self.room)
        first_scores = lying(numbers[:, None], self.recall.first_away)
        begins = ops.concatenate(begins, axis=1)
        return About(
            added=ops.matmul(
                self.backwards(ops.flip(self.embedding(after, training=False), axis=1))[:, -1], self.later
            ),
            is_known=is_known,
            begins=begins,
            first=first_scores[:, :, 0] + unless(is_there & begins),
            away=lying(of_previous[:, None], self.recall.away)[:, :, 0],
        )

    def _hear_before(self, before: Any) -> tuple[Any, Any]:
        """The layers' states, and what is added later, when all before the bar but the last note was heard."""
        is_there = before[..., BAR_STEP] < self.sizes[BAR_STEP]
        counts = ops.pad(is_there[:, 1:], ((0, 0), (0, 1)))  # of the start tokens the one before the first note

        def hear(t: Any, states: Any, late: Any) -> Any:
            new_states, new_late, _ = self.stack.hear_note(ops.take(before, t, axis=1), states, late)
            is_heard = ops.take(counts, t, axis=1)[:, None]
            kept = tuple(
                (ops.where(is_heard, hidden, old_hidden), ops.where(is_heard, carry, old_carry))
                for (hidden, carry), (old_hidden, old_carry) in zip(new_states, states, strict=True)
            )
            return t + 1, kept, ops.where(is_heard, new_late, late)

        begin = (first_of(counts), *self.stack.quiet(before.shape[0]))
        _, states, late = ops.while_loop(lambda t, *_: t < self.n_before, hear, begin)
        return states, late


class BarAnswers(RecallAnswers):
    """What heads and a layer `BarRecall` answer together.

    The context is that of the heads, then twice how much the row's notes count and nothing does (see `RecallAnswers`):
    when it is asked whether the bar goes on, and for all else; those notes, (batch, row, fields); where they would lead
    from the note before; and once the degree is said what had counted until then.
    """

    def logits(self, context: Any, field: int) -> Any:
        """As `RecallAnswers.logits`, and what is recalled of how pitch moved."""
        said, going_on, others, notes, aims, until_degree = context
        counts = going_on if field == BAR_STEP else others
        logits = super().logits((said, *counts, notes), field)
        if field in (DEGREE, OCTAVE):
            scores, nothing = until_degree or others
            moved = self.recall.answer_moved(ops.exp(scores)[:, :, None], nothing[:, :, None], aims, field)[:, 0]
            logits = logits + moved * self.cold[self.heads.heads.offsets[field]]
        return logits

    def choose(self, context: Any, field: int, value: Any) -> Any:
        """As `RecallAnswers.choose`; a bar's first note and its others have been told apart before."""
        said, going_on, others, notes, aims, until_degree = context
        if field == BAR_STEP:
            return self.heads.choose(said, field, value), going_on, others, notes, aims, until_degree
        if field == DEGREE:
            aims, until_degree = aims.given(value[:, None]), others
        said, scores, nothing, _ = super().choose((said, *others, notes), field, value)
        return said, going_on, (scores, nothing), notes, aims, until_degree
