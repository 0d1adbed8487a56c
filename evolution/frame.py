"""What all genomes of a population share: bars, meter, density, key, scale, root octave, tempo, instrument."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import KeySignature
from generation.score.scales import KEYS, SCALES

BEAT_UNITS = (2, 4, 8, 16)
MAX_BARS = 64
MAX_BEATS_PER_BAR = 16
MAX_SLOTS_PER_BAR = 96  # two whole notes; the longest written duration fills it
SIXTEENTH_SLOTS = 3
ROOT_OCTAVES = (1, 7)  # so that a phrase around the root stays inside what MIDI and ears can take
TEMPO_RANGE_BPM = (20.0, 300.0)
PROGRAMS = 128

# Fifths of each tonic as a major key; the sharp names beyond seven sharps are written as their flat twins.
TONIC_FIFTHS = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F#": 6, "C#": 7, "F": -1, "Bb": -2, "Eb": -3}
TONIC_FIFTHS |= {"Ab": -4, "Db": -5, "Gb": -6, "D#": -3, "G#": -4, "A#": -2}
SCALE_FIFTHS = {"minorM": -3, "dorian": -2, "phrygian": -4, "lydian": 1, "mixolydian": -1, "minorBlues": -3}
MINOR_SCALES = ("minorM", "minorBlues")


class FrameError(ValueError):
    """A frame's field is outside what a phrase can be built on; the message names the field."""

    code = "frame_invalid"


@dataclass(frozen=True)
class Frame:
    """The ground that every phrase of a population stands on; `root_octave` is scientific, C4 = MIDI 60.

    `notes_per_bar` is the density that random and seeded genomes aim for. `tempo_bpm` counts quarter notes. Raises
    FrameError.
    """

    bars: int = 4
    beats_per_bar: int = 4
    beat_unit: int = 4
    notes_per_bar: int = 4
    key: str = "C"
    scale: str = "major"
    root_octave: int = 4
    tempo_bpm: float = 110.0
    program: int = 0

    def __post_init__(self) -> None:
        if self.beat_unit not in BEAT_UNITS:
            raise FrameError(f"beat_unit: expected one of {BEAT_UNITS}, got {self.beat_unit!r}")
        _expect_whole("bars", self.bars, 1, MAX_BARS)
        _expect_whole("beats_per_bar", self.beats_per_bar, 1, MAX_BEATS_PER_BAR)
        if not SIXTEENTH_SLOTS <= self.slots_per_bar <= MAX_SLOTS_PER_BAR:
            raise FrameError(
                f"beats_per_bar: expected a bar of at most two whole notes, got {self.beats_per_bar}/{self.beat_unit}"
            )
        _expect_whole("notes_per_bar", self.notes_per_bar, 1, self.slots_per_bar // SIXTEENTH_SLOTS)
        if self.key not in KEYS:
            raise FrameError(f"key: expected one of {', '.join(KEYS)}, got {self.key!r}")
        if self.scale not in SCALES:
            raise FrameError(f"scale: expected one of {', '.join(SCALES)}, got {self.scale!r}")
        _expect_whole("root_octave", self.root_octave, *ROOT_OCTAVES)
        low, high = TEMPO_RANGE_BPM
        if isinstance(self.tempo_bpm, bool) or not isinstance(self.tempo_bpm, int | float):
            raise FrameError(f"tempo_bpm: expected a number, got {self.tempo_bpm!r}")
        if not low <= self.tempo_bpm <= high:
            raise FrameError(f"tempo_bpm: expected {low:g} to {high:g}, got {self.tempo_bpm!r}")
        _expect_whole("program", self.program, 0, PROGRAMS - 1)

    @property
    def slots_per_beat(self) -> int:
        """Grid slots in one beat."""
        return SLOTS_PER_QUARTER * 4 // self.beat_unit

    @property
    def slots_per_bar(self) -> int:
        """Grid slots in one bar."""
        return self.beats_per_bar * self.slots_per_beat

    @property
    def slots(self) -> int:
        """Grid slots in the whole phrase."""
        return self.bars * self.slots_per_bar

    @property
    def quarters_per_bar(self) -> float:
        """Length of one bar in quarters."""
        return self.slots_per_bar / SLOTS_PER_QUARTER

    @property
    def degrees(self) -> int:
        """How many degrees the scale has."""
        return len(SCALES[self.scale])

    def key_signature(self) -> KeySignature:
        """The signature to write at the head of a phrase."""
        fifths = TONIC_FIFTHS[self.key] + SCALE_FIFTHS.get(self.scale, 0)
        if abs(fifths) > 7:
            fifths -= 12 if fifths > 0 else -12
        return KeySignature(0.0, fifths, self.scale in MINOR_SCALES)

    def to_json(self) -> dict[str, Any]:
        """Plain values by field name; `from_json` gives an equal frame."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Frame":
        """The frame that `to_json` wrote; missing fields take their defaults. Raises FrameError."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise FrameError(f"{unknown[0]}: expected only {', '.join(sorted(known))}; remove it")
        return cls(**data)


def _expect_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise FrameError(f"{name}: expected a whole number from {low} to {high}, got {value!r}")
