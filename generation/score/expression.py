"""What a player adds to the written notes: timing, swing, dynamics, articulation, bend, and a mood that colours them.

Everything is drawn from the generator that the caller hands in: same seed, same performance.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from generation.score.notes import Bend, Meter, Notes, Score, Tempo, sort_notes
from generation.score.playback import tempo_at

ARCH_VELOCITY = 14.0  # how much louder than its mean the middle of a phrase is at full depth
ACCENT_VELOCITY = 8.0  # how much louder a downbeat is at full depth
AROUSAL_VELOCITY = 12.0
VALENCE_VELOCITY = 3.0
AROUSAL_TEMPO_OCTAVES = 0.15  # arousal 1 plays 11% faster
SHORTEST_QUARTERS = 1 / 48
MS_PER_MINUTE = 60_000.0


@dataclass(frozen=True, slots=True)
class Performance:
    """How a score is to be played; the defaults change nothing."""

    deviation_ms: float = 0.0  # standard deviation of the onsets' timing
    exponent: float = 1.0  # a of the timing's 1/f^a spectrum: 0 is white, 1 pink, 2 brown
    swing: float = 0.0  # 0 straight eighths, 1 triplet eighths
    velocity_curve: float = 0.0  # depth of phrase arch and accents, 0-1
    bend_cents: float = 0.0  # standard deviation of each onset's tuning
    valence: float = 0.0  # -1 sad to 1 glad
    arousal: float = 0.0  # -1 calm to 1 excited


@dataclass(frozen=True, slots=True)
class Mood:
    """What a mood does to a performance: factors on tempo and sounding length, and a shift in velocity."""

    tempo_factor: float
    length_factor: float
    velocity_shift: float


def timing_deviations(n: int, *, deviation_ms: float, exponent: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Timing deviations in ms, shape (n,): mean 0, standard deviation `deviation_ms`, spectrum 1/f^exponent.

    People keep time with long-range correlated errors, a spectrum near 1/f (Hennig et al., PLoS ONE 6(10), 2011).
    Gaussian spectral synthesis over a period at least twice as long as asked, so that the ends are not tied together.
    """
    if n < 2 or deviation_ms == 0.0:
        return np.zeros(n)
    period = 1 << max(6, (2 * n - 1).bit_length())
    amplitude = np.arange(1, period // 2 + 1, dtype=np.float64) ** (-exponent / 2)
    noise = rng.standard_normal((2, period // 2))
    spectrum = np.concatenate([[0.0], amplitude * (noise[0] + 1j * noise[1])])
    wave = np.fft.irfft(spectrum, period)[:n]
    wave -= wave.mean()
    deviations: NDArray[np.float64] = wave * (deviation_ms / wave.std())
    return deviations


def swing(quarters: NDArray[np.float64], *, amount: float) -> NDArray[np.float64]:
    """Times in quarters, same shape, with each quarter's middle moved late: `amount` 1 makes eighths 2:1 triplets."""
    middle = 0.5 + amount / 6
    quarter, within = np.divmod(quarters, 1.0)
    first_half = within * (middle / 0.5)
    second_half = middle + (within - 0.5) * ((1 - middle) / 0.5)
    swung: NDArray[np.float64] = quarter + np.where(within < 0.5, first_half, second_half)
    return swung


def velocity_curve(onsets: NDArray[np.float64], *, meter: Meter, depth: float) -> NDArray[np.float64]:
    """Velocity to add to each note, shape (n,): an arch over the phrase, and accents on downbeats and beats.

    `onsets` are in quarters, on the grid; depth 1 is a full arch. The arch has no mean, so loudness as a whole stays.
    """
    if len(onsets) == 0:
        return np.zeros(0)
    beat_quarters = 4.0 / meter.denominator
    bar_quarters = meter.numerator * beat_quarters
    first_bar = np.floor(onsets.min() / bar_quarters) * bar_quarters
    last_bar = (np.floor(onsets.max() / bar_quarters) + 1) * bar_quarters
    arch = np.sin(np.pi * (onsets - first_bar) / (last_bar - first_bar)) - 2 / np.pi
    in_bar = np.abs(np.remainder(onsets - meter.onset_quarters + 1e-6, bar_quarters))
    on_downbeat = in_bar < 1e-3
    on_beat = np.remainder(in_bar, beat_quarters) < 1e-3
    accent = np.where(on_downbeat, 1.0, np.where(on_beat, 0.3, -0.2))
    curve: NDArray[np.float64] = depth * (ARCH_VELOCITY * arch + ACCENT_VELOCITY * accent)
    return curve


def mood(*, valence: float, arousal: float) -> Mood:
    """The effect of a mood, valence and arousal each -1 to 1; (0, 0) changes nothing.

    Directions after Bresin and Friberg (Cortex 47(9), 2011): excitement is fast and loud, gladness detached, sadness
    slow, soft and legato. Sizes are kept slight: a mood colours a phrase and must not become another one.
    """
    return Mood(
        tempo_factor=float(2.0 ** (AROUSAL_TEMPO_OCTAVES * arousal)),
        length_factor=1.0 - 0.10 * valence - 0.06 * arousal,
        velocity_shift=AROUSAL_VELOCITY * arousal + VALENCE_VELOCITY * valence,
    )


def humanise(score: Score, performance: Performance, rng: np.random.Generator) -> Score:
    """The score as played: notes that start together stay together, onsets never fall before 0, order of bars kept."""
    if len(score.notes) == 0:
        return score
    feeling = mood(valence=performance.valence, arousal=performance.arousal)
    notes = score.notes.copy()
    onsets = score.notes["onset_quarters"]
    distinct, which = np.unique(onsets, return_inverse=True)
    _play_loudness(notes, score, performance, feeling)
    _play_time(notes, score, performance, feeling, rng)
    tempos = tuple(Tempo(t.onset_quarters, t.tempo_bpm * feeling.tempo_factor) for t in score.tempos)
    bends = score.bends + _detune(notes, which, len(distinct), performance.bend_cents, rng)
    return replace(score, notes=sort_notes(notes), tempos=tempos, bends=bends)


def _play_loudness(notes: Notes, score: Score, performance: Performance, feeling: Mood) -> None:
    """Shape the velocities of `notes` in place, kept in 1-127."""
    meter = score.meters[0] if score.meters else Meter(0.0, 4, 4)
    curve = velocity_curve(notes["onset_quarters"], meter=meter, depth=performance.velocity_curve)
    notes["velocity"] = np.clip(np.rint(notes["velocity"] + curve + feeling.velocity_shift), 1, 127)


def _play_time(notes: Notes, score: Score, performance: Performance, feeling: Mood, rng: np.random.Generator) -> None:
    """Shape onsets and durations of `notes` in place: swing, correlated timing, articulation."""
    written = notes["onset_quarters"].copy()
    distinct, which = np.unique(written, return_inverse=True)
    deviations_ms = timing_deviations(
        len(distinct), deviation_ms=performance.deviation_ms, exponent=performance.exponent, rng=rng
    )
    tempo_bpm = tempo_at(score, distinct) * feeling.tempo_factor
    late_quarters = (deviations_ms * tempo_bpm / MS_PER_MINUTE)[which]
    swung = swing(written, amount=performance.swing)
    ends = swing(written + notes["duration_quarters"], amount=performance.swing)
    notes["onset_quarters"] = np.maximum(0.0, swung + late_quarters)
    notes["duration_quarters"] = np.maximum(SHORTEST_QUARTERS, (ends - swung) * feeling.length_factor)


def _detune(
    notes: Notes, which: NDArray[np.intp], n_onsets: int, bend_cents: float, rng: np.random.Generator
) -> tuple[Bend, ...]:
    """One bend for each part at each onset, in cents about 0; none when `bend_cents` is 0."""
    if bend_cents == 0.0:
        return ()
    cents = rng.normal(0.0, bend_cents, n_onsets)
    found = {
        (int(part), float(onset)): float(round(cents[index], 1))
        for part, onset, index in zip(notes["part"], notes["onset_quarters"], which, strict=True)
    }
    return tuple(
        Bend(part, onset, value) for (part, onset), value in sorted(found.items(), key=lambda item: item[0][::-1])
    )
