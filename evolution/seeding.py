"""Scores made into first generations: phrases cut at bar lines, brought into the frame, ranked by worth and novelty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evolution.frame import SIXTEENTH_SLOTS, Frame
from evolution.genes import UNALTERED, Genes, Genome, arrange, pitches_of, slots_of
from evolution.genome import encode
from evolution.invention import beat_strengths, random_expression, random_genome
from evolution.transposition import into_frame
from generation.score.grid import DURATION_SLOTS, SLOTS_PER_QUARTER
from generation.score.notes import Meter, Notes, Score, sort_notes
from generation.score.tonality import Tonality, find_tonality

__all__ = ["Seed", "cut_phrases", "random_genome", "seed_population"]

SAMPLE, RANDOM = "sample", "random"
MAX_PER_SCORE = 24
MAX_CANDIDATES = 1_000  # phrases to rank; of many scores fewer are taken from each, of very many not all are used
MIN_PER_SCORE = 2
DENSITY_SLACK = 1.5  # a bar may have this many times the frame's notes before it is thinned
MOST_AT_ONCE = 3  # notes that may start together after thinning
BARLINE_SLACK_QUARTERS = 1 / 8  # a note played this early still belongs to the bar
MIN_IN_SCALE, MIN_NOTES_PER_BAR = 0.6, 0.5
IDEAL_RANGE_SEMITONES = (5, 24)
NOVELTY_WEIGHT = 0.6
TRIPLET_SLOTS = (4, 8)  # of a quarter
TRIPLET_SHARE = 0.25  # from here on triplets are meant, not sixteenths played late


@dataclass(frozen=True)
class Seed:
    """One genome of a first generation: `source_index` is its score's place among those given, None when random."""

    genome: Genome
    source_index: int | None
    origin: str  # "sample" or "random"


@dataclass(frozen=True)
class Cut:
    """A phrase and where it was cut: its score's place among those given, from quarter to quarter."""

    genome: Genome
    source_index: int
    start_quarters: float
    end_quarters: float


def cut_phrases(
    scores: Sequence[Score], frame: Frame, *, max_per_score: int = MAX_PER_SCORE, rng: np.random.Generator
) -> list[Genome]:
    """Phrases of the frame's length that begin on a score's bar lines, transposed into its key and scale.

    At most `max_per_score` of each score, drawn at random. Scores without notes give none.
    """
    return [cut.genome for cut in cut_all(scores, frame, max_per_score, rng)]


