"""Passages of the pieces learnt from that are too long to be played again, in a form that a checkpoint carries.

Passages are those of `generation.copies.memorisation`: steps of the highest notes or of all notes, alike in every key
and at every tempo, figures that go round counted once. Each is kept as a number of 32 bits that it can't be read from.
Numpy only, for workers too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.copies.memorisation import (
    NEW_STEPS,
    MemorisationIndex,
    Reading,
    read_lines,
    same_figure_before,
)
from generation.pieces import Piece

EXCERPT_NOTES = 500  # as long as the samples that a report measures
FEWEST_NOTES, MOST_NOTES = 8, 16  # people's 90th percentile is taken where it lies between
MAX_PASSAGES = 1 << 26
BASE = np.uint64(0x9E3779B97F4A7C15)  # of the polynomial; odd, so that it has an inverse modulo 2^64
INVERSE = np.uint64(pow(int(BASE), -1, 1 << 64))
MIXERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of SplitMix64 (Steele et al., OOPSLA 2014)
FORM = np.dtype("<u4")

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Passages:
    """Every passage of some pieces that is just longer than `n_notes`, as hashes."""

    n_notes: int  # of the longest passage that may be shared
    hashes: Hashes  # (n,) ascending

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "Passages":
        """Those longer than what nine of ten excerpts share with all other pieces, from 8 to 16 notes.

        About two bytes a note, and under a second for a hundred thousand notes.
        """
        people = MemorisationIndex.build(pieces).baseline(EXCERPT_NOTES)
        high = people.percentile_90 if people.lengths else 0.0
        n_notes = int(np.clip(np.floor(high), FEWEST_NOTES, MOST_NOTES))
        found = [hashes_of(line, n_notes)[1] for piece in pieces for line in read_lines(piece.score)]
        return cls(n_notes, np.unique(np.concatenate([np.zeros(0, FORM), *found])))

    def first_copied(self, lines: Iterable[Reading], fresh: int) -> int | None:
        """The first place from `fresh` on at which one of the readings' passages gets too long; None for none."""
        places = [place for line in lines if (place := self._first_in(line, fresh)) is not None]
        return min(places, default=None)

    def _first_in(self, line: Reading, fresh: int) -> int | None:
        lasts, hashes = hashes_of(line, self.n_notes)
        places = line.places[lasts]
        is_fresh = places >= fresh
        places, hashes = places[is_fresh], hashes[is_fresh]
        if not len(places) or not len(self.hashes):
            return None
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        copied = places[self.hashes[at] == hashes]
        return int(copied.min()) if len(copied) else None

    def to_bytes(self) -> bytes:
        """The number of notes, then the hashes, as little-endian numbers of four bytes."""
        return np.concatenate([np.array([self.n_notes]), self.hashes]).astype(FORM).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Passages":
        """The passages that `to_bytes` wrote. Raises ValueError."""
        if not data or len(data) % FORM.itemsize:
            raise ValueError(f"expected whole numbers of four bytes, got {len(data)} bytes")
        n_notes, *_ = values = np.frombuffer(data, FORM)
        if not FEWEST_NOTES <= n_notes <= MOST_NOTES or np.any(values[2:] <= values[1:-1]):
            raise ValueError(f"expected {FEWEST_NOTES} to {MOST_NOTES} notes and ascending hashes, got {n_notes} notes")
        return cls(int(n_notes), values[1:])


def hashes_of(line: Reading, n_notes: int) -> tuple[Ints, Hashes]:
    """The shortest passages of more than `n_notes` different notes: the last note of each, (n,), and hashes, (n,).

    One begins at each step that has one. Whoever shares a longer passage shares one of these.
    """
    ends = shortest_longer(line.steps, n_notes)
    starts = np.arange(len(ends))
    powers = np.cumprod(np.full(len(line.steps), INVERSE, dtype=np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mixed(line.steps.astype(np.uint64)) * powers)])
    upwards = np.cumprod(np.full(len(ends), BASE, dtype=np.uint64))
    hashes = _mixed((sums[ends] - sums[starts]) * upwards + (ends - starts).astype(np.uint64))
    return ends, (hashes >> np.uint64(32)).astype(np.uint32)


def shortest_longer(steps: Ints, n_notes: int) -> Ints:
    """Where passages from each step on get more than `n_notes` different notes: (k,) ends, the last step not included.

    k is the number of steps that have one; later ones have none. `n_notes` is more than NEW_STEPS.
    """
    earlier = same_figure_before(steps)
    later = np.full(len(steps), len(steps), dtype=np.int64)
    later[earlier[earlier >= 0]] = np.flatnonzero(earlier >= 0)
    before, after, n = earlier.tolist(), later.tolist(), len(steps)
    wanted = n_notes + 1 - NEW_STEPS  # figures that are new; the first has one note more for each of its steps
    ends, end, figures = [], NEW_STEPS - 1, 0
    for first in range(NEW_STEPS - 1, n):  # the place of a passage's first whole figure
        while figures < wanted and end < n:
            figures += before[end] < first
            end += 1
        if figures < wanted:
            break
        ends.append(end)
        figures -= after[first] >= end
    return np.array(ends, dtype=np.int64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers that look drawn at random, from any."""
    values = values + BASE
    for mixer, shift in zip(MIXERS, (30, 27), strict=True):
        values = (values ^ (values >> np.uint64(shift))) * mixer
    return values ^ (values >> np.uint64(31))
