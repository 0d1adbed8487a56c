import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.score.notes import Score, Tempo, sort_notes
from generation.score.playback import events, tempo_at, to_quarters, to_seconds
from tests.generation.score.strategies import plain_score

CHANGING = Score(plain_score([60]).notes, tempos=(Tempo(0.0, 60.0), Tempo(4.0, 120.0)))


def test_a_tempo_change_moves_what_comes_after_it() -> None:
    assert to_seconds(CHANGING, [0.0, 2.0, 4.0, 6.0]).tolist() == [0.0, 2.0, 4.0, 5.0]
    assert tempo_at(CHANGING, [3.9, 4.0]).round(6).tolist() == [60.0, 120.0]


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), max_size=10))
def test_seconds_and_quarters_are_inverse(quarters: list[float]) -> None:
    assert np.allclose(to_quarters(CHANGING, to_seconds(CHANGING, quarters)), quarters)


def test_events_are_sorted_rows_in_seconds() -> None:
    score = Score(sort_notes([(1.0, 0.5, 64, 80, 0), (0.0, 1.0, 60, 90, 0)]))
    assert events(score) == [[0.0, 0.5, 60, 90, 0], [0.5, 0.25, 64, 80, 0]]
