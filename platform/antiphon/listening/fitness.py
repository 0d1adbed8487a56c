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
    """Everything said in a population up to one generation; J individuals, I listeners."""

    individual_ids: list[int]
    generation_of: NDArray[np.int64]  # (J,)
    prior: NDArray[np.float64]  # (J,)
    ratings: Ratings
    n_listeners: int


class CrowdEstimator:
    """The estimator that populations ask: `live` quickly, `final` carefully, both with the same model."""

    def live(self, generation: Generation) -> dict[int, Fitness]:
        """Fitness by individual while the generation is open; empty where nobody has rated it."""
        said = gather(generation)
        if not _is_rated(said, generation):
            return {}
        return _of_generation(
            said,
            generation,
            estimate(
                said.ratings,
                n_listeners=said.n_listeners,
                n_individuals=len(said.individual_ids),
                generation_of=said.generation_of,
                prior=said.prior,
            ),
        )

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
                n_individuals=len(said.individual_ids),
                generation_of=said.generation_of,
                prior=said.prior,
                rng=rng,
            ),
        )


def gather(generation: Generation) -> Gathered:
    """Read the individuals, lineage and ratings of a population up to this generation; three queries."""
    individuals = list(
        Individual.objects.filter(
            generation__population_id=generation.population_id, generation__number__lte=generation.number
        )
        .order_by("generation__number", "index")
        .values_list("pk", "generation__number", "fitness")
    )
    place = {pk: index for index, (pk, _, _) in enumerate(individuals)}
    parents: list[list[int]] = [[] for _ in individuals]
    lines = Lineage.objects.filter(child__in=place).order_by("child_id", "order")
    known = np.array([np.nan if fitness is None else fitness for _, _, fitness in individuals], dtype=np.float64)
    for child_id, parent_id in lines.values_list("child_id", "parent_id"):
        if np.isfinite(known[place[parent_id]]):
            parents[place[child_id]].append(place[parent_id])
    rows = list(
        Rating.objects.filter(individual__in=place).order_by("pk").values_list("listener_id", "individual_id", "value")
    )
    listeners = {pk: index for index, pk in enumerate(dict.fromkeys(row[0] for row in rows))}
    return Gathered(
        individual_ids=list(place),
        generation_of=np.array([number for _, number, _ in individuals], dtype=np.int64),
        prior=parents_prior(parents, known),
        ratings=Ratings(
            listener=np.array([listeners[row[0]] for row in rows], dtype=np.int64),
            individual=np.array([place[row[1]] for row in rows], dtype=np.int64),
            value=np.array([row[2] for row in rows], dtype=np.float64),
        ),
        n_listeners=len(listeners),
    )


def _is_rated(said: Gathered, generation: Generation) -> bool:
    return bool(np.any(said.generation_of[said.ratings.individual] == generation.number))


def _of_generation(said: Gathered, generation: Generation, estimated: Estimate) -> dict[int, Fitness]:
    counts = np.bincount(said.ratings.individual, minlength=len(said.individual_ids))
    return {
        said.individual_ids[index]: Fitness(
            mean=float(estimated.mean[index]),
            standard_error=float(estimated.standard_error[index]),
            n_ratings=int(counts[index]),
        )
        for index in np.flatnonzero(said.generation_of == generation.number)
    }
