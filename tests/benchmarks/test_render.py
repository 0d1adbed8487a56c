"""The render benchmark in its small form."""

import pytest

from tests.benchmarks import render
from tests.generation.score.sound import needs_fluidsynth


@needs_fluidsynth
def test_the_render_benchmark_renders_the_same_phrase_on_both_sides() -> None:
    result = render.run(small=True)
    assert result.name == "render"
    assert result.ratio == pytest.approx(result.ours / result.peer)
    assert result.detail["phrase_s"] > 5
    assert result.detail["cold_s"] > 0
    assert min(result.ours, result.peer) > 0


def test_without_its_peer_the_benchmark_says_that_it_was_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = render.run(small=True)
    assert result.skipped is not None
    assert "fluidsynth" in result.skipped
    assert not result.met
