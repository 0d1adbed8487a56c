"""Taking a score apart and setting it anew: bars cut out, loops, a beat under it, another instrument."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from generation.score.bars import NEARLY, bar_quarters, bar_starts, metered_bars
from generation.score.beats import BEATS, Hit
from generation.score.notes import Bend, KeySignature, Meter, Notes, Part, Score, Tempo, sort_notes

EARLY_QUARTERS = 1 / 12  # a note struck so little before a bar line is that bar's, played early
HIT_QUARTERS = 0.2
VELOCITY_DEVIATION = 5.0  # standard deviation, between hits of one key
LOOPS_MAX = 64
PROGRAM_MAX = 127

Mark = TypeVar("Mark", Tempo, Meter, KeySignature)


class ArrangementRefused(ValueError):
    """What a score cannot be made into. The message is one line: what was expected, what came, what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def slice_bars(score: Score, first: int, last: int) -> Score:
    """The bars `first` up to, not including, `last`, counted from 0; beyond the score's last bar is silence.

    Notes that cross an edge are cut there, but a drum hit is not struck again by a cut. A note struck up to 1/12
    quarter before a bar line and held over it is the next bar's. Tempo, meter, key and bends in force hold from the
    slice's start. Raises ArrangementRefused for bars that are none.
    """
    if not 0 <= first < last:
        message = f"expected a first bar from 0 and a later end, got {first} to {last}: choose other bars"
        raise ArrangementRefused("bad_bars", message)
    starts, bar_meters = metered_bars(score, n_bars=last)
    if last >= len(starts) or (first > 0 and starts[first] >= score.end_quarters - NEARLY):
        n_bars = len(bar_starts(score)) - 1
        message = f"expected a first bar before the end, {n_bars}, got {first}: choose earlier bars"
        raise ArrangementRefused("past_the_end", message)
    begin, end = starts[first], starts[last]
    is_cut_short = end - starts[last - 1] < bar_quarters(bar_meters[last - 1]) - NEARLY
    change = [meter for meter in score.meters if is_cut_short and abs(meter.onset_quarters - end) <= NEARLY]
    return Score(
        notes=_cut(score, begin, end),
        parts=score.parts,
        tempos=_marks_within(score.tempos, begin, end),
        meters=_marks_within(score.meters, begin, end)
        + tuple(replace(one, onset_quarters=end - begin) for one in change),
        keys=_marks_within(score.keys, begin, end),
        bends=_bends_within(score.bends, begin, end),
    )


def loop(score: Score, times: int, *, n_bars: int | None = None) -> Score:
    """The score `times` times over (1-64), each time its whole bars, or exactly `n_bars` of them.

    Notes that ring beyond the last bar ring on into the next time. Raises ArrangementRefused.
    """
    if not 1 <= times <= LOOPS_MAX:
        raise ArrangementRefused("bad_loops", f"expected 1 to {LOOPS_MAX} loops, got {times}: choose fewer")
    if times == 1:
        return score
    length = bar_starts(score, n_bars=n_bars)[-1]
    shifts = [length * index for index in range(times)]
    once = score.notes[score.notes["onset_quarters"] < length - NEARLY]
    notes = np.tile(once, times)
    notes["onset_quarters"] += np.repeat(shifts, len(once))
    return replace(
        score,
        notes=sort_notes(notes),
        tempos=_repeated(score.tempos, shifts),
        meters=_repeated(score.meters, shifts),
        keys=_repeated(score.keys, shifts),
        bends=_repeated_bends(score.bends, shifts),
    )


def with_beat(score: Score, pattern: str, *, seed: int = 0, n_bars: int | None = None) -> Score:
    """The score with a drum part under all its bars (or `n_bars`), by a pattern of `BEATS` and the meter of each bar.

    Loudness differs a little from hit to hit, by the seed: the same seed gives the same beat. Raises
    ArrangementRefused for an unknown pattern.
    """
    if pattern not in BEATS:
        known = ", ".join(BEATS)
        raise ArrangementRefused("unknown_beat", f"expected a beat of {known}, got {pattern}: choose one")
    beat = BEATS[pattern]
    rng = np.random.default_rng(seed)
    hits: list[Hit] = []
    starts, meters = metered_bars(score, n_bars=n_bars)
    for start, end, meter in zip(starts, starts[1:], meters, strict=False):
        for onset, key, velocity in beat.hits_in(meter):
            if start + onset < end - NEARLY:
                hits.append((start + _swung(onset, beat.swing), key, velocity))
    velocities = _humanly([velocity for _, _, velocity in hits], rng)
    part = len(score.parts)
    rows = [
        (onset, HIT_QUARTERS, key, velocity, part)
        for (onset, key, _), velocity in zip(hits, velocities.tolist(), strict=True)
    ]
    notes = np.concatenate([score.notes, sort_notes(rows)])
    return replace(score, notes=sort_notes(notes), parts=(*score.parts, Part(beat.title, is_drum=True)))


