"""What a score shares with the pieces that a network learnt from, beside what those share among themselves.

Numpy only, for workers too. A line is one instrument's notes on the grid of slots. It is read in two ways: its highest
notes (a melody, whatever is under it) and all of its notes (a texture). Each reading is a sequence of steps: the
interval in semitones, and whether the note comes together with the one before, or after a time that is shorter, about
as long or longer than the time before that. So neither key nor tempo nor a player's timing within a slot hides a
passage; a changed interval ends it.

A passage's length is counted in notes, but a figure that goes round and round counts once: a note counts where the
three steps that lead to it are new in the passage. Repeated notes, trills and ostinatos are thus a few notes long.
Scale runs are counted as they are; people share them too, which is what the baseline is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from generation.copies.suffixes import Suffixes
from generation.pieces import Piece
from generation.score.bars import bar_quarters
from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import Meter, Score
from generation.score.quantise import onset_classes

# A step's rhythm: the classes of FANTASTIC (Müllensiefen, Goldsmiths 2009), which has its upper border at 1.49, where a
# dotted note would fall on either side; here both are halfway, by ratio, between even and dotted.
TOGETHER, SHORTER, EVEN, LONGER, OPENING = range(5)  # an opening has no time before to compare with
RHYTHMS = 5
LONGER_RATIO = 1.5**0.5
PITCHES = 128
WIDEST_INTERVAL = 127  # semitones
NEW_STEPS = 3  # so many steps in a row make a figure
HIGH_SHARE = 0.9
MAX_EXCERPTS = 400  # of the pieces, from which the baseline is estimated

Ints = NDArray[np.int64]
ALL, HIGHEST = "all notes", "highest notes"
READINGS = (ALL, HIGHEST)


@dataclass(frozen=True, slots=True)
class Passage:
    """The longest passage that a score shares with a piece. Bars count from 1, the last included."""

    n_notes: int  # different ones, as the module says; what is compared with the baseline
    n_notes_repeated: int  # all of them, those of figures that go round included
    piece: str
    piece_bars: tuple[int, int]
    bars: tuple[int, int]  # of the score
    semitones: int  # that the score is higher than the piece
    reading: str  # "highest notes" or "all notes"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What people share: the longest passage of excerpts of pieces with all other pieces, in notes."""

    excerpt_notes: int
    n_excerpts: int
    median: float
    percentile_90: float
    longest: int
    lengths: tuple[int, ...]  # of each excerpt, ascending

    def share_above(self, n_notes: int) -> float:
        """Share of the excerpts, 0 to 1, that have a passage of at least that many notes in common with others."""
        if not self.lengths:
            return float("nan")
        return float(np.mean(np.array(self.lengths) >= n_notes))


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the ways to read a line: a step between each two notes, and where each note is."""

    steps: Ints  # (n - 1,)
    pitches: Ints  # (n,)
    bars: Ints  # (n,) from 1
    places: Ints  # (n,) of each note among all notes of the line


class MemorisationIndex:
    """All passages of some pieces, to look others up in."""

    def __init__(self, names: Sequence[str], owners: Ints, lines: Sequence[Reading]) -> None:
        self.names, self._owners, self._lines = tuple(names), owners, tuple(lines)
        self._suffixes = Suffixes.build([line.steps for line in lines])

    @classmethod
    def build(cls, pieces: Sequence[Piece]) -> "MemorisationIndex":
        """The index of pieces; some seconds for a hundred thousand notes, about 100 bytes a note."""
        owners, lines = [], []
        for index, piece in enumerate(pieces):
            found = read_lines(piece.score)
            lines += found
            owners += [index] * len(found)
        return cls([piece.name for piece in pieces], np.array(owners, dtype=np.int64), lines)

    def longest_shared(self, score: Score) -> Passage | None:
        """The longest passage that the score shares with a piece, in another key and tempo too; None for none."""
        best: Passage | None = None
        for index, line in enumerate(read_lines(score)):
            lengths, places = self._suffixes.longest_matches(line.steps)
            at, n_notes = _longest(line.steps, lengths)
            if n_notes > (best.n_notes if best else 0):
                reading = READINGS[index % len(READINGS)]
                best = self._passage(line, at, int(lengths[at]), int(places[at]), n_notes, reading)
        return best

    def baseline(self, excerpt_notes: int) -> Baseline:
        """What excerpts of that many notes of each piece share with all other pieces.

        Excerpts lie end to end in every line, at most 400 of them, evenly spread; the rest of a line is one too where
        it is at least half as long. Where no line is as long, the longest line's length is taken. Of an excerpt's two
        readings the longer passage counts, as for a score. Raises ValueError for less than 2 notes.
        """
        if excerpt_notes < 2:
            raise ValueError(f"excerpt_notes: expected at least 2, got {excerpt_notes}; give the length of a sample")
        longest_line = max((len(line.pitches) for line in self._lines), default=0)
        wanted = min(excerpt_notes, longest_line)
        excerpts = [
            (index, first, min(first + wanted, len(line.pitches)))
            for index, line in enumerate(self._lines[:: len(READINGS)])
            for first in range(0, len(line.pitches) - max(2, wanted // 2) + 1, wanted)
        ]
        if len(excerpts) > MAX_EXCERPTS:
            excerpts = [excerpts[i] for i in np.linspace(0, len(excerpts) - 1, MAX_EXCERPTS).astype(int)]
        lengths = sorted(self._longest_in_excerpt(*excerpt) for excerpt in excerpts)
        middle, high = np.quantile(lengths, [0.5, HIGH_SHARE]) if lengths else (float("nan"), float("nan"))
        used = round(float(np.mean([last - first for _, first, last in excerpts]))) if excerpts else 0
        return Baseline(used, len(lengths), float(middle), float(high), max(lengths, default=0), tuple(lengths))

    @cached_property
    def _shared(self) -> Ints:
        """For each place of the index, how many steps from there another piece has too."""
        return self._suffixes.shared_with_others(self._owners)[0]

    def _longest_in_excerpt(self, index: int, first: int, last: int) -> int:
        """Notes of the longest passage that notes first to last of a line share with another piece."""
        found = 0
        for number in range(index * len(READINGS), (index + 1) * len(READINGS)):
            line = self._lines[number]
            low, high = np.searchsorted(line.places, [first, last])
            n_steps = max(0, int(high - low) - 1)
            start = int(self._suffixes.starts[number]) + int(low)
            lengths = np.minimum(self._shared[start : start + n_steps], np.arange(n_steps, 0, -1))
            found = max(found, _longest(line.steps[low : low + n_steps], lengths)[1])
        return found

    def _passage(self, line: Reading, at: int, n_steps: int, place: int, n_notes: int, reading: str) -> Passage:
        owner = int(self._suffixes.owners[place])
        other, there = self._lines[owner], place - int(self._suffixes.starts[owner])
        return Passage(
            n_notes=n_notes,
            n_notes_repeated=n_steps + 1,
            piece=self.names[int(self._owners[owner])],
            piece_bars=(int(other.bars[there]), int(other.bars[there + n_steps])),
            bars=(int(line.bars[at]), int(line.bars[at + n_steps])),
            semitones=int(line.pitches[at] - other.pitches[there]),
            reading=reading,
        )


def read_lines(score: Score) -> list[Reading]:
    """The score's lines of at least two notes, drums apart, each in its readings: all notes, highest notes."""
    programs = sorted({part.program for part in score.parts if not part.is_drum})
    lines = []
    for program in programs:
        members = [i for i, part in enumerate(score.parts) if part.program == program and not part.is_drum]
        notes = score.notes[np.isin(score.notes["part"], members)]
        slots, _ = onset_classes(notes["onset_quarters"])
        # Each pitch once a slot, in order of slot and pitch: what two hands double is one note.
        slots, pitches = np.divmod(np.unique(slots * PITCHES + notes["pitch"]), PITCHES)
        if len(slots) >= 2:
            lines += readings_of(slots, pitches, _bar_numbers(score, slots))
    return lines


