"""What the taste looks at in a phrase: named numbers for each genome of a frame, computed for all of them at once.

They are read off the genes: when notes are struck, how high, how long, how they repeat and end, how they are played.
"""

from collections.abc import Sequence

import numpy as np

from evolution.frame import Frame
from evolution.genes import EXPRESSION_LIMITS, Genes, Genome, pitches_of, slots_of
from evolution.grouped import Floats, Ints, correlation_by, deviation_by, entropy_by, mean_by
from evolution.phrase_bars import BARS, bars_of
from evolution.strokes import Strokes, gaps_of, strokes_of
from generation.score.grid import (
    ARTICULATION_RATIOS,
    DURATION_SLOTS,
    TIMING_CENTRE,
    VELOCITY_BIN,
)

GENES = tuple(f"gene {name}" for name in EXPRESSION_LIMITS if name != "seed")
FAMILIES: dict[str, tuple[str, ...]] = {
    "rhythm": (
        "strokes per bar",
        "notes per stroke",
        "off the beat",  # share of strokes between the beats
        "off the eighth",
        "held over",  # share of strokes between the beats that ring into the next one, where nothing is struck
        "downbeats",  # share of bars that begin with a stroke
        "stroke gap",  # log2 quarters
        "gap deviation",
        "gap change",  # mean difference of successive gaps in octaves
        "gap kinds",  # entropy in bits
        "silence",  # share of the phrase in which nothing sounds
        "quickening",  # strokes in the second half less those in the first, of all
    ),
    "pitch": (
        "height",  # mean MIDI pitch of the top notes
        "height deviation",
        "height range",
        "step size",  # semitones
        "repeated",  # share of moves of the top notes
        "by step",  # up to two semitones
        "by leap",  # over five semitones
        "rising",  # share of moves that rise, of those that move
        "turning",  # share of moves against the one before
        "slope",  # of the top notes over the phrase, as a correlation
        "bow",  # correlation with a parabola that is high in the middle
        "peak place",  # 0 to 1
        "depth",  # semitones from the top notes to the bottom of what is struck with them
    ),
    "harmony": (
        "tonic",  # share of sounding time
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "altered",
        "degree kinds",  # entropy in bits
        "sweet moves",  # share of moves by third, fourth, fifth or sixth
        "tritone moves",
        "sweet chords",  # share of neighbouring notes struck together that are consonant
    ),
    "form": BARS,
    "ending": (
        "ends on tonic",
        "ends in triad",
        "last length",  # log2 of slots
        "last place",  # where the last stroke falls, share of the phrase
        "last move",  # semitones to the last stroke
        "last height",  # semitones against the mean
    ),
    "playing": (
        "loudness",  # MIDI velocity
        "loudness deviation",
        "loudness slope",
        "length",  # share of the gap to the next stroke that is written
        "detached",  # mean ratio that sounds
        "detached deviation",
        "lateness",  # timing classes
        "lateness deviation",
    ),
    "genes": GENES,
}
NAMES = tuple(name for family in FAMILIES.values() for name in family)
SWEET = np.array([True, False, False, True, True, True, False, True, True, True, False, False])  # semitones mod 12
MOVING_SWEETLY = np.array([False, False, False, True, True, True, False, True, True, True, False, False])
STEP_SEMITONES, LEAP_SEMITONES = 2, 5
TRIAD = (0, 2, 4)


def features(genomes: Sequence[Genome], frame: Frame) -> Floats:
    """What NAMES say of each genome of the frame, shape (n, len(NAMES)); zeros for a genome without notes."""
    n = len(genomes)
    if n == 0:
        return np.zeros((0, len(NAMES)))
    notes = np.concatenate([genome.notes for genome in genomes])
    owner = np.repeat(np.arange(n), [len(genome.notes) for genome in genomes])
    strokes = strokes_of(notes, owner, n, frame)
    columns = [
        *_rhythm(strokes, frame),
        *_pitch(strokes, frame),
        *_harmony(notes, owner, strokes, frame),
        *bars_of(strokes.owner, strokes.slot, strokes.step, n, frame),
        *_ending(strokes, frame),
        *_playing(notes, owner, strokes, frame),
    ]
    genes = np.array([[getattr(one.expression, name[5:]) for name in GENES] for one in genomes], dtype=np.float64)
    table: Floats = np.concatenate([np.stack(columns, axis=1), genes], axis=1)
    return table


