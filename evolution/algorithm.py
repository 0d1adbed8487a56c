"""Breeding by ask and tell: tell it what the crowd thinks of a generation, ask it for the next one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from evolution.genes import Genome
from evolution.invention import random_genome
from evolution.operators.crossover import CROSSOVERS
from evolution.operators.mutation import insert_note, mutate
from evolution.operators.selection import best, weighted_pair

MIN_SIZE, MAX_SIZE = 2, 1_000
MAX_CAUTION = 3
UNIQUE_TRIES = 20  # before an offspring that exists already is replaced by a newly invented phrase

ELITE, CROSSOVER, MUTATION, RANDOM = "elite", "crossover", "mutation", "random"


class BreedingError(ValueError):
    """Breeding settings, or what was told, that no generation can be bred from; the message names the field."""

    code = "breeding_invalid"


@dataclass(frozen=True)
class BreedingSettings:
    """How the next generation is bred; the defaults are the paper's. Raises BreedingError.

    `parents` of the fittest are bred, `elites` live on unchanged, and each child gets `mutations` chances to change,
    each taken with `mutation_probability`. `crossover` names one of CROSSOVERS. The fittest are those of the highest
    fitness less `caution` standard errors.
    """

    size: int = 10
    parents: int = 3
    elites: int = 2
    mutations: int = 2
    mutation_probability: float = 0.5
    crossover: str = "cut at bar"
    caution: float = 0.0

    def __post_init__(self) -> None:
        _expect_whole("size", self.size, MIN_SIZE, MAX_SIZE)
        _expect_whole("parents", self.parents, 1, self.size)
        _expect_whole("elites", self.elites, 0, self.size - 1)
        _expect_whole("mutations", self.mutations, 0, 100)
        _expect_number("mutation_probability", self.mutation_probability, 0, 1)
        _expect_number("caution", self.caution, 0, MAX_CAUTION)
        if self.crossover not in CROSSOVERS:
            raise BreedingError(f"crossover: expected one of {', '.join(CROSSOVERS)}, got {self.crossover!r}")

    def to_json(self) -> dict[str, Any]:
        """Plain values by field name; `from_json` gives equal settings."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "BreedingSettings":
        """The settings that `to_json` wrote; missing fields take their defaults. Raises BreedingError."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise BreedingError(f"{unknown[0]}: expected only {', '.join(sorted(known))}; remove it")
        return cls(**data)


@dataclass(frozen=True)
class Offspring:
    """One individual of the next generation: `parents` are indices of the generation told, `operator` how it came."""

    genome: Genome
    parents: tuple[int, ...]
    operator: str


class Algorithm:
    """A generational algorithm with elites; deterministic given the generator handed to `ask`."""

    def __init__(self, settings: BreedingSettings, frame: Frame) -> None:
        self.settings = settings
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
        ranked = best(self._mean - self.settings.caution * self._standard_error, len(self._genomes), rng)
        offspring: list[Offspring] = []
        seen: set[bytes] = set()
        for index in ranked:
            if len(offspring) == self.settings.elites:
                break
            self._admit(Offspring(self._genomes[index], (int(index),), ELITE), offspring, seen)
        pool = ranked[: self.settings.parents]
        while len(offspring) < self.settings.size:
            self._admit(self._breed_new(pool, seen, rng), offspring, seen)
        return offspring

    def _breed_new(self, pool: NDArray[np.int64], seen: set[bytes], rng: np.random.Generator) -> Offspring:
        """A child whose notes are not among `seen`; changed further, then invented, when the parents have no more."""
        for _ in range(UNIQUE_TRIES):
            child = self._breed(pool, rng)
            if _notes_of(child) in seen:
                changed = mutate(insert_note(child.genome, self.frame, rng), self.frame, rng)
                child = Offspring(changed, child.parents, _named(child.operator, MUTATION))
            if _notes_of(child) not in seen:
                return child
        return Offspring(random_genome(self.frame, rng), (), RANDOM)

    def _breed(self, pool: NDArray[np.int64], rng: np.random.Generator) -> Offspring:
        mother, father = weighted_pair(pool, self._mean, rng)
        genome, operator = self._genomes[mother], ""
        if mother != father:
            genome = CROSSOVERS[self.settings.crossover](genome, self._genomes[father], self.frame, rng)
            operator = CROSSOVER
        for _ in range(self.settings.mutations):
            if rng.random() < self.settings.mutation_probability:
                genome = mutate(genome, self.frame, rng)
                operator = _named(operator, MUTATION)
        parents = (mother, father) if mother != father else (mother,)
        return Offspring(genome, parents, operator or MUTATION)

    @staticmethod
    def _admit(child: Offspring, offspring: list[Offspring], seen: set[bytes]) -> None:
        if _notes_of(child) not in seen:
            seen.add(_notes_of(child))
            offspring.append(child)


def _notes_of(child: Offspring) -> bytes:
    return child.genome.notes.tobytes()


def _named(operator: str, added: str) -> str:
    """`operator` with `added`, each name once: crossover, mutation, crossover+mutation."""
    names = [name for name in operator.split("+") if name]
    return "+".join(names if added in names else [*names, added])


def _expect_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BreedingError(f"{name}: expected a whole number from {low} to {high}, got {value!r}")


def _expect_number(name: str, value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BreedingError(f"{name}: expected a number from {low} to {high}, got {value!r}")
