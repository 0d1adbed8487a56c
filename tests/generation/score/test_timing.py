import numpy as np
import pytest

from generation.score.expression.fluctuation import dfa_exponent
from generation.score.expression.timing import reshuffled, swing_ratio, timing_deviations
from generation.score.notes import Meter, Part, Score, Tempo, sort_notes
from tests.generation.score.played import chords, late_ms, play, walk


@pytest.mark.parametrize("deviation_ms", [5.0, 12.0, 25.0])
def test_timing_has_the_deviation_asked_for(deviation_ms: float) -> None:
    deviations = timing_deviations(200, deviation_ms=deviation_ms, exponent=1.0, rng=np.random.default_rng(1))
    assert deviations.std() == pytest.approx(deviation_ms)
    assert deviations.mean() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("exponent", [0.0, 0.5, 0.75, 1.0, 1.5])
def test_every_long_draw_has_the_correlation_asked_for(exponent: float) -> None:
    for seed in range(20):
        drawn = timing_deviations(500, deviation_ms=10, exponent=exponent, rng=np.random.default_rng(seed))
        assert dfa_exponent(drawn) == pytest.approx((1 + exponent) / 2, abs=0.1)


def test_short_phrases_are_correlated_on_average() -> None:
    found = [
        dfa_exponent(timing_deviations(48, deviation_ms=10, exponent=0.75, rng=np.random.default_rng(seed)))
        for seed in range(300)
    ]
    assert 0.7 < np.mean(found) < 1.0


def test_a_reshuffle_keeps_the_values_and_gives_them_memory() -> None:
    rng = np.random.default_rng(2)
    white = np.rint(rng.normal(0, 2, 500)) * 4.6
    laid = reshuffled(white, bin_ms=4.6, exponent=0.75, rng=rng)
    assert np.abs(np.sort(laid) - np.sort(white - white.mean())).max() < 7
    assert dfa_exponent(white) < 0.6
    assert 0.7 < dfa_exponent(laid) < 1.0


def ratio_of(played: Score) -> float:
    """How long the first of two eighths lasts beside the second, the mean over all beats."""
    onsets = played.notes["onset_quarters"]
    gaps = np.diff(onsets)
    return float(np.mean(gaps[0::2]) / np.mean(gaps[1::2]))


@pytest.mark.parametrize(("amount", "ratio"), [(0.0, 1.0), (0.5, 1.4), (1.0, 2.0)])
def test_swing_makes_the_first_eighth_as_much_longer_as_asked(amount: float, ratio: float) -> None:
    assert swing_ratio(amount) == pytest.approx(ratio)
    assert ratio_of(play(walk(65), swing=amount, velocity_curve=0.1)) == pytest.approx(ratio, rel=1e-6)


def test_swing_keeps_the_beat() -> None:
    played = play(walk(32), swing=1.0).notes["onset_quarters"]
    assert played[::2] == pytest.approx(np.arange(16))


def test_swing_that_follows_the_tempo_goes_when_it_is_fast_and_grows_when_it_is_slow() -> None:
    ratios = [
        ratio_of(play(walk(65, tempos=(Tempo(0.0, bpm),)), swing=1.0, swing_follows_tempo=True))
        for bpm in (60.0, 120.0, 200.0, 300.0)
    ]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] > 2.2
    assert ratios[1] == pytest.approx(2.0)
    assert ratios[3] == pytest.approx(1.0)


def test_compound_meters_do_not_swing() -> None:
    jig = walk(48, meters=(Meter(0.0, 6, 8),))
    assert ratio_of(play(jig, swing=1.0)) == pytest.approx(1.0)


def test_notes_of_a_chord_stay_together() -> None:
    played = play(chords(16), deviation_ms=15.0)
    assert len(np.unique(played.notes["onset_quarters"])) == 16


def test_the_melody_leads_its_chords_and_the_rest_spreads_a_little() -> None:
    written = chords(200)
    played = play(written, deviation_ms=10.0, exponent=0.75, melody_lead_ms=15.0, chord_spread_ms=4.0).notes
    late = played["onset_quarters"].astype(float)
    by_chord = np.sort(np.rint(late).astype(int) * 1000 + played["pitch"])
    assert len(by_chord) == 800
    order = np.lexsort((played["pitch"], np.rint(late)))
    lines = late[order].reshape(200, 4)[1:] * 500
    lead = lines[:, :3].mean(axis=1) - lines[:, 3]
    assert lead.mean() == pytest.approx(15.0, abs=1.0)
    assert 2 < (lines[:, :3] - lines[:, :3].mean(axis=1, keepdims=True)).std() < 5


def test_drums_and_strums_keep_their_place_in_the_stroke() -> None:
    beat = Score(sort_notes([(i, 0.5, p, 80, 0) for i in range(8) for p in (36, 42)]), (Part("Kit", 0, True),))
    assert len(np.unique(play(beat, melody_lead_ms=20.0, chord_spread_ms=9.0).notes["onset_quarters"])) == 8
    strum = Score(sort_notes([(i + n / 100, 0.5, 60 + 4 * n, 80, 0) for i in range(8) for n in range(3)]))
    played = play(strum, deviation_ms=10.0, melody_lead_ms=20.0, chord_spread_ms=9.0)
    inner = np.diff(played.notes["onset_quarters"]).reshape(-1)[[i for i in range(23) if i % 3 != 2]]
    assert inner[2:] == pytest.approx(0.01)


def test_a_phrase_of_the_default_size_has_deviations_between_5_and_25_ms() -> None:
    for seed in range(20):
        written = walk(24, seed=seed)
        assert 5 < late_ms(play(written, deviation_ms=10.0, exponent=0.75, seed=seed), written).std() < 25