def seed_population(scores: Sequence[Score], frame: Frame, *, size: int, rng: np.random.Generator) -> list[Seed]:
    """A first generation of `size`: the best and most different phrases of the scores, then random ones."""
    per_score = min(MAX_PER_SCORE, max(MIN_PER_SCORE, MAX_CANDIDATES // max(len(scores), 1)))
    cuts = cut_all(scores, frame, per_score, rng)
    chosen = rank([cut.genome for cut in cuts], frame, size, is_shared=shared_bars(cuts))
    seeds = [Seed(cuts[index].genome, cuts[index].source_index, SAMPLE) for index in chosen]
    seeds += [Seed(random_genome(frame, rng), None, RANDOM) for _ in range(size - len(seeds))]
    return seeds


def rank(
    genomes: Sequence[Genome], frame: Frame, count: int, *, is_shared: NDArray[np.bool_] | None = None
) -> list[int]:
    """Indices of up to `count` genomes worth hearing, best first: each the best sum of quality and novelty left.

    Of two that `is_shared` (n, n) marks as sharing bars of one score the second is taken only when all others are.
    """
    quality = np.array([quality_of(genome, frame) for genome in genomes])
    if len(quality) == 0:
        return []
    features = np.stack([_features(genome, frame) for genome in genomes])
    novelty = np.full(len(genomes), 1.0)
    waiting = np.zeros(len(genomes), dtype=bool)
    open_ = quality > 0
    chosen: list[int] = []
    while open_.any() and len(chosen) < count:
        free = open_ & ~waiting if (open_ & ~waiting).any() else open_
        index = int(np.argmax(np.where(free, quality + NOVELTY_WEIGHT * novelty, -np.inf)))
        chosen.append(index)
        novelty = np.minimum(novelty, np.linalg.norm(features - features[index], axis=1) / np.sqrt(2))
        # What sounds the same as a chosen one is no second choice.
        open_ &= novelty > 1e-6
        if is_shared is not None:
            waiting |= is_shared[index]
    return chosen


def shared_bars(cuts: Sequence[Cut]) -> NDArray[np.bool_]:
    """Which cuts overlap in one score, (n, n)."""
    source = np.array([cut.source_index for cut in cuts])
    start = np.array([cut.start_quarters for cut in cuts])
    end = np.array([cut.end_quarters for cut in cuts])
    is_overlapping = (start[:, None] < end[None, :]) & (start[None, :] < end[:, None])
    shared: NDArray[np.bool_] = is_overlapping & (source[:, None] == source[None, :])
    return shared


def quality_of(genome: Genome, frame: Frame) -> float:
    """How promising a cut phrase is, 0-1: in scale, near the density wanted, of a singable range, not all alike.

    0 for a phrase mostly outside the scale or mostly silent.
    """
    notes = genome.notes
    if len(notes) < MIN_NOTES_PER_BAR * frame.bars:
        return 0.0
    in_scale = float(np.mean(notes["alteration"] == UNALTERED))
    filled = len(np.unique(notes["bar"])) / frame.bars
    if in_scale < MIN_IN_SCALE or filled <= 0.5:
        return 0.0
    pitches = pitches_of(notes, frame)
    density = float(np.exp(-abs(np.log(len(notes) / frame.bars / frame.notes_per_bar))))
    low, high = IDEAL_RANGE_SEMITONES
    span = int(np.ptp(pitches))
    ranged = min(span / low, 1.0) * min(high / max(span, 1), 1.0)
    steps = np.diff(pitches)
    varied = 1.0 - float(np.mean(steps == 0)) if len(steps) else 0.0
    return (2 * in_scale + filled + density + ranged + varied) / 6


def cut_all(scores: Sequence[Score], frame: Frame, max_per_score: int, rng: np.random.Generator) -> list[Cut]:
    found: list[Cut] = []
    for index in rng.permutation(len(scores)):
        if len(found) >= MAX_CANDIDATES:
            break
        notes = _pitched(scores[index])
        starts = _bar_starts(scores[index], frame)
        filled = [start for start in starts if _holds_notes(notes, start, frame)]
        last_bar_quarters = (frame.bars - 1) * frame.quarters_per_bar
        # A window that the piece ends in is only better than none.
        full = [start for start in filled if start + last_bar_quarters < scores[index].end_quarters] or filled
        places = np.sort(rng.permutation(len(full))[:max_per_score])
        tonality = find_tonality(scores[index])
        for place in places:
            genome = _cut(notes, full[place], tonality, frame, rng)
            found.append(Cut(genome, int(index), full[place], full[place] + frame.bars * frame.quarters_per_bar))
    return found


def _pitched(score: Score) -> Notes:
    """The score's notes without drums, all in one part."""
    drums = np.array([part.is_drum for part in score.parts], dtype=bool)
    notes = score.notes[~drums[score.notes["part"]]].copy() if drums.any() else score.notes.copy()
    notes["part"] = 0
    return sort_notes(notes)


def _bar_starts(score: Score, frame: Frame) -> list[float]:
    """Bar lines in quarters that a phrase can begin on: those of bars as long as the frame's, or all if none are."""
    meters = sorted(score.meters, key=lambda meter: meter.onset_quarters) or [Meter(0.0, 4, 4)]
    ends = [meter.onset_quarters for meter in meters[1:]] + [score.end_quarters]
    stretches = [
        (np.arange(meter.onset_quarters, end, meter.numerator * 4 / meter.denominator), meter)
        for meter, end in zip(meters, ends, strict=True)
    ]
    alike = [s for s, meter in stretches if meter.numerator * 4 / meter.denominator == frame.quarters_per_bar]
    used = [s for s in alike if len(s)] or [s for s, _ in stretches]
    return [float(start) for stretch in used for start in stretch]


def _holds_notes(notes: Notes, start: float, frame: Frame) -> bool:
    onsets = notes["onset_quarters"]
    first, last = np.searchsorted(
        onsets, [start - BARLINE_SLACK_QUARTERS, start + frame.bars * frame.quarters_per_bar - BARLINE_SLACK_QUARTERS]
    )
    return bool(last - first >= MIN_NOTES_PER_BAR * frame.bars)


def _cut(notes: Notes, start: float, tonality: Tonality | None, frame: Frame, rng: np.random.Generator) -> Genome:
    onsets = notes["onset_quarters"] + BARLINE_SLACK_QUARTERS
    first, last = np.searchsorted(onsets, [start, start + frame.bars * frame.quarters_per_bar])
    phrase = notes[first:last].copy()
    phrase["onset_quarters"] = np.maximum(phrase["onset_quarters"] - start, 0.0)
    phrase["pitch"] = into_frame(phrase, tonality, frame)
    genome = encode(Score(phrase), frame, random_expression(rng, frame.program))
    return replace(genome, notes=_thin(_straighten(genome.notes, frame), frame))


def _straighten(notes: Genes, frame: Frame) -> Genes:
    """Onsets played a slot off their sixteenth put on it, and lone triplets too; expression makes it human again."""
    slots = slots_of(notes, frame)
    off = slots % SIXTEENTH_SLOTS
    triplet = np.isin(slots % SLOTS_PER_QUARTER, TRIPLET_SLOTS)
    keep_triplets = np.mean(triplet) >= TRIPLET_SHARE if len(notes) else False
    nearest = slots + np.where(off == 1, -1, np.where(off == 2, 1, 0))
    straight = np.where(triplet & keep_triplets, slots, nearest)
    straight = np.where(straight < frame.slots, straight, straight - SIXTEENTH_SLOTS)
    moved = notes.copy()
    moved["bar"], moved["position"] = np.divmod(straight, frame.slots_per_bar)
    return arrange(moved, frame)


def _thin(notes: Genes, frame: Frame) -> Genes:
    """Bars with far too many notes keep the strongest, highest and longest; what is left is held a little longer."""
    kept = np.ones(len(notes), dtype=bool)
    slots, pitches = slots_of(notes, frame), pitches_of(notes, frame)
    lasts = DURATION_SLOTS[notes["duration"]]
    rank_at_onset = _rank_at_onset(slots, pitches)
    weight = (
        beat_strengths(frame)[notes["position"]] + 2.0 * (rank_at_onset == 0) + 0.5 * np.log2(lasts / SIXTEENTH_SLOTS)
    )
    kept &= rank_at_onset < MOST_AT_ONCE
    most = int(np.ceil(DENSITY_SLACK * frame.notes_per_bar))
    for bar in range(frame.bars):
        here = np.flatnonzero((notes["bar"] == bar) & kept)
        if len(here) > most:
            kept[here[np.argsort(-weight[here], kind="stable")[frame.notes_per_bar :]]] = False
    if kept.all():
        return notes
    thinned, starts = notes[kept].copy(), slots[kept]
    following = np.append(np.unique(starts), frame.slots)
    room = following[np.searchsorted(following, starts, side="right")] - starts
    held = np.maximum(lasts[kept], np.minimum(room, SLOTS_PER_QUARTER))
    thinned["duration"] = np.searchsorted(DURATION_SLOTS, held, side="right") - 1
    return arrange(thinned, frame)


def _rank_at_onset(slots: NDArray[np.int64], pitches: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for the highest note of each onset, 1 for the next, shape (n,)."""
    order = np.lexsort((-pitches, slots))
    ranks = np.empty(len(slots), dtype=np.int64)
    ordered = slots[order]
    ranks[order] = np.arange(len(slots)) - np.searchsorted(ordered, ordered)
    return ranks


def _features(genome: Genome, frame: Frame) -> NDArray[np.float64]:
    """A phrase as a vector of length about 1: where its notes begin, and which pitches sound when."""
    slots, pitches = slots_of(genome.notes, frame), pitches_of(genome.notes, frame)
    rhythm = np.bincount(slots // SIXTEENTH_SLOTS, minlength=-(-frame.slots // SIXTEENTH_SLOTS)).astype(np.float64)
    beats = frame.slots // frame.slots_per_beat
    melody = np.bincount(np.minimum(slots // frame.slots_per_beat, beats - 1) * 12 + pitches % 12, minlength=beats * 12)
    parts = [part / max(float(np.linalg.norm(part)), 1e-9) / np.sqrt(2) for part in (rhythm, melody.astype(np.float64))]
    return np.concatenate(parts)
