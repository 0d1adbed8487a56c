"""The key of a score by the weight of its pitch classes; numpy only, some microseconds a score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.score.notes import Score

# Probe-tone profiles of Krumhansl and Kessler (Psychological Review 89(4), 1982), from the tonic upwards.
MAJOR_PROFILE = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR_PROFILE = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])

MAJOR_TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")

LONGEST_WEIGHT_QUARTERS = 8.0  # a drone must not outvote everything else


@dataclass(frozen=True, slots=True)
class Tonality:
    """A found key: tonic by a name of `scales.KEYS`, major or minor."""

    tonic: str
    is_minor: bool

    @property
    def name(self) -> str:
        """As people say it: "A minor"."""
        return f"{self.tonic} {'minor' if self.is_minor else 'major'}"

    @property
    def scale(self) -> str:
        """The scale of `scales.SCALES` that fits it."""
        return "minorM" if self.is_minor else "major"


def _profiles() -> NDArray[np.float64]:
    """All 24 profiles turned to their tonics and standardised, shape (24, 12): twelve major, twelve minor."""
    turned = [np.roll(profile, tonic) for profile in (MAJOR_PROFILE, MINOR_PROFILE) for tonic in range(12)]
    rows = np.array(turned)
    standardised: NDArray[np.float64] = (rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True)
    return standardised


PROFILES = _profiles()


def find_tonality(score: Score) -> Tonality | None:
    """The best-correlated of 24 keys by sounding time of pitch classes, drums apart; None where nothing is pitched."""
    notes = score.notes
    if len(notes) == 0:
        return None
    weights = np.minimum(notes["duration_quarters"], LONGEST_WEIGHT_QUARTERS)
    if any(part.is_drum for part in score.parts):
        is_pitched = np.array([not part.is_drum for part in score.parts])[notes["part"]]
        if not is_pitched.any():
            return None
        weights *= is_pitched
    chroma = np.bincount(notes["pitch"] % 12, weights=weights, minlength=12)
    best = int(np.argmax(PROFILES @ (chroma - chroma.sum() / 12)))
    is_minor = best >= 12
    tonics = MINOR_TONICS if is_minor else MAJOR_TONICS
    return Tonality(tonics[best % 12], is_minor)
