"""How much music of one origin looks like that of another: overlap of distributions, each pair on one shared grid.

Yang and Lerch (Neural Computing and Applications 32, 2020) compare sets by the overlap of distributions. Their program
lays the two that it compares on two different grids; here both always lie on the same one. What counts as much overlap
is said by the training pieces themselves: one random half of them against the other, over many halvings, because two
halves of real music overlap now more, now less.
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
N_HALVINGS = 50
MOST_EXCERPTS = 160  # of one side, whose distances are compared
GRID_POINTS = 256
SPREAD = (0.05, 0.95)  # quantiles over the halvings: what 19 of 20 halves reach, and what 19 of 20 stay under
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

    `owners` (n,) says which piece each training excerpt is from: a piece is wholly in one half. For each halving at
    most as many excerpts of samples are taken as the other half has: few notes overlap less than many.
    """
    counted, drawn = _matrix(training, feature), _matrix(samples, feature)
    rng = np.random.default_rng([seed, len(drawn)])

    def areas(is_half: NDArray[np.bool_]) -> tuple[float, float]:
        half, other = counted[is_half].sum(axis=0), counted[~is_half]
        return overlap_area(half, _some(drawn, len(other), rng).sum(axis=0)), overlap_area(half, other.sum(axis=0))

    return _over_halvings(areas, owners, seed)


def excerpt_overlap(
    training: Sequence[Score], owners: NDArray[np.int64], samples: Sequence[Score], feature: Feature, *, seed: int
) -> Overlap:
    """Overlap of distances between excerpts: within a half of the pieces, and from it to the samples (or other half).

    Euclidean distances of a feature of each excerpt, their densities by Gaussian kernels (Scott's bandwidth) on one
    grid, as in Yang and Lerch's relative measurement. At most 160 excerpts of a side are compared, evenly spread, and
    of the samples at most as many as of the other half: the bandwidth follows their number.
    """
    known, drawn = _matrix(training, feature), _matrix(samples, feature)
    rng = np.random.default_rng([seed, len(drawn)])

    def areas(is_half: NDArray[np.bool_]) -> tuple[float, float]:
        half, other = _thinned(known[is_half]), _thinned(known[~is_half])
        inside = _distances(half, half)[np.triu_indices(len(half), 1)]
        to_samples = _distances(half, _some(drawn, len(other), rng))
        return _density_overlaps(inside, to_samples.ravel(), _distances(half, other).ravel())

    return _over_halvings(areas, owners, seed)


def halvings(owners: NDArray[np.int64], *, seed: int) -> list[NDArray[np.bool_]]:
    """Random halves of the pieces: for each, which of the excerpts, (n,), lie in it; none for fewer than two pieces."""
    rng = np.random.default_rng(seed)
    pieces = np.unique(owners)
    if len(pieces) < 2:
        return []
    halves = [rng.choice(pieces, size=len(pieces) // 2, replace=False) for _ in range(N_HALVINGS)]
    return [np.isin(owners, half) for half in halves]


def distance_of_halves(figures: Numbers, owners: NDArray[np.int64], *, seed: int) -> float:
    """How near to each other the means of a figure, (n,), are in 19 of 20 halvings of the pieces; nan for one piece."""
    found = [abs(float(figures[half].mean() - figures[~half].mean())) for half in halvings(owners, seed=seed)]
    return float(np.quantile(found, SPREAD[1])) if found else float("nan")


def _over_halvings(
    areas: Callable[[NDArray[np.bool_]], tuple[float, float]], owners: NDArray[np.int64], seed: int
) -> Overlap:
    found = [areas(half) for half in halvings(owners, seed=seed)]
    if not found:
        return Overlap(*[float("nan")] * 4)
    samples, halves = np.array(found).T
    low, high = np.quantile(halves, SPREAD)
    return Overlap(float(samples.mean()), float(halves.mean()), float(low), float(high))


def _density_overlaps(inside: Numbers, to_samples: Numbers, to_other: Numbers) -> tuple[float, float]:
    """Overlap of the distances inside a half with those to the samples, and to the other half, on one grid for all."""
    if min(inside.size, to_other.size) < 2:
        return float("nan"), float("nan")
    top = 1.1 * float(max(np.max(distances, initial=0.0) for distances in (inside, to_samples, to_other))) or 1.0
    known, other = _density(inside, top), _density(to_other, top)
    samples = overlap_area(known, _density(to_samples, top)) if to_samples.size > 1 else float("nan")
    return samples, overlap_area(known, other)


def _density(values: Numbers, top: float) -> Numbers:
    """A kernel density of values on the grid from 0 to `top`, (GRID_POINTS,), not normalised."""
    counts = _counts(np.minimum(values * (GRID_POINTS / top), GRID_POINTS - 1), GRID_POINTS)
    width = max(float(values.std()) * len(values) ** -0.2 / (top / GRID_POINTS), 0.5)  # Scott's, in bins
    reach = np.arange(-GRID_POINTS, GRID_POINTS + 1)
    return np.convolve(counts, np.exp(-0.5 * (reach / width) ** 2))[GRID_POINTS : 2 * GRID_POINTS]


def _distances(first: Numbers, second: Numbers) -> Numbers:
    """Euclidean, (n, m)."""
    if first.shape[1] == 1:
        return np.abs(first - second.T)
    squares = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1)[None] - 2 * first @ second.T
    distances: Numbers = np.sqrt(np.maximum(squares, 0.0))
    return distances


def _matrix(scores: Sequence[Score], feature: Feature) -> Numbers:
    """A row a score, (n, values)."""
    width = len(feature(NOTHING))
    return np.array([feature(score) for score in scores]).reshape(-1, width)


def _some(rows: Numbers, most: int, rng: np.random.Generator) -> Numbers:
    """At most so many of the rows, drawn without replacement."""
    return rows if len(rows) <= most else rows[rng.choice(len(rows), most, replace=False)]


def _thinned(rows: Numbers) -> Numbers:
    if len(rows) <= MOST_EXCERPTS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MOST_EXCERPTS).astype(np.int64)]


def _times(quarters: NDArray[Any]) -> Numbers:
    places = np.clip(np.searchsorted(TIME_EDGES_QUARTERS, quarters, side="right") - 1, 0, len(TIME_EDGES_QUARTERS) - 2)
    return _counts(places, len(TIME_EDGES_QUARTERS) - 1)


def _counts(values: NDArray[Any], size: int) -> Numbers:
    return np.bincount(values.astype(np.int64), minlength=size).astype(np.float64)
