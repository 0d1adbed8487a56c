"""The fitness of one generation's individuals, estimated from all answers of its population."""

from dataclasses import asdict, replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.judging.gathering import Gathered, gather, taken
from antiphon.listening.judging.giving import given_answers
from antiphon.listening.judging.islands import Parted, keep_chances, parted_anew, parted_now, selection_error
from antiphon.populations.estimates import Fitness, Given, Judgement
from antiphon.populations.models import Generation
from evolution.agreement import icc
from evolution.algorithm import BreedingSettings
from evolution.fitness import Estimate, draw
from evolution.parents import expected_selection_error, probability_of_parents

WORTH_TELLING = 0.1  # rating points by which the fitness of one who is gone has to have moved
# A room waits for the draws, whose cost is that of a rating in each: from 2,000 ratings on there are fewer of them.
MOST_DRAWS, FEWEST_DRAWS, DRAWN_RATINGS = 400, 100, 800_000
FINAL_DRAW = 1  # sets the random stream of closing apart from the one that breeds


class CrowdEstimator:
    """The estimator that populations ask: `live` quickly, `final` carefully, both with the same model."""

    def live(self, generation: Generation) -> Judgement:
        """What is known while the generation is open; until somebody has rated it, of its elites only."""
        said = gather(generation)
        if not len(said.ratings):
            return Judgement()
        judgement = _judged(said, generation, said.estimate(), parted_now(said, generation))
        if len(said.ratings_of(generation.number)):
            return judgement
        return Judgement({pk: one for pk, one in judgement.fitness.items() if one.n_ratings})

    def final(self, generation: Generation) -> Judgement:
        """What is known once the generation is closed; the same ratings give the same figures."""
        said = gather(generation)
        of_these = said.ratings_of(generation.number)
        if not len(of_these):
            return Judgement()
        rng = np.random.default_rng([generation.population.seed, generation.number, FINAL_DRAW])
        fitted = said.estimate()
        drawn = draw(said.ratings, **said.model(), rng=rng, start=fitted, draws=draws_for(len(said.ratings)))
        parted = parted_anew(said, fitted, generation)
        return replace(
            _judged(said, generation, drawn, parted),
            agreement=asdict(icc(of_these)),
            again=_changed(said, drawn, generation),
            islands=_on_islands(said, parted),
            chances=_chances(said, parted),
        )

    def settle(self, generation: Generation, judgement: Judgement) -> None:
        """Keep of which island each listener probably is."""
        if judgement.chances:
            keep_chances(generation, judgement.chances)

    def given(self, population_id: int) -> Given:
        """Everything said of a population in the order in which it came."""
        return given_answers(population_id)


def draws_for(n_ratings: int) -> int:
    """How many draws a closed generation is judged by; what fewer of them cost is in docs/decisions/0032."""
    return min(max(DRAWN_RATINGS // max(n_ratings, 1), FEWEST_DRAWS), MOST_DRAWS)


def _judged(said: Gathered, generation: Generation, estimated: Estimate, parted: Parted | None) -> Judgement:
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
    if parted is not None and len(parted.fitted) > 1:
        return Judgement(fitness, expected_error=selection_error(parted, generation, said))
    return Judgement(fitness, expected_error=expected_selection_error(estimated, candidates, n_parents))


def _changed(said: Gathered, drawn: Estimate, generation: Generation) -> dict[int, Fitness]:
    """Of those who lived before and are gone, whoever is now thought to be otherwise than when they were last judged.

    Breeding learns from the dead too: the taste from all that was heard, operators from what their children gained.
    """
    counts = np.bincount(said.ratings.individual, minlength=said.n_individuals)
    living = {said.place[pk] for pk in generation.individuals.values_list("pk", flat=True)}
    moved = np.abs(drawn.mean - said.fitness) >= WORTH_TELLING
    return {
        said.first[place]: _fitness(drawn, counts, place)
        for place in np.flatnonzero(moved & (counts > 0)).tolist()
        if place not in living
    }


def _on_islands(said: Gathered, parted: Parted | None) -> tuple[dict[int, Fitness], ...]:
    """What each island makes of everybody whom its listeners have heard."""
    if parted is None:
        return ()
    found = []
    for island, fitted in enumerate(parted.fitted):
        theirs = taken(said.ratings, parted.islands.heard_on(island)[said.ratings.listener])
        counts = np.bincount(theirs.individual, minlength=said.n_individuals)
        found.append({said.first[place]: _fitness(fitted, counts, place) for place in np.flatnonzero(counts).tolist()})
    return tuple(found)


def _fitness(estimated: Estimate, counts: NDArray[np.int64], place: int) -> Fitness:
    return Fitness(float(estimated.mean[place]), float(estimated.standard_error[place]), int(counts[place]))


def _chances(said: Gathered, parted: Parted | None) -> dict[UUID, list[float]]:
    if parted is None:
        return {}
    return dict(zip(said.listeners, parted.islands.membership.tolist(), strict=True))
