"""Everything said in a population, as the fitness model takes it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.judging.said import said_up_to
from antiphon.listening.models import SetAside
from antiphon.populations.models import Generation, Individual, Lineage
from evolution.algorithm import BreedingSettings
from evolution.algorithm.settings import STEADY
from evolution.fitness import Duels, Estimate, Ratings, Repeats, estimate, parents_prior, parents_variance
from evolution.taste import Belief, prior_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Gathered:
    """Everything said in a population up to one generation; J individuals, I listeners.

    Who lives on is one individual however many generations it lives through: `place` leads from each of its rows to it.
    """

    place: dict[int, int]  # row of an individual -> its index
    first: tuple[int, ...]  # (J,) the row of each one's first life
    fitness: Floats  # (J,) as it was last judged, NaN before that
    born_in: NDArray[np.int64]  # (J,) number of the generation in which each was new
    generation_of: NDArray[np.int64]  # (J,) those of one number share a mean in the model
    prior: Floats  # (J,)
    prior_variance: Floats  # (J,)
    answers: Ratings  # of everybody, one for each phrase that somebody has rated
    repeats: Repeats  # what they answered when they heard one again
    fought: Duels  # of everybody
    listeners: tuple[UUID, ...]  # by their first rating
    is_aside: NDArray[np.bool_]  # (I,) whose answers do not count, because the host has set them aside

    @cached_property
    def ratings(self) -> Ratings:
        """Those that count."""
        return taken(self.answers, ~self.is_aside[self.answers.listener])

    @property
    def duels(self) -> Duels:
        """Those that count."""
        counts = ~self.is_aside[self.fought.listener]
        return Duels(self.fought.listener[counts], self.fought.winner[counts], self.fought.loser[counts])

    def counting(self, listener: int, *, is_counted: bool) -> "Gathered":
        """The same, with or without what one listener said."""
        is_aside = self.is_aside.copy()
        is_aside[listener] = not is_counted
        return replace(self, is_aside=is_aside)

    @property
    def n_individuals(self) -> int:
        return len(self.born_in)

    @property
    def n_listeners(self) -> int:
        return len(self.listeners)

    def estimate(self) -> Estimate:
        """What the model makes of it, quickly."""
        return estimate(self.ratings, **self.model())

    def model(self) -> dict[str, Any]:
        """All that the model needs beside the ratings."""
        return {
            "n_listeners": self.n_listeners,
            "n_individuals": self.n_individuals,
            "generation_of": self.generation_of,
            "prior": self.prior,
            "prior_variance": self.prior_variance,
            "duels": self.duels,
            "repeats": self.repeats,
        }

    def ratings_of(self, number: int) -> Ratings:
        """What was said of those who were new in a generation."""
        return taken(self.ratings, self.born_in[self.ratings.individual] == number)


def taken(ratings: Ratings, which: NDArray[np.bool_]) -> Ratings:
    """Some of the ratings; `which` (n,)."""
    return Ratings(ratings.listener[which], ratings.individual[which], ratings.value[which])


@dataclass(frozen=True)
class Borne:
    """The individuals of a population up to one generation, each once, (J,): what is known before anybody is asked."""

    place: dict[int, int]
    first: tuple[int, ...]
    born_in: NDArray[np.int64]
    fitness: Floats  # as it was stored when its newest generation closed, NaN where none did
    standard_error: Floats
    predicted: Belief  # what the taste expected, NaN where it was not asked
    island: tuple[int | None, ...]  # that each lives on
    on_islands: dict[int, list[list[float] | None]]  # what each island made of those whose crowd had parted


def gather(generation: Generation) -> Gathered:
    """Read the individuals, lineage and ratings of a population up to this generation; five queries."""
    settings = BreedingSettings.from_json(generation.population.settings)
    borne = _borne(generation)
    prior, prior_variance = _prior(borne, is_of_taste=settings.taste_prior)
    said = said_up_to(population_id=generation.population_id, number=generation.number)
    listeners = {pk: index for index, pk in enumerate(dict.fromkeys(one[0] for one in said.voices))}
    duels = [one for one in said.duels if one[0] in listeners]
    aside = set(SetAside.objects.filter(population_id=generation.population_id).values_list("listener_id", flat=True))
    return Gathered(
        place=borne.place,
        first=borne.first,
        fitness=borne.fitness,
        born_in=borne.born_in,
        generation_of=_cohorts(borne.born_in, settings),
        prior=prior,
        prior_variance=prior_variance,
        answers=Ratings(
            listener=np.array([listeners[listener_id] for listener_id, _, _ in said.voices], dtype=np.int64),
            individual=np.array([borne.place[individual_id] for _, individual_id, _ in said.voices], dtype=np.int64),
            value=np.array([value for _, _, value in said.voices], dtype=np.float64),
        ),
        repeats=Repeats(
            listener=np.array([listeners[listener_id] for listener_id, _, _ in said.repeats], dtype=np.int64),
            first=np.array([before for _, before, _ in said.repeats], dtype=np.float64),
            second=np.array([again for _, _, again in said.repeats], dtype=np.float64),
        ),
        fought=Duels(
            listener=np.array([listeners[listener_id] for listener_id, _, _ in duels], dtype=np.int64),
            winner=np.array([borne.place[winner] for _, winner, _ in duels], dtype=np.int64),
            loser=np.array([borne.place[loser] for _, _, loser in duels], dtype=np.int64),
        ),
        listeners=tuple(listeners),
        is_aside=np.array([pk in aside for pk in listeners], dtype=np.bool_),
    )


def _borne(generation: Generation) -> Borne:
    rows = list(
        Individual.objects.filter(
            generation__population_id=generation.population_id, generation__number__lte=generation.number
        )
        .order_by("generation__number", "index")
        .values_list(
            "pk",
            "first_id",
            "generation__number",
            "fitness",
            "standard_error",
            "predicted",
            "predicted_error",
            "island",
            "on_islands",
        )
    )
    born = [row for row in rows if row[1] is None]
    place = {row[0]: index for index, row in enumerate(born)}
    place |= {pk: place[first_id] for pk, first_id, *_ in rows if first_id is not None}
    known, error = np.full(len(born), np.nan), np.zeros(len(born))
    on_islands = {}
    for pk, _, _, fitness, standard_error, _, _, _, thought in rows:  # of who lives on the newest counts
        if fitness is not None:
            known[place[pk]], error[place[pk]] = fitness, standard_error or 0.0
            on_islands[place[pk]] = thought
    return Borne(
        place=place,
        first=tuple(row[0] for row in born),
        born_in=np.array([row[2] for row in born], dtype=np.int64),
        fitness=known,
        standard_error=error,
        predicted=Belief(*(np.array([row[column] for row in born], dtype=np.float64) for column in (5, 6))),
        island=tuple(row[7] for row in born),
        on_islands=on_islands,
    )


def _prior(borne: Borne, *, is_of_taste: bool) -> tuple[Floats, Floats]:
    """What is expected of each before anybody has heard it, and its variance: of its parents, and of the taste."""
    parents = _parents(borne)
    mean, variance = parents_prior(parents, borne.fitness), parents_variance(parents, borne.standard_error)
    for child, island in enumerate(borne.island):
        if island is not None and parents[child]:
            # Of a child on an island its parents are what that island makes of them.
            thought = np.array([_thought(borne, parent, island) for parent in parents[child]])
            mean[child], variance[child] = thought[:, 0].mean(), np.sum(thought[:, 1] ** 2) / len(thought) ** 2
    is_foretold = np.isfinite(borne.predicted.mean)
    if not is_of_taste or not is_foretold.any():
        return mean, variance
    belief = Belief(borne.predicted.mean[is_foretold], borne.predicted.deviation[is_foretold])
    mean[is_foretold], variance[is_foretold] = prior_of(belief, mean[is_foretold], variance[is_foretold])
    return mean, variance


def _thought(borne: Borne, individual: int, island: int) -> tuple[float, float]:
    """Fitness and standard error of an individual to an island, or to everybody where the island never heard it."""
    several = borne.on_islands.get(individual, [])
    there = several[island] if island < len(several) else None
    everywhere = (borne.fitness[individual], borne.standard_error[individual])
    return everywhere if there is None else (there[0], there[1])


def _cohorts(born_in: NDArray[np.int64], settings: BreedingSettings) -> NDArray[np.int64]:
    """Who share a mean: a generation, or in steady breeding as many births in a row as a generation would have.

    A mean of its own for two newborns a round would take up all that their parents let expect of them.
    """
    return np.arange(len(born_in)) // settings.size if settings.method == STEADY else born_in


def _parents(borne: Borne) -> list[list[int]]:
    """Of each individual the parents whose fitness is known; one that lives on is no child of itself."""
    parents: list[list[int]] = [[] for _ in borne.fitness]
    lines = Lineage.objects.filter(child__in=borne.place, child__first=None).order_by("child_id", "order")
    for child_id, parent_id in lines.values_list("child_id", "parent_id"):
        if np.isfinite(borne.fitness[borne.place[parent_id]]):
            parents[borne.place[child_id]].append(borne.place[parent_id])
    return parents
