"""What is made of each listener: by those of their own taste, where the crowd has parted.

A crowd of one taste is judged as a whole. Of one that has parted the model of everybody would take the smaller part for
people who click at random, since what they say does not follow the others'; they are judged on their island.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.judging.gathering import Floats, Gathered
from antiphon.listening.judging.islands import islands_now
from antiphon.populations.models import Generation
from evolution.algorithm import BreedingSettings
from evolution.clickers import Flag, flags, weights
from evolution.fitness import Estimate, Ratings


@dataclass(frozen=True)
class Circle:
    """Listeners who are judged together, one of so `many` circles: on an island, or all of a crowd that is one."""

    island: int | None  # None where the crowd is one
    many: int
    members: NDArray[np.bool_]  # (I,) who is told of by it; each listener is in one circle
    counts: NDArray[np.bool_]  # (I,) whose answers it goes by: members, and those of whom nobody knows yet

    def heard(self, said: Gathered) -> Gathered:
        """What was said, with nobody counting whom this circle does not go by."""
        return replace(said, is_aside=said.is_aside | ~self.counts)

    def is_home(self, island: int | None) -> bool:
        """Whether this circle may breed phrases that live on an island; None are those that live on all."""
        return self.island is None or island in (None, self.island)

    def settings(self, whole: BreedingSettings) -> BreedingSettings:
        """What it breeds by, of a population's settings."""
        return whole if self.island is None else whole.on_island(self.island, self.many)


@dataclass(frozen=True)
class Judged:
    """Of I listeners, (I,) each, as in an Estimate; `weight` is 1 for the typical listener of the same circle.

    `fitted` is what each circle makes of everything.
    """

    circles: tuple[Circle, ...]
    fitted: tuple[Estimate, ...]
    island: tuple[int | None, ...]
    bias: Floats
    consistency: Floats
    listening: Floats
    weight: Floats
    flagged: dict[int, Flag]


def judge(said: Gathered, generation: Generation) -> Judged:
    """What is made of everybody who has said something, those set aside too: they are judged by what they said."""
    everybody = replace(said, is_aside=np.zeros_like(said.is_aside))
    circles = circles_of(everybody, generation)
    fitted = tuple(circle.heard(everybody).estimate() for circle in circles)
    island: list[int | None] = [None] * said.n_listeners
    bias, consistency, listening, weight = (np.zeros(said.n_listeners) for _ in range(4))
    flagged: dict[int, Flag] = {}
    for circle, estimated in zip(circles, fitted, strict=True):
        here = np.flatnonzero(circle.members)
        own = _of_members(estimated, here)
        bias[here], consistency[here] = own.bias, own.consistency
        listening[here], weight[here] = own.listening, weights(own)
        for listener in here.tolist():
            island[listener] = circle.island
        for flag in flags(_said_by(said.answers, circle.members), own):
            listener = int(here[flag.listener])
            flagged[listener] = replace(flag, listener=listener)
    return Judged(circles, fitted, tuple(island), bias, consistency, listening, weight, flagged)


def circles_of(said: Gathered, generation: Generation) -> tuple[Circle, ...]:
    """The circles of now, by island; one query where the crowd may part."""
    islands = islands_now(said, generation)
    if islands is None:
        whole = np.ones(said.n_listeners, dtype=np.bool_)
        return (Circle(None, 1, whole, whole),)
    count, home = islands.count, islands.of
    return tuple(Circle(one, count, home == one, islands.heard_on(one)) for one in range(count))


def _of_members(fitted: Estimate, members: NDArray[np.int64]) -> Estimate:
    """The estimate with some listeners alone, in their order."""
    return replace(
        fitted,
        bias=fitted.bias[members],
        scale=fitted.scale[members],
        scale_error=fitted.scale_error[members],
        consistency=fitted.consistency[members],
        listening=fitted.listening[members],
    )


def _said_by(answers: Ratings, members: NDArray[np.bool_]) -> Ratings:
    """The ratings of some listeners, who are counted anew."""
    theirs = members[answers.listener]
    place = np.cumsum(members) - 1
    return Ratings(place[answers.listener[theirs]], answers.individual[theirs], answers.value[theirs])
