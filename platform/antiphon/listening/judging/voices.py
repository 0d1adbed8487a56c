"""Who rated a population, and what each of them counts: for its host, with the names that they gave in the room."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from antiphon.accounts.models import Listener
from antiphon.listening.judging.gathering import Gathered, gather
from antiphon.populations.models import Individual, Population
from evolution.algorithm import BreedingSettings
from evolution.clickers import flags, weights
from evolution.fitness import Estimate
from evolution.influence import Influence, leave_one_out

INFLUENCE_MAX = 60  # listeners up to whom everybody is left out once; with more, one alone moves little


@dataclass(frozen=True)
class Voice:
    """One listener: how they rate, how much they said, what it counts, and what would be without it.

    `bias` is how far above the others they rate, in rating points, `consistency` how steadily: 1 / the variance of what
    they say of one phrase. Of one who is set aside the last three tell what would be with them.
    """

    number: int
    name: str
    is_simulated: bool
    n_ratings: int
    bias: float
    consistency: float
    weight: float
    listening: float
    flag: str | None
    reason: str
    is_set_aside: bool
    largest_change: float | None
    rank_correlation: float | None
    parents_changed: int | None


@dataclass(frozen=True)
class Voices:
    """All listeners of a population, and the generation that their influence is told of."""

    generation: int | None
    listeners: list[Voice]


def voices_of(population: Population) -> Voices:
    """The listeners of a population by their first rating; eight queries."""
    newest = population.generations.select_related("population").order_by("-number").first()
    if newest is None:
        return Voices(None, [])
    said = gather(newest)
    if not len(said.answers):
        return Voices(None, [])
    everybody = replace(said, is_aside=np.zeros_like(said.is_aside))  # who is set aside is judged by what they said
    estimated = everybody.estimate()
    rated = int(said.born_in[said.answers.individual].max())
    influence = _influences(said, estimated, population, rated)
    known = Listener.objects.in_bulk(said.listeners)
    flagged = {one.listener: one for one in flags(said.answers, estimated)}
    counts = np.bincount(said.answers.listener, minlength=said.n_listeners)
    weight = weights(estimated)
    return Voices(
        rated,
        [
            Voice(
                number=index + 1,
                name=known[listener_id].name,
                is_simulated=known[listener_id].is_simulated,
                n_ratings=int(counts[index]),
                bias=float(estimated.bias[index]),
                consistency=float(estimated.consistency[index]),
                weight=float(weight[index]),
                listening=float(estimated.listening[index]),
                flag=flagged[index].kind if index in flagged else None,
                reason=flagged[index].reason if index in flagged else "",
                is_set_aside=bool(said.is_aside[index]),
                **_told_of(influence.get(index)),
            )
            for index, listener_id in enumerate(said.listeners)
        ],
    )


def _influences(said: Gathered, start: Estimate, population: Population, rated: int) -> dict[int, Influence]:
    """Of each listener what changes in the newest generation that was rated, without them or, set aside, with them."""
    if said.n_listeners > INFLUENCE_MAX:
        return {}
    rows = Individual.objects.filter(generation__population=population, generation__number=rated)
    candidates = np.array(sorted(said.place[pk] for pk in rows.values_list("pk", flat=True)), dtype=np.int64)
    n_parents = min(BreedingSettings.from_json(population.settings).parents, len(candidates))

    def of(counted: Gathered) -> list[Influence]:
        model = counted.model() | {"count": n_parents, "candidates": candidates}
        return leave_one_out(counted.ratings, **model, start=start)

    found = of(said)
    for listener in np.flatnonzero(said.is_aside).tolist():
        found += [one for one in of(said.counting(listener, is_counted=True)) if one.listener == listener]
    return {one.listener: replace(one, change=one.change[candidates]) for one in found}


def _told_of(influence: Influence | None) -> dict[str, Any]:
    if influence is None:
        return {"largest_change": None, "rank_correlation": None, "parents_changed": None}
    return {
        "largest_change": influence.largest_change,
        "rank_correlation": influence.rank_correlation,
        "parents_changed": len(influence.parents_lost),
    }
