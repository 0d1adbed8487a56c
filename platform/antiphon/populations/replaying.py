"""A population bred again from its events, and compared with what was stored, genome by genome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon.populations.encodings import replay
from antiphon.populations.models import Individual, Population
from antiphon.populations.selectors import individuals_to_replay
from evolution.algorithm import BreedingError
from evolution.genome import Genome

Place = tuple[int, int]  # generation and place in it, both from 0


@dataclass(frozen=True)
class Recorded:
    """An individual as it was stored; `born` is its id in the events, None from before there were any."""

    generation: int
    index: int
    born: int | None
    genome: dict[str, Any]
    operator: str
    parents: tuple[Place, ...]
    first: Place | None  # where it lived first, an elite
    fitness: float | None
    standard_error: float | None
    n_ratings: int
    p_parent: float | None
    predicted: float | None
    predicted_error: float | None
    nats: float | None = None  # a note, under the network
    island: int | None = None  # that it lived on

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Recorded":
        """The individual that was written as plain values."""
        first = data["first"]
        places = tuple((generation, index) for generation, index in data["parents"])
        return cls(**{**data, "parents": places, "first": None if first is None else (first[0], first[1])})


def events_of(population: Population) -> list[dict[str, Any]]:
    """Everything that happened in a population's breeding, in order."""
    return list(population.breeding_events.order_by("number").values_list("content", flat=True))


def recorded_of(population: Population) -> list[Recorded]:
    """Every individual of a population, generation by generation; in two queries."""
    return [_recorded(individual) for individual in individuals_to_replay(population)]


def differences(events: Sequence[Mapping[str, Any]], individuals: Iterable[Recorded]) -> list[str]:
    """What comes out otherwise when the events are played again, in sentences; none where all is the same."""
    known = [one for one in individuals if one.born is not None]
    if not events:
        return ["There are no events: the population was bred before they were kept."]
    try:
        bred = replay(events)
    except BreedingError as error:
        return [f"The events do not play again: {error}."]
    by_place = {(one.generation, one.index): one for one in known}
    found = []
    for one in known:
        again = bred.individuals.get(one.born or 0)
        found += [f"Generation {one.generation + 1}, phrase {one.index + 1}: {what}" for what in _compared(one, again)]
        if again is not None and one.first is None and not _has_parents(one, again.parents, by_place):
            found.append(f"Generation {one.generation + 1}, phrase {one.index + 1}: its parents differ.")
    return found


def _compared(one: Recorded, again: Any) -> list[str]:
    if again is None:
        return [f"it was born as {one.born}, and nobody is."]
    return [] if again.genome == Genome.from_json(one.genome) else ["its genome differs."]


def _has_parents(one: Recorded, ids: Sequence[int], by_place: Mapping[Place, Recorded]) -> bool:
    parents = [by_place[place].born for place in one.parents if place in by_place]
    return one.operator == "elite" or parents == list(dict.fromkeys(ids))


def _recorded(individual: Individual) -> Recorded:
    first = individual.first
    return Recorded(
        generation=individual.generation.number,
        index=individual.index,
        born=individual.born,
        genome=individual.genome,
        operator=individual.operator,
        parents=tuple((line.parent.generation.number, line.parent.index) for line in individual.lineage.all()),
        first=None if first is None else (first.generation.number, first.index),
        fitness=individual.fitness,
        standard_error=individual.standard_error,
        n_ratings=individual.n_ratings,
        p_parent=individual.p_parent,
        predicted=individual.predicted,
        predicted_error=individual.predicted_error,
        nats=individual.nats,
        island=individual.island,
    )
