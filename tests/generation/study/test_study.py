"""A small study from pieces to table and plots."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from generation.study.looks import Look
from generation.study.page import write_study
from generation.study.plan import Arm, StudyPlan, StudyRefused
from generation.study.running import Hooks, describe, run_study
from generation.study.tables import sweep_rows
from generation.training import train
from tests.generation.pieces import melody, pieces_of

PIECES = pieces_of([melody(60, seed=seed) for seed in range(4)])
PLAN = StudyPlan(
    batch_sizes=(16, 64), dropouts=(0.3, 0.5), epochs=(2, 4), lstm_units=4, dense_units=4, held_out=0.25, seeds=(5,)
)
NOBODY = Hooks(lambda look: None, lambda arm, progress: None, lambda: False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def looks(folder: Path) -> list[Look]:
    return run_study(PIECES, PLAN, folder, NOBODY)


def test_every_value_of_every_sweep_is_looked_at(looks: list[Look]) -> None:
    seen = [(look.batch_size, look.dropout, look.epochs) for look in looks]
    assert seen == [(64, 0.3, 2), (64, 0.3, 4), (16, 0.3, 2), (64, 0.5, 2)]
    assert all(len(look.loss_curve) == look.epochs for look in looks)
    assert all(np.isfinite([look.loss, look.held_out_loss, look.seconds, look.teraflop]).all() for look in looks)
    assert all(1 <= look.n_different <= 500 and 1 <= look.longest_run <= 500 for look in looks)


def test_a_network_looked_at_in_between_is_the_one_trained_straight_through(looks: list[Look]) -> None:
    base = looks[1]
    straight = train(
        PLAN.openings(PIECES),
        PLAN.config(Arm(64, 0.3, 5, (4,)), 4),
        seed=5,
        on_progress=lambda progress: None,
        on_checkpoint=lambda data, progress: None,
        should_stop=lambda: False,
        held_out=PLAN.held_out,
    )
    assert [row.loss for row in straight.history] == [loss for loss, _ in base.loss_curve]
    assert looks[0].loss_curve == base.loss_curve[:2]


def test_more_epochs_cost_more(looks: list[Look]) -> None:
    assert looks[1].teraflop == pytest.approx(2 * looks[0].teraflop)
    assert looks[1].seconds > looks[0].seconds


def test_a_study_is_taken_up_where_it_ended(looks: list[Look], folder: Path) -> None:
    missing = folder / "batch16-dropout0.3-seed5" / "epochs-2.json"
    missing.unlink()
    trained: set[str] = set()
    hooks = Hooks(lambda look: None, lambda arm, progress: trained.add(arm.name), lambda: False)
    again = run_study(PIECES, PLAN, folder, hooks)
    assert trained == {"batch16-dropout0.3-seed5"}
    assert [replace(look, seconds=0.0) for look in again] == [replace(look, seconds=0.0) for look in looks]


def test_a_broken_look_is_refused_with_what_to_do(looks: list[Look], folder: Path) -> None:
    path = folder / "batch16-dropout0.3-seed5" / "epochs-2.json"
    kept = path.read_text()
    path.write_text('{"batch_size": 16')
    with pytest.raises(StudyRefused, match="delete the file"):
        run_study(PIECES, PLAN, folder, NOBODY)
    path.write_text(kept)


def test_a_stopped_study_gives_what_it_has(tmp_path: Path) -> None:
    seen: list[Look] = []
    hooks = Hooks(seen.append, lambda arm, progress: None, lambda: len(seen) >= 1)
    assert len(run_study(PIECES, PLAN, tmp_path, hooks)) == 1


def test_rows_have_the_mean_and_the_deviation_over_seeds(looks: list[Look]) -> None:
    other = [replace(look, seed=6, loss=look.loss + 0.2) for look in looks]
    rows = sweep_rows([*looks, *other], PLAN)
    assert [(row.sweep, row.value) for row in rows] == [
        ("batch size", 16),
        ("batch size", 64),
        ("dropout", 0.3),
        ("dropout", 0.5),
        ("epochs", 2),
        ("epochs", 4),
    ]
    assert rows[1].n_seeds == 2
    assert rows[1].loss.mean == pytest.approx(looks[0].loss + 0.1)
    assert rows[1].loss.deviation == pytest.approx(0.2 / np.sqrt(2))


def test_table_figures_and_plots_are_written(looks: list[Look], tmp_path: Path) -> None:
    facts = describe(PIECES, PLAN)
    paths = write_study(looks, facts, PLAN, tmp_path, title="Walks")
    table = paths[0].read_text()
    assert table.count("\n| ") == 7
    assert "**64**" in table
    assert f"{facts.n_tokens} tokens" in table
    assert json.loads(paths[1].read_text())["facts"]["n_pieces"] == 4
    for path in paths[2:]:
        assert ElementTree.fromstring(path.read_text()).tag.endswith("svg")
    first = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in write_study(looks, facts, PLAN, tmp_path, title="Walks")] == first


def test_too_few_pieces_are_refused() -> None:
    with pytest.raises(StudyRefused, match="at least 2 pieces"):
        describe(PIECES[:1], PLAN)