def readings_of(slots: Ints, pitches: Ints, bars: Ints) -> list[Reading]:
    """A line's readings, from its notes in order of slot and pitch, (n,) each."""
    everything = np.arange(len(slots))
    is_highest = np.append(slots[1:] != slots[:-1], True)
    return [
        Reading(_steps(slots[places], pitches[places]), pitches[places], bars[places], places)
        for places in (everything, everything[is_highest])
    ]


def _steps(slots: Ints, pitches: Ints) -> Ints:
    """What leads from each note to the next, (n - 1,): interval and rhythm as one number."""
    onsets, group = np.unique(slots, return_inverse=True)
    times = np.diff(onsets)  # (onsets - 1,), > 0
    ratios = times[1:] / times[:-1]
    classes = np.where(ratios > LONGER_RATIO, LONGER, np.where(ratios < 1 / LONGER_RATIO, SHORTER, EVEN))
    rhythms = np.concatenate([[TOGETHER, OPENING], classes])[
        : max(1, len(onsets))
    ]  # of each onset after the one before
    leads = np.where(np.diff(group) == 0, TOGETHER, rhythms[group[1:]])
    return (np.diff(pitches) + WIDEST_INTERVAL) * RHYTHMS + leads


def _bar_numbers(score: Score, slots: Ints) -> Ints:
    """The bar, from 1, that each slot is in, by the score's meters."""
    meters = score.meters or (Meter(0.0, 4, 4),)
    begins = np.array([0.0, *(meter.onset_quarters for meter in meters[1:])])
    lengths = np.array([bar_quarters(meter) for meter in meters])
    n_bars = np.ceil(np.diff(begins) / lengths[:-1] - 1e-6)
    first_bars = 1 + np.concatenate([[0.0], np.cumsum(n_bars)])
    quarters = slots / SLOTS_PER_QUARTER
    at = np.maximum(np.searchsorted(begins, quarters + 1e-6, side="right") - 1, 0)
    bars: Ints = (first_bars[at] + np.floor((quarters - begins[at]) / lengths[at] + 1e-6)).astype(np.int64)
    return bars


