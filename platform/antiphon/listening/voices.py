"""Who rated a population, and what each of them counts: for its host, with the names that they gave in the room."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from antiphon.accounts.models import Listener
from antiphon.listening.gathering import Gathered, gather
from antiphon.populations.models import Generation, Population
from evolution.algorithm import BreedingSettings
from evolution.clickers import flags, weights
from evolution.fitness import Estimate
from evolution.influence import Influence, leave_one_out

INFLUENCE_MAX = 60  # listeners up to whom everybody is left out once; with more, one alone moves little


@dataclass(frozen=True)
class Voice:
    """One listener: how much they said, what it counts, and what would be without it."""

    number: int
    name: str
    n_ratings: int
    weight: float
    listening: float
    flag: str | None
    reason: str
    largest_change: float | None
    rank_correlation: float | None
    parents_changed: int | None


@dataclass(frozen=True)
class Voices:
    """All listeners of a population, and the generation that their influence is told of."""

    generation: int | None
    listeners: list[Voice]


def voices_of(population: Population) -> Voices:
    """The listeners of a population by their first rating; seven queries."""
    newest = population.generations.select_related("population").order_by("-number").first()
    if newest is None:
        return Voices(None, [])
    said = gather(newest)
    if not len(said.ratings):
        return Voices(None, [])
    estimated = said.estimate()
    rated = int(said.born_in[said.ratings.individual].max())
    influence = _influence(said, estimated, newest, rated)
    names = dict(Listener.objects.filter(pk__in=said.listeners).values_list("pk", "name"))
    counts = np.bincount(said.ratings.listener, minlength=said.n_listeners)
    flagged = {one.listener: one for one in flags(said.ratings, estimated)}
    weight = weights(estimated)
    listeners = []
    for index, listener_id in enumerate(said.listeners):
        flag = flagged.get(index)
        listeners.append(
            Voice(
                number=index + 1,
                name=names[listener_id],
                n_ratings=int(counts[index]),
                weight=float(weight[index]),
                listening=float(estimated.listening[index]),
                flag=None if flag is None else flag.kind,
                reason="" if flag is None else flag.reason,
                **_told_of(influence.get(index)),
            )
        )
    return Voices(rated, listeners)


def _influence(said: Gathered, estimated: Estimate, generation: Generation, rated: int) -> dict[int, Influence]:
    """Of each listener what changes in the newest generation that was rated."""
    if said.n_listeners > INFLUENCE_MAX:
        return {}
    candidates = np.flatnonzero(said.born_in == rated)
    n_parents = min(BreedingSettings.from_json(generation.population.settings).parents, len(candidates))
    found = leave_one_out(said.ratings, **said.model(), count=n_parents, candidates=candidates, start=estimated)
    return {one.listener: replace(one, change=one.change[candidates]) for one in found}


def _told_of(influence: Influence | None) -> dict[str, Any]:
    if influence is None:
        return {"largest_change": None, "rank_correlation": None, "parents_changed": None}
    return {
        "largest_change": influence.largest_change,
        "rank_correlation": influence.rank_correlation,
        "parents_changed": len(influence.parents_lost),
    }
