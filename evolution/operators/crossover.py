"""Crossover: two parents' genomes make a child that has each bar, or each side of a cut, from one of them.

Every operator takes (mother, father, frame, rng) and returns a genome of the frame; neither parent is changed. Nothing
sounds over a seam: what one parent holds ends where the other begins. The father's part comes in the mother's octave.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from evolution.genes import EXPRESSION_LIMITS, Expression, Genes, Genome, arrange, slots_of, steps_of
from evolution.operators.layers import cross_layers, cross_playing
from evolution.operators.phrase import Crossover, classes_of, headroom

REGISTER_SLACK = 0.35  # 0.65 octaves apart are moved by one

__all__ = ["CROSSOVERS", "CROSSOVER_SHARES", "Crossover", "cut_at_bar", "cut_at_slot", "mix_bars", "mix_expression"]


def cut_at_bar(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The mother's bars up to a random bar line, the father's after it; a phrase of one bar is cut at a beat."""
    if frame.bars == 1:
        return cut_at_slot(mother, father, frame, rng)
    line = int(rng.integers(1, frame.bars))
    return _joined(mother, father, np.arange(frame.bars).repeat(frame.slots_per_bar) >= line, frame, rng)


def cut_at_slot(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The mother's notes up to a random beat within the phrase, the father's from there on."""
    beats = frame.bars * frame.beats_per_bar
    beat = int(rng.integers(1, beats)) if beats > 1 else 0
    slot = beat * frame.slots_per_beat if beat else frame.slots // 2
    return _joined(mother, father, np.arange(frame.slots) >= slot, frame, rng)


def mix_bars(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """Each bar from one of the two by a toss, at least one from each where there are two bars."""
    from_father = rng.random(frame.bars) < 0.5
    if frame.bars > 1 and from_father.all() | (~from_father).all():
        from_father[int(rng.integers(frame.bars))] ^= True
    return _joined(mother, father, from_father.repeat(frame.slots_per_bar), frame, rng)


def mix_expression(mother: Expression, father: Expression, rng: np.random.Generator) -> Expression:
    """Each expression gene from one of the two by a toss."""
    tosses = rng.random(len(EXPRESSION_LIMITS)) < 0.5
    names = [name for name, is_his in zip(EXPRESSION_LIMITS, tosses, strict=True) if is_his]
    return replace(mother, **{name: getattr(father, name) for name in names})


def _joined(
    mother: Genome, father: Genome, from_father: NDArray[np.bool_], frame: Frame, rng: np.random.Generator
) -> Genome:
    """The child whose slots, (slots,) True, are the father's, the others the mother's."""
    theirs = _in_register(father.notes, mother.notes, frame)
    seams = np.append(np.flatnonzero(np.diff(from_father)) + 1, frame.slots)
    sides = [_side(mother.notes, ~from_father, seams, frame), _side(theirs, from_father, seams, frame)]
    expression = mix_expression(mother.expression, father.expression, rng)
    return Genome(arrange(np.concatenate(sides), frame), expression)


def _in_register(notes: Genes, of: Genes, frame: Frame) -> Genes:
    """Notes moved by whole octaves towards the height of others, when their middles lie well over half an octave apart
    and the move stays in range: a tune that goes on in another voice's register would leap at the seam.
    """
    if len(notes) == 0 or len(of) == 0:
        return notes
    steps = steps_of(notes, frame)
    apart = float(np.median(steps_of(of, frame)) - np.median(steps)) / frame.degrees
    octaves = int(np.sign(apart)) * int(abs(apart) + REGISTER_SLACK)
    down, up = headroom(steps, frame)
    if octaves == 0 or not down <= octaves * frame.degrees <= up:
        return notes
    moved = notes.copy()
    moved["octave"] += octaves
    return moved


def _side(notes: Genes, is_own: NDArray[np.bool_], seams: NDArray[np.int64], frame: Frame) -> Genes:
    """Notes that begin on its own slots, cut at the next seam."""
    kept = notes[is_own[slots_of(notes, frame)]].copy()
    slots = slots_of(kept, frame)
    ends = seams[np.searchsorted(seams, slots, side="right")]
    kept["duration"] = np.minimum(kept["duration"], classes_of(ends - slots))
    return kept


CROSSOVERS: dict[str, Crossover] = {
    "cut at bar": cut_at_bar,
    "cut at slot": cut_at_slot,
    "mix bars": mix_bars,
    "cross layers": cross_layers,
    "cross playing": cross_playing,
}
CROSSOVER_SHARES: dict[str, float] = {  # how often each is chosen where the settings leave it open
    "cut at bar": 3.0,
    "cut at slot": 1.5,
    "mix bars": 2.5,
    "cross layers": 2.0,
    "cross playing": 0.5,
}
