import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.checkpoint import CheckpointRefused, load
from generation.corpus.batches import STEPS_PER_EPOCH_MIN
from generation.presets import PRESETS, NetworkConfig
from generation.score.notes import Score, sort_notes
from generation.training import PATIENCE_EPOCHS, Progress, TrainingRefused, TrainingResult, train
from tests.generation.pieces import melody, pieces_of, tiny

SCORES = [melody(40, seed=seed) for seed in range(5)]


def never() -> bool:
    return False


def run(config: NetworkConfig, *, scores: list[Score] = SCORES, seed: int = 1, **changes: Any) -> TrainingResult:
    """Train with hooks that do nothing, but for those given."""
    hooks: dict[str, Any] = {"on_progress": print, "on_checkpoint": lambda data, progress: None, "should_stop": never}
    return train(pieces_of(scores), config, seed=seed, **{**hooks, **changes})


def test_the_loss_falls_and_the_best_checkpoint_is_handed_out() -> None:
    reports: list[Progress] = []
    handed_out: list[tuple[bytes, Progress]] = []
    result = run(
        tiny("quick", epochs=4),
        on_progress=reports.append,
        on_checkpoint=lambda data, progress: handed_out.append((data, progress)),
    )
    losses = [progress.held_out_loss for progress in result.history]
    assert result.reason == "finished"
    assert losses[-1] is not None
    assert losses[0] is not None
    assert losses[-1] < losses[0]
    assert handed_out[-1] == (result.checkpoint, result.best)
    assert result.best.held_out_loss == min(loss for loss in losses if loss is not None)
    facts = load(result.checkpoint).facts
    assert facts["epoch"] == result.best.epoch
    assert (facts["n_scores"], facts["n_held_out"], facts["seed"]) == (4, 1, 1)
    assert facts["history"] == [[row.epoch, row.loss, row.held_out_loss] for row in result.history[: result.best.epoch]]
    assert [report.epoch for report in reports] == sorted(report.epoch for report in reports)
    assert (reports[0].fraction, reports[-1].fraction, reports[-1].seconds_left) == (0.0, 1.0, 0.0)


@pytest.fixture(scope="module")
def trained() -> TrainingResult:
    return run(tiny("paper", epochs=3))


def test_the_paper_preset_learns_from_the_loss_alone(trained: TrainingResult) -> None:
    assert trained.best.held_out_loss is None
    assert trained.best.loss == min(progress.loss for progress in trained.history if progress.loss is not None)
    assert load(trained.checkpoint).codec.name == "classic"


def test_the_same_seed_gives_the_same_network_and_another_another(trained: TrainingResult) -> None:
    again, other = (run(tiny("paper", epochs=3), seed=seed) for seed in (1, 2))
    first, second, third = (load(result.checkpoint).model.get_weights() for result in (trained, again, other))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0], third[0])


def test_training_stops_when_asked_and_keeps_what_it_has() -> None:
    asked: list[Progress] = []

    def stop_after_the_first_step() -> bool:
        return len(asked) > 1

    result = run(tiny("paper", epochs=500), on_progress=asked.append, should_stop=stop_after_the_first_step)
    assert result.reason == "asked"
    assert len(result.history) < 500
    assert load(result.checkpoint).facts["epoch"] >= 1


def test_training_ends_before_its_time_is_up() -> None:
    scores = [melody(400, seed=seed) for seed in range(10)]
    began = time.monotonic()
    result = run(tiny("paper", epochs=100_000, max_seconds=8.0, learning_rate=1e-5), scores=scores)
    assert time.monotonic() - began <= 8.0
    assert result.reason == "time"
    assert all(p.seconds_left is not None and p.seconds_left <= 8.0 for p in result.history)


def test_training_goes_on_from_a_checkpoint(trained: TrainingResult) -> None:
    result = run(tiny("paper", epochs=4), resume_from=trained.checkpoint)
    assert [progress.epoch for progress in result.history] == [4]
    assert result.history[0].loss is not None
    assert trained.history[0].loss is not None
    assert result.history[0].loss < trained.history[0].loss


def test_a_finished_checkpoint_is_given_back(trained: TrainingResult) -> None:
    again = run(tiny("paper", epochs=trained.best.epoch), resume_from=trained.checkpoint)
    assert again.checkpoint == trained.checkpoint
    assert again.history == ()