def _longest(steps: Ints, lengths: Ints) -> tuple[int, int]:
    """Of passages that begin at each step and have so many steps, (n,): where the longest begins, and its notes.

    Notes of figures that the passage has had are not counted. (0, 0) for no passage.
    """
    earlier = same_figure_before(steps)
    # A passage that begins one step later inside another is shorter in any count.
    begins = np.flatnonzero((lengths > 0) & (lengths >= np.concatenate([[0], lengths[:-1]])))
    best, best_notes = 0, 0
    for at in begins[np.argsort(-lengths[begins], kind="stable")].tolist():
        n_steps = int(lengths[at])
        if n_steps < best_notes:
            break
        first = at + NEW_STEPS - 1
        n_notes = 1 + n_steps - int(np.count_nonzero(earlier[first : at + n_steps] >= first))
        if n_notes > best_notes:
            best, best_notes = at, n_notes
    return best, best_notes


def same_figure_before(steps: Ints) -> Ints:
    """For each step, (n,): the last one before it at the end of the same three steps; -1 for none."""
    earlier = np.full(len(steps), -1, dtype=np.int64)
    if len(steps) <= NEW_STEPS:
        return earlier
    base = (2 * WIDEST_INTERVAL + 1) * RHYTHMS
    windows = np.lib.stride_tricks.sliding_window_view(steps, NEW_STEPS)
    figures = windows @ base ** np.arange(NEW_STEPS)
    order = np.argsort(figures, kind="stable")
    same = figures[order][1:] == figures[order][:-1]
    earlier[NEW_STEPS - 1 + order[1:][same]] = NEW_STEPS - 1 + order[:-1][same]
    return earlier
