"""The taste at work in a simulation, which remembers what it expected of whom."""

from collections.abc import Sequence

import numpy as np

from evolution.algorithm import Candidates, Experience
from evolution.algorithm.screening import expected, ordered
from evolution.frame import Frame
from evolution.genes import Genome


class Tasting:
    """One ask's screen; afterwards it tells what was expected of those who were born."""

    def __init__(self) -> None:
        self._expected: dict[Genome, tuple[float, float]] = {}

    def screen(
        self,
        experience: Experience,
        candidates: Candidates,
        /,
        *,
        frame: Frame,
        places: int,
        exploratory: int,
        rng: np.random.Generator,
    ) -> Sequence[int] | None:
        """As `by_taste` orders them."""
        belief = expected(experience, candidates, frame)
        if belief is None:
            return None
        rows = zip(candidates.genomes, belief.mean.tolist(), belief.deviation.tolist(), strict=True)
        self._expected |= {genome: (mean, deviation) for genome, mean, deviation in rows}
        return ordered(belief, places, exploratory, rng)

    def expected(self, genome: Genome) -> tuple[float, float] | None:
        """Fitness on the rating scale and its deviation; None of one that no taste was asked about."""
        return self._expected.get(genome)
