"""`breed`: one generation of 400 genomes of 128 bits, against the study's selection and crossover.

The peer is the procedure of the study's loop, written anew: the fitness of everybody is looked up for each pair, a list
of tickets is made of them, two are drawn, cut and mutated, bit by bit. That is quadratic in the population. Ours is
then asked for a population of 100,000, whose cost an individual is in the detail, with the memory that a step takes.
"""

import random
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evolution.classic import Bits, ClassicSettings, next_generation, random_population
from evolution.frame import Frame
from tests.benchmarks.result import Result

TARGET = 100.0
SCALE_TARGET = 1.3
FRAME = Frame(bars=8, notes_per_bar=4)  # 32 notes of four bits
SEED = 20


def run(*, small: bool) -> Result:
    """Seconds a generation, the least of several; a person's ratings, whole numbers from 0 to 5."""
    size, large, repeats = (60, 2_000, 2) if small else (400, 100_000, 7)
    settings = ClassicSettings(keep=1.0)
    population, ratings = _rated(size)
    crowd, opinions = _rated(large)
    rng = np.random.default_rng(SEED)
    listed, rated = population.tolist(), [int(rating) for rating in ratings]
    theirs = _least(min(repeats, 3), lambda: their_generation(listed, rated, random.Random(SEED)))
    ours = cost = np.inf
    for _ in range(repeats):  # by turns, so that a busy moment hits both alike
        ours = min(ours, _least(10, lambda: next_generation(population, ratings, rng, settings)))
        cost = min(cost, _least(1, lambda: next_generation(crowd, opinions, rng, settings)))
    scale = (cost / large) / (ours / size)
    return Result(
        name="breed",
        ratio=theirs / ours,
        target=TARGET,
        ours=ours,
        peer=theirs,
        unit=f"s ({size} individuals)",
        detail={
            "large_individuals": large,
            "large_seconds": cost,
            "microseconds_each": ours / size * 1e6,
            "large_microseconds_each": cost / large * 1e6,
            "large_cost_ratio": scale,
            "large_cost_ratio_target": SCALE_TARGET,
            "large_peak_bytes_each": _peak_bytes(lambda: next_generation(crowd, opinions, rng, settings)) / large,
        },
    )


def their_generation(population: list[list[int]], ratings: list[int], rng: random.Random) -> list[list[int]]:
    """The study's step: two elites, then pairs of children, each pair from tickets made of everybody's fitness."""

    def fitness(genome: list[int]) -> int:
        return next(rating for one, rating in zip(population, ratings, strict=True) if one is genome)

    ranked = sorted(population, key=fitness, reverse=True)
    following = ranked[:2]
    for _ in range(len(population) // 2 - 1):
        tickets = [genome for genome in ranked for _ in range(fitness(genome) + 1)]
        mother, father = rng.sample(tickets, 2)
        cut = rng.randint(1, len(mother) - 1)
        for child in (mother[:cut] + father[cut:], father[:cut] + mother[cut:]):
            for _ in range(2):
                place = rng.randrange(len(child))
                if rng.random() < 0.5:
                    child[place] = 1 - child[place]
            following.append(child)
    return following


def _rated(size: int) -> tuple[Bits, NDArray[np.float64]]:
    rng = np.random.default_rng([SEED, size])
    return random_population(size, FRAME, rng), rng.integers(0, 6, size=size).astype(np.float64)


def _least(repeats: int, work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def _peak_bytes(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
