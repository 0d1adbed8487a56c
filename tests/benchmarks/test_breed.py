"""The breeding benchmark in its small form."""

import random

from tests.benchmarks import breed


def test_both_sides_breed_and_the_large_population_is_measured_too() -> None:
    result = breed.run(small=True)
    assert result.ratio == result.peer / result.ours
    assert result.ratio > 3
    assert result.detail["large_individuals"] == 2_000
    assert result.detail["large_peak_bytes_each"] < 2_000


def test_the_peer_keeps_its_two_best_and_makes_children_of_everybody_else() -> None:
    population = [[one] * 16 for one in (0, 1, 0, 1)]
    following = breed.their_generation(population, [1, 5, 0, 3], random.Random(1))
    assert [genome is parent for genome, parent in zip(following, (population[1], population[3]), strict=False)] == [
        True,
        True,
    ]
    assert len(following) == 4
