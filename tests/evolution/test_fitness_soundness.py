"""How well the fitness finds a simulated crowd's true taste: 48 phrases, 12 listeners, two of them clickers."""

import json
from pathlib import Path

import numpy as np
import pytest

from evolution.fitness import Ratings, draw, estimate
from tests.measurements.fitness_tables import coverage_table, main, markdown, spearman_table
from tests.measurements.fitness_worlds import (
    METHODS,
    N_PHRASES,
    SIZES,
    Asking,
    evenly,
    plain_mean,
    share_of_best,
    spearman,
    this_model,
    world,
)

SEEDS = range(5000, 5200)


def correlations(each: int, seeds: range) -> tuple[float, float]:
    """Mean rank correlation with the true appeal: ours, and the plain mean's."""
    ours, plain = [], []
    for seed in seeds:
        of = world(seed)
        ratings = evenly(of, each)
        ours.append(spearman(this_model(ratings), of.appeal))
        plain.append(spearman(plain_mean(ratings), of.appeal))
    return float(np.mean(ours)), float(np.mean(plain))


def test_four_ratings_each_find_the_true_order_in_spite_of_clickers() -> None:
    ours, plain = correlations(4, SEEDS)
    assert ours >= 0.76
    assert plain == pytest.approx(0.677, abs=0.02)  # the crowd is as hard as the one the target was set with
    assert ours > plain + 0.06


@pytest.mark.parametrize(("each", "target"), [(2, 0.59), (8, 0.86), (12, 0.90)])
def test_fewer_and_more_ratings_do_as_well_as_the_model_can(each: int, target: float) -> None:
    ours, plain = correlations(each, SEEDS[:80])
    assert ours >= target
    assert ours > plain + 0.03


def test_95_percent_intervals_hold_the_truth_in_90_to_97_percent_live_and_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.measurements.fitness_tables.EACH", (4,))
    measured = [coverage_table(seed) for seed in range(5000, 5012)]
    for row in ("level, live", "differences, live", "level, drawn", "differences, drawn"):
        share = float(np.mean([cells[row]["4"] for cells in measured]))
        assert 0.90 <= share <= 0.97, row


def test_half_the_ratings_choose_parents_as_good_as_coverage_and_mean_do() -> None:
    at_four, at_eight, by_mean_at_four = [], [], []
    for seed in range(5000, 5020):
        even, informed = (Asking(world(seed), informative=informative) for informative in (False, True))
        lots = np.random.default_rng(seed)
        informed.ask(4 * N_PHRASES)
        at_four.append(share_of_best(this_model(informed.ratings), informed.world.appeal, lots))
        even.ask(4 * N_PHRASES)
        by_mean_at_four.append(share_of_best(plain_mean(even.ratings), even.world.appeal, lots))
        even.ask(8 * N_PHRASES)
        at_eight.append(share_of_best(plain_mean(even.ratings), even.world.appeal, lots))
    assert np.mean(at_four) > np.mean(by_mean_at_four) + 0.08
    assert np.mean(at_four) > np.mean(at_eight) - 0.04  # seeds spread by 0.015


def test_the_level_is_unsure_when_listeners_are_few_and_differences_are_not() -> None:
    of = world(5000)
    drawn = draw(evenly(of, 12), **SIZES, rng=np.random.default_rng(0))
    assert (drawn.standard_error > drawn.appeal_error).all()
    assert drawn.draws is not None
    assert drawn.draws.mean(axis=0) == pytest.approx(drawn.mean, abs=0.05)


def test_ratings_at_the_ends_of_the_scale_are_known_to_be_cut_off() -> None:
    # All agree and the level is known, but two phrases lie beyond the ends: their distance is more than the ratings'.
    rng = np.random.default_rng(2)
    appeal = np.concatenate([[-3.5, 3.5], np.linspace(-2, 2, 30)])
    listener, phrase = np.divmod(np.arange(12 * 32), 32)
    value = np.clip(np.round(2.5 + appeal[phrase] + rng.normal(0, 0.7, len(phrase))), 0, 5)
    rated = Ratings(listener, phrase, value)
    live = estimate(rated, n_listeners=12, n_individuals=32)
    drawn = draw(rated, n_listeners=12, n_individuals=32, rng=rng)
    assert np.ptp(drawn.mean[:2]) > np.ptp(live.mean[:2]) + 0.3


def test_a_table_prints_each_row_with_its_spread() -> None:
    lines = markdown([{"ours": {"2": 0.5, "4": 0.75}}, {"ours": {"2": 0.7, "4": 0.75}}])
    assert lines[0] == "| | 2 | 4 |"
    assert lines[2] == "| ours | 0.600 (0.100) | 0.750 (0.000) |"


def test_the_command_prints_a_table_and_keeps_every_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "runs.json"
    assert main(["clickers", "--seeds", "2", "--first", "5000", "--json", str(kept)]) == 0
    assert "clickers, 2 seeds from 5000" in capsys.readouterr().out
    runs = json.loads(kept.read_text())["tables"]["clickers"]
    assert [list(run["listening: flagged"]) for run in runs] == [["2", "4", "8", "12"]] * 2
    with pytest.raises(SystemExit):
        main(["tea"])
    assert "got tea" in capsys.readouterr().err


def test_the_table_of_methods_has_a_row_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.measurements.fitness_tables.EACH", (8,))
    monkeypatch.delitem(METHODS, "P.910 (sureal)")  # slow to load, and the benchmark holds it
    cells = spearman_table(5000)
    assert list(cells) == ["mean", "z-score by listener", "this model"]
    assert min(cells[name]["8"] for name in cells) > 0.5
