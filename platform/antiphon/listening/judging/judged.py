"""What is made of each listener: by those of their own taste, where the crowd has parted.

A crowd of one taste is judged as a whole. Of one that has parted the model of everybody would take the smaller part for
people who click at random, since what they say does not follow the others'; they are judged on their island.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.judging.gathering import Floats, Gathered
from antiphon.listening.judging.islands import parted_now
from antiphon.populations.models import Generation
from evolution.clickers import Flag, flags, weights
from evolution.fitness import Estimate, Ratings


@dataclass(frozen=True)
class Circle:
    """Listeners who are judged together: whose voices `counts` (I,) says, and what they make of everything."""

    island: int | None  # None where the crowd is one
    members: NDArray[np.bool_]  # (I,) who is told of by it; each listener is in one circle
    counts: NDArray[np.bool_]  # (I,) whose answers it goes by: members, and those of whom nobody knows yet
    fitted: Estimate


@dataclass(frozen=True)
class Judged:
    """Of I listeners, (I,) each, as in an Estimate; `weight` is 1 for the typical listener of the same circle."""

    circles: tuple[Circle, ...]
    island: tuple[int | None, ...]
    bias: Floats
    consistency: Floats
    listening: Floats
    weight: Floats
    flagged: dict[int, Flag]


def judge(said: Gathered, generation: Generation) -> Judged:
    """What is made of everybody who has said something, those set aside too: they are judged by what they said."""
    everybody = replace(said, is_aside=np.zeros_like(said.is_aside))
    circles = _circles(everybody, generation)
    island: list[int | None] = [None] * said.n_listeners
    bias, consistency, listening, weight = (np.zeros(said.n_listeners) for _ in range(4))
    flagged: dict[int, Flag] = {}
    for circle in circles:
        here = np.flatnonzero(circle.members)
        own = _of_members(circle.fitted, here)
        bias[here], consistency[here] = own.bias, own.consistency
        listening[here], weight[here] = own.listening, weights(own)
        for listener in here.tolist():
            island[listener] = circle.island
        for flag in flags(_said_by(said.answers, circle.members), own):
            listener = int(here[flag.listener])
            flagged[listener] = replace(flag, listener=listener)
    return Judged(circles, tuple(island), bias, consistency, listening, weight, flagged)


def _circles(everybody: Gathered, generation: Generation) -> tuple[Circle, ...]:
    parted = parted_now(everybody, generation)
    if parted is None:
        whole = np.ones(everybody.n_listeners, dtype=np.bool_)
        return (Circle(None, whole, whole, everybody.estimate()),)
    home, heard_on = parted.islands.of, parted.islands.heard_on
    return tuple(Circle(island, home == island, heard_on(island), one) for island, one in enumerate(parted.fitted))


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
