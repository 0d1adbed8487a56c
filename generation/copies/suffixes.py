"""A suffix array over several sequences of integers: where is what, and what do two of them share. Numpy only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

CLOSING = 1 << 40  # the first sequence's closing symbol


@dataclass(frozen=True)
class Suffixes:
    """Sequences one after the other, each closed by a symbol of its own, and the order of all their suffixes."""

    text: Ints  # (n,) symbols; closing symbols are larger than all others, and different
    owners: Ints  # (n,) index of the sequence that each place belongs to
    starts: Ints  # (sequences,) place of each sequence's first symbol
    order: Ints  # (n,) places, by the suffixes that begin there

    @classmethod
    def build(cls, sequences: Sequence[Ints]) -> "Suffixes":
        """Of sequences of symbols from 0 to 2^40, by prefix doubling (Manber and Myers, 1993)."""
        lengths = np.array([len(sequence) + 1 for sequence in sequences], dtype=np.int64)
        closed = [np.append(sequence, CLOSING + index) for index, sequence in enumerate(sequences)]
        text = np.concatenate([np.zeros(0, np.int64), *closed]).astype(np.int64)
        owners = np.repeat(np.arange(len(sequences)), lengths)
        for names in _names(text):
            ranks = names  # only the last matters: 2^k symbols tell every suffix from every other
        return cls(text, owners, np.cumsum(lengths) - lengths, np.argsort(ranks))

    def longest_matches(self, query: Ints) -> tuple[Ints, Ints]:
        """For each place of a query, (m,): how many symbols from there are found here in a row, and where."""
        lengths, places = np.zeros(len(query), np.int64), np.zeros(len(query), np.int64)
        active = np.arange(len(query) if len(self.text) else 0)
        low, high = np.zeros(len(active), np.int64), np.full(len(active), len(self.text), dtype=np.int64)
        depth = 0
        while len(active):
            wanted = query[active + depth]
            low = self._first_not_below(wanted, depth, low, high)
            high = self._first_not_below(wanted + 1, depth, low, high)
            found = low < high
            active, low, high = active[found], low[found], high[found]
            depth += 1
            lengths[active], places[active] = depth, self.order[low]
            inside = active + depth < len(query)
            active, low, high = active[inside], low[inside], high[inside]
        return lengths, places

    def shared_with_others(self, groups: Ints) -> tuple[Ints, Ints]:
        """For each place, (n,): the longest run of symbols found in a sequence of another group, and where it begins.

        `groups`, (sequences,), says which sequences belong together.
        """
        group = groups[self.owners][self.order]
        common = self._common_with_next()  # (n - 1,)
        backward, from_before = _nearest_stranger(group, common)
        forward, from_after = _nearest_stranger(group[::-1], common[::-1])
        forward, from_after = forward[::-1], len(group) - 1 - from_after[::-1]
        is_before = backward >= forward
        lengths, places = np.zeros(len(group), np.int64), np.zeros(len(group), np.int64)
        lengths[self.order] = np.maximum(backward, forward)
        places[self.order] = self.order[np.where(is_before, from_before, from_after) % len(group)]
        return lengths, places

    def _first_not_below(self, wanted: Ints, depth: int, low: Ints, high: Ints) -> Ints:
        """In each range of the order, sharing `depth` symbols: the first whose next symbol is not below `wanted`."""
        last = len(self.text) - 1
        while np.any(low < high):
            middle = (low + high) // 2
            is_open = low < high
            places = self.order[np.minimum(middle, last)] + depth
            below = (self.text[np.minimum(places, last)] < wanted) & is_open
            low, high = np.where(below, middle + 1, low), np.where(is_open & ~below, middle, high)
        return low

    def _common_with_next(self) -> Ints:
        """Symbols that each suffix shares with the next in order, (n - 1,)."""
        names = [level.astype(np.int32) for level in _names(self.text)]
        a, b = self.order[:-1].copy(), self.order[1:].copy()
        shared = np.zeros(len(a), np.int64)
        last = len(self.text) - 1
        for level in range(len(names) - 1, -1, -1):
            same = names[level][np.minimum(a, last)] == names[level][np.minimum(b, last)]
            # Past the end nothing is the same; closing symbols differ, so two suffixes never reach it together.
            same &= (a <= last) & (b <= last)
            step = np.where(same, 1 << level, 0)
            shared, a, b = shared + step, a + step, b + step
        return shared


def _names(text: Ints) -> Iterator[Ints]:
    """For each level k, the names of the 2^k symbols from each place, in their order; in the last all differ."""
    names = np.unique(text, return_inverse=True)[1].astype(np.int64)
    yield names
    step = 1
    while len(text) and names.max() + 1 < len(text):
        following = np.zeros(len(text), np.int64)
        following[:-step] = names[step:] + 1
        names = np.unique(names * (len(text) + 1) + following, return_inverse=True)[1].astype(np.int64)
        step *= 2
        yield names


def _nearest_stranger(group: Ints, common: Ints) -> tuple[Ints, Ints]:
    """For each rank, what it shares with the nearest rank before it of another group (0 for none), and that rank."""
    n = len(group)
    if n == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    begins = np.concatenate([[True], group[1:] != group[:-1]])
    run = np.cumsum(begins) - 1
    # The least of `common` since the run began: runs are made to fall below one another, so that each starts afresh.
    drop = np.int64(n + 1)
    before = np.concatenate([[0], common])
    shared = np.minimum.accumulate(before - run * drop) + run * drop
    starts = np.flatnonzero(begins)
    return shared, np.maximum(starts[run] - 1, 0)
