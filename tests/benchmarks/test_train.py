import json
import math

import numpy as np
import pytest

from generation.network import has_gpu
from tests.benchmarks import train, train_gpu
from tests.benchmarks.__main__ import main
from tests.benchmarks.paper_network import our_config, vocabulary


def test_the_small_benchmark_times_both_loops() -> None:
    result = train.run(small=True)
    assert result.name == "train"
    assert math.isclose(result.ratio, result.ours / result.peer)
    assert result.ours > 0
    assert result.peer > 0


def test_the_vocabulary_has_the_papers_size() -> None:
    assert len(set(vocabulary(300).vocabulary)) == 300


@pytest.mark.skipif(has_gpu(), reason="this machine has an NVIDIA card, where nothing is skipped")
def test_without_a_card_the_benchmark_says_that_it_was_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train-gpu", "--small", "--json"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert "skipped: no NVIDIA card" in printed[1]
    assert json.loads(printed[-1])["skipped"] == "no NVIDIA card"


@pytest.mark.gpu
@pytest.mark.skipif(not has_gpu(), reason="needs an NVIDIA card")
def test_on_a_card_both_loops_are_timed() -> None:
    pytest.importorskip("torch", reason="needs torch to compare with")
    result = train_gpu.run(small=True)
    assert result.skipped is None
    assert math.isclose(result.ratio, result.ours / result.peer)


def test_the_peer_in_torch_learns() -> None:
    pytest.importorskip("torch", reason="needs torch to compare with")
    step = train_gpu.torch_step(5, 16, "cpu")
    rows = np.tile(np.arange(5), (4, our_config(16).window))[:, : our_config(16).window + 1].astype(np.int64)
    losses = [step(rows) for _ in range(40)]
    assert losses[-1] < losses[0]
