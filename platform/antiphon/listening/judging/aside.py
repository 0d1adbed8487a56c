"""Setting a listener aside, which can be undone, and what a population would be with and without what they said."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import transaction
from numpy.typing import NDArray
from scipy.stats import spearmanr

from antiphon.core.errors import NotFound
from antiphon.listening.judging import certainty
from antiphon.listening.judging.gathering import Gathered, gather
from antiphon.listening.judging.judged import circles_of
from antiphon.listening.models import SetAside
from antiphon.listening.services import close_if_complete, tell_progress
from antiphon.populations.models import Generation, Individual, Population
from evolution.algorithm import BreedingSettings
from evolution.fitness import Estimate


@dataclass(frozen=True)
class Change:
    """What one listener's answers change in one generation, by all that has been said until now on their island.

    `largest` is how far any phrase's fitness moves, on the rating scale; `rank_correlation` is Spearman's, of the
    fitness with and without them. `only_with` and `only_without` would be parents in one case and not in the
    other: individuals of that generation.
    """

    generation: int
    largest: float
    rank_correlation: float
    only_with: list[Individual]
    only_without: list[Individual]


@dataclass(frozen=True)
class Effect:
    """A listener of a population, whether their answers count, and what they change, generation by generation."""

    number: int
    is_set_aside: bool
    n_ratings: int
    changes: list[Change]


def set_aside(*, population: Population, number: int, is_set_aside: bool) -> None:
    """Let a listener's answers not count from now on, or count again; nothing is deleted. Raises NotFound.

    The open generation is told its progress anew, and closes where that completes it. Generations that have closed keep
    what they were bred from; the next one is bred by what counts then.
    """
    newest = _newest(population)
    listener_id = _expect_listener(gather(newest), number)
    with transaction.atomic():
        if is_set_aside:
            SetAside.objects.get_or_create(population=population, listener_id=listener_id)
        else:
            SetAside.objects.filter(population=population, listener_id=listener_id).delete()
    certainty.forget(newest.pk)
    if not newest.is_closed and not close_if_complete(generation_id=newest.pk):
        tell_progress(population)


def effect_of(*, population: Population, number: int) -> Effect:
    """What a listener's answers change in each generation that was rated; eight queries. Raises NotFound.

    Where the crowd has parted by now that is what those of their island make of all generations: which of the phrases
    that live there, or everywhere, it would breed. Nine queries where it may part.
    """
    newest = _newest(population)
    said = gather(newest)
    _expect_listener(said, number)
    listener = number - 1
    (circle,) = (one for one in circles_of(said, newest) if one.members[listener])
    here = circle.heard(said)
    with_them, without = (here.counting(listener, is_counted=is_counted).estimate() for is_counted in (True, False))
    rated = set(said.born_in[said.answers.individual].tolist())
    n_parents = circle.settings(BreedingSettings.from_json(population.settings)).parents
    changes = []
    for generation in population.generations.filter(number__in=rated).prefetch_related("individuals__generation"):
        individuals = [one for one in generation.individuals.all() if circle.is_home(one.island)]
        if individuals:
            changes.append(_change(generation.number, individuals, said, with_them, without, n_parents))
    return Effect(
        number=number,
        is_set_aside=bool(said.is_aside[listener]),
        n_ratings=int(np.sum(said.answers.listener == listener)),
        changes=changes,
    )


def rank_correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Spearman's; 1 where neither side varies, 0 where one does not."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float(np.ptp(first) == np.ptp(second))
    return float(spearmanr(first, second).statistic)


def _change(
    number: int, individuals: list[Individual], said: Gathered, with_them: Estimate, without: Estimate, n_parents: int
) -> Change:
    places = np.array([said.place[one.pk] for one in individuals], dtype=np.int64)
    first, second = with_them.mean[places], without.mean[places]
    chosen, otherwise = (set(np.argsort(-mean, kind="stable")[:n_parents].tolist()) for mean in (first, second))
    return Change(
        generation=number,
        largest=float(np.max(np.abs(first - second))),
        rank_correlation=rank_correlation(first, second),
        only_with=[individuals[place] for place in sorted(chosen - otherwise)],
        only_without=[individuals[place] for place in sorted(otherwise - chosen)],
    )


def _newest(population: Population) -> Generation:
    newest = population.generations.select_related("population").order_by("-number").first()
    if newest is None:
        raise NotFound("Nobody has rated this population: it has no generation yet.")
    return newest


def _expect_listener(said: Gathered, number: int) -> UUID:
    if not 1 <= number <= said.n_listeners:
        raise NotFound(f"There is no listener {number}: {said.n_listeners} have rated this population.")
    return said.listeners[number - 1]
