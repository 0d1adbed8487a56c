"""The crowd benchmark in its small form."""

import pytest

from tests.benchmarks import crowd


def test_a_few_ratings_of_ours_reach_what_the_study_needs_many_for() -> None:
    result = crowd.run(small=True)
    assert result.name == "crowd"
    assert result.target == 3.0
    assert result.ratio == pytest.approx(result.peer / result.ours)
    assert result.ratio > 1
    assert result.detail["ratio_low"] <= result.detail["ratio_high"]
