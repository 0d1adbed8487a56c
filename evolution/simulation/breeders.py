"""Who breeds in a simulation: the algorithm on the bar grid, or the study's loop over its bits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm import Breeding, BreedingSettings, Individual
from evolution.classic import lift, next_generation, random_bits
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.genome import express
from generation.score.notes import Score

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Newborn:
    """An individual as listeners meet it: a score, and its parents' numbers."""

    score: Score
    parents: tuple[int, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What is thought of everybody so far, by number, shape (J,): on the rating scale, and who was rated at all."""

    mean: Floats
    standard_error: Floats
    is_heard: NDArray[np.bool_]
    p_parent: Floats | None = None  # of the living, in their order


class Breeder(Protocol):
    """Numbers its individuals from 0 in the order of their birth; `living` are the numbers of the population."""

    living: list[int]
    parents: int  # how many are to be chosen

    def begin(self) -> list[Newborn]:
        """The first generation."""
        ...

    def breed(self, verdict: Verdict) -> list[Newborn]:
        """The next one: `living` changes, and those who are new are returned."""
        ...


class GridBreeder:
    """The algorithm on genomes of the bar grid; with `elites_again` elites return as newcomers that must be rated."""

    def __init__(
        self, settings: BreedingSettings, frame: Frame, genomes: Sequence[Genome], *, seed: int, elites_again: bool
    ) -> None:
        self.living: list[int] = []
        self.parents = settings.parents
        self._breeding = Breeding.begin(settings, frame, genomes, seed=seed)
        self._frame, self._elites_again = frame, elites_again
        self._number: dict[int, int] = {}  # of each of the algorithm's individuals, the newest where it came again
        self._born = 0

    def begin(self) -> list[Newborn]:
        return self._present(self._breeding.population)

    def breed(self, verdict: Verdict) -> list[Newborn]:
        # Later ratings correct what was thought of those who are gone, and the taste learns from them too.
        id_of = {number: id_ for id_, number in self._number.items()}
        gone = [number for number in np.flatnonzero(verdict.is_heard).tolist() if number in id_of]
        for numbers, p_parent in ((gone, None), (self.living, verdict.p_parent)):
            ids = [id_of[number] for number in numbers]
            self._breeding.tell(ids, verdict.mean[numbers], verdict.standard_error[numbers], p_parent)
        return self._present(self._breeding.ask())

    def _present(self, population: Sequence[Individual]) -> list[Newborn]:
        before, newborn = dict(self._number), []
        for one in population:
            if one.id in before and not self._elites_again:
                continue
            parents = (one.id,) if one.id in before else one.parents
            newborn.append(Newborn(_played(one.genome, self._frame), tuple(before[id_] for id_ in parents)))
            self._number[one.id] = self._born
            self._born += 1
        self.living = [self._number[one.id] for one in population]
        return newborn


class BitsBreeder:
    """The study's loop: random bits, pairs by mean rating, one cut, two mutations, two elites that are asked again."""

    parents = 3

    def __init__(self, size: int, frame: Frame, rng: np.random.Generator) -> None:
        self.living: list[int] = []
        self._frame, self._rng = frame, rng
        self._bits = [random_bits(frame, rng) for _ in range(size)]
        self._born = 0

    def begin(self) -> list[Newborn]:
        return self._present()

    def breed(self, verdict: Verdict) -> list[Newborn]:
        self._bits = next_generation(self._bits, np.maximum(verdict.mean[self.living], 0.0), self._rng)
        return self._present()

    def _present(self) -> list[Newborn]:
        self.living = list(range(self._born, self._born + len(self._bits)))
        self._born += len(self._bits)
        return [Newborn(_played(lift(bits, self._frame), self._frame)) for bits in self._bits]


def _played(genome: Genome, frame: Frame) -> Score:
    """The genome as played but for its bends, which take longest to draw and which simulated listeners don't hear."""
    unbent = replace(genome.expression, bend_cents=0.0, glide_cents=0.0, vibrato_cents=0.0)
    return express(replace(genome, expression=unbent), frame)
