import numpy as np
import pytest

from generation.score.scales import (
    HIGHEST_OCTAVE,
    KEYS,
    LOWEST_OCTAVE,
    SCALES,
    UnknownScaleError,
    degree_to_pitch,
    fold_pitch,
    pitch_to_degree,
)

ALL_PITCHES = np.arange(128)


def test_there_are_the_seventeen_keys_and_eight_scales_of_the_study() -> None:
    assert len(KEYS) == 17
    assert list(SCALES) == [
        "major", "minorM", "dorian", "phrygian", "lydian", "mixolydian", "majorBlues", "minorBlues",
    ]  # fmt: skip


def test_octave_five_of_c_begins_at_middle_c() -> None:
    assert degree_to_pitch(0, 5, 0, key="C", scale="major") == 60
    assert degree_to_pitch([0, 2, 4], 5, 0, key="D", scale="major").tolist() == [62, 66, 69]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("key", KEYS)
def test_every_pitch_has_one_degree_and_comes_back(key: str, scale: str) -> None:
    degree, octave, alteration = pitch_to_degree(ALL_PITCHES, key=key, scale=scale)
    assert np.array_equal(degree_to_pitch(degree, octave, alteration, key=key, scale=scale), ALL_PITCHES)
    assert set(alteration.tolist()) <= {-1, 0, 1}
    assert octave.min() >= LOWEST_OCTAVE
    assert octave.max() <= HIGHEST_OCTAVE
    assert degree.max() < len(SCALES[scale])


def test_pitches_of_the_scale_are_unaltered() -> None:
    _, _, alteration = pitch_to_degree([60, 62, 64, 65, 67, 69, 71], key="C", scale="major")
    assert not alteration.any()


def test_a_degree_past_the_scale_is_the_tonic_an_octave_up() -> None:
    assert degree_to_pitch(6, 5, 0, key="C", scale="minorBlues") == 72


def test_an_unknown_key_or_scale_is_named() -> None:
    with pytest.raises(UnknownScaleError, match="'H'"):
        degree_to_pitch(0, 5, 0, key="H", scale="major")
    with pytest.raises(UnknownScaleError, match="'locrian'"):
        pitch_to_degree(60, key="C", scale="locrian")


def test_folding_keeps_the_chroma_and_stays_in_midi() -> None:
    pitches = np.arange(-60, 300)
    folded = fold_pitch(pitches)
    assert np.array_equal(folded % 12, pitches % 12)
    assert folded.min() >= 0
    assert folded.max() <= 127
    assert np.array_equal(fold_pitch(ALL_PITCHES), ALL_PITCHES)
