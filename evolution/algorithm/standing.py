"""Whom the crowd's fitness puts where: who may breed, who lives on, who makes way, and what the operators gained."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evolution.algorithm.settings import PROBABILITY, BreedingSettings
from evolution.algorithm.state import Individual, State
from evolution.operators.selection import Standing, best, standing
from evolution.operators.weights import Gain


@dataclass(frozen=True)
class Ranking:
    """Individuals that the crowd has judged, fittest first, and their standing in the same order."""

    individuals: tuple[Individual, ...]
    standing: Standing


def ranking_of(state: State, rng: np.random.Generator) -> Ranking | None:
    """The living with a fitness, by mean less the settings' caution, ties at random; None where none has one.

    Their probability to be parents is counted by the fitness model, or taken from mean and standard error.
    """
    ids = [id_ for id_ in state.living if id_ in state.fitness]
    if not ids:
        return None
    fitness = [state.fitness[id_] for id_ in ids]
    mean = np.array([one.mean for one in fitness], dtype=np.float64)
    error = np.array([one.standard_error for one in fitness], dtype=np.float64)
    told = [one.p_parent for one in fitness if one.p_parent is not None]
    p_parent = np.array(told, dtype=np.float64) if len(told) == len(ids) else None
    order = best(mean - state.settings.caution * error, len(ids), rng)
    whole = standing(mean, error, state.settings.parents, p_parent)
    return Ranking(tuple(state.individuals[ids[index]] for index in order), whole.take(order))


def breeders_of(ranking: Ranking, settings: BreedingSettings) -> Ranking:
    """Those that pairs are drawn from: the settings' parents, or everybody where probability decides."""
    if settings.selection == PROBABILITY:
        return ranking
    kept = ranking.individuals[: settings.parents]
    return Ranking(kept, ranking.standing.take(np.arange(len(kept))))


def gains_of(state: State) -> list[Gain]:
    """What the operators brought at each birth that can be judged: the child's fitness less its parents' mean."""
    found: list[Gain] = []
    for child_id, fitness in state.fitness.items():
        child = state.individuals[child_id]
        parents = [state.fitness[id_] for id_ in child.parents if id_ in state.fitness]
        if not parents or len(parents) < len(child.parents):
            continue
        gain = fitness.mean - float(np.mean([one.mean for one in parents]))
        variance = fitness.standard_error**2 + sum(one.standard_error**2 for one in parents) / len(parents) ** 2
        found.append(Gain(child.operator, gain, variance))
    return found


def parents_mean(state: State, parents: Sequence[int]) -> float:
    """The mean fitness of those parents that have one, NaN where none has."""
    known = [state.fitness[id_].mean for id_ in parents if id_ in state.fitness]
    return float(np.mean(known)) if known else float("nan")
