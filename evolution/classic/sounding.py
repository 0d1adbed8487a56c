"""What bits sound like: as the study's program played them, faults included, or as they were meant.

The original's pitches come from a list that its sound library makes: two octaves of the scale and the root above them,
"first octave 4" beginning at MIDI 48, both blues scales with five notes (pyo, `EventScale`, its reference and source).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evolution.classic.bits import BITS_PER_NOTE, REST, Bits, bits_of_frame, numbers_of
from evolution.classic.settings import ClassicError, ClassicSettings
from evolution.frame import Frame
from evolution.genes import (
    GENE,
    OCTAVE_REACH,
    SCIENTIFIC_TO_GRID,
    STEP_OCTAVES,
    Expression,
    Genome,
    arrange,
)
from evolution.genome import PART_NAME
from generation.score.grid import ALTERATIONS, ARTICULATION_RATIOS, DURATION_SLOTS, TIMING_CENTRE, VELOCITY_CLASSES
from generation.score.notes import NOTE, Meter, Part, Score, Tempo, sort_notes
from generation.score.scales import SEMITONES_PER_OCTAVE, degree_to_pitch, pitch_to_degree, semitones_of, tonic_of

STEP_BETWEEN_VOICES = 2  # each further step of the paper's --num-steps is a third above
VELOCITY = 127
BAR_QUARTERS = 4.0  # the original knows no other bar
LIST_OCTAVES = 2
ORIGINAL_SCALES = {"majorBlues": (0, 2, 5, 7, 9), "minorBlues": (0, 3, 5, 8, 10)}  # where pyo's differ from ours
SILENT_NUMBER = 0  # what the original writes down for a rest


@dataclass(frozen=True)
class Tone:
    """One note of the melody: which of the bar's equal parts it begins on, how many it lasts, and its number."""

    start: int
    length: int
    number: int


def tones_of(bits: Bits, settings: ClassicSettings | None = None) -> list[Tone]:
    """The melody that a genome's bits (notes * 4,) say. Raises ClassicError.

    A number with its top bit set is a rest where pauses are wanted; the same number again makes one longer note. In the
    original a rest is a silent note of number 0, so that a 0 after it only lengthens the silence.
    """
    settings = settings or ClassicSettings()
    if bits.ndim != 1:
        raise ClassicError(f"bits: expected those of one genome, shape (bits,), got shape {bits.shape}")
    numbers = numbers_of(bits)
    numbers = numbers if settings.pauses else numbers % REST
    is_rest = numbers >= REST
    if settings.faithful:
        numbers = _with_swallowed(numbers, is_rest)
        is_rest = numbers >= REST
    starts = np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1])) if len(numbers) else np.zeros(0, np.int64)
    bounds = [*starts.tolist(), len(numbers)]
    return [Tone(start, end - start, int(numbers[start])) for start, end in pairwise(bounds) if not is_rest[start]]


