"""Motifs: bars swapped, copied and set in sequence, a few beats taken up elsewhere, one bar's rhythm in another."""

import numpy as np

from evolution.frame import Frame
from evolution.genes import Genes, Genome, slots_of, steps_of
from evolution.operators.phrase import (
    classes_of,
    groups_of,
    headroom,
    pick_bar,
    place,
    put_steps,
    with_notes,
)

SEQUENCE_STEPS = (-2, -1, -1, 1, 1, 2)
MOTIF_BEATS = (1, 2)
ANSWER_STEPS = (-2, -1, 0, 0, 1, 2)


def swap_bars(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """Two bars change places."""
    if frame.bars < 2:
        return genome
    first, second = rng.choice(frame.bars, size=2, replace=False)
    notes, bars = genome.notes.copy(), genome.notes["bar"]
    notes["bar"] = np.where(bars == first, second, np.where(bars == second, first, bars))
    return with_notes(genome, within_bars(notes, np.array([first, second]), frame), frame)


def repeat_bar(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One bar is replaced by a copy of another, as a motif that returns."""
    return _restate(genome, (0,), frame, rng)


def sequence_bar(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The bar after one takes it up a step or two higher or lower along the scale."""
    return _restate(genome, SEQUENCE_STEPS, frame, rng, is_next=True)


def copy_motif(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The notes of one or two beats return on other beats in place of those there, often moved along the scale."""
    beats = frame.bars * frame.beats_per_bar
    if beats < 2 or len(genome.notes) == 0:
        return genome
    notes, slots = genome.notes, slots_of(genome.notes, frame)
    count = min(int(rng.choice(MOTIF_BEATS)), beats // 2)
    source = min(int(rng.choice(slots)) // frame.slots_per_beat, beats - count)
    free = [beat for beat in range(beats - count + 1) if abs(beat - source) >= count]
    target = int(rng.choice(free)) if free else source
    length = count * frame.slots_per_beat
    start, goal = source * frame.slots_per_beat, target * frame.slots_per_beat
    motif = notes[(slots >= start) & (slots < start + length)].copy()
    if len(motif) == 0:
        return genome
    motif["duration"] = np.minimum(motif["duration"], classes_of(start + length - slots_of(motif, frame)))
    place(motif, slots_of(motif, frame) + goal - start, frame)
    _move(motif, ANSWER_STEPS, frame, rng)
    kept = notes[(slots < goal) | (slots >= goal + length)].copy()
    kept_slots = slots_of(kept, frame)
    into = kept_slots < goal
    kept["duration"][into] = np.minimum(kept["duration"][into], classes_of(goal - kept_slots[into]))
    return with_notes(genome, np.concatenate([kept, motif]), frame)


def copy_rhythm(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One bar takes the rhythm of another and keeps its own pitches, which begin again or break off as it needs."""
    filled = np.unique(genome.notes["bar"])
    if len(filled) < 2:
        return genome
    source, target = rng.choice(filled, size=2, replace=False)
    notes = genome.notes
    relaid = laid(notes[notes["bar"] == source], notes[notes["bar"] == target], frame)
    relaid["bar"] = target
    return with_notes(genome, np.concatenate([notes[notes["bar"] != target], relaid]), frame)


def laid(rhythm: Genes, pitches: Genes, frame: Frame, *, is_last: bool = False) -> Genes:
    """The onsets, lengths and playing of one bar's notes with the pitches of another's, chord by chord in order.

    Fewer pitches begin again, more are broken off; in a phrase's last bar the last pitch comes last all the same, so
    that what came to rest still does. Neither bar may be empty; notes lie in the bar of the rhythm.
    """
    onsets, place_of = groups_of(rhythm, frame)
    _, chord_of = groups_of(pitches, frame)
    chords = int(chord_of[-1]) + 1
    chosen = np.arange(len(onsets)) % chords
    if is_last:
        chosen[-1] = chords - 1
    firsts = np.searchsorted(chord_of, np.arange(chords + 1))
    sizes = np.diff(firsts)[chosen]
    group = np.repeat(np.arange(len(onsets)), sizes)
    within = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # The highest of a chord is played as the highest was; a chord larger than that one repeats its lowest.
    rhythm_ends = np.searchsorted(place_of, np.arange(len(onsets)), side="right")
    rhythm_starts = np.searchsorted(place_of, np.arange(len(onsets)))
    from_top = np.repeat(sizes, sizes) - 1 - within
    child: Genes = rhythm[np.maximum(rhythm_ends[group] - 1 - from_top, rhythm_starts[group])].copy()
    source = pitches[firsts[chosen][group] + within]
    for field in ("degree", "octave", "alteration"):
        child[field] = source[field]
    return child


def within_bars(notes: Genes, bars: np.ndarray, frame: Frame) -> Genes:
    """Notes of these bars cut where their bar ends, so that nothing of a moved bar sounds into its new neighbour."""
    cut = notes.copy()
    inside = np.isin(notes["bar"], bars)
    room = frame.slots_per_bar - notes["position"][inside].astype(np.int64)
    cut["duration"][inside] = np.minimum(notes["duration"][inside], classes_of(room))
    return cut


def _restate(
    genome: Genome, steps: tuple[int, ...], frame: Frame, rng: np.random.Generator, *, is_next: bool = False
) -> Genome:
    if frame.bars < 2 or len(genome.notes) == 0:
        return genome
    source = pick_bar(genome.notes, rng)
    others = [bar for bar in range(frame.bars) if bar != source]
    target = (source + 1) % frame.bars if is_next else int(rng.choice(others))
    copied = within_bars(genome.notes[genome.notes["bar"] == source], np.array([source]), frame)
    copied["bar"] = target
    _move(copied, steps, frame, rng)
    return with_notes(genome, np.concatenate([genome.notes[genome.notes["bar"] != target], copied]), frame)


def _move(notes: Genes, choices: tuple[int, ...], frame: Frame, rng: np.random.Generator) -> None:
    """Move the notes together along the scale by one of these that stays in range, in place."""
    down, up = headroom(steps_of(notes, frame), frame)
    fitting = [by for by in choices if down <= by <= up]
    if fitting:
        put_steps(notes, steps_of(notes, frame) + fitting[int(rng.integers(len(fitting)))], frame)
