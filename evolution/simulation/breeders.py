"""Who breeds in a simulation: the algorithm on the bar grid, or the study's loop over its bits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm import Breeding, BreedingSettings, Individual, Likelihood, Told
from evolution.algorithm.tasting import KeptTaste
from evolution.classic import lift, next_generation, random_bits
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.genome import express
from generation.score.notes import Score

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Newborn:
    """An individual as listeners meet it: a score, its parents' numbers, and what a taste expects of it and how unsure
    that is, where one was asked.
    """

    score: Score
    parents: tuple[int, ...] = ()
    expected: tuple[float, float] | None = None


@dataclass(frozen=True)
class Verdict:
    """What is thought of everybody so far, by number, shape (J,): on the rating scale, and who was rated at all.

    `islands` holds what each island's listeners think, where the crowd has parted or come together again.
    """

    mean: Floats
    standard_error: Floats
    is_heard: NDArray[np.bool_]
    p_parent: Floats | None = None  # of the living, in their order
    islands: tuple["Verdict", ...] = ()


class Breeder(Protocol):
    """Numbers its individuals from 0 in the order of their birth; `living` are the numbers of the population, `home`
    the islands of those who live on one.
    """

    living: list[int]
    home: Mapping[int, int]
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
        self,
        settings: BreedingSettings,
        frame: Frame,
        genomes: Sequence[Genome],
        *,
        seed: int,
        elites_again: bool,
        likelihood: Likelihood | None = None,
    ) -> None:
        self.living: list[int] = []
        self.home: Mapping[int, int] = {}
        self.parents = settings.parents
        self._breeding = Breeding.begin(settings, frame, genomes, seed=seed)
        self._frame, self._elites_again, self._likelihood = frame, elites_again, likelihood
        self._number: dict[int, int] = {}  # of each of the algorithm's individuals, the newest where it came again
        self._born = 0

    def begin(self) -> list[Newborn]:
        return self._present(self._breeding.population, KeptTaste())

    def breed(self, verdict: Verdict) -> list[Newborn]:
        # Later ratings correct what was thought of those who are gone, and the taste learns from them too.
        id_of = {number: id_ for id_, number in self._number.items()}
        gone = [number for number in np.flatnonzero(verdict.is_heard).tolist() if number in id_of]
        for numbers, p_parent in ((gone, None), (self.living, verdict.p_parent)):
            ids = [id_of[number] for number in numbers]
            self._breeding.tell(ids, verdict.mean[numbers], verdict.standard_error[numbers], p_parent)
        if verdict.islands:
            self._breeding.tell_islands([_told(one, id_of) for one in verdict.islands])
        tasting = KeptTaste()
        population = self._breeding.ask(likelihood=self._likelihood, screen=tasting)
        return self._present(population, tasting)

    def _present(self, population: Sequence[Individual], tasting: KeptTaste) -> list[Newborn]:
        before, newborn = dict(self._number), []
        for one in population:
            if one.id in before and not self._elites_again:
                continue
            parents = (one.id,) if one.id in before else one.parents
            expected = tasting.expected_of(one.genome) if self._breeding.state.settings.taste_prior else None
            score = _played(one.genome, self._frame)
            newborn.append(Newborn(score, tuple(before[id_] for id_ in parents), expected))
            self._number[one.id] = self._born
            self._born += 1
        self.living = [self._number[one.id] for one in population]
        home = self._breeding.state.home
        self.home = {self._number[id_]: island for id_, island in home.items()}
        return newborn


class BitsBreeder:
    """The study's loop: of the best 3 of 10 pairs by rating + 1, one cut, two mutations, two elites asked again."""

    parents = 3

    def __init__(self, size: int, frame: Frame, rng: np.random.Generator) -> None:
        self.living: list[int] = []
        self.home: Mapping[int, int] = {}
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


def _told(verdict: Verdict, id_of: Mapping[int, int]) -> Told:
    heard = [number for number in np.flatnonzero(verdict.is_heard).tolist() if number in id_of]
    ids = [id_of[number] for number in heard]
    return Told.of(ids, verdict.mean[heard], verdict.standard_error[heard])


def _played(genome: Genome, frame: Frame) -> Score:
    """The genome as played but for its bends, which take longest to draw and which simulated listeners don't hear."""
    unbent = replace(genome.expression, bend_cents=0.0, glide_cents=0.0, vibrato_cents=0.0)
    return express(replace(genome, expression=unbent), frame)
