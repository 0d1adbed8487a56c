"""How much music of one origin looks like that of another: overlap of distributions, each pair on one shared grid.

Yang and Lerch (Neural Computing and Applications 32, 2020) compare sets by the overlap of distributions. Their program
lays the two that it compares on two different grids; here both always lie on the same one. What counts as much overlap
is said by the training pieces themselves: one random half of them against the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.metrics import PITCH_CLASSES, melody, strokes
from generation.score.notes import Score, pitched_notes, sort_notes

WIDEST_INTERVAL = 24  # semitones; wider leaps are counted as so wide
TIME_EDGES_QUARTERS = 2.0 ** np.arange(-4.75, 4.3, 0.25)  # four bins to a doubling, from a 128th to four whole notes
VELOCITY_STEP = 8
N_HALVINGS = 20
MOST_EXCERPTS = 160  # of one side, whose distances are compared
GRID_POINTS = 256
SPREAD = (0.05, 0.95)  # quantiles over the halvings
NOTHING = Score(sort_notes([]))

Numbers = NDArray[np.float64]
Feature = Callable[[Score], Numbers]


def pitch_classes(score: Score) -> Numbers:
    """Notes of each pitch class, drums apart, (12,)."""
    return _counts(pitched_notes(score)["pitch"] % PITCH_CLASSES, PITCH_CLASSES)


def intervals(score: Score) -> Numbers:
    """Semitones between successive highest notes, (49,) from two octaves down to two up."""
    steps = np.clip(np.diff(melody(score)["pitch"].astype(np.int64)), -WIDEST_INTERVAL, WIDEST_INTERVAL)
    return _counts(steps + WIDEST_INTERVAL, 2 * WIDEST_INTERVAL + 1)


def inter_onset_intervals(score: Score) -> Numbers:
    """Quarters between successive strokes, (bins,) of `TIME_EDGES_QUARTERS`."""
    return _times(np.diff(strokes(score)))


def durations(score: Score) -> Numbers:
    """Sounding lengths of notes in quarters, drums apart, (bins,) of `TIME_EDGES_QUARTERS`."""
    return _times(pitched_notes(score)["duration_quarters"])


def velocities(score: Score) -> Numbers:
    """MIDI velocities of notes, drums apart, (16,) of eight each."""
    return _counts(pitched_notes(score)["velocity"] // VELOCITY_STEP, 128 // VELOCITY_STEP)


DISTRIBUTIONS: MappingProxyType[str, Feature] = MappingProxyType(
    {
        "pitch classes": pitch_classes,
        "intervals": intervals,
        "inter-onset intervals": inter_onset_intervals,
        "durations": durations,
        "velocities": velocities,
    }
)


def _shares(of: Feature) -> Feature:
    return lambda score: of(score) / max(1.0, float(of(score).sum()))


def _pitch_range(score: Score) -> Numbers:
    pitches = pitched_notes(score)["pitch"]
    return np.array([float(np.ptp(pitches)) if len(pitches) else 0.0])


def _pitch_count(score: Score) -> Numbers:
    return np.array([float(len(np.unique(pitched_notes(score)["pitch"])))])


def _mean_interval(score: Score) -> Numbers:
    steps = np.abs(np.diff(melody(score)["pitch"].astype(np.int64)))
    return np.array([float(steps.mean()) if len(steps) else 0.0])


def _mean_inter_onset_interval(score: Score) -> Numbers:
    gaps = np.diff(strokes(score))
    return np.array([float(gaps.mean()) if len(gaps) else 0.0])


def _pitch_class_transitions(score: Score) -> Numbers:
    classes = melody(score)["pitch"].astype(np.int64) % PITCH_CLASSES
    return _counts(classes[:-1] * PITCH_CLASSES + classes[1:], PITCH_CLASSES**2)


# Of Yang and Lerch's features those that say something of excerpts of equally many notes.
EXCERPT_FEATURES: MappingProxyType[str, Feature] = MappingProxyType(
    {
        "pitches used": _pitch_count,
        "pitch range": _pitch_range,
        "mean interval": _mean_interval,
        "mean inter-onset interval": _mean_inter_onset_interval,
        "pitch class histogram": _shares(pitch_classes),
        "pitch class transitions": _shares(_pitch_class_transitions),
        "note length histogram": _shares(durations),
    }
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Overlap areas with a half of the training pieces, 0 to 1, over random halvings."""

    samples: float  # mean
    halves: float  # mean of the other half's
    halves_low: float  # 5th percentile of them
    halves_high: float  # 95th percentile


