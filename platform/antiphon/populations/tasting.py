"""The taste at work in breeding, fitted once: it orders the candidates, and what it expects of each is kept."""

from collections.abc import Iterable, Sequence

import numpy as np

from evolution.algorithm import Candidates, Experience, Individual
from evolution.algorithm.screening import expected, ordered
from evolution.forms import pack
from evolution.frame import Frame

Expected = tuple[float, float]  # fitness on the rating scale, and its standard deviation


class KeptTaste:
    """A screen as the engine's own, that can be asked afterwards what it expected of those it let through."""

    def __init__(self) -> None:
        self._expected: dict[bytes, Expected] = {}

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
        rows = np.column_stack([belief.mean, belief.deviation]).tolist()
        names = [pack(genome) for genome in candidates.genomes]
        self._expected |= {name: (mean, deviation) for name, (mean, deviation) in zip(names, rows, strict=True)}
        return ordered(belief, places, exploratory, rng)

    def expected_of(self, individuals: Iterable[Individual]) -> dict[int, Expected]:
        """What was expected of those individuals that were candidates, by id; fresh blood never was one."""
        names = {one.id: pack(one.genome) for one in individuals}
        return {id_: self._expected[name] for id_, name in names.items() if name in self._expected}
