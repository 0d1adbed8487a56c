"""Phrases made up from nothing but the frame: rhythm by the weight of the beats, melody in small steps."""

import numpy as np
from numpy.typing import NDArray

from evolution.frame import SIXTEENTH_SLOTS, Frame
from evolution.genes import (
    GENE,
    STEP_OCTAVES,
    UNALTERED,
    Expression,
    Genes,
    Genome,
    arrange,
    set_steps,
)
from generation.score.grid import DURATION_SLOTS, SLOTS_PER_QUARTER, TIMING_CENTRE

EIGHTH_SLOTS = 6
STABLE_DEGREES = (0, 2, 4)  # where a phrase may rest; the tonic first
REST_WEIGHTS = np.array([6.0, 2.0, 2.0])
MOTIONS = np.array([-4, -3, -2, -1, 0, 1, 2, 3, 4])
MOTION_WEIGHTS = np.array([1.0, 1.5, 4.0, 9.0, 3.0, 9.0, 4.0, 1.5, 1.0])  # mostly to the neighbour
REPEAT_RHYTHM, REPEAT_MELODY = 0.55, 0.25  # how often a bar takes up an earlier one
CHORD_PROBABILITY = 0.25  # a phrase with thirds or fifths on its strong beats
DETACHED, PLAIN, LEGATO = 2, 3, 4  # articulation classes
# General MIDI: bowed strings and voices, brass, reeds, pipes and synthesiser leads hold a note that can be bent.
SINGING_PROGRAMS = frozenset([*range(40, 45), *range(48, 55), *range(56, 88)])
DOWNBEAT_VELOCITY, BEAT_VELOCITY, OFFBEAT_VELOCITY = 11, 10, 8


