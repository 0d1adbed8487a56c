import numpy as np
import pytest

from generation.score.expression import dfa_exponent
from generation.score.expression.phrasing import bar_lines
from generation.score.notes import Meter, Part, Score, sort_notes
from tests.generation.score.played import play, walk


def loudness(played: Score) -> np.ndarray:
    return played.notes["velocity"].astype(np.float64)


def correlation(left: np.ndarray, right: np.ndarray) -> float:
    return float(np.corrcoef(left, right)[0, 1])


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8)])
def test_phrases_are_softest_at_their_ends(meter: tuple[int, int]) -> None:
    written = walk(192, meters=(Meter(0.0, *meter),))
    velocities = loudness(play(written, velocity_curve=1.0))
    phrase_quarters = 4 * 4 * meter[0] / meter[1]
    place = np.remainder(written.notes["onset_quarters"], phrase_quarters) / phrase_quarters
    from_middle = np.abs(2 * place - 1)
    assert correlation(velocities, -(from_middle**2)) > 0.5
    middle, ends = velocities[(place > 0.3) & (place < 0.45)].mean(), velocities[from_middle > 0.85].mean()
    assert middle - ends > 8


def test_a_short_phrase_has_its_one_arch() -> None:
    velocities = loudness(play(walk(8), velocity_curve=1.0))
    assert velocities[3:5].mean() > velocities[[1, 7]].mean() + 5


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (7, 8)])
def test_downbeats_are_accented(meter: tuple[int, int]) -> None:
    written = walk(400, meters=(Meter(0.0, *meter),))
    velocities = loudness(play(written, velocity_curve=0.5))
    on_downbeat = np.remainder(written.notes["onset_quarters"], 4 * meter[0] / meter[1]) < 1e-6
    next_to_it = np.roll(on_downbeat, 1)
    assert velocities[on_downbeat].mean() > velocities[next_to_it].mean() + 2


def test_bars_are_counted_through_changes_of_meter() -> None:
    changing = walk(30, meters=(Meter(0.0, 4, 4), Meter(8.0, 3, 4)))
    assert bar_lines(changing).tolist() == [0.0, 4.0, 8.0, 11.0, 14.0, 17.0]


def test_high_notes_are_louder_and_high_parts_are_not() -> None:
    melody = walk(120).notes.copy()
    descant = melody.copy()
    descant["pitch"] += 24
    descant["part"] = 1
    both = play(Score(sort_notes(np.concatenate([melody, descant])), (Part(), Part())), contour=1.0).notes
    low, high = (both[both["part"] == part] for part in (0, 1))
    local = low["pitch"] - np.convolve(low["pitch"], np.ones(17) / 17, "same")
    assert correlation(low["velocity"][8:-8].astype(float), local[8:-8]) > 0.9
    assert high["velocity"].mean() == pytest.approx(low["velocity"].mean(), abs=0.5)


def test_drums_have_no_contour() -> None:
    kit = Score(walk(60).notes, (Part("Kit", 0, is_drum=True),))
    assert len(np.unique(play(kit, contour=1.0).notes["velocity"])) == 1


def test_uneven_loudness_has_the_size_and_the_memory_asked_for() -> None:
    velocities = loudness(play(walk(500), velocity_deviation=6.0, exponent=0.75))
    assert velocities.std() == pytest.approx(6.0, abs=0.4)
    assert 0.7 < dfa_exponent(velocities) < 1.0


def test_loudness_as_a_whole_stays() -> None:
    assert loudness(play(walk(256), velocity_curve=1.0, contour=1.0)).mean() == pytest.approx(70, abs=2)
