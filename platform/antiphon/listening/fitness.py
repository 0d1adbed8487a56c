"""All ratings of a population turned into the fitness of one generation's individuals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.models import Rating
from antiphon.populations.estimates import Fitness
from antiphon.populations.models import Generation, Individual, Lineage
from evolution.fitness import Estimate, Ratings, draw, estimate, parents_prior

FINAL_DRAW = 1  # sets the random stream of closing apart from the one that breeds


@dataclass(frozen=True)
class Gathered:
    """Everything said in a population up to one generation; J individuals, I listeners.

    An elite is one individual however many generations it lives through: `place` leads from each of its rows to it.
    """

    place: dict[int, int]  # row of an individual -> its index
    generation_of: NDArray[np.int64]  # (J,) in which each was born
    prior: NDArray[np.float64]  # (J,)
    ratings: Ratings
    n_listeners: int

    @property
    def n_individuals(self) -> int:
        return len(self.generation_of)


class CrowdEstimator:
    """The estimator that populations ask: `live` quickly, `final` carefully, both with the same model."""

    def live(self, generation: Generation) -> dict[int, Fitness]:
        """Fitness by individual while the generation is open; until somebody has rated it, of its elites only."""
        said = gather(generation)
        if not len(said.ratings):
            return {}
        estimated = estimate(
            said.ratings,
            n_listeners=said.n_listeners,
            n_individuals=said.n_individuals,
            generation_of=said.generation_of,
            prior=said.prior,
        )
        fitness = _of_generation(said, generation, estimated)
        if _is_rated(said, generation):
            return fitness
        return {pk: one for pk, one in fitness.items() if one.n_ratings}

    def final(self, generation: Generation) -> dict[int, Fitness]:
        """Fitness by individual once the generation is closed; the same ratings give the same figures."""
        said = gather(generation)
        if not _is_rated(said, generation):
            return {}
        rng = np.random.default_rng([generation.population.seed, generation.number, FINAL_DRAW])
        return _of_generation(
            said,
            generation,
            draw(
                said.ratings,
                n_listeners=said.n_listeners,
                n_individuals=said.n_individuals,
                generation_of=said.generation_of,
                prior=said.prior,
                rng=rng,
            ),
        )


def gather(generation: Generation) -> Gathered:
    """Read the individuals, lineage and ratings of a population up to this generation; three queries."""
    rows = list(
        Individual.objects.filter(
            generation__population_id=generation.population_id, generation__number__lte=generation.number
        )
        .order_by("generation__number", "index")
        .values_list("pk", "first_id", "generation__number", "fitness")
    )
    born = [(pk, number) for pk, first_id, number, _ in rows if first_id is None]
    place = {pk: index for index, (pk, _) in enumerate(born)}
    place |= {pk: place[first_id] for pk, first_id, _, _ in rows if first_id is not None}
    known = np.full(len(born), np.nan)
    for pk, _, _, fitness in rows:
        if fitness is not None:
            known[place[pk]] = fitness  # of an elite the newest counts
    said = Rating.objects.filter(individual__in=place).order_by("pk")
    given = list(said.values_list("listener_id", "individual_id", "value"))
    listeners = {pk: index for index, pk in enumerate(dict.fromkeys(listener_id for listener_id, _, _ in given))}
    return Gathered(
        place=place,
        generation_of=np.array([number for _, number in born], dtype=np.int64),
        prior=parents_prior(_parents(place, known), known),
        ratings=Ratings(
            listener=np.array([listeners[listener_id] for listener_id, _, _ in given], dtype=np.int64),
            individual=np.array([place[individual_id] for _, individual_id, _ in given], dtype=np.int64),
            value=np.array([value for _, _, value in given], dtype=np.float64),
        ),
        n_listeners=len(listeners),
    )


def _parents(place: dict[int, int], known: NDArray[np.float64]) -> list[list[int]]:
    """Of each individual the parents whose fitness is known; one that lives on is no child of itself."""
    parents: list[list[int]] = [[] for _ in known]
    lines = Lineage.objects.filter(child__in=place, child__first=None).order_by("child_id", "order")
    for child_id, parent_id in lines.values_list("child_id", "parent_id"):
        if np.isfinite(known[place[parent_id]]):
            parents[place[child_id]].append(place[parent_id])
    return parents


def _is_rated(said: Gathered, generation: Generation) -> bool:
    return bool(np.any(said.generation_of[said.ratings.individual] == generation.number))


def _of_generation(said: Gathered, generation: Generation, estimated: Estimate) -> dict[int, Fitness]:
    counts = np.bincount(said.ratings.individual, minlength=said.n_individuals)
    return {
        pk: Fitness(
            mean=float(estimated.mean[index]),
            standard_error=float(estimated.standard_error[index]),
            n_ratings=int(counts[index]),
        )
        for pk, index in ((pk, said.place[pk]) for pk in generation.individuals.values_list("pk", flat=True))
    }