def beat_strengths(frame: Frame) -> NDArray[np.float64]:
    """How strong each slot of a bar is, shape (slots_per_bar,): 4 the downbeat, 0 between the sixteenths."""
    slots = np.arange(frame.slots_per_bar)
    strengths = np.where(slots % SIXTEENTH_SLOTS == 0, 0.3, 0.0)
    strengths = np.where(slots % EIGHTH_SLOTS == 0, 1.0, strengths)
    strengths = np.where(slots % frame.slots_per_beat == 0, np.maximum(strengths, 2.0), strengths)
    if frame.beats_per_bar % 2 == 0 and frame.beats_per_bar > 2:
        strengths[frame.slots_per_bar // 2] = 2.6
    strengths[0] = 4.0
    return strengths


def random_expression(rng: np.random.Generator, program: int = 0) -> Expression:
    """How a person might play: timing off by 6-20 ms and correlated, phrases shaped a little, a mild mood; now and then
    swing or a touch of its own, and bent notes on what can bend them.
    """
    can_sing = program in SINGING_PROGRAMS

    def sometimes(probability: float, low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 3) if rng.random() < probability else 0.0

    return Expression(
        deviation_ms=round(float(rng.uniform(6, 20)), 2),
        exponent=round(float(rng.uniform(0.5, 1.0)), 3),
        swing=sometimes(0.2, 0.3, 0.9),
        velocity_curve=round(float(rng.uniform(0.2, 0.9)), 3),
        bend_cents=sometimes(0.3, 2, 10),
        valence=round(float(np.clip(rng.normal(0, 0.35), -1, 1)), 3),
        arousal=round(float(np.clip(rng.normal(0, 0.35), -1, 1)), 3),
        contour=round(float(rng.uniform(0, 0.6)), 3),
        velocity_deviation=round(float(rng.uniform(0, 5)), 2),
        rubato=sometimes(0.5, 0.05, 0.4),
        final_ritard=sometimes(0.3, 0.1, 0.4),
        articulation=round(float(np.clip(rng.normal(0, 0.25), -1, 1)), 3) if rng.random() < 0.3 else 0.0,
        glide_cents=sometimes(0.3 if can_sing else 0.0, 10, 50),
        vibrato_cents=sometimes(0.6 if can_sing else 0.0, 8, 35),
        vibrato_hz=round(float(rng.uniform(4.8, 6.5)), 2),
        melody_lead_ms=sometimes(0.5, 5, 20),
        chord_spread_ms=round(float(rng.uniform(0, 6)), 2),
        seed=int(rng.integers(2**32)),
    )


def random_genome(frame: Frame, rng: np.random.Generator) -> Genome:
    """A phrase in the frame's scale with about its notes per bar, ending on a stable degree."""
    positions = _rhythm(frame, rng)
    notes = np.zeros(sum(map(len, positions)), dtype=GENE)
    notes["bar"] = np.repeat(np.arange(frame.bars), [len(bar) for bar in positions])
    notes["position"] = np.concatenate(positions)
    notes["alteration"], notes["timing"] = UNALTERED, TIMING_CENTRE
    strengths = beat_strengths(frame)[notes["position"]]
    set_steps(notes, _melody(positions, strengths, frame, rng), frame)
    _lengthen(notes, frame, rng)
    _dynamics(notes, strengths, rng)
    if rng.random() < CHORD_PROBABILITY:
        notes = np.concatenate([notes, _chord_tones(notes[strengths >= 2.6], frame, rng)])
    return Genome(arrange(notes, frame), random_expression(rng, frame.program))


def _rhythm(frame: Frame, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Sorted onset slots of each bar; bars take up the rhythm of earlier ones."""
    strengths = beat_strengths(frame)
    eighths = frame.slots_per_bar // EIGHTH_SLOTS
    if frame.notes_per_bar <= eighths * 0.7:
        strengths = np.where(np.arange(frame.slots_per_bar) % EIGHTH_SLOTS == 0, strengths, strengths * 0.2)
    candidates = np.flatnonzero(strengths)
    weights = strengths[candidates] / strengths[candidates].sum()
    bars: list[NDArray[np.int64]] = []
    for bar in range(frame.bars):
        if bar and rng.random() < REPEAT_RHYTHM:
            bars.append(bars[int(rng.integers(bar))])
            continue
        count = int(np.clip(frame.notes_per_bar + rng.integers(-1, 2), 1, len(candidates)))
        bars.append(np.sort(rng.choice(candidates, size=count, replace=False, p=weights)))
    return bars


def _melody(
    positions: list[NDArray[np.int64]], strengths: NDArray[np.float64], frame: Frame, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Scale steps of all notes, shape (n,): a walk around the root's octave that comes to rest at the end."""
    low, high = STEP_OCTAVES[0] * frame.degrees, STEP_OCTAVES[1] * frame.degrees - 1
    stable = np.array([degree for degree in STABLE_DEGREES if degree < frame.degrees])
    centre = frame.degrees / 2
    steps: list[int] = []
    bars: list[list[int]] = []
    here = int(rng.choice(stable))
    for bar, slots in enumerate(positions):
        alike = [b for b in range(bar) if len(bars[b]) == len(slots)]
        if alike and rng.random() < REPEAT_MELODY:
            shift = int(rng.integers(-2, 3))
            line = [int(np.clip(step + shift, low, high)) for step in bars[int(rng.choice(alike))]]
        else:
            line = []
            for strength in strengths[len(steps) : len(steps) + len(slots)]:
                to = here + MOTIONS
                weights = MOTION_WEIGHTS * np.exp(-(((to - centre) / frame.degrees) ** 2))
                weights = weights * np.where((strength >= 2.0) & np.isin(to % frame.degrees, stable), 2.0, 1.0)
                weights = np.where((to >= low) & (to <= high), weights, 0.0)
                here = int(rng.choice(to, p=weights / weights.sum()))
                line.append(here)
        here = line[-1]
        bars.append(line)
        steps.extend(line)
    steps[-1] = _nearest_rest(steps[-1], int(rng.choice(stable, p=_rest_weights(len(stable)))), frame)
    return np.array(steps, dtype=np.int64)


def _rest_weights(count: int) -> NDArray[np.float64]:
    weights = REST_WEIGHTS[:count]
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def _nearest_rest(step: int, degree: int, frame: Frame) -> int:
    octave = round((step - degree) / frame.degrees)
    return degree + frame.degrees * min(max(octave, STEP_OCTAVES[0]), STEP_OCTAVES[1] - 1)


def _lengthen(notes: Genes, frame: Frame, rng: np.random.Generator) -> None:
    """Durations up to the next onset, some shorter; at most a half note save for the last, which may ring."""
    slots = notes["bar"].astype(np.int64) * frame.slots_per_bar + notes["position"]
    gaps = np.diff(np.append(slots, frame.slots))
    gaps = np.minimum(gaps, 2 * SLOTS_PER_QUARTER)
    gaps[-1] = max(frame.slots - int(slots[-1]), 1)
    longest = np.searchsorted(DURATION_SLOTS, gaps, side="right") - 1
    shorter = (rng.random(len(notes)) < 0.2) & (gaps > EIGHTH_SLOTS)
    shorter[-1] = False
    half = np.searchsorted(DURATION_SLOTS, np.maximum(gaps // 2, 1), side="right") - 1
    notes["duration"] = np.where(shorter, half, longest)


def _dynamics(notes: Genes, strengths: NDArray[np.float64], rng: np.random.Generator) -> None:
    loud = np.where(strengths >= 4.0, DOWNBEAT_VELOCITY, np.where(strengths >= 2.0, BEAT_VELOCITY, OFFBEAT_VELOCITY))
    notes["velocity"] = loud + rng.integers(-1, 2, size=len(notes))
    notes["articulation"] = rng.choice([DETACHED, PLAIN, LEGATO], size=len(notes), p=[0.15, 0.6, 0.25])


def _chord_tones(under: Genes, frame: Frame, rng: np.random.Generator) -> Genes:
    """Softer notes a third or fifth under each of these."""
    tones = under.copy()
    steps = tones["octave"].astype(np.int64) * frame.degrees + tones["degree"]
    set_steps(tones, steps - rng.choice([2, 4], size=len(tones)), frame)
    tones["velocity"] = np.maximum(tones["velocity"] - 2, 0)
    return tones
