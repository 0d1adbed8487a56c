"""Notes of one track as sounds on the study's grid: gathered into chords, named, rounded to sixteenths and triplets."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

PITCH_NAMES = ("C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B")
CHORD_TOLERANCE_QUARTERS = 0.25
SIXTEENTH, THIRD = 1 / 4, 1 / 3  # in quarters
TWELFTHS = 12
ERROR_DIGITS = 7
SURE_DIFFERENCE = 1e-6
GRACE_LEAD = 1e-3  # less than any two onsets lie apart
LARGEST_CHORD = 128  # music doesn't reach it, so that a hostile file costs little

NamedLength = tuple[float, float, str]  # onset and length in ticks, and what is said


class Stroke(NamedTuple):
    """A note: when it begins and ends, in ticks or quarters, its MIDI pitch, and whether it is a drum's."""

    onset: float
    end: float
    pitch: int
    is_drum: bool = False


class Sound(NamedTuple):
    """A note or chord on the grid, in twelfths of a quarter; what has no length is a grace note. Drums say nothing."""

    onset: float
    end: float
    text: str

    @property
    def is_chord(self) -> bool:
        """Whether it is a chord of pitches."""
        return self.text[:1].isdigit()

    def later(self, twelfths: float) -> "Sound":
        """The same sound so much later."""
        return Sound(self.onset + twelfths, self.end + twelfths, self.text)


def rank_of(sound: Sound) -> float:
    """What sounds are ordered by: the onset, but grace notes come first of those that begin together."""
    return sound[0] if sound[1] > sound[0] else sound[0] - GRACE_LEAD


def pitch_to_string(pitch: int) -> str:
    """The name and octave of a MIDI pitch, 60 being C4."""
    return f"{PITCH_NAMES[pitch % 12]}{pitch // 12 - 1}"


def normal_order(pitches: Iterable[int]) -> tuple[int, ...]:
    """Pitch classes in the rotation that spans least, then is packed most to the left (Forte's order)."""
    classes = sorted({pitch % 12 for pitch in pitches})
    rotations = [tuple(classes[turn:] + classes[:turn]) for turn in range(len(classes))]
    return min(rotations, key=_packing)


def _packing(rotation: tuple[int, ...]) -> tuple[int, ...]:
    """What ranks a rotation: its span, then each interval from the first, in order."""
    from_first = [(pitch_class - rotation[0]) % 12 for pitch_class in rotation]
    return (from_first[-1], *from_first)


def gather_sounds(
    strokes: Sequence[Stroke], marks: Iterable[float], *, ticks_per_quarter: float
) -> tuple[list[Sound], bool]:
    """Sounds in order of onset, and whether any begin together but end apart.

    Strokes are in order of onset. A length is rounded so as to reach what comes next in the track, a note or one of
    the `marks` (onsets of its names, programs, meters, keys and tempos).
    """
    found, has_voices = _gather(strokes, CHORD_TOLERANCE_QUARTERS * ticks_per_quarter)
    onsets = [round_onset(onset / ticks_per_quarter) for onset, _, _ in found]
    places = sorted({*onsets, *(round_onset(mark / ticks_per_quarter) for mark in marks)})
    gaps = dict(zip(places, (after - before for before, after in pairwise(places)), strict=False))
    sounds = []
    for onset, (_, length, text) in zip(onsets, found, strict=True):
        sounding = round_length(length / ticks_per_quarter, gaps.get(onset, 0)) if length > 0 else 0
        sounds.append(Sound(onset, onset + sounding, text))
    return sorted(sounds, key=rank_of), has_voices


def _gather(strokes: Sequence[Stroke], tolerance: float) -> tuple[list[NamedLength], bool]:
    """Notes and chords: what begins and ends within the tolerance of a note is gathered into its chord."""
    gathered = [False] * len(strokes)
    has_voices = False
    found: list[NamedLength] = []
    for first, stroke in enumerate(strokes):
        if gathered[first]:
            continue
        members = [stroke]
        for other in range(first + 1, min(len(strokes), first + LARGEST_CHORD)):
            candidate = strokes[other]
            if candidate.onset - stroke.onset >= tolerance:
                break
            if abs(candidate.end - stroke.end) > tolerance:
                has_voices = True
                continue
            members.append(candidate)
            gathered[other] = True
        last = members[-1]
        found.append((stroke.onset, last.end - last.onset, _string(members)))
    return found, has_voices


def _string(members: list[Stroke]) -> str:
    if len(members) == 1 and not members[0].is_drum:
        return pitch_to_string(members[0].pitch)
    if any(member.is_drum for member in members):
        return ""
    return _chord_string(frozenset(member.pitch % 12 for member in members))


@lru_cache(maxsize=1 << 12)
def _chord_string(pitch_classes: frozenset[int]) -> str:
    return ".".join(map(str, normal_order(pitch_classes)))


def round_onset(quarters: float) -> int:
    """The nearest sixteenth or triplet in twelfths of a quarter; halves go down, sixteenths before triplets."""
    sixteenths, thirds = int(quarters / SIXTEENTH), int(quarters / THIRD)
    if quarters > sixteenths * SIXTEENTH + SIXTEENTH / 2:
        sixteenths += 1
    if quarters > thirds * THIRD + THIRD / 2:
        thirds += 1
    if _errs_less(abs(quarters - thirds * THIRD), abs(quarters - sixteenths * SIXTEENTH)):
        return 4 * thirds
    return 3 * sixteenths


def round_length(quarters: float, gap: int) -> int:
    """The length in twelfths, of sixteenths or triplets, that leaves least of a gap in twelfths open, then errs least.

    Whether a unit fills the gap is asked in floats, as music21 does: five triplets are not five thirds there.
    """
    sixteenths, thirds = int(quarters / SIXTEENTH), int(quarters / THIRD)
    if quarters > sixteenths * SIXTEENTH + SIXTEENTH / 2 or not sixteenths:
        sixteenths += 1
    if quarters > thirds * THIRD + THIRD / 2 or not thirds:
        thirds += 1
    by_sixteenths, by_thirds = sixteenths * SIXTEENTH, thirds * THIRD
    gap_quarters = gap / TWELFTHS
    open_sixteenth = gap_quarters - by_sixteenths if gap_quarters > by_sixteenths and gap_quarters % SIXTEENTH else 0.0
    open_third = gap_quarters - by_thirds if gap_quarters > by_thirds and gap_quarters % THIRD else 0.0
    if open_sixteenth != open_third:
        return 4 * thirds if open_third < open_sixteenth else 3 * sixteenths
    return 4 * thirds if _errs_less(abs(quarters - by_thirds), abs(quarters - by_sixteenths)) else 3 * sixteenths


def _errs_less(error: float, other: float) -> bool:
    """Whether one error is less than another in the digits that music21 looks at."""
    if abs(error - other) > SURE_DIFFERENCE:
        return error < other
    return round(error, ERROR_DIGITS) < round(other, ERROR_DIGITS)
