"""One bar written anew by a network: variants of a phrase that it wrote beforehand, set into a child."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evolution.frame import Frame
from evolution.genes import Genome
from evolution.operators.motif import within_bars
from evolution.operators.phrase import with_notes

REWRITE = "rewrite bar"
REWRITE_SHARE = 2.0  # beside the shares of MUTATIONS, where variants are at hand


@dataclass(frozen=True)
class Variant:
    """A genome whose `bar` a network has written anew, to fit the bars about it."""

    bar: int
    genome: Genome


def pick_variant(variants: Sequence[Variant], rng: np.random.Generator) -> Variant | None:
    """One of the variants by chance, None when there are none."""
    return variants[int(rng.integers(len(variants)))] if len(variants) else None


def rewrite_bar(genome: Genome, frame: Frame, rng: np.random.Generator, variants: Sequence[Variant]) -> Genome:
    """The genome with one bar as a variant of it, or of a parent, has it; without variants as it came."""
    variant = pick_variant(variants, rng)
    if variant is None or not 0 <= variant.bar < frame.bars:
        return genome
    written = variant.genome.notes[variant.genome.notes["bar"] == variant.bar]
    if len(written) == 0:
        return genome
    bar = np.array([variant.bar])
    others = genome.notes[genome.notes["bar"] != variant.bar]
    return with_notes(genome, np.concatenate([others, within_bars(written, bar, frame)]), frame)
