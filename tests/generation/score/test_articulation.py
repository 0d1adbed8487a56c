import numpy as np
import pytest

from generation.score.notes import Score, sort_notes
from tests.generation.score.played import play, walk


@pytest.mark.parametrize(("articulation", "share"), [(-1.0, 0.41), (-0.5, 0.64), (0.0, 1.0)])
def test_staccato_sounds_a_share_of_what_is_written(articulation: float, share: float) -> None:
    played = play(walk(40), articulation=articulation, contour=0.1).notes
    assert np.median(played["duration_quarters"]) / 0.5 == pytest.approx(share, abs=0.01)


def test_legato_ties_detached_notes_and_overlaps_a_little() -> None:
    detached = Score(sort_notes([(i * 0.5, 0.3, 60 + i % 7, 80, 0) for i in range(40)]))
    notes = play(detached, articulation=1.0).notes
    overlap = (notes["onset_quarters"] + notes["duration_quarters"])[:-1] - notes["onset_quarters"][1:]
    assert (overlap > 0).all()
    assert (overlap < 0.06).all()


def test_legato_leaves_rests_and_repeated_notes_apart() -> None:
    with_rests = Score(sort_notes([(i * 2.0, 1.0, 60 + i % 5, 80, 0) for i in range(12)]))
    assert play(with_rests, articulation=1.0).notes["duration_quarters"] == pytest.approx(1.0)
    repeated = play(Score(sort_notes([(i * 0.5, 0.4, 60, 80, 0) for i in range(12)])), articulation=1.0).notes
    ends = repeated["onset_quarters"] + repeated["duration_quarters"]
    assert (ends[:-1] <= repeated["onset_quarters"][1:] + 1e-9).all()
