"""The study's strings of a score, as its code got them from music21, found here without it.

There, notes of a track that begin and end within a sixteenth of each other are a chord; times are rounded to
sixteenths and triplets so that small gaps close; each bar's notes are laid into voices; and what is held over a barline
is said again in the next bar. All that decides which strings come, and in which order. Times are in twelfths of a
quarter, on which both roundings lie.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, pairwise

from generation.codecs.codec import CodecError
from generation.score.notes import Meter, Score

PITCH_NAMES = ("C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B")
CHORD_TOLERANCE_QUARTERS = 0.25
ROUNDINGS_QUARTERS = (1 / 4, 1 / 3)
TWELFTHS = 12
ERROR_DIGITS = 7

# Bounds that music doesn't reach, so that a hostile file costs little.
LARGEST_CHORD = 128
DENSEST_BAR = 256
MOST_BARS = 50_000
MOST_STRINGS = 200_000


@dataclass(frozen=True, slots=True)
class _Sound:
    onset: int | float
    end: int | float
    text: str


@dataclass(slots=True)
class _Bar:
    start: float
    end: float
    loose: list[_Sound] = field(default_factory=list)
    voices: list[list[_Sound]] = field(default_factory=list)


def classic_strings(score: Score) -> list[str]:
    """The strings of a score's first pitched instrument, all its parts in order of time.

    Sounds that begin together come from the lowest up, where music21 has the order of the file. Raises CodecError for a
    score that no one could play.
    """
    pitched = [index for index, part in enumerate(score.parts) if not part.is_drum]
    if not pitched:
        return []
    program = score.parts[pitched[0]].program
    said: list[_Sound] = []
    for part in (index for index in pitched if score.parts[index].program == program):
        sounds, has_voices = _gather(score, part)
        said += _say(sounds, _bars(score, sounds), has_voices=has_voices)
    return [sound.text for sound in sorted(said, key=lambda sound: sound.onset)]


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


def _gather(score: Score, part: int) -> tuple[list[_Sound], bool]:
    """Notes and chords of one part, rounded, in order of onset; and whether any begin together but end apart."""
    notes = score.notes[score.notes["part"] == part]
    onsets = notes["onset_quarters"].tolist()
    ends = (notes["onset_quarters"] + notes["duration_quarters"]).tolist()
    pitches = notes["pitch"].tolist()
    gathered = [False] * len(notes)
    has_voices = False
    found: list[tuple[float, float, str]] = []
    for first in range(len(notes)):
        if gathered[first]:
            continue
        members = [first]
        for other in range(first + 1, min(len(notes), first + LARGEST_CHORD)):
            if onsets[other] - onsets[first] >= CHORD_TOLERANCE_QUARTERS:
                break
            if abs(ends[other] - ends[first]) > CHORD_TOLERANCE_QUARTERS:
                has_voices = True
                continue
            members.append(other)
            gathered[other] = True
        last = members[-1]
        found.append((onsets[first], ends[last] - onsets[last], _string([pitches[member] for member in members])))
    return _round(found), has_voices


def _string(pitches: list[int]) -> str:
    if len(pitches) == 1:
        return pitch_to_string(pitches[0])
    return ".".join(str(pitch_class) for pitch_class in normal_order(pitches))


def _round(found: list[tuple[float, float, str]]) -> list[_Sound]:
    """(onset, length, text) in quarters as sounds in twelfths; a length is rounded so as to reach the next sound."""
    onsets = [_nearest(onset) for onset, _, _ in found]
    sounds = []
    following = len(found)
    for index in range(len(found) - 1, -1, -1):
        if index + 1 < len(found) and onsets[index + 1] > onsets[index]:
            following = index + 1
        gap = onsets[following] - onsets[index] if following < len(found) else 0
        length = _nearest(found[index][1], gap=gap, is_length=True)
        sounds.append(_Sound(onsets[index], onsets[index] + length, found[index][2]))
    return sounds[::-1]


def _nearest(quarters: float, *, gap: int = 0, is_length: bool = False) -> int:
    """The nearest sixteenth or triplet in twelfths, halves down: what leaves least of a gap open, then errs least."""
    matches = []
    for unit in ROUNDINGS_QUARTERS:
        low = math.floor(quarters / unit)
        match = low * unit if quarters <= low * unit + unit / 2 else (low + 1) * unit
        if is_length and match == 0.0:
            match = unit
        gap_quarters = gap / TWELFTHS
        left = 0.0 if gap_quarters % unit == 0 else max(gap_quarters - match, 0.0)
        matches.append((left, round(abs(quarters - match), ERROR_DIGITS), unit, match))
    return round(min(matches)[3] * TWELFTHS)


def _bars(score: Score, sounds: list[_Sound]) -> list[_Bar]:
    """Empty bars by the score's meters, as many as the sounds last."""
    end = max((sound.end for sound in sounds), default=0)
    meters = score.meters or (Meter(0.0, 4, 4),)
    bars: list[_Bar] = []
    start, index = 0.0, 0
    while start < end:
        while index + 1 < len(meters) and meters[index + 1].onset_quarters * TWELFTHS <= start + 1e-6:
            index += 1
        length = TWELFTHS * 4.0 * meters[index].numerator / meters[index].denominator
        length = max(length, end / MOST_BARS)
        bars.append(_Bar(start, start + length))
        start += length
    return bars


