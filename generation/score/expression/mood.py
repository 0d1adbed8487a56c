"""Mood as valence and arousal: what it does to tempo, loudness, touch, register and mode."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from generation.score.expression.performance import Performance
from generation.score.expression.timing import is_pitched
from generation.score.notes import KeySignature, Score, sort_notes
from generation.score.scales import SCALES, SEMITONES_PER_OCTAVE, semitones_of, tonic_of

AROUSAL_TEMPO_OCTAVES, VALENCE_TEMPO_OCTAVES = 0.2, 0.05  # arousal 1 plays 15% faster
AROUSAL_VELOCITY, VALENCE_VELOCITY = 14.0, 3.0
AROUSAL_LENGTH, VALENCE_LENGTH = -0.10, -0.08  # shares of the sounding length
REGISTER_SHIFTS_FROM = 0.5  # the mean of valence and arousal from which music moves an octave
REGISTER = (33, 96)  # MIDI pitches between which it must stay for that

BRIGHTNESS: dict[str, tuple[int, ...]] = {
    "lydian": SCALES["lydian"],
    "major": SCALES["major"],
    "mixolydian": SCALES["mixolydian"],
    "dorian": SCALES["dorian"],
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": SCALES["phrygian"],
}
"""Modes from the brightest to the darkest -> semitones of their degrees; each has one degree lower than the last."""

FIFTHS = {"lydian": 1, "major": 0, "mixolydian": -1, "dorian": -2, "minor": -3, "phrygian": -4}
NEAREST_MODE = {"minorM": "minor", "majorBlues": "major", "minorBlues": "minor"}


class MoodError(ValueError):
    """A mood outside the plane of valence and arousal; the message names which."""

    code = "mood_invalid"


@dataclass(frozen=True, slots=True)
class Mood:
    """A place in Russell's plane of feeling (Journal of Personality and Social Psychology 39(6), 1980).

    Valence runs from -1 sad to 1 glad, arousal from -1 calm to 1 excited; (0, 0) changes nothing. What it does follows
    the cues by which players say and listeners hear feelings (Juslin and Laukka, Psychological Bulletin 129(5), 2003;
    Gabrielsson and Lindstroem in Juslin and Sloboda, Music and Emotion, 2001; Bresin and Friberg, Cortex 47(9), 2011):
    the sizes are kept slight, for a mood colours a phrase and must not become another one. Raises MoodError.
    """

    valence: float = 0.0
    arousal: float = 0.0

    def __post_init__(self) -> None:
        for name in ("valence", "arousal"):
            if not -1.0 <= getattr(self, name) <= 1.0:
                raise MoodError(f"{name}: expected a number from -1 to 1, got {getattr(self, name)!r}")

    @property
    def tempo_factor(self) -> float:
        """Excitement is fast, and gladness a little."""
        return float(2.0 ** (AROUSAL_TEMPO_OCTAVES * self.arousal + VALENCE_TEMPO_OCTAVES * self.valence))

    @property
    def velocity_shift(self) -> float:
        """MIDI velocity to add: excitement is loud."""
        return AROUSAL_VELOCITY * self.arousal + VALENCE_VELOCITY * self.valence

    @property
    def length_factor(self) -> float:
        """Factor on sounding lengths: excitement and gladness are detached, sadness and tenderness tied."""
        return 1.0 + AROUSAL_LENGTH * self.arousal + VALENCE_LENGTH * self.valence

    @property
    def attack(self) -> float:
        """-1 to 1: how hard notes are struck; hard in joy and anger, soft in sadness and tenderness."""
        return self.arousal

    @property
    def time_factor(self) -> float:
        """Factor on rubato and on timing deviations: sad and tender players keep time freely, glad ones strictly."""
        return float(2.0 ** (-0.25 * self.valence - 0.25 * self.arousal))

    def colour(self, performance: Performance) -> Performance:
        """The performance in this mood; what moves mode and register is `in_mood`'s."""
        return replace(
            performance,
            tempo_factor=performance.tempo_factor * self.tempo_factor,
            velocity_shift=performance.velocity_shift + self.velocity_shift,
            length_factor=performance.length_factor * self.length_factor,
            attack=float(np.clip(performance.attack + self.attack, -1, 1)),
            rubato=performance.rubato * self.time_factor,
            deviation_ms=performance.deviation_ms * self.time_factor,
            vibrato_hz=performance.vibrato_hz * 2.0 ** (0.25 * self.arousal),
        )


