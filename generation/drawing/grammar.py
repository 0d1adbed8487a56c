"""What may not follow what: the rules of the bar grid, and the guards against loops, in the form that a loop compiles.

Everything that a guard counts lies in its state, a dict of arrays of (batch, ...); how far it may count are numbers
handed to the loop (`limits`), so that other settings need no new compiling.
"""

from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from generation.codecs import Codec, ExpressiveCodec
from generation.drawing.masks import OUT_OF_REACH
from generation.drawing.settings import LONGEST_BAR_RUN, Sampling
from generation.network import field_sizes

State = dict[str, Any]
Limits = dict[str, Any]  # name -> numpy array, later tensor

LONGEST_RUN = 8  # notes of one pitch, or tokens, in a row
FIGURE_NOTES = 48  # a figure of pitches that comes again and again is stopped after so many notes,
FIGURE_TIMES = 8  # or so many times where that is longer
MOST_NOTES_A_BAR = 64
MOST_NOTES_A_SLOT = 12
LEAST_ABOVE = 0.5  # of the octaves' probabilities, so that a chord's next note is made to lie above the last
SILENT_BARS = 4.0  # that may be saved up; a bar with notes earns half a silent one
SILENT_BARS_AT_FIRST = 2.0
EARNED = 0.5
TOKENS_A_BAR = 8  # of the classic codec, half a quarter each

DISCOURAGED = -1e4  # added to the logit of what a guard forbids: less than a mask, and never drawn beside anything else
NO_LIMIT = 1 << 30
# Surprise is -log p of what was drawn, in nats, here of the degree or token; its mean looks back over about 32 notes.
SURPRISE_NOTES = 32
SURE = 0.03  # a mean below: the network says the same for ever
FLAT = 0.95  # above that share of an even distribution's: it says nothing
HEATED, COOLED = 2.0, 0.6  # what the temperature is multiplied by goes up to 1 + HEATED and down to 1 - COOLED
COOL_WISH, HOT_WISH = 0.5, 1.2  # whoever asks for colder or hotter draws than these wants them sure, or flat


