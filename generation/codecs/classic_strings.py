"""The study's strings of a file or a score, as its code got them from music21, found here without it.

There, notes of a track that begin and end within a sixteenth of each other are a chord; times are rounded to
sixteenths and triplets so that small gaps close; each bar's notes are laid into voices; what is held over a barline
is said again in the next bar; and of all that, the first instrument's part is read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter

from generation.codecs.classic_bars import MeterAt, Reading, say_in_bars
from generation.codecs.classic_events import METER, Track, walk
from generation.codecs.classic_instruments import instruments_of
from generation.codecs.classic_sounds import (
    TWELFTHS,
    Sound,
    Stroke,
    gather_sounds,
    normal_order,
    pitch_to_string,
    rank_of,
    round_onset,
)
from generation.score.notes import Score

__all__ = ["classic_strings", "classic_strings_of_file", "normal_order", "pitch_to_string"]

LARGEST_DENOMINATOR_POWER = 6

_onset = itemgetter(0)


def classic_strings(score: Score) -> list[str]:
    """The strings of a score's first pitched instrument, all its parts in order of time.

    For scores that never were files; sounds that begin together come from the lowest up. Raises CodecError for a score
    that no one could play.
    """
    pitched = [index for index, part in enumerate(score.parts) if not part.is_drum]
    if not pitched:
        return []
    program = score.parts[pitched[0]].program
    meters = [(mark.onset_quarters * TWELFTHS, mark.numerator, mark.denominator) for mark in score.meters]
    said: list[Sound] = []
    for part in (index for index in pitched if score.parts[index].program == program):
        sounds, has_voices = gather_sounds(_strokes(score, part), (), ticks_per_quarter=1.0)
        said += say_in_bars(sounds, meters, has_voices=has_voices).sounds
    return _texts(said)


def classic_strings_of_file(data: bytes, *, literal: bool = True) -> list[str]:
    """Exactly the strings that the study's code gets from a MIDI file with music21: those of the first part.

    That part is often empty, since music21 makes a part of its own of a name that says another instrument than the
    program. With `literal` off, the first part that says anything is taken. Raises CodecError for a broken file.
    """
    ticks_per_quarter, tracks = walk(data)
    staves = _staves(tracks, ticks_per_quarter)
    names = list(dict.fromkeys(name for stave in staves for _, name in stave.instruments))
    parts = (
        ((sound for stave in staves for sound in stave.played_by(name)) for name in names)
        if names
        else (stave.reading.sounds for stave in staves)
    )
    for part in parts:
        texts = _texts(part)
        if texts or literal:
            return texts
    return []


@dataclass(slots=True)
class _Stave:
    """A track with notes: its instruments in order of time, and its sounds once they are asked for."""

    track: Track
    meters: list[MeterAt]
    ticks_per_quarter: int
    instruments: list[tuple[float, str]] = field(init=False)
    names: frozenset[str] = field(init=False)
    _reading: Reading | None = None
    _spans: dict[str, list[tuple[float, float]]] | None = None

    def __post_init__(self) -> None:
        found = instruments_of(self.track)
        self.instruments = [(round_onset(one.tick / self.ticks_per_quarter), one.name or "") for one in found]
        self.names = frozenset(name for _, name in self.instruments)

    @property
    def reading(self) -> Reading:
        """All its sounds, in the order of reading."""
        if self._reading is None:
            marks = [mark.tick for mark in self.track.marks]
            sounds, has_voices = gather_sounds(self.track.strokes(), marks, ticks_per_quarter=self.ticks_per_quarter)
            self._reading = say_in_bars(sounds, self.meters, has_voices=has_voices)
        return self._reading

    @property
    def spans(self) -> dict[str, list[tuple[float, float]]]:
        """When each instrument of the track plays, by name; of spans that begin together the longest."""
        if self._spans is None:
            starts = [self.reading.delayed(onset) for onset, _ in self.instruments]
            found: dict[str, dict[float, float]] = {}
            for (_, name), start, end in zip(self.instruments, starts, [*starts[1:], inf], strict=True):
                own = found.setdefault(name, {})
                own[start] = max(end, own.get(start, end))
            self._spans = {name: list(own.items()) for name, own in found.items()}
        return self._spans

    def played_by(self, name: str) -> Iterator[Sound]:
        """The sounds of each of the track's instruments of this name, in turn.

        An instrument that lasts no time takes the grace notes at its onset, which the next one takes as well.
        """
        if name not in self.names:
            return
        sounds = self.reading.sounds
        for start, end in self.spans[name]:
            first = bisect_left(sounds, start, key=_onset)
            if end > start:
                yield from sounds[first : bisect_left(sounds, end, key=_onset)]
            else:
                at_once = sounds[first : bisect_right(sounds, start, key=_onset)]
                yield from (sound for sound in at_once if sound.end == sound.onset)


def _staves(tracks: list[Track], ticks_per_quarter: int) -> list[_Stave]:
    """The tracks with notes. Each has the meters of the tracks without notes that stand before it, or its own."""
    conducted: list[MeterAt] = []
    staves = []
    for track in tracks:
        meters = _meters(track, ticks_per_quarter)
        if track.strikes:
            staves.append(_Stave(track, conducted or meters, ticks_per_quarter))
        else:
            conducted = sorted(conducted + meters, key=lambda meter: meter[0])
    return staves


def _meters(track: Track, ticks_per_quarter: int) -> list[MeterAt]:
    """A track's meters in order of time; impossible ones are left out."""
    marks = [mark for mark in track.marks if mark.kind == METER and len(mark.data) >= 2]
    found: list[MeterAt] = [
        (round_onset(mark.tick / ticks_per_quarter), mark.data[0], 1 << mark.data[1])
        for mark in marks
        if mark.data[0] and mark.data[1] <= LARGEST_DENOMINATOR_POWER
    ]
    return sorted(found, key=lambda meter: meter[0])


def _strokes(score: Score, part: int) -> list[Stroke]:
    notes = score.notes[score.notes["part"] == part]
    ends = notes["onset_quarters"] + notes["duration_quarters"]
    return list(map(Stroke, notes["onset_quarters"].tolist(), ends.tolist(), notes["pitch"].tolist()))


def _texts(sounds: Iterable[Sound]) -> list[str]:
    """What the sounds say in order of time, those that begin together in the order given; drums say nothing."""
    return [sound.text for sound in sorted(sounds, key=rank_of) if sound.text]