def _with_swallowed(numbers: NDArray[np.int64], is_rest: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The numbers with each 0 that follows a rest, or one so swallowed, as a rest."""
    heard = np.where(is_rest, REST, numbers)
    is_mute = (heard == REST) | (heard == SILENT_NUMBER)
    place = np.arange(len(heard))
    begins = is_mute & ~np.append(False, is_mute[:-1])
    run_start = np.maximum.accumulate(np.where(begins, place, 0))
    last_rest = np.maximum.accumulate(np.where(heard == REST, place, -1))
    swallowed = is_mute & (last_rest >= run_start)
    return np.where(swallowed, REST, heard)


def pitches_of_numbers(
    numbers: NDArray[np.int64], frame: Frame, settings: ClassicSettings | None = None
) -> NDArray[np.int64]:
    """MIDI pitches of numbers 0-7 (n,) in each voice, shape (n, steps).

    Put right, a voice is a third above the one before, an octave lower where it would leave two octaves. In the
    original the third is counted on in a list of two octaves, and goes back to its beginning after the end.
    """
    settings = settings or ClassicSettings()
    places = numbers[:, None] + STEP_BETWEEN_VOICES * np.arange(settings.steps)
    if settings.faithful:
        listed = np.array(original_pitches(frame))
        return np.asarray(listed[places % len(listed)], dtype=np.int64)
    most = STEP_OCTAVES[1] * frame.degrees
    over = np.maximum(places - (most - 1), 0)
    folded = places - frame.degrees * -(-over // frame.degrees)
    return degree_to_pitch(folded, frame.root_octave + SCIENTIFIC_TO_GRID, 0, key=frame.key, scale=frame.scale)


def original_pitches(frame: Frame) -> list[int]:
    """The list of pitches that the original takes its notes from, lowest first."""
    scale = ORIGINAL_SCALES.get(frame.scale, tuple(semitones_of(frame.scale).tolist()))
    lowest = SEMITONES_PER_OCTAVE * frame.root_octave + tonic_of(frame.key)
    octaves = [lowest + SEMITONES_PER_OCTAVE * octave + up for octave in range(LIST_OCTAVES) for up in scale]
    return [*octaves, lowest + SEMITONES_PER_OCTAVE * LIST_OCTAVES]


def score(bits: Bits, frame: Frame, settings: ClassicSettings | None = None) -> Score:
    """The genome (notes * 4,) as it sounds: every note at velocity 127, as long as it is tied. Raises ClassicError."""
    settings = settings or ClassicSettings()
    _expect_of_frame(bits, frame, settings)
    tones = tones_of(bits, settings)
    quarters_each = frame.quarters_per_bar / frame.notes_per_bar
    pitches = _pitches(tones, frame, settings)
    rows = {
        (tone.start * quarters_each, tone.length * quarters_each, int(pitch), VELOCITY, 0)
        for tone, voices in zip(tones, pitches, strict=True)
        for pitch in voices
    }
    return Score(
        notes=sort_notes(rows) if rows else np.zeros(0, dtype=NOTE),
        parts=(Part(PART_NAME, frame.program),),
        tempos=(Tempo(0.0, float(frame.tempo_bpm)),),
        meters=(Meter(0.0, frame.beats_per_bar, frame.beat_unit),),
        keys=(frame.key_signature(),),
    )


def lift(bits: Bits, frame: Frame, settings: ClassicSettings | None = None) -> Genome:
    """The same notes on the bar grid; what is tied for longer than the grid can write is struck again.

    Velocity 127 is the loudest class. Raises ClassicError when the bits don't fill the frame or its bar doesn't divide
    into equal notes on the grid.
    """
    settings = settings or ClassicSettings()
    _expect_of_frame(bits, frame, settings)
    slots_each, uneven = divmod(frame.slots_per_bar, frame.notes_per_bar)
    if uneven:
        raise ClassicError(
            f"notes_per_bar: expected a divisor of the bar's {frame.slots_per_bar} slots, got {frame.notes_per_bar}"
        )
    tones = tones_of(bits, settings)
    pieces = [_split(tone.start * slots_each, tone.length * slots_each) for tone in tones]
    rows = [(slot, duration) for several in pieces for slot, duration in several]
    pitches = _pitches(tones, frame, settings).repeat([len(several) for several in pieces], axis=0)
    return Genome(_genes(rows, pitches, frame), Expression())


def _expect_of_frame(bits: Bits, frame: Frame, settings: ClassicSettings) -> None:
    if bits.shape != (bits_of_frame(frame),):
        wanted = f"{bits_of_frame(frame) // BITS_PER_NOTE} notes"
        raise ClassicError(f"bits: expected those of {wanted}, shape ({bits_of_frame(frame)},), got {bits.shape}")
    if settings.faithful and frame.quarters_per_bar != BAR_QUARTERS:
        raise ClassicError(
            f"beats_per_bar: expected bars of 4/4, all that the original knows, got {frame.beats_per_bar}/"
            f"{frame.beat_unit}; choose those, or breed put right"
        )


def _pitches(tones: Sequence[Tone], frame: Frame, settings: ClassicSettings) -> NDArray[np.int64]:
    numbers = np.array([tone.number for tone in tones], dtype=np.int64)
    return pitches_of_numbers(numbers, frame, settings)


def _split(slot: int, length: int) -> list[tuple[int, int]]:
    """(slot, duration class) of the notes that fill `length` slots, the longest first."""
    pieces: list[tuple[int, int]] = []
    while length > 0:
        duration = int(np.searchsorted(DURATION_SLOTS, length, side="right")) - 1
        pieces.append((slot, duration))
        slot, length = slot + int(DURATION_SLOTS[duration]), length - int(DURATION_SLOTS[duration])
    return pieces


def _genes(rows: list[tuple[int, int]], pitches: NDArray[np.int64], frame: Frame) -> NDArray[np.void]:
    notes = np.zeros(pitches.size, dtype=GENE)
    slot, duration = np.array(rows, dtype=np.int64).reshape(-1, 2).repeat(pitches.shape[1], axis=0).T
    degree, octave, alteration = pitch_to_degree(pitches.reshape(-1), key=frame.key, scale=frame.scale)
    notes["bar"], notes["position"] = np.divmod(slot, frame.slots_per_bar)
    notes["degree"], notes["duration"] = degree, duration
    notes["octave"] = np.clip(octave - frame.root_octave - SCIENTIFIC_TO_GRID, -OCTAVE_REACH, OCTAVE_REACH)
    notes["alteration"], notes["timing"] = alteration - ALTERATIONS[0], TIMING_CENTRE
    notes["velocity"], notes["articulation"] = VELOCITY_CLASSES - 1, len(ARTICULATION_RATIOS) - 1
    return arrange(notes, frame)
