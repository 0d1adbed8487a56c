"""Playing: how loud, how long, how bent and how late; which notes there are stays as it is."""

from dataclasses import replace

import numpy as np

from evolution.frame import Frame
from evolution.genes import EXPRESSION_LIMITS, LIMITS, Expression, Genome
from evolution.operators.phrase import pick_note, pick_region, with_notes

VELOCITY_CHANGES, ARTICULATION_CHANGES = (-2, -1, 1, 2), (-1, 1)
SWELL_CLASSES = 3.0  # how much louder the loudest end of a swell is
PHRASE_SHARE = 0.5
NUDGES = {  # the deviation of one change to each expression gene
    "deviation_ms": 4.0,
    "exponent": 0.15,
    "swing": 0.2,
    "velocity_curve": 0.2,
    "bend_cents": 3.0,
    "valence": 0.3,
    "arousal": 0.3,
    "contour": 0.2,
    "velocity_deviation": 2.0,
    "rubato": 0.15,
    "final_ritard": 0.2,
    "articulation": 0.25,
    "glide_cents": 12.0,
    "vibrato_cents": 8.0,
    "vibrato_hz": 0.4,
    "melody_lead_ms": 5.0,
    "chord_spread_ms": 2.5,
}


def change_velocity(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note is played louder or softer."""
    return _step_class(genome, "velocity", VELOCITY_CHANGES, frame, rng)


def change_articulation(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note is played shorter or more tied."""
    return _step_class(genome, "articulation", ARTICULATION_CHANGES, frame, rng)


def articulate(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """All notes of one bar, or of the phrase, are played shorter or more tied alike."""
    if len(genome.notes) == 0:
        return genome
    notes = genome.notes.copy()
    region = pick_region(notes, PHRASE_SHARE, rng)
    by = ARTICULATION_CHANGES[int(rng.integers(len(ARTICULATION_CHANGES)))]
    notes["articulation"][region] = np.clip(notes["articulation"][region] + by, *LIMITS["articulation"])
    return with_notes(genome, notes, frame)


def swell(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One bar, or the phrase, grows louder or softer from its start to its end."""
    if len(genome.notes) == 0:
        return genome
    notes = genome.notes.copy()
    region = pick_region(notes, PHRASE_SHARE, rng)
    places = np.linspace(-0.5, 0.5, int(region.sum())) if region.sum() > 1 else np.full(1, 0.5)
    change = np.rint(SWELL_CLASSES * (1 if rng.random() < 0.5 else -1) * places).astype(np.int64)
    notes["velocity"][region] = np.clip(notes["velocity"][region] + change, *LIMITS["velocity"])
    return with_notes(genome, notes, frame)


def change_expression(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One expression gene drifts within its limits."""
    return Genome(genome.notes, _nudged(genome.expression, [str(rng.choice(list(NUDGES)))], rng))


def perform_anew(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """Another performance of the same notes: every expression gene drifts, and the chance in it is drawn anew."""
    drifted = _nudged(genome.expression, list(NUDGES), rng)
    return Genome(genome.notes, replace(drifted, seed=int(rng.integers(2**32))))


def _nudged(expression: Expression, names: list[str], rng: np.random.Generator) -> Expression:
    """The named genes moved by a normal step within their limits."""
    moved = {}
    for name in names:
        low, high = EXPRESSION_LIMITS[name]
        value = getattr(expression, name) + rng.normal(0, NUDGES[name])
        # Thrown back at its limits and not held there: half of all genes lie at 0 and would not move half of the time.
        value = 2 * low - value if value < low else 2 * high - value if value > high else value
        moved[name] = round(min(max(value, low), high), 3)
    return replace(expression, **moved)


def _step_class(genome: Genome, field: str, by: tuple[int, ...], frame: Frame, rng: np.random.Generator) -> Genome:
    if len(genome.notes) == 0:
        return genome
    notes, one = pick_note(genome, frame, rng)
    low, high = LIMITS[field]
    fitting = [change for change in by if low <= int(one[field][0]) + change <= high]
    one[field] += fitting[int(rng.integers(len(fitting)))]
    return with_notes(genome, notes, frame)
