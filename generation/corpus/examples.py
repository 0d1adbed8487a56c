"""What a network is shown, as rows of tokens cut from lines: windows, and windows of whole bars with what follows."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from generation.corpus.lines import Lines, Tokens

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
class BarWindows:
    """Stretches that begin with a bar, each within its line, and what follows it there.

    A row is `window` notes and `after` more; the start token stands for those that a line doesn't have. The first
    note's bar step is 0: its bar is the first that is heard.
    """

    window: int
    after: int
    start: Tokens  # (fields,)
    starts: Index
    highest: Index  # where each may begin at the most
    firsts: Index  # where its line begins
    ends: Index  # and ends
    bars: Index  # where the bars of all lines begin, in order
    lines: Index
    pieces: Index

    def rows(self, tokens: Tokens, index: Index) -> Rows:
        """The stretches with what follows, (len(index), window + after, fields)."""
        places = self.starts[index][:, None] + np.arange(self.window + self.after)
        found: Rows = tokens[np.minimum(places, len(tokens) - 1)]
        found = np.where((places < self.ends[index][:, None])[..., None], found, self.start)
        found[:, 0, 0] = 0
        return found

    def drawn_anew(self, rng: np.random.Generator) -> "BarWindows":
        """Each stretch up to half its length earlier or later, on a bar line."""
        reach = self.window // 2
        moved = self.starts + rng.integers(-reach, reach + 1, size=len(self.starts))
        moved = np.clip(moved, self.firsts, self.highest)
        return replace(self, starts=self.bars[np.searchsorted(self.bars, moved, side="right") - 1])


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


def cut_bar_windows(lines: Lines, window: int, after: int, start: Tokens) -> BarWindows:
    """Few stretches of whole bars that cover each line (see `BarWindows`), the last as long as there are notes.

    The first field of the tokens is the number of bars since the note before.
    """
    parts: list[tuple[Index, ...]] = []
    all_bars = []
    for number, (first, end, piece) in enumerate(lines):
        bars = first + np.concatenate([[0], 1 + np.flatnonzero(lines.tokens[first + 1 : end, 0])]).astype(np.int64)
        starts = [first]
        while starts[-1] + window < end and starts[-1] < bars[-1]:
            reached = bars[np.searchsorted(bars, starts[-1] + window, side="right") - 1]
            starts.append(int(max(reached, bars[np.searchsorted(bars, starts[-1], side="right")])))
        highest = bars[min(int(np.searchsorted(bars, end - window)), len(bars) - 1)]
        parts.append(_with_values(np.array(starts, dtype=np.int64), int(highest), first, end, number, piece))
        all_bars.append(bars)
    starts_at, highest_at, firsts, ends, numbers, pieces = _columns(parts, 6)
    bars_at = np.concatenate([np.zeros(0, dtype=np.int64), *all_bars])
    return BarWindows(window, after, start, starts_at, highest_at, firsts, ends, bars_at, numbers, pieces)


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
