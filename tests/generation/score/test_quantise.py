import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.score import quantise
from generation.score.grid import ARTICULATION_RATIOS, DURATION_SLOTS, SLOTS_PER_QUARTER, TIMING_CLASSES

PAIRS = [(duration, articulation) for duration in range(len(DURATION_SLOTS)) for articulation in range(5)]


def test_a_sounding_length_names_one_pair_of_classes() -> None:
    lengths = np.sort(np.outer(DURATION_SLOTS, ARTICULATION_RATIOS), axis=None)
    assert (lengths[1:] / lengths[:-1]).min() > 1.03


def test_length_classes_come_back() -> None:
    duration, articulation = np.array(PAIRS).T
    found = quantise.length_classes(quantise.length_quarters(duration, articulation))
    assert np.array_equal(found[0], duration)
    assert np.array_equal(found[1], articulation)


def test_length_classes_survive_a_files_ticks() -> None:
    duration, articulation = np.array(PAIRS).T
    ticks = np.rint(quantise.length_quarters(duration, articulation) * 960) / 960
    found = quantise.length_classes(ticks)
    assert np.array_equal(found[0], duration)
    assert np.array_equal(found[1], articulation)


def test_onset_classes_come_back() -> None:
    slot, timing = np.meshgrid(np.arange(1, 97), np.arange(TIMING_CLASSES))
    found = quantise.onset_classes(quantise.onset_quarters(slot, timing))
    assert np.array_equal(found[0], slot)
    assert np.array_equal(found[1], timing)


@settings(deadline=None)
@given(st.floats(0, 1000))
def test_an_onset_moves_by_half_a_timing_class_at_most(onset: float) -> None:
    back = quantise.onset_quarters(*quantise.onset_classes(onset))
    assert abs(back - onset) <= (0.5 / TIMING_CLASSES + 1e-9) / SLOTS_PER_QUARTER


@settings(deadline=None)
@given(st.integers(1, 127))
def test_a_velocity_moves_by_half_a_class_at_most(velocity: int) -> None:
    assert abs(int(quantise.velocities(quantise.velocity_classes(velocity))) - velocity) <= 4