def test_a_checkpoint_of_another_network_is_refused(trained: TrainingResult) -> None:
    with pytest.raises(TrainingRefused, match="another"):
        run(tiny("paper", epochs=9, lstm_units=4), resume_from=trained.checkpoint)
    with pytest.raises(TrainingRefused, match="train a new one"):
        run(tiny("paper", epochs=9), resume_from=trained.checkpoint, scores=[melody(60, tonic=30)])
    with pytest.raises(CheckpointRefused):
        run(tiny("paper"), resume_from=b"nothing")


@pytest.mark.parametrize("preset", ["quick", "bars", "paper", "paper-bidirectional"])
@pytest.mark.parametrize("scores", [[], [Score(sort_notes([]))], [melody(2)]])
def test_too_little_music_is_refused_with_what_to_do(preset: str, scores: list[Score]) -> None:
    with pytest.raises(TrainingRefused, match="add "):
        run(tiny(preset), scores=scores)


@pytest.mark.parametrize(
    ("preset", "needed"), [("quick", "64 notes"), ("bars", "64 notes"), ("paper", "31 notes and chords")]
)
def test_a_dataset_that_is_too_small_is_told_how_much_it_needs_and_has(preset: str, needed: str) -> None:
    config = PRESETS[preset].config
    scores = [melody(12), melody(13, seed=1), melody(3)]
    has = "28" if preset == "paper" else "25"
    with pytest.raises(TrainingRefused, match=f"at least {needed} .*, got {has} in 3 pieces"):
        run(config, scores=scores)


def test_held_out_and_left_out_pieces_are_named() -> None:
    result = run(tiny("quick", epochs=1), scores=[*SCORES, melody(3), melody(20, meter=(15, 8))])
    names = [f"piece {i}" for i in range(5)]
    assert set(result.about["held_out"]) < set(names)
    assert result.about["left_out"] == ["piece 5", "piece 6"]
    assert result.about["left_out_because"] == [
        "no instrument with 4 notes",
        "in 15/8, which bars of 4/4 don't hold",
    ]


def test_the_study_can_have_a_held_out_loss_and_is_still_led_by_the_training_loss() -> None:
    result = run(tiny("paper", epochs=3), held_out=0.4)
    assert all(row.held_out_loss is not None for row in result.history)
    assert result.about["n_held_out"] == 2
    assert result.best.loss == min(row.loss for row in result.history if row.loss is not None)


@pytest.mark.parametrize(("preset", "architecture"), [("bars", "infilling"), ("paper-bidirectional", "bidirectional")])
def test_a_network_that_hears_what_follows_or_reads_both_ways_learns(preset: str, architecture: str) -> None:
    result = run(tiny(preset, epochs=4, window=4, learning_rate=0.01))
    losses = [row.loss for row in result.history if row.loss is not None]
    assert losses[-1] < losses[0]
    assert load(result.checkpoint).config.architecture == architecture


def test_training_stops_when_nothing_gets_better() -> None:
    # With such a rate the network forgets with every epoch what it knew at first.
    result = run(tiny("quick", codec="classic", epochs=100, learning_rate=0.3))
    assert result.reason == "no_improvement"
    assert len(result.history) == result.best.epoch + PATIENCE_EPOCHS


def test_progress_tells_terms_a_second_and_seconds_left() -> None:
    reports: list[Progress] = []
    result = run(tiny("quick", codec="classic", epochs=3), on_progress=reports.append)
    assert reports[0].terms_per_second is None
    last = result.history[-1]
    assert last.terms_per_second is not None
    n_terms = 3 * STEPS_PER_EPOCH_MIN * 8 * 8  # epochs, steps, windows, notes
    # Compiling and judging are not counted, so that the whole lasted longer than the terms did.
    assert last.terms_per_second > n_terms / last.seconds_elapsed
    assert last.seconds_left == 0.0


def test_memory_stays_flat_over_epochs() -> None:
    grown: list[int] = []

    def note(progress: Progress) -> None:
        grown.append(resident_kib())

    run(tiny("paper", epochs=300, batch_size=32, learning_rate=1e-5), on_progress=note, held_out=0.4)
    settled, last = grown[len(grown) // 3], grown[-1]
    assert len(grown) > 300
    assert last - settled < 8 * 1024


def resident_kib() -> int:
    """What this process holds in memory now."""
    text = Path("/proc/self/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0])


def test_a_network_that_diverges_is_refused() -> None:
    with pytest.raises(TrainingRefused, match="learning rate"):
        run(tiny("paper", learning_rate=1e30, epochs=3))
