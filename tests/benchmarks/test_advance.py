"""The `advance` benchmark in small: everybody comes to the next generation."""

from tests.benchmarks.advance import run


def test_the_advance_benchmark_sees_everybody_move_on() -> None:
    result = run(small=True)
    assert 0 < result.detail["first_seconds"] <= result.detail["last_seconds"]
    assert 0 < result.detail["rated_first_seconds"] <= result.detail["rated_last_seconds"]
    assert result.detail["listeners"] == 11
