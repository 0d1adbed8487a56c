"""Sounds laid into bars and voices and tied over barlines, which decides what is said again and in which order."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from generation.codecs.classic_sounds import TWELFTHS, Sound, rank_of
from generation.codecs.codec import CodecError

# Bounds that music doesn't reach, so that a hostile file costs little.
DENSEST_BAR = 256
MOST_BARS = 25_000
MOST_STRINGS = 200_000

MeterAt = tuple[float, int, int]  # onset in twelfths of a quarter, numerator, denominator
DEFAULT_METER: MeterAt = (0.0, 4, 4)


@dataclass(slots=True)
class _Bar:
    start: float
    end: float
    loose: list[Sound] = field(default_factory=list)
    voices: list[list[Sound]] = field(default_factory=list)
    untold_ends: dict[int, float] = field(default_factory=dict)  # by voice: the end of a chord that was cut untold

    @property
    def held(self) -> float:
        """How much longer than its meter music21 takes the bar to be."""
        ends = [self.end]
        if self.voices:
            ends += [sound.end for sound in self.loose]
        if len(self.voices) > 1:
            ends += self.untold_ends.values()
        return max(ends) - self.end

    @property
    def sounds(self) -> Iterator[Sound]:
        """All in the order of reading: voices before what was tied in, but a single voice is none and comes after."""
        return chain(self.loose, *self.voices) if len(self.voices) == 1 else chain(*self.voices, self.loose)


@dataclass(frozen=True, slots=True)
class Reading:
    """The sounds in the order in which they are read: by onset, then voice; ties to the next bar are sounds again.

    A bar in which a sound is held on untied lasts as long as that sound, and all bars after it come so much later. So
    does a bar in which music21 has asked for the length of a voice before it cuts the voice's last chord at the
    barline: it remembers the old answer, unless it lays rests into that voice.
    """

    sounds: list[Sound]
    starts: list[float]
    delays: list[float]

    def delayed(self, onset: float) -> float:
        """Where what stood at an onset stands in the end."""
        place = bisect_right(self.starts, onset) - 1
        return onset + self.delays[place] if place >= 0 else onset


def say_in_bars(sounds: list[Sound], meters: Sequence[MeterAt], *, has_voices: bool) -> Reading:
    """The sounds read in bars; meters are in order of time. Raises CodecError for what no one could play."""
    bars = _bars(sounds, meters)
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
    said: list[Sound] = []
    delays = [0.0]
    for bar in bars:
        in_order = sorted(bar.sounds, key=rank_of)
        said += [sound.later(delays[-1]) for sound in in_order] if delays[-1] else in_order
        delays.append(delays[-1] + bar.held)
    return Reading(said, [*starts, bars[-1].end], delays)


def _bars(sounds: list[Sound], meters: Sequence[MeterAt]) -> list[_Bar]:
    """Empty bars by the meters, as many as the sounds last, one at least."""
    end = max((sound.end for sound in sounds), default=0.0)
    marks = list(meters)
    if not marks or marks[0][0] > 0:
        marks.insert(0, DEFAULT_METER)
    bars: list[_Bar] = []
    start, index = 0.0, 0
    while not bars or start < end:
        while index + 1 < len(marks) and marks[index + 1][0] <= start + 1e-6:
            index += 1
        _, numerator, denominator = marks[index]
        length = max(TWELFTHS * 4.0 * numerator / denominator, end / MOST_BARS)
        bars.append(_Bar(start, start + length))
        start += length
    return bars


def _lay_voices(bar: _Bar) -> None:
    """Move a bar's sounds to the first voice that is free; what finds none is lost, as it was."""
    n_voices = _count_voices(bar.loose) if len(bar.loose) <= DENSEST_BAR else 1
    if n_voices == 1:
        return
    voices: list[list[Sound]] = [[] for _ in range(n_voices)]
    ends = [bar.start] * n_voices
    has_gap = [False] * n_voices
    for sound in bar.loose:
        for voice, voice_end in enumerate(ends):
            if voice_end <= sound.onset:
                voices[voice].append(sound)
                ends[voice] = sound.end
                has_gap[voice] = has_gap[voice] or sound.onset > voice_end
                break
            if voice_end > bar.end and voices[voice][-1].is_chord and not has_gap[voice]:
                bar.untold_ends[voice] = voice_end
    bar.loose = []
    bar.voices = [voice for voice in voices if voice]


def _count_voices(sounds: list[Sound]) -> int:
    """The size of the largest group of overlapping sounds; a group is known by its first sound's onset."""
    groups: dict[float, list[int]] = {}
    group_of: dict[int, float] = {}
    for index, others in enumerate(_overlaps(sounds)):
        if not others:
            continue
        name: float | None = None
        for other in others:
            known = group_of.get(other)
            if known is not None:
                name = known
                continue
            name = sounds[index].onset if name is None else name
            groups.setdefault(name, []).append(other)
            group_of[other] = name
        if index not in group_of and name is not None:
            groups.setdefault(name, []).append(index)
            group_of[index] = name
    return max((len(members) for members in groups.values()), default=1)


def _overlaps(sounds: list[Sound]) -> list[list[int]]:
    """For each sound the others that it overlaps, looking no further than the first that it doesn't."""
    found: list[list[int]] = [[] for _ in sounds]
    for index, sound in enumerate(sounds):
        for other in range(index + 1, len(sounds)):
            end = min(sound.end, sounds[other].end) if sounds[other].onset == sound.onset else sound.end
            if sounds[other].onset >= end:
                break
            found[index].append(other)
            found[other].append(index)
    return [sorted(others) for others in found]


def _tie(bar: _Bar, following: _Bar) -> None:
    """Say what is held over the barline again in the next bar; loose sounds of a bar with voices are not held on."""
    into_first = bool(following.voices) and not bar.voices
    target = following.voices[0] if into_first else following.loose
    into_voice = bool(bar.voices) and not following.voices
    for line in bar.voices or [bar.loose]:
        held = [sound for sound in line if sound.end > bar.end > sound.onset]
        for sound in sorted(held, key=rank_of):
            target.append(Sound(bar.end, sound.end, sound.text))
            if into_first:
                following.untold_ends.pop(0, None)
            if into_voice and not following.voices:
                following.voices, following.loose = [target], []
