"""Rhythm as it is written: voices, ties and note values, on the grid of twelve slots a quarter."""

from dataclasses import dataclass, field

from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notation.staves import WrittenNote
from generation.score.notes import Meter

STRAIGHT_UNIT = 3  # a sixteenth
ON_BEAT = (48, 36, 24, 18, 12, 9, 6, 3)  # slots of the values that may begin on a beat
ON_HALF_BEAT = (12, 9, 6, 3)
ON_QUARTER_BEAT = (9, 6, 3)
COMPOUND_BEAT = 18
IN_TRIPLET = (8, 6, 4, 3, 2, 1)  # the same values as 2/3 of what they look like


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar's place on the grid."""

    start: int
    end: int
    meter: Meter

    @property
    def is_compound(self) -> bool:
        """Whether beats have three parts, as in 6/8."""
        return self.meter.denominator == 8 and self.meter.numerator % 3 == 0


@dataclass(slots=True)
class Chord:
    """Pitches that begin and end together, in slots; none for a rest."""

    start: int
    end: int
    pitches: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Value:
    """One written note, chord or rest: where it begins, how long it is, and whether ties lead to it and on from it."""

    start: int
    slots: int
    is_triplet: bool
    pitches: tuple[int, ...]
    is_tied_from: bool
    is_tied_on: bool


def voices_of(notes: list[WrittenNote]) -> list[list[Chord]]:
    """Notes as chords, in as few voices as need be for nothing to overlap within one; the highest in the first."""
    chords: dict[tuple[int, int], Chord] = {}
    for slot, slots, pitch, _ in notes:
        chord = chords.setdefault((slot, slots), Chord(slot, slot + slots))
        if pitch not in chord.pitches:
            chord.pitches.append(pitch)
    voices: list[list[Chord]] = []
    for chord in sorted(chords.values(), key=lambda chord: (chord.start, -max(chord.pitches))):
        free = (voice for voice in voices if voice[-1].end <= chord.start)
        voice = next(free, None)
        if voice is None:
            voices.append([chord])
        else:
            voice.append(chord)
    return voices


def values_in(bar: Bar, voice: list[Chord]) -> list[Value]:
    """What a voice has in a bar, rests between; empty where it has no notes."""
    sounding = [chord for chord in voice if chord.start < bar.end and chord.end > bar.start]
    if not sounding:
        return []
    filled: list[Chord] = []
    at = bar.start
    for chord in sounding:
        if chord.start > at:
            filled.append(Chord(at, chord.start))
        filled.append(chord)
        at = chord.end
    if at < bar.end:
        filled.append(Chord(at, bar.end))
    triplets = _triplet_beats(bar, filled)
    return [value for chord in filled for value in _values(bar, chord, triplets)]


def rests_in(bar: Bar) -> list[Value]:
    """A bar of rests."""
    return _values(bar, Chord(bar.start, bar.end), set())


def _triplet_beats(bar: Bar, chords: list[Chord]) -> set[int]:
    """The beats, counted in quarters from the bar's start, in which something begins or ends off the sixteenths."""
    edges = {edge - bar.start for chord in chords for edge in (chord.start, chord.end) if bar.start < edge < bar.end}
    return {edge // SLOTS_PER_QUARTER for edge in edges if edge % STRAIGHT_UNIT}


def _values(bar: Bar, chord: Chord, triplets: set[int]) -> list[Value]:
    """A chord's or rest's written values in one bar."""
    start, end = max(chord.start, bar.start), min(chord.end, bar.end)
    found: list[Value] = []
    at = start
    while at < end:
        slots, is_triplet = _next_value(bar, at - bar.start, end - bar.start, triplets)
        is_sound = bool(chord.pitches)
        found.append(
            Value(at, slots, is_triplet, tuple(sorted(chord.pitches)),
                  is_sound and at > chord.start, is_sound and at + slots < chord.end)
        )  # fmt: skip
        at += slots
    return found


def _next_value(bar: Bar, at: int, end: int, triplets: set[int]) -> tuple[int, bool]:
    """Slots of the longest value that may begin here, counted from the bar's start, and whether it is in a triplet."""
    beat = at // SLOTS_PER_QUARTER
    left = min(end, (beat + 1) * SLOTS_PER_QUARTER) - at
    if beat in triplets:
        return next(slots for slots in IN_TRIPLET if slots <= left), True
    following = min((other for other in triplets if other > beat), default=None)
    until = end if following is None else min(end, following * SLOTS_PER_QUARTER)
    if (until - at) % STRAIGHT_UNIT or at % STRAIGHT_UNIT:
        return until - at, False  # a bar cut short where no value ends
    values = _straight_values(bar, at)
    return next((slots for slots in values if slots <= until - at), until - at), False


def _straight_values(bar: Bar, at: int) -> tuple[int, ...]:
    if bar.is_compound:
        to_beat = COMPOUND_BEAT - at % COMPOUND_BEAT
        return ON_BEAT if to_beat == COMPOUND_BEAT else tuple(slots for slots in ON_HALF_BEAT if slots <= to_beat)
    place = at % SLOTS_PER_QUARTER
    if place == 0:
        return ON_BEAT
    return (
        ON_HALF_BEAT
        if place == SLOTS_PER_QUARTER // 2
        else tuple(slots for slots in ON_QUARTER_BEAT if slots <= SLOTS_PER_QUARTER - place)
    )
