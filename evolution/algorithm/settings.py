"""How a population is bred: the knobs that are stored with it."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from evolution.operators.crossover import CROSSOVERS
from evolution.operators.selection import SELECTIONS

MIN_SIZE, MAX_SIZE = 2, 1_000
MAX_CAUTION = 3
MAX_SURPLUS = 16
MAX_FRESH_BLOOD = 0.5
MAX_MINIMUM_DISTANCE = 0.5
MAX_ISLANDS = 4
MAX_MIGRATION = 0.5
GENERATIONAL, STEADY = "generational", "steady"
METHODS = (GENERATIONAL, STEADY)
ADAPTIVE = "adaptive"  # a crossover drawn for each child by its share
PROBABILITY = "probability"
SWITCHES = ("adaptive", "taste", "selecting", "taste_prior", "taste_likelihood")


class BreedingError(ValueError):
    """Breeding settings, or what was told, that no generation can be bred from; the message names the field."""

    code = "breeding_invalid"


@dataclass(frozen=True)
class BreedingSettings:
    """How the next individuals are bred; `paper()` gives the study's way. Raises BreedingError.

    `method` is "generational", where all but the elites make way, or "steady", where the least fit do, a few at a time.
    `parents` of the fittest are bred, by the pair `selection` (one of SELECTIONS; "probability" weighs everybody by how
    probably they belong to the fittest), `elites` live on unchanged with their ratings. `crossover` names one of
    CROSSOVERS, or "adaptive"; each child gets `mutations` chances to change, each taken with `mutation_probability`.
    With `adaptive` the operators' shares follow the gain that they brought. The fittest are those of the highest
    fitness less `caution` standard errors. `fresh_blood` is the share of new places for phrases that descend from
    nobody; `minimum_distance` (0-1) keeps near-twins out. With `taste`, `surplus` candidates are bred for each place
    and screened, `exploratory` of the places going to those the taste knows least. `selecting` off is the control
    line: parents drawn by lot, no elites, no taste. With `taste_prior` what the taste expects of newcomers is, beside
    their parents, a prior of their fitness; with `taste_likelihood` a network's likelihood is one of its features.
    `islands` is the most that a population may part into where its listeners are of several tastes, 1 for none; of the
    pairs on an island the share `migration` has one parent from another.
    """

    size: int = 10
    parents: int = 3
    elites: int = 2
    mutations: int = 1
    mutation_probability: float = 0.5
    crossover: str = ADAPTIVE
    caution: float = 0.0
    method: str = GENERATIONAL
    selection: str = PROBABILITY
    adaptive: bool = True
    fresh_blood: float = 0.0
    minimum_distance: float = 0.05
    surplus: int = 8
    taste: bool = True
    exploratory: int = 1
    selecting: bool = True
    taste_prior: bool = False
    taste_likelihood: bool = False
    islands: int = 1
    migration: float = 0.1

    def __post_init__(self) -> None:
        _expect_whole("size", self.size, MIN_SIZE, MAX_SIZE)
        _expect_whole("parents", self.parents, 1, self.size)
        _expect_whole("elites", self.elites, 0, self.size - 1)
        _expect_whole("mutations", self.mutations, 0, 100)
        _expect_number("mutation_probability", self.mutation_probability, 0, 1)
        _expect_number("caution", self.caution, 0, MAX_CAUTION)
        _expect_number("fresh_blood", self.fresh_blood, 0, MAX_FRESH_BLOOD)
        _expect_number("minimum_distance", self.minimum_distance, 0, MAX_MINIMUM_DISTANCE)
        _expect_whole("surplus", self.surplus, 1, MAX_SURPLUS)
        _expect_whole("exploratory", self.exploratory, 0, self.size)
        _expect_whole("islands", self.islands, 1, min(MAX_ISLANDS, max(self.size // 2, 1)))
        _expect_number("migration", self.migration, 0, MAX_MIGRATION)
        _expect_one_of("crossover", self.crossover, (*CROSSOVERS, ADAPTIVE))
        _expect_one_of("method", self.method, METHODS)
        _expect_one_of("selection", self.selection, tuple(SELECTIONS))
        for name in SWITCHES:
            if not isinstance(getattr(self, name), bool):
                raise BreedingError(f"{name}: expected true or false, got {getattr(self, name)!r}")

    @classmethod
    def paper(cls, **changes: Any) -> "BreedingSettings":
        """The study's settings: the best 3 of 10 by mean rating, pairs weighted by it, one cut, 2 elites, no taste."""
        plain: dict[str, Any] = {
            "crossover": "cut at bar", "selection": "paper", "adaptive": False, "surplus": 1, "taste": False,
            "exploratory": 0, "fresh_blood": 0.0, "minimum_distance": 0.0, "elites": 2, "parents": 3, "mutations": 2,
            "caution": 0.0, "method": GENERATIONAL,
        }  # fmt: skip
        return cls(**(plain | changes))

    def on_island(self, island: int, count: int) -> "BreedingSettings":
        """What one of `count` islands, from 0 on, is bred by: its part of the places, of the parents and the elites."""
        if count == 1:
            return self
        size = _part(self.size, island, count)
        return replace(
            self,
            islands=1,
            size=size,
            parents=min(max(round(self.parents / count), 2), size),
            elites=min(max(round(self.elites / count), min(self.elites, 1)), size - 1),
            exploratory=_part(self.exploratory, island, count),
        )

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


def _part(whole: int, island: int, count: int) -> int:
    return whole // count + (island < whole % count)


def _expect_one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise BreedingError(f"{name}: expected one of {', '.join(known)}, got {value!r}")


def _expect_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BreedingError(f"{name}: expected a whole number from {low} to {high}, got {value!r}")


def _expect_number(name: str, value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BreedingError(f"{name}: expected a number from {low} to {high}, got {value!r}")
