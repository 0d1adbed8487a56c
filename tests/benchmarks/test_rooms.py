"""The `rooms` benchmark in small: it runs, and what it measures are committed ratings."""

from tests.benchmarks.rooms import run


def test_the_rooms_benchmark_measures_ratings_and_echoes() -> None:
    result = run(small=True)
    assert result.ours > 0
    assert result.peer > 0
    assert result.detail["refused"] == 0
    assert result.detail["ratings"] >= result.detail["listeners"]