class Grammar:
    """The rules and guards of one codec."""

    def __init__(self, codec: Codec) -> None:
        self.sizes = field_sizes(codec)
        names = [field.name for field in codec.fields]
        self.is_expressive = isinstance(codec, ExpressiveCodec)
        self.bar_slots = codec.bar_slots if isinstance(codec, ExpressiveCodec) else 0
        self.bar_step = names.index("bar_step") if self.is_expressive else -1
        self.position = names.index("position") if self.is_expressive else -1
        self.octave = names.index("octave") if self.is_expressive else -1
        self.alteration = names.index("alteration") if self.is_expressive else -1
        self.guarded = names.index("degree") if self.is_expressive else 0
        self.pitch = [names.index(name) for name in ("degree", "octave", "alteration")] if self.is_expressive else [0]
        self.n_pitches = int(np.prod([self.sizes[field] for field in self.pitch])) + 1  # one more, for no note
        self.per_guarded = (self.n_pitches - 1) // self.sizes[self.guarded]  # pitches of one degree
        self.values = [np.arange(size, dtype="int32") for size in self.sizes]
        self.longest_period = 96 if self.is_expressive else 4 * TOKENS_A_BAR

    def limits(self, settings: Sampling) -> Limits:
        """How far the guards may count, for these settings: name -> array, always of the same shapes."""
        periods = np.arange(1, self.longest_period + 1)
        times = max(FIGURE_TIMES, 1 + (settings.longest_bar_run or LONGEST_BAR_RUN))
        figures = np.maximum(FIGURE_NOTES, times * periods) - 1 - periods
        figures[0] = LONGEST_RUN - 1
        bars = np.full_like(periods, NO_LIMIT)
        if settings.longest_bar_run and self.is_expressive:
            bars = settings.longest_bar_run * periods - 1
        elif settings.longest_bar_run:  # without bar lines: a figure, however long, goes on for less than so many bars
            bars = np.maximum(periods, TOKENS_A_BAR) * (settings.longest_bar_run + 1) - 1 - periods
            bars[0] = NO_LIMIT  # runs of one token have their own limit
        guided = settings.temperatures.get("degree" if self.is_expressive else "token", settings.temperature)
        off = settings.is_faithful
        return {
            "figures": np.full_like(figures, NO_LIMIT, dtype=np.int32) if off else figures.astype(np.int32),
            "bars": np.full_like(bars, NO_LIMIT, dtype=np.int32) if off else bars.astype(np.int32),
            "most_in_bar": np.int32(NO_LIMIT if off else MOST_NOTES_A_BAR),
            "most_in_slot": np.int32(NO_LIMIT if off else MOST_NOTES_A_SLOT),
            "silence": np.array([1e6, 1e6] if off else [SILENT_BARS_AT_FIRST, SILENT_BARS], dtype=np.float32),
            "heating": np.array(
                [
                    0.0 if off or guided < COOL_WISH else HEATED,
                    0.0 if off or guided > HOT_WISH else COOLED,
                ],
                dtype=np.float32,
            ),
        }

    def begin(self, batch: int, limits: Limits) -> State:
        """The state before the first note."""
        none = ops.zeros((batch,), dtype="int32")
        runs = ops.zeros((batch, self.longest_period), dtype="int32")
        state = {
            "previous": ops.convert_to_tensor(np.tile(np.array(self.sizes, dtype=np.int32), (batch, 1))),
            "history": ops.full((batch, self.longest_period), -1, dtype="int32"),  # the last note first
            "figure_runs": runs,  # [:, p - 1]: how many notes so far are as the one p before
            "surprise": ops.full((batch,), SURE + 0.2, dtype="float32"),
        }
        if self.is_expressive:
            silence = ops.broadcast_to(limits["silence"][0], (batch,))
            state |= {"bar_runs": runs, "in_bar": none, "in_slot": none, "silence": silence}
        return state

    def restrict(self, logits: Any, field: int, chosen: list[Any], state: State, limits: Limits) -> Any:
        """Logits (batch, size) of a field, with what may not follow out of reach."""
        if field == self.guarded:
            is_over = state["figure_runs"] >= limits["figures"]
            if self.is_expressive:
                # Of a repeated bar a note is forbidden where it would come again; a pitch that goes on, anywhere.
                is_here = state["history"] // self.n_pitches == self._place(chosen)[:, None]
                is_over = is_over | ((state["bar_runs"] >= limits["bars"]) & is_here)
            else:
                is_over = is_over | (state["figure_runs"] >= limits["bars"])
            forbidden = ops.where(is_over, ops.mod(state["history"], self.n_pitches) // self.per_guarded, -1)
            is_forbidden = ops.any(forbidden[:, :, None] == self.values[field], axis=1)
            return logits + ops.where(is_forbidden, DISCOURAGED, 0.0)
        if field == self.bar_step:
            return logits + self._advance(state, limits)
        if field == self.position:
            return ops.where(self._is_past(chosen, state, limits), OUT_OF_REACH, logits)
        if field == self.octave:
            return logits + ops.where(self._is_below(logits, chosen, state), DISCOURAGED, 0.0)
        return logits

    def update(self, state: State, note: Any, limits: Limits) -> State:
        """The state after a note, (batch, fields)."""
        pitch = note[:, self.pitch[0]]
        for field in self.pitch[1:]:
            pitch = pitch * self.sizes[field] + note[:, field]
        history, before = state["history"], state["previous"]
        after = dict(state, previous=note)
        if self.is_expressive:
            key = self._place([note[:, field] for field in range(2)]) * self.n_pitches + pitch
            is_as = ops.mod(history, self.n_pitches) == pitch[:, None]
            after["bar_runs"] = ops.where(history == key[:, None], state["bar_runs"] + 1, 0)
            after |= self._count(note, before, state, limits)
        else:
            key, is_as = pitch, history == pitch[:, None]
        after["figure_runs"] = ops.where(is_as, state["figure_runs"] + 1, 0)
        after["history"] = ops.concatenate([key[:, None], history[:, :-1]], axis=1)
        return after

    def heat(self, state: State, limits: Limits) -> Any:
        """What the temperature is multiplied by, (batch, 1): more where draws are for ever sure, less where flat."""
        flat = np.log(max(2, self.sizes[self.guarded]))
        sure = ops.maximum(0.0, 1 - state["surprise"] / SURE)
        vague = ops.clip((state["surprise"] / flat - FLAT) / (1 - FLAT), 0.0, 1.0)
        return (1 + limits["heating"][0] * sure - limits["heating"][1] * vague)[:, None]

    def surprised(self, state: State, probability: Any) -> State:
        """The state after a guarded value of that probability, (batch,), was drawn."""
        surprise = -ops.log(ops.maximum(probability, 1e-9))
        return dict(state, surprise=state["surprise"] + (surprise - state["surprise"]) / SURPRISE_NOTES)

    def _place(self, fields: list[Any]) -> Any:
        """Where a note stands, as one number: its position, and whether it begins a bar; (batch,)."""
        begins = ops.cast(fields[self.bar_step] > 0, "int32")
        return begins * self.sizes[self.position] + fields[self.position]

    def _advance(self, state: State, limits: Limits) -> Any:
        """What is added to the logits of bar_step: full bars go on to the next, rests end; (batch, size)."""
        steps = self.values[self.bar_step]
        is_last = state["previous"][:, self.position] == self.bar_slots - 1
        is_full = (state["in_bar"] >= limits["most_in_bar"]) | ((state["in_slot"] >= limits["most_in_slot"]) & is_last)
        is_too_long = ops.cast(steps - 1, "float32") > state["silence"][:, None]
        return ops.where((is_full[:, None] & (steps == 0)) | is_too_long, DISCOURAGED, 0.0)

    def _is_past(self, chosen: list[Any], state: State, limits: Limits) -> Any:
        """Positions that time has gone by, in the same bar; (batch, size)."""
        before = state["previous"][:, self.position]
        # The start token's position is the field's size: with a first note nothing is past.
        is_bound = (chosen[self.bar_step] == 0) & (before < self.sizes[self.position])
        earliest = before + ops.cast(state["in_slot"] >= limits["most_in_slot"], "int32")
        return is_bound[:, None] & (self.values[self.position] < earliest[:, None])

    def _is_below(self, logits: Any, chosen: list[Any], state: State) -> Any:
        """Octaves in which a note would not be above the one before, on the same slot: chords are said upwards.

        None where the network finds few above: a note that was meant for lower would leap up out of its register, and
        others after it. In the score chords have no order.
        """
        before = state["previous"]
        is_chord = (chosen[self.bar_step] == 0) & (chosen[self.position] == before[:, self.position])
        lowest = before[:, self.octave] + ops.cast(chosen[self.guarded] <= before[:, self.guarded], "int32")
        is_below = self.values[self.octave] < lowest[:, None]
        share_above = ops.sum(ops.where(is_below, 0.0, ops.softmax(logits)), axis=-1)
        return (is_chord & (share_above >= LEAST_ABOVE))[:, None] & is_below

    def _count(self, note: Any, before: Any, state: State, limits: Limits) -> State:
        """Notes in the bar and on the slot, and silent bars in hand, after a note."""
        step = note[:, self.bar_step]
        is_same_bar = step == 0
        is_same_slot = is_same_bar & (note[:, self.position] == before[:, self.position])
        silent = ops.cast(step - 1, "float32")
        earned = ops.where(step == 1, EARNED, ops.where(step > 1, -silent, 0.0))
        return {
            "in_bar": ops.where(is_same_bar, state["in_bar"] + 1, 1),
            "in_slot": ops.where(is_same_slot, state["in_slot"] + 1, 1),
            "silence": ops.minimum(state["silence"] + earned, limits["silence"][1]),
        }


def missing(notes: NDArray[np.int32], sizes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which of the notes, (..., fields), are start tokens, (...)."""
    found: NDArray[np.bool_] = notes[..., 0] >= sizes[0]
    return found
