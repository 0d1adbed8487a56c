"""Mutation: one small musical change to a genome, by an operator drawn by its share.

Every operator takes (genome, frame, rng) and returns a genome of the frame; bars, ranges and the frame stay as they
are. An operator that finds nothing to change returns the genome as it came.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np

from evolution.frame import Frame
from evolution.genes import Genome
from evolution.operators.motif import copy_motif, copy_rhythm, repeat_bar, sequence_bar, swap_bars
from evolution.operators.ornament import appoggiatura, grace_note, mordent, passing_note, simplify, turn
from evolution.operators.phrase import Mutation
from evolution.operators.pitch import (
    change_pitch,
    come_to_rest,
    invert,
    move_octave,
    retrograde,
    smooth_leap,
    transpose_bar,
    transpose_phrase,
)
from evolution.operators.playing import (
    NUDGES,
    articulate,
    change_articulation,
    change_expression,
    change_velocity,
    perform_anew,
    swell,
)
from evolution.operators.rewriting import REWRITE, REWRITE_SHARE, Variant, rewrite_bar
from evolution.operators.rhythm import (
    change_duration,
    insert_note,
    merge_notes,
    put_rest,
    remove_note,
    rotate_rhythm,
    shift_note,
    split_note,
    tie_over,
)

__all__ = [
    "MUTATIONS", "MUTATION_SHARES", "NUDGES", "Mutation", "change_expression", "insert_note", "mutate", "mutate_named",
]  # fmt: skip

TRIES = 6  # operators drawn before a genome that none of them can change is given up
UNCHANGED = "unchanged"

MUTATIONS: dict[str, tuple[Mutation, float]] = {  # name -> operator and how often it is chosen
    "change pitch": (change_pitch, 5.0),
    "come to rest": (come_to_rest, 1.5),
    "smooth leap": (smooth_leap, 1.5),
    "move octave": (move_octave, 0.7),
    "transpose bar": (transpose_bar, 1.5),
    "transpose phrase": (transpose_phrase, 0.7),
    "invert": (invert, 0.8),
    "retrograde": (retrograde, 0.8),
    "shift note": (shift_note, 2.0),
    "change duration": (change_duration, 1.5),
    "rotate rhythm": (rotate_rhythm, 0.8),
    "split note": (split_note, 1.0),
    "merge notes": (merge_notes, 1.8),
    "tie over": (tie_over, 1.0),
    "put rest": (put_rest, 1.0),
    "insert note": (insert_note, 1.2),
    "remove note": (remove_note, 1.6),
    "mordent": (mordent, 0.3),
    "turn": (turn, 0.2),
    "passing note": (passing_note, 1.0),
    "appoggiatura": (appoggiatura, 0.5),
    "grace note": (grace_note, 0.3),
    "simplify": (simplify, 1.6),
    "swap bars": (swap_bars, 0.8),
    "repeat bar": (repeat_bar, 1.0),
    "sequence bar": (sequence_bar, 1.0),
    "copy motif": (copy_motif, 1.2),
    "copy rhythm": (copy_rhythm, 1.0),
    "change velocity": (change_velocity, 0.8),
    "change articulation": (change_articulation, 0.5),
    "articulate": (articulate, 0.5),
    "swell": (swell, 0.5),
    "change expression": (change_expression, 1.5),
    "perform anew": (perform_anew, 0.5),
}
MUTATION_SHARES: dict[str, float] = {name: share for name, (_, share) in MUTATIONS.items()} | {REWRITE: REWRITE_SHARE}


def mutate(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One mutation drawn by its share."""
    return mutate_named(genome, frame, rng)[0]


def mutate_named(
    genome: Genome,
    frame: Frame,
    rng: np.random.Generator,
    shares: Mapping[str, float] | None = None,
    *,
    variants: Sequence[Variant] = (),
) -> tuple[Genome, str]:
    """A genome changed by one mutation drawn by its share, and its name; another is drawn when one changes nothing.

    `shares` are MUTATION_SHARES unless given. `variants` are bars that a network wrote anew for this genome or for a
    parent of it; without any, "rewrite bar" is never drawn. A genome that nothing changes comes back with the name
    "unchanged".
    """
    shares = MUTATION_SHARES if shares is None else shares
    names = [name for name in shares if name in MUTATIONS or (name == REWRITE and variants)]
    total = list(accumulate(shares[name] for name in names))
    for _ in range(TRIES if total and total[-1] > 0 else 0):
        name = names[min(bisect_right(total, rng.random() * total[-1]), len(names) - 1)]
        changed = _apply(name, genome, frame, rng, variants)
        if changed is not genome and changed != genome:
            return changed, name
    return genome, UNCHANGED


def _apply(name: str, genome: Genome, frame: Frame, rng: np.random.Generator, variants: Sequence[Variant]) -> Genome:
    if name == REWRITE:
        return rewrite_bar(genome, frame, rng, variants)
    return MUTATIONS[name][0](genome, frame, rng)
