"""The taste at work in breeding, with what it expected of those that it let through."""

from collections.abc import Mapping

import numpy as np

from evolution.algorithm import Breeding, Candidates
from evolution.algorithm.asking import experience_of
from evolution.algorithm.screening import expected


def ask_with_taste(breeding: Breeding) -> Mapping[int, tuple[float, float]]:
    """Breed the next generation; of the newborn, what the taste expects and its deviation, by id.

    Fitness is on the rating scale. Empty without a taste, or while too little has been heard for one.
    """
    before = breeding.state
    born = [one for one in breeding.ask() if one.id not in before.individuals]
    settings = before.settings
    if not (settings.taste and settings.selecting and settings.surplus > 1 and born):
        return {}
    unknown = np.full(len(born), np.nan)  # no network is asked, and parents are no part of what the taste hears
    newborn = Candidates([one.genome for one in born], unknown, unknown)
    belief = expected(experience_of(before), newborn, before.frame)
    if belief is None:
        return {}
    rows = np.column_stack([belief.mean, belief.deviation]).tolist()
    return {one.id: (mean, deviation) for one, (mean, deviation) in zip(born, rows, strict=True)}
