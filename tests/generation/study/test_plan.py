"""Which networks a study trains, and on how much of each piece."""

import pytest

from generation.study.plan import Arm, StudyPlan, StudyRefused, opening, papers_plan
from tests.generation.pieces import ensemble, melody, pieces_of


def test_the_papers_plan_has_its_batch_sizes_dropouts_and_epochs() -> None:
    plan = papers_plan()
    arms = plan.arms()
    assert len(arms) == 6
    assert arms[0] == Arm(64, 0.3, 1, (100, 256, 512, 1000))
    assert {(arm.batch_size, arm.dropout) for arm in arms} == {
        (64, 0.3),
        (32, 0.3),
        (128, 0.3),
        (64, 0.1),
        (64, 0.5),
        (64, 0.7),
    }
    config = plan.config(arms[1], 100)
    assert (config.lstm_units, config.lstm_layers, config.window, config.batch_size) == (512, 3, 30, 32)
    assert (config.architecture, config.codec, config.optimizer) == ("last_step", "classic", "rmsprop")


def test_every_seed_trains_every_arm_under_a_name_of_its_own() -> None:
    arms = StudyPlan(seeds=(1, 2, 3)).arms()
    assert len({arm.name for arm in arms}) == len(arms) == 18


def test_an_opening_has_the_first_notes_of_the_first_pitched_instrument() -> None:
    (piece,) = pieces_of([ensemble(20)])
    cut = opening(piece, 10)
    assert len(cut.score.notes) == 10
    assert {cut.score.parts[part].program for part in cut.score.notes["part"]} == {0}
    assert cut.score.notes["onset_quarters"].tolist() == [0, 0, 0.5, 0.5, 1, 1, 1.5, 1.5, 2, 2]


def test_a_short_piece_is_its_own_opening() -> None:
    (piece,) = pieces_of([melody(5)])
    assert opening(piece, 10) is piece


@pytest.mark.parametrize(
    "wrong", [{"epochs": (10, 5)}, {"epochs": ()}, {"seeds": (1, 1)}, {"held_out": 0.0}, {"epochs": (0, 3)}]
)
def test_a_plan_that_makes_no_sense_is_refused_by_name(wrong: dict[str, object]) -> None:
    with pytest.raises(StudyRefused, match=next(iter(wrong))):
        StudyPlan(**wrong)  # type: ignore[arg-type]
