import math

from tests.benchmarks import train
from tests.benchmarks.paper_network import vocabulary


def test_the_small_benchmark_times_both_loops() -> None:
    result = train.run(small=True)
    assert result.name == "train"
    assert math.isclose(result.ratio, result.ours / result.peer)
    assert result.ours > 0
    assert result.peer > 0


def test_the_vocabulary_has_the_papers_size() -> None:
    assert len(set(vocabulary(300).vocabulary)) == 300