def fitting_mode(scale: str, valence: float) -> str:
    """The mode that a valence makes of a scale: itself about 0, and at the ends lydian and phrygian.

    Modes are heard as gladder the brighter they are, down from major (Temperley and Tan, Music Perception 30(3), 2013);
    between them a mode is passed for each step of valence. Raises UnknownScaleError.
    """
    modes = list(BRIGHTNESS)
    home = modes.index(_mode_of(scale))
    goal = 0 if valence > 0 else len(modes) - 1
    place = home + abs(valence) * (goal - home)
    # Halfway between two modes it stays with the one that is nearer to the scale's own.
    index = int(np.floor(place + 0.5)) if goal < home else int(np.ceil(place - 0.5))
    return scale if index == home else modes[index]


def in_mood(score: Score, mood: Mood, *, key: str, scale: str) -> Score:
    """The score's notes in the mode and register of a mood; `key` and `scale` are what it is written in.

    Each note keeps its degree and alteration and takes the new mode's pitch for it; a strong mood moves the whole an
    octave up or down where it has room (high is glad and excited: Gabrielsson and Lindstroem, 2001). Drums stay. This
    is for samples: the phrases of a population stand in its frame, whose scale and register a mood does not touch.
    Raises UnknownScaleError.
    """
    pitched = is_pitched(score)
    mode = fitting_mode(scale, mood.valence)
    pitches = score.notes["pitch"].astype(np.int64)
    moved = pitches if mode == scale else _respelled(pitches, key, scale, mode)
    moved = moved + SEMITONES_PER_OCTAVE * _octaves(moved[pitched], (mood.valence + mood.arousal) / 2)
    notes = score.notes.copy()
    notes["pitch"] = np.where(pitched & (moved >= 0) & (moved <= 127), moved, pitches)
    keys = score.keys if mode == scale else (_signature(key, mode),)
    return replace(score, notes=sort_notes(notes), keys=keys)


def _mode_of(scale: str) -> str:
    """The mode of BRIGHTNESS that a scale is, or is nearest to."""
    if scale not in BRIGHTNESS:
        semitones_of(scale)
    return NEAREST_MODE.get(scale, scale)


def _respelled(pitches: NDArray[np.int64], key: str, scale: str, mode: str) -> NDArray[np.int64]:
    """Pitches by the same degrees of another mode, same shape; what is off the scale stays as far off its degree."""
    written = SCALES[scale] if len(SCALES.get(scale, ())) == len(BRIGHTNESS[mode]) else BRIGHTNESS[_mode_of(scale)]
    chroma = (pitches - tonic_of(key)) % SEMITONES_PER_OCTAVE
    above = np.searchsorted(written, np.arange(SEMITONES_PER_OCTAVE), side="right")
    degree = above[chroma] - 1  # of the scale's tone that is it, or next below
    alteration = chroma - np.array(written)[degree]
    respelled: NDArray[np.int64] = pitches - chroma + np.array(BRIGHTNESS[mode])[degree] + alteration
    return respelled


def _octaves(pitches: NDArray[np.int64], lift: float) -> int:
    """-1, 0 or 1: the octave by which a mood's lift, -1 to 1, moves pitches, (n,), that have the room."""
    if len(pitches) == 0 or abs(lift) < REGISTER_SHIFTS_FROM:
        return 0
    by = 1 if lift > 0 else -1
    lowest, highest = pitches.min() + by * SEMITONES_PER_OCTAVE, pitches.max() + by * SEMITONES_PER_OCTAVE
    return by if REGISTER[0] <= lowest and highest <= REGISTER[1] else 0


def _signature(key: str, mode: str) -> KeySignature:
    """The key signature of a mode on a tonic, with at most seven accidentals."""
    fifths = (7 * tonic_of(key) + FIFTHS[mode] + 5) % 12 - 5
    return KeySignature(0.0, fifths, mode in {"dorian", "minor", "phrygian"})
