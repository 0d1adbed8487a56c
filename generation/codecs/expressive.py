"""Notes as tuples on the bar grid, with what a player adds: timing, dynamics, articulation."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from generation.codecs.codec import CodecError, Field, check_tokens
from generation.pieces import Piece
from generation.score import quantise
from generation.score.grid import (
    ALTERATIONS,
    ARTICULATION_RATIOS,
    DEGREES_MAX,
    DURATION_SLOTS,
    OCTAVES,
    SLOTS_PER_QUARTER,
    TIMING_CLASSES,
    VELOCITY_CLASSES,
)
from generation.score.notes import NOTE, Meter, Part, Score, Tempo, pitched_notes, sort_notes
from generation.score.scales import (
    LOWEST_OCTAVE,
    degree_to_pitch,
    fold_pitch,
    pitch_to_degree,
    semitones_of,
    tonic_of,
)
from generation.score.tonality import find_tonality

BAR_STEPS = 4
LONGEST_BAR_SLOTS = 72
MINOR_THIRD, MAJOR_THIRD = 3, 4
HIGHEST_PITCH = 127
DEGREE, OCTAVE, ALTERATION = 2, 3, 4  # columns of a token

FIELDS = (
    Field("bar_step", BAR_STEPS),  # bars since the note before; the longest rest is three bars
    Field("position", LONGEST_BAR_SLOTS),  # slot in the bar
    Field("degree", DEGREES_MAX),
    Field("octave", OCTAVES - LOWEST_OCTAVE),  # class 0 holds the few pitches under octave 0
    Field("alteration", len(ALTERATIONS)),
    Field("duration", len(DURATION_SLOTS)),
    Field("velocity", VELOCITY_CLASSES),
    Field("timing", TIMING_CLASSES),
    Field("articulation", len(ARTICULATION_RATIOS)),
)


@dataclass(frozen=True, slots=True)
class ExpressiveCodec:
    """Nine small integers a note, in order of slot and pitch; all pitched parts become one, drums are left out.

    Bars are those of the codec's meter, counted from the bar of the first note; a rest of more than three bars is cut
    to three. With `follow_key` a score is read in the key found in it and said in the codec's, the nearer way up or
    down: a minor piece by its relative major where the codec's scale is a major one, and the other way round. So the
    same music in another key has the same tokens, and `decode(encode(score))` is the score on the grid, transposed.
    """

    name: ClassVar[str] = "expressive"
    fields: ClassVar[tuple[Field, ...]] = FIELDS

    key: str = "C"
    scale: str = "major"
    numerator: int = 4
    denominator: int = 4
    tempo_bpm: float = 120.0
    program: int = 0
    follow_key: bool = True

    def __post_init__(self) -> None:
        tonic_of(self.key)
        semitones_of(self.scale)
        if self.denominator not in {1, 2, 4, 8, 16} or not 1 <= self.bar_slots <= LONGEST_BAR_SLOTS:
            meter = f"{self.numerator}/{self.denominator}"
            raise CodecError("bad_meter", f"expected a bar of at most 6 quarters, got {meter}: choose a shorter meter")

    @property
    def bar_slots(self) -> int:
        """Slots in one bar."""
        return SLOTS_PER_QUARTER * 4 * self.numerator // self.denominator

    def encode(self, score: Score) -> NDArray[np.int32]:
        """The score's tokens, shape (n, 9); of two notes of one pitch on one slot the longer is kept."""
        notes = pitched_notes(score)
        if len(notes) == 0:
            return np.empty((0, len(FIELDS)), dtype=np.int32)
        pitches = fold_pitch(notes["pitch"].astype(np.int64) + self.transposition(score))
        slots, timing = quantise.onset_classes(notes["onset_quarters"])
        order = _canonical_order(slots, pitches, notes["duration_quarters"])
        notes, pitches, slots, timing = notes[order], pitches[order], slots[order], timing[order]
        bars, positions = np.divmod(slots, self.bar_slots)
        degree, octave, alteration = pitch_to_degree(pitches, key=self.key, scale=self.scale)
        duration, articulation = quantise.length_classes(notes["duration_quarters"])
        columns = (
            np.minimum(np.diff(bars, prepend=bars[0]), BAR_STEPS - 1),
            positions,
            degree,
            octave - LOWEST_OCTAVE,
            alteration - ALTERATIONS[0],
            duration,
            quantise.velocity_classes(notes["velocity"]),
            timing,
            articulation,
        )
        return np.stack(columns, axis=1).astype(np.int32)

    def encode_piece(self, piece: Piece) -> NDArray[np.int32]:
        """The tokens of a piece's score, shape (n, 9)."""
        return self.encode(piece.score)

    def transposed(self, tokens: NDArray[np.integer[Any]], semitones: int) -> NDArray[np.int32] | None:
        """The tokens of the same music so many semitones higher, spelt in the codec's key, shape (n, 9).

        What `encode` wrote comes back exactly by the way back. None where a pitch would leave MIDI's range. Raises
        CodecError for another codec's tokens.
        """
        checked = check_tokens(tokens, FIELDS)
        pitches = self._pitches(checked) + semitones
        if np.any((pitches < 0) | (pitches > HIGHEST_PITCH)):
            return None
        degree, octave, alteration = pitch_to_degree(pitches, key=self.key, scale=self.scale)
        moved = checked.astype(np.int32)
        moved[:, DEGREE], moved[:, OCTAVE] = degree, octave - LOWEST_OCTAVE
        moved[:, ALTERATION] = alteration - ALTERATIONS[0]
        return moved

    def _pitches(self, checked: NDArray[np.int64]) -> NDArray[np.int64]:
        """MIDI pitches of checked tokens, folded into range, shape (n,)."""
        octave, alteration = checked[:, OCTAVE] + LOWEST_OCTAVE, checked[:, ALTERATION] + ALTERATIONS[0]
        return fold_pitch(degree_to_pitch(checked[:, DEGREE], octave, alteration, key=self.key, scale=self.scale))

    def decode(self, tokens: NDArray[np.integer[Any]]) -> Score:
        """The score that the tokens say, in the codec's key, meter and tempo; positions past a bar's end run on."""
        checked = check_tokens(tokens, FIELDS)
        bar_step, position, _, _, _, duration, velocity, timing, articulation = checked.T
        slots = np.cumsum(bar_step) * self.bar_slots + position
        notes = np.zeros(len(slots), dtype=NOTE)
        notes["onset_quarters"] = np.maximum(0.0, quantise.onset_quarters(slots, timing))
        notes["duration_quarters"] = quantise.length_quarters(duration, articulation)
        notes["pitch"] = self._pitches(checked)
        notes["velocity"] = quantise.velocities(velocity)
        return Score(
            notes=sort_notes(notes),
            parts=(Part(program=self.program),),
            tempos=(Tempo(0.0, self.tempo_bpm),),
            meters=(Meter(0.0, self.numerator, self.denominator),),
        )

    def transposition(self, score: Score) -> int:
        """Semitones, -6 to 5, from the score's key to the codec's; 0 where keys are not followed."""
        tonality = find_tonality(score) if self.follow_key else None
        if tonality is None:
            return 0
        semitones = semitones_of(self.scale).tolist()
        codec_is_minor = MINOR_THIRD in semitones and MAJOR_THIRD not in semitones
        tonic = tonic_of(tonality.tonic)
        if tonality.is_minor != codec_is_minor:
            tonic += MINOR_THIRD if tonality.is_minor else -MINOR_THIRD
        return (tonic_of(self.key) - tonic + 6) % 12 - 6

    def to_json(self) -> dict[str, Any]:
        """The codec's name and settings."""
        return {"name": self.name, **asdict(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ExpressiveCodec":
        """The codec that `to_json` wrote."""
        return cls(**{key: value for key, value in data.items() if key != "name"})


def _canonical_order(
    slots: NDArray[np.int64], pitches: NDArray[np.int64], lengths: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Indices by slot and pitch, only the longest of equal ones."""
    order = np.lexsort((-lengths, pitches, slots))
    same = (np.diff(slots[order]) == 0) & (np.diff(pitches[order]) == 0)
    kept: NDArray[np.intp] = order[np.concatenate([[True], ~same])]
    return kept
