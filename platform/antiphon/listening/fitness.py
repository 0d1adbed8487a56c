"""All ratings of a population turned into the fitness of one generation's individuals."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.models import Rating
from antiphon.populations.estimates import Fitness, GivenRating, Judgement
from antiphon.populations.models import Generation, Individual, Lineage
from evolution.agreement import icc
from evolution.algorithm import BreedingSettings
from evolution.fitness import Estimate, Ratings, draw, estimate, parents_prior, parents_variance
from evolution.parents import expected_selection_error, probability_of_parents

FINAL_DRAW = 1  # sets the random stream of closing apart from the one that breeds


@dataclass(frozen=True)
class Gathered:
    """Everything said in a population up to one generation; J individuals, I listeners.

    An elite is one individual however many generations it lives through: `place` leads from each of its rows to it.
    """

    place: dict[int, int]  # row of an individual -> its index
    generation_of: NDArray[np.int64]  # (J,) in which each was born
    prior: NDArray[np.float64]  # (J,)
    prior_variance: NDArray[np.float64]  # (J,)
    ratings: Ratings
    listeners: tuple[UUID, ...]  # by their first rating

    @property
    def n_individuals(self) -> int:
        return len(self.generation_of)

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

    def born_in(self, number: int) -> Ratings:
        """What was said of those who were born in a generation."""
        is_of = self.generation_of[self.ratings.individual] == number
        return Ratings(self.ratings.listener[is_of], self.ratings.individual[is_of], self.ratings.value[is_of])


class CrowdEstimator:
    """The estimator that populations ask: `live` quickly, `final` carefully, both with the same model."""

    def live(self, generation: Generation) -> Judgement:
        """What is known while the generation is open; until somebody has rated it, of its elites only."""
        said = gather(generation)
        if not len(said.ratings):
            return Judgement()
        judgement = _judged(said, generation, said.estimate())
        if len(said.born_in(generation.number)):
            return judgement
        return Judgement({pk: one for pk, one in judgement.fitness.items() if one.n_ratings})

    def final(self, generation: Generation) -> Judgement:
        """What is known once the generation is closed; the same ratings give the same figures."""
        said = gather(generation)
        of_these = said.born_in(generation.number)
        if not len(of_these):
            return Judgement()
        rng = np.random.default_rng([generation.population.seed, generation.number, FINAL_DRAW])
        judgement = _judged(said, generation, draw(said.ratings, **said.model(), rng=rng))
        return replace(judgement, agreement=asdict(icc(of_these)))

    def given(self, population_id: int) -> list[GivenRating]:
        """All ratings of a population in the order in which they came; one query."""
        rows = (
            Rating.objects.filter(individual__generation__population_id=population_id)
            .order_by("pk")
            .values_list(
                "listener_id", "individual__generation__number", "individual__index", "value", "heard_ms", "revised_at"
            )
        )
        numbers: dict[UUID, int] = {}
        return [
            GivenRating(
                numbers.setdefault(listener_id, len(numbers) + 1),
                generation,
                index,
                value,
                heard_ms,
                revised is not None,
            )
            for listener_id, generation, index, value, heard_ms, revised in rows
        ]


def gather(generation: Generation) -> Gathered:
    """Read the individuals, lineage and ratings of a population up to this generation; three queries."""
    rows = list(
        Individual.objects.filter(
            generation__population_id=generation.population_id, generation__number__lte=generation.number
        )
        .order_by("generation__number", "index")
        .values_list("pk", "first_id", "generation__number", "fitness", "standard_error")
    )
    born = [(pk, number) for pk, first_id, number, _, _ in rows if first_id is None]
    place = {pk: index for index, (pk, _) in enumerate(born)}
    place |= {pk: place[first_id] for pk, first_id, _, _, _ in rows if first_id is not None}
    known, error = np.full(len(born), np.nan), np.zeros(len(born))
    for pk, _, _, fitness, standard_error in rows:
        if fitness is not None:
            known[place[pk]], error[place[pk]] = fitness, standard_error or 0.0  # of an elite the newest counts
    parents = _parents(place, known)
    said = Rating.objects.filter(individual__in=place).order_by("pk")
    given = list(said.values_list("listener_id", "individual_id", "value"))
    listeners = {pk: index for index, pk in enumerate(dict.fromkeys(listener_id for listener_id, _, _ in given))}
    return Gathered(
        place=place,
        generation_of=np.array([number for _, number in born], dtype=np.int64),
        prior=parents_prior(parents, known),
        prior_variance=parents_variance(parents, error),
        ratings=Ratings(
            listener=np.array([listeners[listener_id] for listener_id, _, _ in given], dtype=np.int64),
            individual=np.array([place[individual_id] for _, individual_id, _ in given], dtype=np.int64),
            value=np.array([value for _, _, value in given], dtype=np.float64),
        ),
        listeners=tuple(listeners),
    )


def _parents(place: dict[int, int], known: NDArray[np.float64]) -> list[list[int]]:
    """Of each individual the parents whose fitness is known; one that lives on is no child of itself."""
    parents: list[list[int]] = [[] for _ in known]
    lines = Lineage.objects.filter(child__in=place, child__first=None).order_by("child_id", "order")
    for child_id, parent_id in lines.values_list("child_id", "parent_id"):
        if np.isfinite(known[place[parent_id]]):
            parents[place[child_id]].append(place[parent_id])
    return parents


def _judged(said: Gathered, generation: Generation, estimated: Estimate) -> Judgement:
    """What an estimate says of a generation: fitness, who would be a parent, and what choosing now would cost."""
    counts = np.bincount(said.ratings.individual, minlength=said.n_individuals)
    pks = list(generation.individuals.order_by("index").values_list("pk", flat=True))
    candidates = np.array([said.place[pk] for pk in pks], dtype=np.int64)
    n_parents = min(BreedingSettings.from_json(generation.population.settings).parents, len(pks))
    p_parent = probability_of_parents(estimated, candidates, n_parents)
    fitness = {
        pk: Fitness(
            mean=float(estimated.mean[index]),
            standard_error=float(estimated.standard_error[index]),
            n_ratings=int(counts[index]),
            p_parent=min(float(probability), 1.0),
        )
        for pk, index, probability in zip(pks, candidates, p_parent, strict=True)
    }
    return Judgement(fitness, expected_error=expected_selection_error(estimated, candidates, n_parents))
