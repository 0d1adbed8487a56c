"""When a crowd is told apart, in docs/crowd.md: `python -m tests.measurements.crowd_parting [--seeds 40]`.

Each of 20 first phrases is rated by four listeners, then the eight that tell most by everybody, as in a room; no more.
Printed are the bound of two tastes over one, in nats, the share of crowds that part, and the share of listeners who
stand with their own taste, whether the crowd parts or not.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.crowd import LIFELIKE, Liked, Room, assign
from evolution.disagreement import most_telling
from evolution.fitness import estimate
from evolution.frame import Frame
from evolution.genome import express
from evolution.islands import bound_of, find_islands
from evolution.rating_model import Estimate, Ratings
from tests.benchmarks.crowd import starter_phrases
from tests.measurements.crowd_islands import FIRST_SEED

PHRASES, EACH, TELLING = 20, 4, 8
FRAME = Frame()
QUANTILES = (0.05, 0.5, 0.95, 1.0)


def main() -> None:
    """Print a line for each kind of crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=FIRST_SEED)
    options = parser.parse_args()
    print("| listeners | tastes | bound: 5%, median, 95%, most | parted | with their own |\n|---|---|---|---|---|")
    for listeners in (12, 24, 48):
        for correlation in (None, -0.3, 0.0, 0.35):
            seeds = range(options.first, options.first + options.seeds)
            print(
                _row(listeners, correlation, [_told_apart(listeners, correlation, seed) for seed in seeds]), flush=True
            )


def _row(listeners: int, correlation: float | None, told: Sequence[tuple[float, bool, float]]) -> str:
    bound, parted, own = (np.array(column, dtype=np.float64) for column in zip(*told, strict=True))
    shown = ", ".join(f"{value:.1f}" for value in np.quantile(bound, QUANTILES))
    stand = "-" if correlation is None else f"{own.mean():.2f}"
    tastes = "one" if correlation is None else f"two, {correlation:g}"
    return f"| {listeners} | {tastes} | {shown} | {parted.mean():.2f} | {stand} |"


def _told_apart(listeners: int, correlation: float | None, seed: int) -> tuple[float, bool, float]:
    """The bound of two tastes over one, whether the crowd parts, and who stands with their own taste, as a share."""
    n_tastes = 1 if correlation is None else 2
    settings = replace(LIFELIKE, n_listeners=listeners, n_tastes=n_tastes, taste_correlation=correlation, turnover=0.0)
    rng = np.random.default_rng([seed, listeners])
    room = Room.open(settings, FRAME, rng)
    ratings, fitted = _heard(room, rng)
    found = find_islands(ratings, fitted, most=2, rng=np.random.default_rng(seed))
    bound, membership = bound_of(2, ratings, fitted, rng=np.random.default_rng(seed))
    listens = room.crowd.clicker < 0
    agrees = (membership.argmax(axis=1) == room.crowd.taste)[listens].mean()
    return bound, found.count > 1, float(max(agrees, 1 - agrees))


def _heard(room: Room, rng: np.random.Generator) -> tuple[Ratings, Estimate]:
    """What the room says of its first phrases, and what the rating model makes of it."""
    phrases = starter_phrases()
    chosen = rng.permutation(len(phrases))[:PHRASES]
    liked = room.hear([express(phrases[index], FRAME) for index in chosen])
    who, what = assign(n_listeners=len(room.seats), n_individuals=PHRASES, ratings_each=EACH, rng=rng)
    sizes: dict[str, Any] = {"n_listeners": len(room.seats), "n_individuals": PHRASES}
    first = Ratings(who, what, _rated(room, liked, who, what))
    telling = most_telling(first, estimate(first, **sizes), np.arange(PHRASES), TELLING)
    heard = set(zip(who.tolist(), what.tolist(), strict=True))
    rest = [
        (one, phrase) for phrase in telling.tolist() for one in range(len(room.seats)) if (one, phrase) not in heard
    ]
    others, phrases_too = np.array(rest, dtype=np.int64).T
    ratings = Ratings(
        np.concatenate([who, others]),
        np.concatenate([what, phrases_too]),
        np.concatenate([first.value, _rated(room, liked, others, phrases_too)]),
    )
    return ratings, estimate(ratings, **sizes)


def _rated(room: Room, liked: Liked, who: NDArray[np.int64], what: NDArray[np.int64]) -> NDArray[np.float64]:
    """What they answer, one after the other."""
    answers = [room.rate(who[[place]], liked.take(what[[place]])) for place in range(len(who))]
    return np.concatenate(answers)


if __name__ == "__main__":
    main()
