"""What of a row of notes may be known of each of them where one bar is to be written between the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from keras import ops

from generation.layers.recall import NEVER

BAR_STEP, POSITION, DEGREE, OCTAVE = range(4)  # of a note's fields: bars since the note before, slot in the bar, pitch


@dataclass(frozen=True)
class BarRow:
    """A row of notes, the first `steps` of which are asked for; the row begins with a bar.

    Of each note asked for all earlier ones are known, and those from the next bar on; whether its bar goes on is asked
    with the bar of the note before in mind. Numbers of bars are counted from any, in a row alike; a note that is
    missing has a bar of its own, after the others.
    """

    notes: Any  # (b, row, fields) int
    previous: Any  # (b, row, fields) int: the note before each
    steps: int
    size: int  # of the bar step; a missing note has that one

    @property
    def bars(self) -> Any:
        """The number of each note's bar, (b, row) int."""
        return ops.cumsum(self.notes[..., BAR_STEP], axis=1)

    @property
    def previous_bars(self) -> Any:
        """The number of the bar that each note's previous one is in, (b, row) int."""
        return delayed(self.bars)

    @property
    def begins(self) -> Any:
        """Which notes are the first of their bar, (b, row) bool."""
        return (self.notes[..., BAR_STEP] > 0) | (self.previous[..., BAR_STEP] >= self.size)

    @property
    def resumes(self) -> Any:
        """Where for each note asked for the next bar begins, (b, steps) int; the row's length for nowhere."""
        return _count(self.bars[:, None] <= self.bars[:, : self.steps, None])

    @property
    def goes_on(self) -> Any:
        """Where for each note asked for the bar after that of the note before it begins, (b, steps) int."""
        return delayed(self.resumes)

    def is_known(self) -> Any:
        """Which notes are known where each is asked for, (b, steps, row) bool."""
        return self._is_there() & (self._is_earlier() | (self._places() >= self.resumes[..., None]))

    def is_known_with_previous(self) -> Any:
        """Which are, and the note before them too, while it is asked whether a bar goes on, (b, steps, row) bool."""
        return self._is_there() & (self._is_earlier() | (self._places() > self.goes_on[..., None]))

    def is_alike(self) -> Any:
        """Which notes begin a bar where the one asked for does, or neither of both, (b, steps, row) bool."""
        begins = ops.cast(self.begins, "int32")
        return begins[:, : self.steps, None] == begins[:, None]

    def bars_away(self) -> Any:
        """How many bars after the one asked for each note is, (b, steps, row) int."""
        return self.bars[:, None] - self.bars[:, : self.steps, None]

    def previous_bars_away(self) -> Any:
        """How many bars the notes before them lie apart, (b, steps, row) int."""
        return self.previous_bars[:, None] - self.previous_bars[:, : self.steps, None]

    def is_next(self) -> Any:
        """Which notes are the first of their bar's to sound after where the music stands, (b, steps, row) bool.

        Or begin the bar after, where their own bar had nothing left.
        """
        now = self.previous[:, : self.steps, None, POSITION]
        is_after = self.begins[:, None] | (self.notes[:, None, :, POSITION] > now)
        return is_after & (self.previous[:, None, :, POSITION] <= now)

    def aims(self, sizes: Sequence[int]) -> "Aims":
        """Where each note asked for would be, were it as far from the one before it as each other note is."""
        found = Aims.of(self.previous[:, : self.steps], self.notes, self.previous, sizes)
        is_known = self._is_earlier() | (self._places() > self.resumes[..., None])
        return replace(found, is_known=found.is_known & is_known)

    def _is_there(self) -> Any:
        return self.notes[:, None, :, BAR_STEP] < self.size

    def _is_earlier(self) -> Any:
        places = np.arange(self.notes.shape[1])
        return places[None, None] < places[None, : self.steps, None]

    def _places(self) -> Any:
        return np.arange(self.notes.shape[1], dtype="int32")[None, None]


@dataclass(frozen=True)
class Aims:
    """Scale steps that notes (t) come to, moving from the note before as each note of a row (s) did from its own."""

    steps: Any  # (b, t, s) int, counted from the lowest degree of the lowest octave
    is_known: Any  # (b, t, s) bool
    sizes: tuple[int, ...]  # of the fields

    @classmethod
    def of(cls, before: Any, notes: Any, previous: Any, sizes: Sequence[int]) -> "Aims":
        """From the notes before (b, t, fields), and the row's notes and those before them, (b, s, fields)."""
        degrees, octaves = sizes[DEGREE], sizes[OCTAVE]

        def height(some: Any) -> Any:
            return some[..., OCTAVE] * degrees + some[..., DEGREE]

        steps = height(before)[:, :, None] + (height(notes) - height(previous))[:, None]
        is_there = [some[..., BAR_STEP] < sizes[BAR_STEP] for some in (before, notes, previous)]
        is_known = is_there[0][:, :, None] & (is_there[1] & is_there[2])[:, None]
        is_known = is_known & (steps >= 0) & (steps < degrees * octaves)
        return cls(ops.clip(steps, 0, degrees * octaves - 1), is_known, tuple(sizes))

    def given(self, degrees: Any) -> "Aims":
        """Those alone that come to the degrees which the notes were said to have, (b, t)."""
        is_there = ops.mod(self.steps, self.sizes[DEGREE]) == degrees[..., None]
        return replace(self, is_known=self.is_known & is_there)

    def told(self, field: int) -> tuple[Any, Any]:
        """Their degrees or octaves as one of each, (b, t, s, size), and which are known, (b, t, s)."""
        degrees = self.sizes[DEGREE]
        values = ops.mod(self.steps, degrees) if field == DEGREE else self.steps // degrees
        return ops.one_hot(values, self.sizes[field]), self.is_known


def unless(is_known: Any) -> Any:
    """What is added to scores: nothing where a note is known, (b, t, s) bool -> (b, 1, t, s)."""
    return ops.where(is_known, 0.0, NEVER)[:, None]


def delayed(numbers: Any) -> Any:
    """Each number a step later, the first twice: (b, row) -> (b, row)."""
    return ops.concatenate([numbers[:, :1], numbers[:, :-1]], axis=1)


def _count(flags: Any) -> Any:
    return ops.sum(ops.cast(flags, "int32"), axis=-1)
