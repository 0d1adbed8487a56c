"""What a network is shown, as rows of tokens cut from lines: windows, and holes with what surrounds them."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from generation.corpus_lines import Lines, Tokens

Rows = NDArray[np.int32]  # (n, length, fields)
Index = NDArray[np.int64]


class Examples(Protocol):
    """Places in lines of tokens, each of which is one row to learn from."""

    @property
    def pieces(self) -> Index:
        """The number of the piece that each example is from, (n,)."""

    @property
    def lines(self) -> Index:
        """The number of the line that each example is from, (n,)."""

    def rows(self, tokens: Tokens, index: Index) -> Rows:
        """Some examples as rows of those tokens, (len(index), length, fields)."""

    def drawn_anew(self, rng: np.random.Generator) -> "Examples":
        """As many examples from the same pieces, moved a little where they can be."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Stretches of one length, each of them within its line."""

    length: int
    starts: Index
    lowest: Index  # where each may begin, at the least and at the most
    highest: Index
    lines: Index
    pieces: Index

    def rows(self, tokens: Tokens, index: Index) -> Rows:
        """The stretches, (len(index), length, fields)."""
        found: Rows = tokens[self.starts[index][:, None] + np.arange(self.length)]
        return found

    def drawn_anew(self, rng: np.random.Generator) -> "Windows":
        """Each stretch up to half its length earlier or later, so that no note is always the first."""
        reach = self.length // 2
        moved = self.starts + rng.integers(-reach, reach + 1, size=len(self.starts))
        return replace(self, starts=np.clip(moved, self.lowest, self.highest))


@dataclass(frozen=True, slots=True)
class Holes:
    """Notes to be found from those before them and those from the next bar on.

    A row is `before` notes, the note itself, and `after` notes; the start token stands for those that aren't there.
    The last example of each bar is the first note after it, whose bar_step says that the bar is over.
    """

    before: int
    after: int
    start: Tokens  # (fields,)
    notes: Index  # (n,) the note to be found
    resumes: Index  # (n,) the first note after the hole's bar
    firsts: Index  # (n,) where its line begins
    ends: Index  # (n,) and ends
    lines: Index
    pieces: Index

    def rows(self, tokens: Tokens, index: Index) -> Rows:
        """The holes with what surrounds them, (len(index), before + 1 + after, fields)."""
        left = self.notes[index][:, None] + np.arange(-self.before, 1)
        right = self.resumes[index][:, None] + np.arange(self.after)
        places = np.concatenate([left, right], axis=1)
        is_there = (places >= self.firsts[index][:, None]) & (places < self.ends[index][:, None])
        found: Rows = tokens[np.clip(places, 0, len(tokens) - 1)]
        return np.where(is_there[..., None], found, self.start)

    def drawn_anew(self, rng: np.random.Generator) -> "Holes":
        """The same: every note of every bar is among them."""
        return self


def cut_windows(lines: Lines, length: int) -> Windows:
    """As few stretches as cover each line, evenly spread: neighbours overlap little. Shorter lines give none."""
    parts: list[tuple[Index, ...]] = []
    for number, (first, end, piece) in enumerate(lines):
        n = end - first
        if n >= length:
            starts = first + np.round(np.linspace(0, n - length, -(-n // length))).astype(np.int64)
            parts.append(_with_values(starts, first, end - length, number, piece))
    return Windows(length, *_columns(parts, 5))


def cut_sliding_windows(lines: Lines, length: int) -> Windows:
    """Every stretch, one token apart and across lines, as in the study; its piece is that of its last token."""
    starts = np.arange(max(0, len(lines.tokens) - length + 1), dtype=np.int64)
    owners = np.searchsorted(lines.firsts, starts + length - 1, side="right") - 1
    return Windows(length, starts, starts, starts, owners, lines.pieces[owners])


def cut_holes(lines: Lines, before: int, after: int, start: Tokens) -> Holes:
    """A hole at every note of every line, and one after each bar but a line's last (see `Holes`).

    The first field of the tokens is the number of bars since the note before.
    """
    parts: list[tuple[Index, ...]] = []
    for number, (first, end, piece) in enumerate(lines):
        bars = np.cumsum(lines.tokens[first:end, 0])
        resumes = first + np.searchsorted(bars, bars, side="right")  # for each note, the first of a later bar
        over = np.unique(resumes[resumes < end])
        notes = np.concatenate([np.arange(first, end), over])
        parts.append((notes, *_with_values(np.concatenate([resumes, over]), first, end, number, piece)))
    return Holes(before, after, start, *_columns(parts, 6))


def thinned(examples: Examples, most_a_piece: int | None, rng: np.random.Generator | None) -> Index:
    """Numbers of at most so many examples of each piece: shuffled, or without `rng` evenly spread and in order."""
    n = len(examples.pieces)
    order = np.arange(n) if rng is None else rng.permutation(n)
    if most_a_piece is None:
        return order
    order = order[np.argsort(examples.pieces[order], kind="stable")]  # piece by piece
    owners = examples.pieces[order]
    first, last = (np.searchsorted(owners, owners, side=side) for side in ("left", "right"))
    rank, count = np.arange(n) - first, last - first
    most = np.minimum(count, most_a_piece)
    kept: Index = order[(rank + 1) * most // count > rank * most // count]
    return kept if rng is None else rng.permutation(kept)


def _with_values(places: Index, *values: int) -> tuple[Index, ...]:
    """The places, and beside them each value as often."""
    return (places, *(np.full(len(places), value, dtype=np.int64) for value in values))


def _columns(parts: list[tuple[Index, ...]], n: int) -> list[Index]:
    """The parts' arrays, joined column by column."""
    empty = np.zeros(0, dtype=np.int64)
    return [np.concatenate([empty, *(part[column] for part in parts)]) for column in range(n)]
