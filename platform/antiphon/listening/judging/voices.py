"""Who rated a population, and what each of them counts: for its host, with the names that they gave in the room."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from antiphon.accounts.models import Listener
from antiphon.listening.judging.gathering import Gathered, gather
from antiphon.listening.judging.judged import Circle, Judged, judge
from antiphon.populations.models import Individual, Population
from evolution.algorithm import BreedingSettings
from evolution.fitness import Estimate
from evolution.influence import Influence, leave_one_out

INFLUENCE_MAX = 60  # listeners up to whom everybody is left out once; with more, one alone moves little


@dataclass(frozen=True)
class Voice:
    """One listener: how they rate, how much they said, what it counts, and what would be without it.

    `bias` is how far above the others they rate, in rating points, `consistency` how steadily: 1 / the variance of
    what they say of one phrase; where the crowd has parted, all of it is by those on their island. Of one who is
    set aside the last three tell what would be with them.
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
    island: int | None
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
    found = judge(said, newest)
    rated = int(said.born_in[said.answers.individual].max())
    influence = _influences(said, found, population, rated)
    known = Listener.objects.in_bulk(said.listeners)
    counts = np.bincount(said.answers.listener, minlength=said.n_listeners)
    return Voices(
        rated,
        [
            Voice(
                number=index + 1,
                name=known[listener_id].name,
                is_simulated=known[listener_id].is_simulated,
                n_ratings=int(counts[index]),
                bias=float(found.bias[index]),
                consistency=float(found.consistency[index]),
                weight=float(found.weight[index]),
                listening=float(found.listening[index]),
                flag=found.flagged[index].kind if index in found.flagged else None,
                reason=found.flagged[index].reason if index in found.flagged else "",
                island=found.island[index],
                is_set_aside=bool(said.is_aside[index]),
                **_told_of(influence.get(index)),
            )
            for index, listener_id in enumerate(said.listeners)
        ],
    )


def _influences(said: Gathered, judged: Judged, population: Population, rated: int) -> dict[int, Influence]:
    """Of each listener what changes in the newest generation that was rated, without them or, set aside, with them."""
    if said.n_listeners > INFLUENCE_MAX:
        return {}
    lives = Individual.objects.filter(generation__population=population, generation__number=rated)
    rows = list(lives.values_list("pk", "island"))
    settings = BreedingSettings.from_json(population.settings)
    found: dict[int, Influence] = {}
    for circle, fitted in zip(judged.circles, judged.fitted, strict=True):
        candidates = np.array(sorted(said.place[pk] for pk, home in rows if circle.is_home(home)), dtype=np.int64)
        n_parents = min(circle.settings(settings).parents, len(candidates))
        found |= _within(said, circle, fitted, candidates, n_parents)
    return found


def _within(
    said: Gathered, circle: Circle, fitted: Estimate, candidates: NDArray[np.int64], n_parents: int
) -> dict[int, Influence]:
    """Of each member of a circle what changes among these phrases, by what the circle's listeners said."""

    def of(counted: Gathered) -> list[Influence]:
        model = counted.model() | {"count": n_parents, "candidates": candidates}
        return leave_one_out(counted.ratings, **model, start=fitted)

    here = circle.heard(said)
    found = of(here)
    for listener in np.flatnonzero(said.is_aside & circle.members).tolist():
        found += [one for one in of(here.counting(listener, is_counted=True)) if one.listener == listener]
    return {one.listener: replace(one, change=one.change[candidates]) for one in found if circle.members[one.listener]}


def _told_of(influence: Influence | None) -> dict[str, Any]:
    if influence is None:
        return {"largest_change": None, "rank_correlation": None, "parents_changed": None}
    return {
        "largest_change": influence.largest_change,
        "rank_correlation": influence.rank_correlation,
        "parents_changed": len(influence.parents_lost),
    }
