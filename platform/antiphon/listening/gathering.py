"""Everything said in a population, as the fitness model takes it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.models import Rating
from antiphon.populations.models import Generation, Individual, Lineage
from evolution.algorithm import BreedingSettings
from evolution.algorithm.settings import STEADY
from evolution.fitness import Estimate, Ratings, estimate, parents_prior, parents_variance
from evolution.taste import Belief, prior_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Gathered:
    """Everything said in a population up to one generation; J individuals, I listeners.

    Who lives on is one individual however many generations it lives through: `place` leads from each of its rows to it.
    """

    place: dict[int, int]  # row of an individual -> its index
    born_in: NDArray[np.int64]  # (J,) number of the generation in which each was new
    generation_of: NDArray[np.int64]  # (J,) those of one number share a mean in the model
    prior: Floats  # (J,)
    prior_variance: Floats  # (J,)
    ratings: Ratings
    listeners: tuple[UUID, ...]  # by their first rating

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
        }

    def ratings_of(self, number: int) -> Ratings:
        """What was said of those who were new in a generation."""
        is_of = self.born_in[self.ratings.individual] == number
        return Ratings(self.ratings.listener[is_of], self.ratings.individual[is_of], self.ratings.value[is_of])


@dataclass(frozen=True)
class Borne:
    """The individuals of a population up to one generation, each once, (J,): what is known before anybody is asked."""

    place: dict[int, int]
    born_in: NDArray[np.int64]
    fitness: Floats  # as it was stored when its newest generation closed, NaN where none did
    standard_error: Floats
    predicted: Belief  # what the taste expected, NaN where it was not asked


def gather(generation: Generation) -> Gathered:
    """Read the individuals, lineage and ratings of a population up to this generation; three queries."""
    settings = BreedingSettings.from_json(generation.population.settings)
    borne = _borne(generation)
    prior, prior_variance = _prior(borne, is_of_taste=settings.taste_prior)
    given = list(
        Rating.objects.filter(individual__in=borne.place)
        .order_by("pk")
        .values_list("listener_id", "individual_id", "value")
    )
    listeners = {pk: index for index, pk in enumerate(dict.fromkeys(listener_id for listener_id, _, _ in given))}
    return Gathered(
        place=borne.place,
        born_in=borne.born_in,
        generation_of=_cohorts(borne.born_in, settings),
        prior=prior,
        prior_variance=prior_variance,
        ratings=Ratings(
            listener=np.array([listeners[listener_id] for listener_id, _, _ in given], dtype=np.int64),
            individual=np.array([borne.place[individual_id] for _, individual_id, _ in given], dtype=np.int64),
            value=np.array([value for _, _, value in given], dtype=np.float64),
        ),
        listeners=tuple(listeners),
    )


def _borne(generation: Generation) -> Borne:
    rows = list(
        Individual.objects.filter(
            generation__population_id=generation.population_id, generation__number__lte=generation.number
        )
        .order_by("generation__number", "index")
        .values_list(
            "pk", "first_id", "generation__number", "fitness", "standard_error", "predicted", "predicted_error"
        )
    )
    born = [row for row in rows if row[1] is None]
    place = {row[0]: index for index, row in enumerate(born)}
    place |= {pk: place[first_id] for pk, first_id, *_ in rows if first_id is not None}
    known, error = np.full(len(born), np.nan), np.zeros(len(born))
    for pk, _, _, fitness, standard_error, _, _ in rows:
        if fitness is not None:
            known[place[pk]], error[place[pk]] = fitness, standard_error or 0.0  # of who lives on the newest counts
    return Borne(
        place=place,
        born_in=np.array([row[2] for row in born], dtype=np.int64),
        fitness=known,
        standard_error=error,
        predicted=Belief(*(np.array([row[column] for row in born], dtype=np.float64) for column in (5, 6))),
    )


def _prior(borne: Borne, *, is_of_taste: bool) -> tuple[Floats, Floats]:
    """What is expected of each before anybody has heard it, and its variance: of its parents, and of the taste."""
    parents = _parents(borne)
    mean, variance = parents_prior(parents, borne.fitness), parents_variance(parents, borne.standard_error)
    is_foretold = np.isfinite(borne.predicted.mean)
    if not is_of_taste or not is_foretold.any():
        return mean, variance
    belief = Belief(borne.predicted.mean[is_foretold], borne.predicted.deviation[is_foretold])
    mean[is_foretold], variance[is_foretold] = prior_of(belief, mean[is_foretold], variance[is_foretold])
    return mean, variance


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