def _rhythm(strokes: Strokes, frame: Frame) -> list[Floats]:
    n, owner, slot = strokes.n, strokes.owner, strokes.slot
    count = np.bincount(owner, minlength=n).astype(np.float64)
    within = slot % frame.slots_per_beat
    gap, is_last = gaps_of(strokes, frame)
    to_beat = frame.slots_per_beat - within
    held = (within > 0) & (gap > to_beat) & (strokes.length > to_beat)
    octaves = np.log2(gap / 12)
    inner = ~is_last
    change, real = np.abs(np.diff(octaves)), (owner[1:] == owner[:-1]) & inner[1:]
    late = mean_by((slot * 2 >= frame.slots).astype(np.float64), owner, n)
    return [
        count / frame.bars,
        strokes.mean(strokes.notes),
        strokes.mean(within > 0),
        strokes.mean(slot % (max(frame.slots_per_beat // 2, 1)) > 0),
        strokes.mean(held),
        np.bincount(owner, slot % frame.slots_per_bar == 0, minlength=n) / frame.bars,
        mean_by(octaves[inner], owner[inner], n),
        deviation_by(octaves[inner], owner[inner], n),
        mean_by(change[real], owner[1:][real], n),
        entropy_by(np.minimum(gap[inner].astype(np.int64), 48), owner[inner], n, 49),
        1 - np.bincount(owner, np.minimum(strokes.length, gap), minlength=n) / frame.slots,
        2 * late - 1,
    ]


def _pitch(strokes: Strokes, frame: Frame) -> list[Floats]:
    n, owner, top = strokes.n, strokes.owner, strokes.top
    real = owner[1:] == owner[:-1]
    moves, mover = np.diff(top)[real], owner[1:][real]
    size = np.abs(moves)
    moving = moves[size > 0]
    movers = mover[size > 0]
    turned = (np.sign(moving[1:]) != np.sign(moving[:-1]))[movers[1:] == movers[:-1]]
    time = 2 * strokes.slot / frame.slots - 1
    highest, lowest = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(highest, owner, top)
    np.minimum.at(lowest, owner, top)
    is_peak = top == highest[owner]
    return [
        strokes.mean(top),
        strokes.deviation(top),
        np.where(np.isfinite(highest), highest - lowest, 0.0),
        mean_by(size, mover, n),
        mean_by(size == 0, mover, n),
        mean_by((size > 0) & (size <= STEP_SEMITONES), mover, n),
        mean_by(size > LEAP_SEMITONES, mover, n),
        mean_by(moving > 0, movers, n),
        mean_by(turned, movers[1:][movers[1:] == movers[:-1]], n),
        correlation_by(time, top, owner, n),
        correlation_by(1 - time**2, top, owner, n),
        mean_by(strokes.slot[is_peak] / frame.slots, owner[is_peak], n),
        strokes.mean(top - strokes.bottom),
    ]


def _harmony(notes: Genes, owner: Ints, strokes: Strokes, frame: Frame) -> list[Floats]:
    n = strokes.n
    weight = np.sqrt(DURATION_SLOTS[notes["duration"]])
    total = np.maximum(np.bincount(owner, weight, minlength=n), 1e-9)
    degree = notes["degree"].astype(np.int64) % 7
    shares = (np.bincount(owner * 7 + degree, weight, minlength=n * 7).reshape(n, 7) / total[:, None]).T
    altered = np.bincount(owner, weight * (notes["alteration"] != 1), minlength=n) / total
    kinds = -np.sum(shares * np.log2(np.maximum(shares, 1e-12)), axis=0)
    real = strokes.owner[1:] == strokes.owner[:-1]
    moves = np.abs(np.diff(strokes.top))[real].astype(np.int64) % 12
    mover = strokes.owner[1:][real]
    slots, pitches = slots_of(notes, frame), pitches_of(notes, frame)
    order = np.lexsort((pitches, slots, owner))
    together = (owner[order][1:] == owner[order][:-1]) & (slots[order][1:] == slots[order][:-1])
    chords = np.diff(pitches[order])[together] % 12
    struck = owner[order][1:][together]
    # A phrase without chords is no less sweet than one of many.
    sweet = (np.bincount(struck, SWEET[chords], minlength=n) + 1) / (np.bincount(struck, minlength=n) + 1.5)
    return [*shares, altered, kinds, mean_by(MOVING_SWEETLY[moves], mover, n), mean_by(moves == 6, mover, n), sweet]


def _ending(strokes: Strokes, frame: Frame) -> list[Floats]:
    n, owner = strokes.n, strokes.owner
    gap, is_last = gaps_of(strokes, frame)
    heights = strokes.mean(strokes.top)
    last, whose = np.flatnonzero(is_last), owner[is_last]
    before = np.maximum(last - 1, 0)
    move = np.where((owner[before] == whose) & (last > 0), strokes.top[last] - strokes.top[before], 0.0)
    columns = np.zeros((6, n))
    if len(last):
        columns[:, whose] = [
            strokes.degree[last] == 0,
            np.isin(strokes.degree[last], TRIAD),
            np.log2(np.minimum(gap[last], strokes.length[last]) + 1),
            strokes.slot[last] / frame.slots,
            move,
            strokes.top[last] - heights[whose],
        ]
    return list(columns)


def _playing(notes: Genes, owner: Ints, strokes: Strokes, frame: Frame) -> list[Floats]:
    n = strokes.n
    loudness = notes["velocity"] * float(VELOCITY_BIN) + VELOCITY_BIN / 2
    detached = ARTICULATION_RATIOS[notes["articulation"]]
    lateness = (notes["timing"].astype(np.int64) - TIMING_CENTRE).astype(np.float64)
    gap, _ = gaps_of(strokes, frame)
    return [
        mean_by(loudness, owner, n),
        deviation_by(loudness, owner, n),
        correlation_by(slots_of(notes, frame).astype(np.float64), loudness, owner, n),
        strokes.mean(np.minimum(strokes.length / gap, 2.0)),
        mean_by(detached, owner, n),
        deviation_by(detached, owner, n),
        mean_by(lateness, owner, n),
        deviation_by(lateness, owner, n),
    ]