def with_program(score: Score, program: int) -> Score:
    """The score with all its pitched parts played by one General MIDI program, 0-127. Raises ArrangementRefused."""
    if not 0 <= program <= PROGRAM_MAX:
        raise ArrangementRefused("bad_program", f"expected a program from 0 to 127, got {program}: choose one")
    parts = tuple(part if part.is_drum else replace(part, program=program) for part in score.parts)
    return replace(score, parts=parts)


def _cut(score: Score, begin: float, end: float) -> Notes:
    """The notes that sound between two bar lines, from the first on."""
    notes = score.notes
    onsets = notes["onset_quarters"]
    ends = onsets + notes["duration_quarters"]
    is_drum = np.array([part.is_drum for part in score.parts], dtype=bool)[notes["part"]]
    earliest = np.where(is_drum, begin - EARLY_QUARTERS, -np.inf)
    is_inside = (ends > begin + NEARLY) & (onsets >= earliest) & ~_is_early(onsets, ends, end) & (onsets < end - NEARLY)
    cut = notes[is_inside].copy()
    cut["onset_quarters"] = np.maximum(onsets[is_inside], begin) - begin
    cut["duration_quarters"] = np.minimum(ends[is_inside], end) - begin - cut["onset_quarters"]
    return sort_notes(cut)


def _is_early(onsets: NDArray[np.float64], ends: NDArray[np.float64], edge: float) -> NDArray[np.bool_]:
    """Whether each note is struck just before a bar line and mostly held after it, shape (n,)."""
    before = edge - onsets
    early: NDArray[np.bool_] = (before > 0) & (before <= EARLY_QUARTERS) & (ends - edge > before)
    return early


def _marks_within(marks: Sequence[Mark], begin: float, end: float) -> tuple[Mark, ...]:
    """The mark that holds at the beginning, and those until the end."""
    ordered = sorted(marks, key=lambda mark: mark.onset_quarters)
    holding: list[Mark] = [mark for mark in ordered if mark.onset_quarters <= begin + NEARLY][-1:]
    later: list[Mark] = [mark for mark in ordered if begin + NEARLY < mark.onset_quarters < end - NEARLY]
    found = holding + later
    return tuple(replace(mark, onset_quarters=max(0.0, mark.onset_quarters - begin)) for mark in found)


def _bends_within(bends: Iterable[Bend], begin: float, end: float) -> tuple[Bend, ...]:
    """Each part's bend that holds at the beginning where it is none of 0 cents, and all until the end."""
    ordered = sorted(bends, key=lambda bend: bend.onset_quarters)
    holding = {bend.part: bend for bend in ordered if bend.onset_quarters <= begin + NEARLY}
    carried = [replace(bend, onset_quarters=0.0) for bend in holding.values() if bend.cents != 0.0]
    later = [bend for bend in ordered if begin + NEARLY < bend.onset_quarters < end - NEARLY]
    return (*carried, *(replace(bend, onset_quarters=bend.onset_quarters - begin) for bend in later))


def _repeated(marks: Sequence[Mark], shifts: Sequence[float]) -> tuple[Mark, ...]:
    """Marks at each time anew; a single one holds all along."""
    if len(marks) < 2:
        return tuple(marks)
    length = shifts[1]
    own = [mark for mark in marks if mark.onset_quarters < length - NEARLY]
    return tuple(replace(mark, onset_quarters=mark.onset_quarters + shift) for shift in shifts for mark in own)


def _repeated_bends(bends: Sequence[Bend], shifts: Sequence[float]) -> tuple[Bend, ...]:
    """Bends at each time anew; a part that begins unbent is brought back to that."""
    own = [bend for bend in bends if bend.onset_quarters < shifts[1] - NEARLY]
    begun = {bend.part for bend in own if bend.onset_quarters <= NEARLY}
    back = [Bend(part, 0.0, 0.0) for part in sorted({bend.part for bend in own} - begun)]
    found: list[Bend] = []
    for shift in shifts:
        these = own if shift == 0.0 else [*back, *own]
        found += [replace(bend, onset_quarters=bend.onset_quarters + shift) for bend in these]
    return tuple(found)


def _swung(onset: float, middle: float) -> float:
    """An onset in quarters with each quarter's second eighth moved to `middle`; sixteenths move with their eighth."""
    quarter, within = divmod(onset, 1.0)
    if within < 0.5:
        return quarter + within * middle / 0.5
    return quarter + middle + (within - 0.5) * (1.0 - middle) / 0.5


def _humanly(velocities: Sequence[int], rng: np.random.Generator) -> NDArray[np.int64]:
    """Velocities with small differences, 1-127, shape (n,)."""
    varied = np.asarray(velocities) + rng.normal(0.0, VELOCITY_DEVIATION, len(velocities))
    clipped: NDArray[np.int64] = np.clip(np.rint(varied), 1, 127).astype(np.int64)
    return clipped
