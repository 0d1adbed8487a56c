"""The taste at work in breeding, fitted once: it orders the candidates, and what it expects of each is kept."""

from collections.abc import Sequence

import numpy as np

from evolution.algorithm.screening import Candidates, Experience, expected, ordered
from evolution.frame import Frame
from evolution.genes import Genome

Expected = tuple[float, float]  # fitness on the rating scale, and its standard deviation


class KeptTaste:
    """A screen as `by_taste`, that can be asked afterwards what it expected of those it let through."""

    def __init__(self) -> None:
        self._expected: dict[Genome, Expected] = {}

    def __call__(
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
        """Indices of all candidates, those for the `places` first; None where too little has been heard for a taste."""
        belief = expected(experience, candidates, frame)
        if belief is None:
            return None
        rows = zip(candidates.genomes, belief.mean.tolist(), belief.deviation.tolist(), strict=True)
        self._expected |= {genome: (mean, deviation) for genome, mean, deviation in rows}
        return ordered(belief, places, exploratory, rng)

    def expected_of(self, genome: Genome) -> Expected | None:
        """What was expected of a candidate; None of one that no taste was asked about, as fresh blood."""
        return self._expected.get(genome)
