"""The taste at work in breeding, with what it expected of those that it let through."""

from collections.abc import Mapping

import numpy as np

from evolution.algorithm import Breeding
from evolution.algorithm.asking import experience_of


def ask_with_taste(breeding: Breeding) -> Mapping[int, tuple[float, float]]:
    """Breed the next generation; of the newborn, what the taste expects and its deviation, by id.

    Fitness is on the rating scale. Empty without a taste, or while too little has been heard for one.
    """
    before = breeding.state
    born = [one for one in breeding.ask() if one.id not in before.individuals]
    settings = before.settings
    if not (settings.taste and settings.selecting and settings.surplus > 1 and born):
        return {}
    # A library of seconds to load, which only the processes that breed should wait for.
    from evolution.taste import MIN_HEARD, Measure, Taste, described

    experience = experience_of(before)
    heard = len(experience.genomes)
    if heard < MIN_HEARD:
        return {}
    table = described([*experience.genomes, *(one.genome for one in born)], before.frame)
    taste = Taste.fit(table[:heard], experience.mean, experience.standard_error, measure=Measure.of(table))
    belief = taste.predict(table[heard:])
    rows = np.column_stack([belief.mean, belief.deviation]).tolist()
    return {one.id: (mean, deviation) for one, (mean, deviation) in zip(born, rows, strict=True)}
