"""Crossover: two parents' genomes make a child that has each bar, or each side of a cut, from one of them.

Every operator takes (mother, father, frame, rng) and returns a genome of the frame; neither parent is changed.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from evolution.frame import Frame
from evolution.genes import EXPRESSION_LIMITS, Expression, Genome, arrange, slots_of

Crossover = Callable[[Genome, Genome, Frame, np.random.Generator], Genome]


def cut_at_bar(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The mother's bars up to a random bar line, the father's after it; a phrase of one bar is cut at a beat."""
    if frame.bars == 1:
        return cut_at_slot(mother, father, frame, rng)
    line = int(rng.integers(1, frame.bars))
    return _cut(mother, father, line * frame.slots_per_bar, frame, rng)


def cut_at_slot(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The mother's notes up to a random beat within the phrase, the father's from there on."""
    beats = frame.bars * frame.beats_per_bar
    beat = int(rng.integers(1, beats)) if beats > 1 else 0
    slot = beat * frame.slots_per_beat if beat else frame.slots // 2
    return _cut(mother, father, slot, frame, rng)


def mix_bars(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """Each bar from one of the two by a toss, at least one from each where there are two bars."""
    from_father = rng.random(frame.bars) < 0.5
    if frame.bars > 1 and from_father.all() | (~from_father).all():
        from_father[int(rng.integers(frame.bars))] ^= True
    sides = [parent.notes[(parent.notes["bar"] < frame.bars)] for parent in (mother, father)]
    kept = [sides[0][~from_father[sides[0]["bar"]]], sides[1][from_father[sides[1]["bar"]]]]
    return Genome(arrange(np.concatenate(kept), frame), mix_expression(mother.expression, father.expression, rng))


def mix_expression(mother: Expression, father: Expression, rng: np.random.Generator) -> Expression:
    """Each expression gene from one of the two by a toss."""
    from_father = {name: getattr(father, name) for name in EXPRESSION_LIMITS if rng.random() < 0.5}
    return replace(mother, **from_father)


def _cut(mother: Genome, father: Genome, slot: int, frame: Frame, rng: np.random.Generator) -> Genome:
    before = mother.notes[slots_of(mother.notes, frame) < slot]
    after = father.notes[slots_of(father.notes, frame) >= slot]
    notes = arrange(np.concatenate([before, after]), frame)
    return Genome(notes, mix_expression(mother.expression, father.expression, rng))


CROSSOVERS: dict[str, Crossover] = {"cut at bar": cut_at_bar, "cut at slot": cut_at_slot, "mix bars": mix_bars}
