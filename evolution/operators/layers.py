"""Layer crossover: a child with the rhythm of one parent, the pitches of the other, and the expression of either."""

import numpy as np

from evolution.frame import Frame
from evolution.genes import Genome, arrange, slots_of
from evolution.operators.motif import laid

PLAYED = ("velocity", "timing", "articulation")


def cross_layers(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """Each bar has the rhythm of one parent and the pitches of the same bar of the other, in order.

    Who gives which, and whose expression it is, are tosses. A bar that one of them leaves empty sounds as the giver of
    the rhythm has it.
    """
    rhythm, pitches = (mother, father) if rng.random() < 0.5 else (father, mother)
    expression = (mother if rng.random() < 0.5 else father).expression
    bars = []
    for bar in range(frame.bars):
        onsets, chords = (parent.notes[parent.notes["bar"] == bar] for parent in (rhythm, pitches))
        is_last = bar == frame.bars - 1
        bars.append(laid(onsets, chords, frame, is_last=is_last) if len(onsets) and len(chords) else onsets)
    return Genome(arrange(np.concatenate(bars), frame), expression)


def cross_playing(mother: Genome, father: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The notes of one parent played like the other: its expression, and the loudness, timing and articulation that it
    has at about the same place.
    """
    notes, player = (mother, father) if rng.random() < 0.5 else (father, mother)
    if len(notes.notes) == 0 or len(player.notes) == 0:
        return Genome(notes.notes, player.expression)
    played = notes.notes.copy()
    slots, theirs = slots_of(played, frame), slots_of(player.notes, frame)
    nearest = np.abs(slots[:, None] - theirs).argmin(axis=1)
    for field in PLAYED:
        played[field] = player.notes[field][nearest]
    return Genome(arrange(played, frame), player.expression)
