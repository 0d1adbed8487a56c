import numpy as np
import pytest

from generation.score.facts import count_bars, describe
from generation.score.notes import NOTE, Meter, Part, Score, Tempo, sort_notes
from generation.score.tonality import find_tonality
from tests.generation.score.strategies import plain_score

C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72]


def test_a_scale_is_described() -> None:
    facts = describe(plain_score(C_MAJOR)).to_json()
    assert facts == {
        "n_notes": 8, "n_parts": 1, "n_bars": 1, "duration_seconds": 2.0, "tempo_bpm": 120.0, "meter": "4/4",
        "key": "C major", "polyphony": 1.0, "lowest_pitch": 60, "highest_pitch": 72,
    }  # fmt: skip


def test_an_empty_score_is_described_with_zeros() -> None:
    facts = describe(Score(np.empty(0, dtype=NOTE)))
    assert (facts.n_notes, facts.n_bars, facts.duration_seconds, facts.key, facts.polyphony) == (0, 0, 0.0, "", 0.0)


def test_bars_follow_the_meters() -> None:
    notes = sort_notes([(0.0, 10.0, 60, 80, 0)])
    assert count_bars(Score(notes, meters=(Meter(0.0, 4, 4),))) == 3
    assert count_bars(Score(notes, meters=(Meter(0.0, 4, 4), Meter(4.0, 3, 4)))) == 3
    assert count_bars(Score(notes, meters=(Meter(0.0, 2, 4), Meter(50.0, 3, 4)))) == 5


def test_the_tempo_is_the_mean_over_the_piece() -> None:
    score = Score(sort_notes([(0.0, 8.0, 60, 80, 0)]), tempos=(Tempo(0.0, 60.0), Tempo(4.0, 120.0)))
    assert describe(score).tempo_bpm == 80.0


def test_polyphony_counts_only_sounding_time() -> None:
    rows = [(0.0, 1.0, 60, 80, 0), (0.0, 1.0, 64, 80, 0), (8.0, 1.0, 60, 80, 0)]
    assert describe(Score(sort_notes(rows))).polyphony == 1.5


@pytest.mark.parametrize(
    ("pitches", "name"),
    [
        (C_MAJOR, "C major"),
        ([pitch + 6 for pitch in C_MAJOR], "F# major"),
        ([69, 71, 72, 74, 76, 69, 72, 76, 68, 69], "A minor"),
    ],
)
def test_keys_are_found(pitches: list[int], name: str) -> None:
    tonality = find_tonality(plain_score(pitches))
    assert tonality is not None
    assert tonality.name == name


def test_drums_have_no_key() -> None:
    score = Score(plain_score(C_MAJOR).notes, parts=(Part(is_drum=True),))
    assert find_tonality(score) is None