def _say(sounds: list[_Sound], bars: list[_Bar], *, has_voices: bool) -> list[_Sound]:
    """The sounds in the order in which they are read: by onset, then voice; ties to the next bar are sounds again."""
    starts = [bar.start for bar in bars]
    for sound in sounds:
        bars[bisect_right(starts, sound.onset) - 1].loose.append(sound)
    if has_voices:
        for bar in bars:
            _lay_voices(bar)
    n_sounds = len(sounds)
    for bar, following in pairwise(bars):
        n_before = len(following.loose)
        _tie(bar, following)
        n_sounds += max(0, len(following.loose) - n_before)
        if n_sounds > MOST_STRINGS:
            message = f"expected a piece of at most {MOST_STRINGS} strings, got more: leave this piece out"
            raise CodecError("too_dense", message)
    return [sound for bar in bars for sound in sorted(chain(*bar.voices, bar.loose), key=lambda sound: sound.onset)]


def _lay_voices(bar: _Bar) -> None:
    """Move a bar's sounds to the first voice that is free; what finds none is lost, as it was."""
    n_voices = _count_voices(bar.loose) if len(bar.loose) <= DENSEST_BAR else 1
    if n_voices == 1:
        return
    voices: list[list[_Sound]] = [[] for _ in range(n_voices)]
    for sound in bar.loose:
        for voice in voices:
            if not voice or max(other.end for other in voice) <= sound.onset:
                voice.append(sound)
                break
    bar.loose = []
    bar.voices = [voice for voice in voices if voice]


def _count_voices(sounds: list[_Sound]) -> int:
    """The size of the largest group of overlapping sounds; a group is known by its first sound's onset."""
    groups: dict[int | float, list[int]] = {}
    for index, others in enumerate(_overlaps(sounds)):
        name: int | float | None = None
        for other in others:
            of_other = next((key for key, members in groups.items() if other in members), None)
            name = of_other if of_other is not None else name if name is not None else sounds[index].onset
            if of_other is None:
                groups.setdefault(name, []).append(other)
        if name is not None and not any(index in members for members in groups.values()):
            groups.setdefault(name, []).append(index)
    return max((len(members) for members in groups.values()), default=1)


def _overlaps(sounds: list[_Sound]) -> list[list[int]]:
    """For each sound the others that it overlaps, looking no further than the first that it doesn't."""
    found: list[list[int]] = [[] for _ in sounds]
    for index, sound in enumerate(sounds):
        for other in range(index + 1, len(sounds)):
            if sounds[other].onset >= sound.end:
                break
            found[index].append(other)
            found[other].append(index)
    return [sorted(others) for others in found]


def _tie(bar: _Bar, following: _Bar) -> None:
    """Say what is held over the barline again in the next bar; loose sounds of a bar with voices are not held on."""
    target = following.voices[0] if following.voices and not bar.voices else following.loose
    into_voice = bool(bar.voices) and not following.voices
    for line in bar.voices or [bar.loose]:
        for sound in line:
            if sound.end > bar.end > sound.onset:
                target.append(_Sound(bar.end, sound.end, sound.text))
                if into_voice and not following.voices:
                    following.voices, following.loose = [target], []
