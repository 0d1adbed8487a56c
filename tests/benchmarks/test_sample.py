import math

import numpy as np
import pytest

from tests.benchmarks import sample, sample_many
from tests.benchmarks.paper_network import papers_generation, papers_network


@pytest.mark.parametrize(("benchmark", "name", "count"), [(sample, "sample", 1), (sample_many, "sample-many", 3)])
def test_the_small_benchmark_times_both_loops(benchmark: object, name: str, count: int) -> None:
    result = benchmark.run(small=True)  # type: ignore[attr-defined]
    assert (result.name, result.detail["count"]) == (name, count)
    assert math.isclose(result.ratio, result.ours / result.peer)
    assert result.peer > 0


def test_the_papers_loop_takes_the_likeliest_token() -> None:
    model = papers_network(5, 4)
    weights = model.get_weights()
    weights[-1][3] = 100.0
    model.set_weights(weights)
    assert papers_generation(model, 5, 3, np.random.default_rng(0)) == [3, 3, 3]
