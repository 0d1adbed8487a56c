"""Time as people keep it: deviations that hang together, swing, chords that do not fall all at once."""

import numpy as np
from numpy.typing import NDArray

from generation.score.bars import COMMON_METER
from generation.score.expression.fluctuation import SHORTEST_SERIES, dfa_exponent
from generation.score.expression.phrasing import is_compound
from generation.score.notes import Score
from generation.score.playback import tempo_at

MS_PER_MINUTE = 60_000.0
EXPONENT_TOLERANCE = 0.06
DRAWS_MAX = 24
SAME_ONSET_QUARTERS = 1 / 24  # half a slot of the grid: nearer than this, notes are struck together
ROOM = 0.45  # of the gap between two onsets that either may use up
SWING_VANISHES_BPM, SWING_AS_WRITTEN_BPM, SWING_MOST = 300.0, 120.0, 1.4
SHORTEST_SWUNG_MS = 100.0


def timing_deviations(n: int, *, deviation_ms: float, exponent: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Timing deviations in ms, shape (n,): mean 0, standard deviation `deviation_ms`, spectrum 1/f^exponent.

    People keep time with long-range correlated errors (Gilden, Thornton and Mallon, Science 267, 1995; Hennig et al.,
    PLoS ONE 6(10), 2011), which listeners prefer to white ones of the same size. Gaussian spectral synthesis over a
    period at least twice as long as asked, so that the ends are not tied together. One draw of some hundred notes can
    lie far from the exponent it was drawn with: the first is taken whose DFA exponent is (1 + a) / 2 within 0.06, or,
    of 24, the nearest. Fewer than 32 notes have no exponent that could be told.
    """
    if n < 2 or deviation_ms == 0.0:
        return np.zeros(n)
    best, least_off = np.zeros(n), np.inf
    for _ in range(DRAWS_MAX if n >= SHORTEST_SERIES else 1):
        wave = _draw(n, exponent, rng)
        off = abs(dfa_exponent(wave) - (1 + exponent) / 2) if n >= SHORTEST_SERIES else 0.0
        if off < least_off:
            best, least_off = wave, off
        if off <= EXPONENT_TOLERANCE:
            break
    scaled: NDArray[np.float64] = best * (deviation_ms / best.std())
    return scaled


def _draw(n: int, exponent: float, rng: np.random.Generator) -> NDArray[np.float64]:
    period = 1 << max(6, (2 * n - 1).bit_length())
    amplitude = np.arange(1, period // 2 + 1, dtype=np.float64) ** (-exponent / 2)
    noise = rng.standard_normal((2, period // 2))
    spectrum = np.concatenate([[0.0], amplitude * (noise[0] + 1j * noise[1])])
    wave = np.fft.irfft(spectrum, period)[:n]
    centred: NDArray[np.float64] = wave - wave.mean()
    return centred


def reshuffled(
    deviations_ms: NDArray[np.float64], *, bin_ms: float, exponent: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """The same deviations, shape (n,), in an order that is 1/f^exponent-correlated: each kept within its bin.

    The values are laid in the ranks of a correlated series, as surrogate data are (Theiler et al., Physica D 58, 1992).
    Values that a codec rounded to bins are spread over these first, or their ties would flatten the series.
    """
    spread = deviations_ms + rng.uniform(-bin_ms / 2, bin_ms / 2, len(deviations_ms))
    model = timing_deviations(len(deviations_ms), deviation_ms=1.0, exponent=exponent, rng=rng)
    laid: NDArray[np.float64] = (np.sort(spread) - spread.mean())[np.argsort(np.argsort(model))]
    return laid


def swing(quarters: NDArray[np.float64], *, amount: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Times in quarters, same shape, with each quarter's middle moved late: `amount` 1 makes eighths 2:1 triplets."""
    middle = 0.5 + np.asarray(amount) / 6
    quarter, within = np.divmod(quarters, 1.0)
    first_half = within * (middle / 0.5)
    second_half = middle + (within - 0.5) * ((1 - middle) / 0.5)
    swung: NDArray[np.float64] = quarter + np.where(within < 0.5, first_half, second_half)
    return swung


def swing_ratio(amount: float) -> float:
    """How many times as long as the second the first of two swung eighths is: 1 at amount 0, 2 at amount 1."""
    return (3 + amount) / (3 - amount)


def swing_amounts(
    score: Score, quarters: NDArray[np.float64], *, amount: float, follows_tempo: bool
) -> NDArray[np.float64]:
    """How much to swing at each time, same shape; nothing in compound meters, whose eighths are thirds of a beat.

    Where it follows the tempo, the ratio goes down with it in a line and is even at 300 quarters a minute, and the
    short eighth stays above 100 ms: what Friberg and Sundstroem (Music Perception 19(3), 2002) measured of jazz
    drummers. At 120 the ratio is as asked.
    """
    meters = sorted(score.meters, key=lambda meter: meter.onset_quarters) or [COMMON_METER]
    starts = np.array([meter.onset_quarters for meter in meters])
    swings = np.array([not is_compound(meter) for meter in meters])
    index = np.maximum(np.searchsorted(starts, quarters + 1e-6, side="right") - 1, 0)
    amounts: NDArray[np.float64] = np.where(swings[index], amount, 0.0)
    if not follows_tempo or amount == 0.0:
        return amounts
    tempo_bpm = tempo_at(score, quarters)
    slope = (SWING_VANISHES_BPM - tempo_bpm) / (SWING_VANISHES_BPM - SWING_AS_WRITTEN_BPM)
    ratio = 1 + (swing_ratio(amount) - 1) * np.clip(slope, 0.0, SWING_MOST)
    beat_ms = MS_PER_MINUTE / tempo_bpm
    ratio = np.minimum(ratio, np.maximum(1.0, beat_ms / SHORTEST_SWUNG_MS - 1))
    return amounts / amount * 3 * (ratio - 1) / (ratio + 1)


def onset_groups(onsets: NDArray[np.float64]) -> NDArray[np.intp]:
    """Which stroke each note belongs to, shape (n,), from 0 on: notes nearer than half a slot to its first are one."""
    order = np.argsort(onsets, kind="stable")
    groups = np.zeros(len(onsets), dtype=np.intp)
    group, first = -1, -np.inf
    for index in order.tolist():
        if onsets[index] - first >= SAME_ONSET_QUARTERS - 1e-9:
            group, first = group + 1, onsets[index]
        groups[index] = group
    return groups


def chord_offsets_ms(
    score: Score,
    groups: NDArray[np.intp],
    *,
    melody_lead_ms: float,
    chord_spread_ms: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """How late each note comes beside its stroke, shape (n,), in ms; 0 for drums, single notes and written-out strums.

    Pianists play the melody, mostly the top note, some 10-30 ms early (Goebl, Journal of the Acoustical Society of
    America 110(1), 2001); the rest falls close together, but not at once.
    """
    notes = score.notes
    if melody_lead_ms == 0.0 and chord_spread_ms == 0.0:
        return np.zeros(len(notes))
    spread = np.clip(rng.normal(0.0, 1.0, len(notes)), -2, 2) * chord_spread_ms
    pitched = is_pitched(score)
    height = np.where(pitched, notes["pitch"], -1)
    top, first, last = (np.full(int(groups.max()) + 1, value) for value in (-1, np.inf, -np.inf))
    np.maximum.at(top, groups, height)
    np.minimum.at(first, groups, notes["onset_quarters"])
    np.maximum.at(last, groups, notes["onset_quarters"])
    in_chord = np.bincount(groups, weights=pitched)[groups] > 1
    offsets = np.where(height == top[groups], -melody_lead_ms, spread)
    return np.where(in_chord & pitched & (first == last)[groups], offsets, 0.0)


def is_pitched(score: Score) -> NDArray[np.bool_]:
    """Whether each note is not a drum's, shape (n,)."""
    drums = np.array([part.is_drum for part in score.parts] or [False])
    pitched: NDArray[np.bool_] = ~drums[score.notes["part"]]
    return pitched


def displaced(
    onsets: NDArray[np.float64], groups: NDArray[np.intp], late_quarters: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Onsets moved by as much, in quarters, shape (n,), but never past halfway to the next stroke, nor before 0."""
    n_groups = int(groups.max()) + 1 if len(groups) else 0
    first, last = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(first, groups, onsets)
    np.maximum.at(last, groups, onsets)
    gaps = ROOM * (first[1:] - last[:-1])
    room_before = np.concatenate([[np.inf], gaps])
    room_after = np.concatenate([gaps, [np.inf]])
    moved: NDArray[np.float64] = onsets + np.clip(late_quarters, -room_before[groups], room_after[groups])
    return np.maximum(moved, 0.0)
