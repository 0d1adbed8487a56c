"""The parse benchmark in its small form."""

import pytest

from tests.benchmarks import parse


def test_the_parse_benchmark_reads_the_same_files_on_both_sides() -> None:
    result = parse.run(small=True)
    assert result.name == "parse"
    assert result.ratio == pytest.approx(result.peer / result.ours)
    assert result.detail["files"] == 2
    assert result.detail["notes"] > 100
    assert result.peer > result.ours > 0
