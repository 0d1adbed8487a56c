"""Breeding one generation at a time, for callers that keep the population themselves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm.breeding import Breeding
from evolution.algorithm.offspring import CROSSOVER, ELITE, MUTATION, Offspring
from evolution.algorithm.settings import GENERATIONAL, BreedingError, BreedingSettings
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.operators.crossover import CROSSOVERS
from evolution.operators.mutation import MUTATIONS


class Algorithm:
    """A generational algorithm with elites; deterministic given the generator handed to `ask`."""

    def __init__(self, settings: BreedingSettings, frame: Frame) -> None:
        self.settings = replace(settings, method=GENERATIONAL, taste=False)
        self.frame = frame
        self._genomes: tuple[Genome, ...] = ()
        self._mean: NDArray[np.float64] = np.zeros(0)
        self._standard_error: NDArray[np.float64] = np.zeros(0)

    def tell(
        self,
        genomes: Sequence[Genome],
        mean: NDArray[np.floating[Any]],
        standard_error: NDArray[np.floating[Any]],
    ) -> None:
        """Take in a generation (J genomes) with its fitness and standard errors, each (J,). Raises BreedingError."""
        fitness, error = np.asarray(mean, dtype=np.float64), np.asarray(standard_error, dtype=np.float64)
        if len(genomes) == 0:
            raise BreedingError("genomes: expected at least one, got none; seed the population first")
        for name, given in (("mean", fitness), ("standard_error", error)):
            if given.shape != (len(genomes),) or not np.all(np.isfinite(given)):
                raise BreedingError(f"{name}: expected {len(genomes)} finite numbers, got {given!r}")
        self._genomes, self._mean, self._standard_error = tuple(genomes), fitness, error

    def ask(self, rng: np.random.Generator) -> list[Offspring]:
        """The next generation: elites first, best of them leading, no two with the same notes. Raises BreedingError."""
        if not self._genomes:
            raise BreedingError("genomes: expected a generation to breed from, got none; call tell() first")
        count = len(self._genomes)
        breeding = Breeding.begin(self.settings, self.frame, self._genomes, seed=int(rng.integers(2**31)))
        breeding.tell(range(count), self._mean, self._standard_error)
        return [
            Offspring(one.genome, (one.id,), ELITE)
            if one.id < count
            else Offspring(one.genome, one.parents, _families(one.operator))
            for one in breeding.ask()
        ]


def _families(operator: str) -> str:
    """Operators' names as those of their families, each once: crossover, mutation, crossover+mutation."""
    families = dict.fromkeys(CROSSOVERS, CROSSOVER) | dict.fromkeys(MUTATIONS, MUTATION)
    return "+".join(dict.fromkeys(families.get(name, name) for name in operator.split("+")))
