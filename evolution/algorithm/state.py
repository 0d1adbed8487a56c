"""A population as a value: who was ever born, who lives, what the crowd thinks of whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from evolution.algorithm.settings import GENERATIONAL, BreedingError, BreedingSettings
from evolution.forms import genome_from_text, genome_to_text
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.operators.rewriting import Variant

STATE_VERSION = 1
FIRST = "first"  # how an individual came that was there when the population began


@dataclass(frozen=True)
class Individual:
    """A genome with its place in the lineage: `parents` are ids, `operator` the names of what made it, "+"-joined.

    `generation` counts the asks before its birth. `likelihood` is what a network said of it, where one was asked.
    """

    id: int
    genome: Genome
    parents: tuple[int, ...] = ()
    operator: str = FIRST
    generation: int = 0
    likelihood: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values, the genome packed as text; `from_json` gives an equal individual."""
        return {
            "id": self.id,
            "genome": genome_to_text(self.genome),
            "parents": list(self.parents),
            "operator": self.operator,
            "generation": self.generation,
            "likelihood": self.likelihood,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Individual":
        """The individual that `to_json` wrote."""
        return cls(**data | {"genome": genome_from_text(data["genome"]), "parents": tuple(data["parents"])})


@dataclass(frozen=True)
class Fitness:
    """What the crowd thinks of one individual, on the rating scale; `p_parent` where the fitness model counted it."""

    mean: float
    standard_error: float
    p_parent: float | None = None


@dataclass(frozen=True)
class State:
    """A population between two events. A value: equal states give equal offspring, stored and read back or not.

    `individuals` are all that were ever born, by id; `living` the ids of the population, elites first after a
    generation; `replaced` those that made way at the last ask. `clock` counts the events so far, `next_id` those ever
    born: both go on through an undo, so that no id and no random number is used twice. Where the crowd has parted,
    `islands` holds what the listeners of each island think, and `home` where each lives, none being everywhere.
    """

    settings: BreedingSettings
    frame: Frame
    seed: int
    individuals: Mapping[int, Individual]
    living: tuple[int, ...]
    next_id: int
    clock: int = 1
    generation: int = 0
    fitness: Mapping[int, Fitness] = field(default_factory=dict)
    variants: Mapping[int, tuple[Variant, ...]] = field(default_factory=dict)
    reserve: tuple[Genome, ...] = ()
    replaced: tuple[int, ...] = ()
    islands: tuple[Mapping[int, Fitness], ...] = ()
    home: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def population(self) -> tuple[Individual, ...]:
        """The living, in order."""
        return tuple(self.individuals[id_] for id_ in self.living)

    @property
    def is_generational(self) -> bool:
        """Whether all but the elites make way at each ask."""
        return self.settings.method == GENERATIONAL

    def on_island(self, island: int) -> tuple[int, ...]:
        """Ids of the living that the listeners of an island are to hear."""
        return tuple(id_ for id_ in self.living if self.home.get(id_, island) == island)

    def views(self) -> tuple["State", ...]:
        """The population as each island has it: its settings, its living and what is thought there; itself where the
        crowd has not parted. An island on which nobody is heard yet breeds from everybody.
        """
        if not self.islands:
            return (self,)
        count = len(self.islands)
        found = []
        for island, fitness in enumerate(self.islands):
            living = self.on_island(island)
            if not any(id_ in fitness for id_ in living):
                living = self.living
            settings = self.settings.on_island(island, count)
            found.append(replace(self, settings=settings, living=living, fitness=fitness, islands=(), home={}))
        return tuple(found)

    def rng(self, stream: int = 0) -> np.random.Generator:
        """The random numbers of the next event; `stream` gives independent ones."""
        return np.random.default_rng([self.seed, self.clock, stream])

    def with_counters_of(self, later: "State") -> "State":
        """This state again, at the clock and the next id of a later one."""
        return replace(self, clock=later.clock + 1, next_id=later.next_id)

    def to_json(self) -> dict[str, Any]:
        """Plain values with a version; `from_json` gives an equal state."""
        return {
            "version": STATE_VERSION,
            "settings": self.settings.to_json(),
            "frame": self.frame.to_json(),
            "seed": self.seed,
            "clock": self.clock,
            "next_id": self.next_id,
            "generation": self.generation,
            "individuals": [one.to_json() for one in self.individuals.values()],
            "living": list(self.living),
            "replaced": list(self.replaced),
            "fitness": _fitness_to_json(self.fitness),
            "islands": [_fitness_to_json(fitness) for fitness in self.islands],
            "home": [list(pair) for pair in self.home.items()],
            "variants": variants_to_json(self.variants),
            "reserve": [genome_to_text(genome) for genome in self.reserve],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        """The state that `to_json` wrote. Raises BreedingError."""
        if data.get("version") != STATE_VERSION:
            raise BreedingError(f"version: expected a state of version {STATE_VERSION}, got {data.get('version')!r}")
        try:
            return cls._read(data)
        except (AttributeError, KeyError, TypeError) as error:
            raise BreedingError(f"state: expected all fields of a state, got {error!r}") from error

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> "State":
        individuals = [Individual.from_json(one) for one in data["individuals"]]
        return cls(
            settings=BreedingSettings.from_json(data["settings"]),
            frame=Frame.from_json(data["frame"]),
            seed=data["seed"],
            individuals={one.id: one for one in individuals},
            living=tuple(data["living"]),
            next_id=data["next_id"],
            clock=data["clock"],
            generation=data["generation"],
            fitness=_fitness_from_json(data["fitness"]),
            islands=tuple(_fitness_from_json(rows) for rows in data.get("islands", [])),
            home=dict(data.get("home", [])),
            variants=variants_from_json(data["variants"]),
            reserve=tuple(genome_from_text(text) for text in data["reserve"]),
            replaced=tuple(data["replaced"]),
        )


def _fitness_to_json(fitness: Mapping[int, Fitness]) -> list[list[Any]]:
    return [[id_, one.mean, one.standard_error, one.p_parent] for id_, one in fitness.items()]


def _fitness_from_json(rows: list[list[Any]]) -> dict[int, Fitness]:
    return {id_: Fitness(*rest) for id_, *rest in rows}


def variants_to_json(variants: Mapping[int, tuple[Variant, ...]]) -> list[list[Any]]:
    """Rows of id, bar and packed genome."""
    return [[id_, one.bar, genome_to_text(one.genome)] for id_, several in variants.items() for one in several]


def variants_from_json(rows: list[list[Any]]) -> dict[int, tuple[Variant, ...]]:
    """The variants of each id that `variants_to_json` wrote."""
    found: dict[int, tuple[Variant, ...]] = {}
    for id_, bar, text in rows:
        found[id_] = (*found.get(id_, ()), Variant(bar, genome_from_text(text)))
    return found
