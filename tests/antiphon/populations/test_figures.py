"""Figures of a generation say what they seem to say."""

from dataclasses import replace

import numpy as np
import pytest

from antiphon.populations.figures import Pair, calibration, operator_gains
from evolution.algorithm import Breeding, BreedingSettings, Fitness
from evolution.frame import Frame
from evolution.seeding import random_genome

FRAME = Frame(bars=1, notes_per_bar=4)


def pairs(*, slope: float, error: float, spread: float) -> list[Pair]:
    """Predictions with `error` of what was given with `spread` about `slope` times them."""
    rng = np.random.default_rng(0)
    predicted = rng.normal(2.5, 1.0, 200)
    given = slope * predicted + rng.normal(0.0, spread, 200)
    return [Pair(float(one), error, float(other), 0.0) for one, other in zip(predicted, given, strict=True)]


def test_predictions_that_are_as_unsure_as_they_should_be_cover_what_is_given() -> None:
    found = calibration(pairs(slope=1.0, error=0.5, spread=0.5))
    assert found is not None
    assert found.n == 200
    assert found.slope == pytest.approx(1.0, abs=0.1)
    assert found.correlation == pytest.approx(1 / np.sqrt(1.25), abs=0.05)
    assert found.coverage == pytest.approx(0.95, abs=0.03)


def test_predictions_that_are_too_sure_are_found_out() -> None:
    found = calibration(pairs(slope=0.2, error=0.1, spread=0.5))
    assert found is not None
    assert found.slope == pytest.approx(0.2, abs=0.1)
    assert (found.coverage or 0.0) < 0.3


def test_of_few_or_equal_predictions_nothing_is_said_that_is_not_known() -> None:
    assert calibration([]) is None
    for some in ([Pair(2.0, 0.5, 2.2, 0.3)], [Pair(2.0, 0.5, given, 0.3) for given in (1.0, 2.0, 3.0, 4.0)]):
        found = calibration(some)
        assert found is not None
        assert (found.correlation, found.slope) == (None, None)
        assert found.coverage is not None


def test_an_operator_is_credited_with_what_its_children_gained() -> None:
    rng = np.random.default_rng(1)
    genomes = [random_genome(FRAME, rng) for _ in range(6)]
    settings = BreedingSettings(size=6, taste=False, crossover="cut at bar")
    breeding = Breeding.begin(settings, FRAME, genomes, seed=3)
    breeding.tell(range(6), [2.0] * 6, [0.1] * 6)
    children = [one for one in breeding.ask() if one.parents]
    breeding.tell([one.id for one in children], [3.0] * len(children), [0.1] * len(children))
    gains = operator_gains(breeding.state)
    named = {name for child in children for name in child.operator.split("+")}
    assert {one.operator for one in gains} == named
    assert {round(one.gain, 6) for one in gains} == {1.0}
    births = [one.births for one in gains]
    assert births == sorted(births, reverse=True)
    assert all(0 < (one.share or 0.0) <= 1 for one in gains)

    unsure = replace(
        breeding.state, fitness={id_: Fitness(one.mean, 1.0) for id_, one in breeding.state.fitness.items()}
    )
    assert operator_gains(unsure)[0].standard_error > 5 * gains[0].standard_error