def overlap_area(first: Numbers, second: Numbers) -> float:
    """Area under both of two histograms on one grid, (bins,) each, after making each sum to 1: 0 to 1; nan for none."""
    totals = float(first.sum()), float(second.sum())
    if min(totals) <= 0:
        return float("nan")
    return float(np.minimum(first / totals[0], second / totals[1]).sum())


def distribution_overlap(
    training: Sequence[Score], owners: NDArray[np.int64], samples: Sequence[Score], feature: Feature, *, seed: int
) -> Overlap:
    """Overlap of a feature's distribution in samples with that in a half of the pieces, each side's excerpts summed.

    `owners` (n,) says which piece each training excerpt is from: a piece is wholly in one half.
    """
    counted, drawn = _matrix(training, feature), _matrix(samples, feature).sum(axis=0)

    def areas(is_half: NDArray[np.bool_]) -> tuple[float, float]:
        half = counted[is_half].sum(axis=0)
        return overlap_area(half, drawn), overlap_area(half, counted[~is_half].sum(axis=0))

    return _over_halvings(areas, owners, seed)


def excerpt_overlap(
    training: Sequence[Score], owners: NDArray[np.int64], samples: Sequence[Score], feature: Feature, *, seed: int
) -> Overlap:
    """Overlap of distances between excerpts: within a half of the pieces, and from it to the samples (or other half).

    Euclidean distances of a feature of each excerpt, their densities by Gaussian kernels (Scott's bandwidth) on one
    grid, as in Yang and Lerch's relative measurement. At most 160 excerpts of a side are compared, evenly spread.
    """
    known, drawn = _matrix(training, feature), _thinned(_matrix(samples, feature))

    def areas(is_half: NDArray[np.bool_]) -> tuple[float, float]:
        half, other = _thinned(known[is_half]), _thinned(known[~is_half])
        inside = _distances(half, half)[np.triu_indices(len(half), 1)]
        return _density_overlap(inside, _distances(half, drawn)), _density_overlap(inside, _distances(half, other))

    return _over_halvings(areas, owners, seed)


def _over_halvings(
    areas: Callable[[NDArray[np.bool_]], tuple[float, float]], owners: NDArray[np.int64], seed: int
) -> Overlap:
    rng = np.random.default_rng(seed)
    pieces = np.unique(owners)
    if len(pieces) < 2:
        return Overlap(*[float("nan")] * 4)
    found = []
    for _ in range(N_HALVINGS):
        half = rng.choice(pieces, size=len(pieces) // 2, replace=False)
        found.append(areas(np.isin(owners, half)))
    samples, halves = np.array(found).T
    low, high = np.quantile(halves, SPREAD)
    return Overlap(float(samples.mean()), float(halves.mean()), float(low), float(high))


def _density_overlap(first: Numbers, second: Numbers) -> float:
    if first.size < 2 or second.size < 2:
        return float("nan")
    top = max(float(first.max()), float(second.max())) * 1.1 or 1.0
    return overlap_area(_density(first.ravel(), top), _density(second.ravel(), top))


def _density(values: Numbers, top: float) -> Numbers:
    """A kernel density of values on the grid from 0 to `top`, (GRID_POINTS,), not normalised."""
    counts = np.histogram(values, bins=GRID_POINTS, range=(0.0, top))[0].astype(np.float64)
    width = max(float(values.std()) * len(values) ** -0.2 / (top / GRID_POINTS), 0.5)  # Scott's, in bins
    reach = np.arange(-GRID_POINTS, GRID_POINTS + 1)
    return np.convolve(counts, np.exp(-0.5 * (reach / width) ** 2))[GRID_POINTS : 2 * GRID_POINTS]


def _distances(first: Numbers, second: Numbers) -> Numbers:
    """Euclidean, (n, m)."""
    squares = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1)[None] - 2 * first @ second.T
    distances: Numbers = np.sqrt(np.maximum(squares, 0.0))
    return distances


def _matrix(scores: Sequence[Score], feature: Feature) -> Numbers:
    """A row a score, (n, values)."""
    width = len(feature(NOTHING))
    return np.array([feature(score) for score in scores]).reshape(-1, width)


def _thinned(rows: Numbers) -> Numbers:
    if len(rows) <= MOST_EXCERPTS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MOST_EXCERPTS).astype(np.int64)]


def _times(quarters: NDArray[Any]) -> Numbers:
    places = np.clip(np.searchsorted(TIME_EDGES_QUARTERS, quarters, side="right") - 1, 0, len(TIME_EDGES_QUARTERS) - 2)
    return _counts(places, len(TIME_EDGES_QUARTERS) - 1)


def _counts(values: NDArray[Any], size: int) -> Numbers:
    return np.bincount(values.astype(np.int64), minlength=size).astype(np.float64)
