from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from generation import rewriting
from generation.checkpoint import Checkpoint
from generation.codecs import ExpressiveCodec
from generation.corpus.lines import piece_lines
from generation.drawing.settings import SampleRefused, Sampling
from generation.pieces import Piece
from generation.rewriting import Hole, rewrite_bar, rewrite_bars, strangeness, take_out, whole_bars
from generation.score.notes import KeySignature, Meter, Notes, Part, Score, Tempo, sort_notes
from tests.generation.networks import insisting, score_of, untrained
from tests.generation.pieces import ensemble, melody

EARLY_QUARTERS = 4 / 9 / 12  # how far before its slot a note may be
IN_D = (62, 66, 69, 74, 73, 71, 69, 67) * 4


@pytest.fixture(scope="module")
def shared() -> Checkpoint:
    """One network, so that its loops are compiled once for all tests."""
    return untrained("bars", window_after=4)


@pytest.fixture
def bars(shared: Checkpoint) -> Iterator[Checkpoint]:
    """The shared network; what a test does to its weights is undone."""
    weights = shared.model.get_weights()
    yield shared
    shared.model.set_weights(weights)


def is_in_bar(notes: Notes, bar: int, *, quarters: float = 4.0) -> np.ndarray:
    """Which notes begin in a bar, by the nearest slot."""
    slots = np.floor(notes["onset_quarters"] * 12 + 0.5)
    return np.asarray(slots // (12 * quarters) == bar)


def check(before: Score, after: Score, bar: int, *, part: int = 0) -> Notes:
    """What is new, after everything else was found to be as it was."""
    is_old = is_in_bar(before.notes, bar) & (before.notes["part"] == part)
    is_new = is_in_bar(after.notes, bar) & (after.notes["part"] == part)
    assert after.notes[~is_new].tobytes() == before.notes[~is_old].tobytes()
    assert replace(after, notes=before.notes) == before
    fresh: Notes = after.notes[is_new]
    return fresh


@pytest.mark.parametrize("bar", [0, 1, 2, 3])
def test_everything_outside_the_bar_stays_as_it_was(bars: Checkpoint, bar: int) -> None:
    score = replace(melody(32), tempos=(Tempo(0.0, 93.0), Tempo(8.0, 80.0)), keys=(KeySignature(0.0, 2),))
    fresh = check(score, rewrite_bar(bars, score, bar, seed=1), bar)
    assert len(fresh) > 0
    assert fresh.tolist() != score.notes[is_in_bar(score.notes, bar)].tolist()


def test_what_is_new_lies_in_the_bar_and_ends_with_it(bars: Checkpoint) -> None:
    score = melody(32)
    for seed in range(5):
        fresh = check(score, rewrite_bar(bars, score, 2, seed=seed), 2)
        assert fresh["onset_quarters"].min() >= 8 - EARLY_QUARTERS - 1e-9
        assert np.max(fresh["onset_quarters"] + fresh["duration_quarters"]) <= 12 + 1e-9
        assert (fresh["duration_quarters"] > 0).all()


def test_the_same_seed_writes_the_same_bar_and_another_another(bars: Checkpoint) -> None:
    first, second, other = (rewrite_bar(bars, melody(32), 1, seed=seed) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_bars_are_written_together_as_they_are_alone(bars: Checkpoint) -> None:
    scores = [melody(32), melody(32, seed=5), melody(32)]
    together = rewrite_bars(bars, [(score, bar) for bar, score in enumerate(scores)], seed=3)
    assert together[0] == rewrite_bar(bars, scores[0], 0, seed=3)
    for bar, (before, after) in enumerate(zip(scores, together, strict=True)):
        check(before, after, bar)
    assert rewrite_bars(bars, [], seed=1) == []


def test_twice_the_same_bar_is_written_in_two_ways(bars: Checkpoint) -> None:
    first, second = rewrite_bars(bars, [(melody(32), 1)] * 2, seed=3)
    assert first != second


@pytest.mark.parametrize("score", [melody(61), replace(score_of(IN_D), notes=score_of(IN_D).notes[[0, 1, 9, 20, 31]])])
def test_a_bar_is_taken_out_as_the_network_learnt_it(bars: Checkpoint, score: Score) -> None:
    codec = bars.codec
    assert isinstance(codec, ExpressiveCodec)
    (line,) = piece_lines(Piece("one", score), codec, window=1)
    first_bar = int(score.notes["onset_quarters"][0] // 4)
    numbers = first_bar + np.cumsum(line.tokens[:, 0])  # no rest here is so long that it is said as shorter
    for bar in np.unique(numbers).tolist():
        hole = take_out(score, bar, codec, Sampling(), None)
        begins, ends = np.searchsorted(numbers, [bar, bar + 1])
        assert hole.before.tolist() == line.tokens[:begins].tolist()
        assert hole.bar_step == line.tokens[begins, 0]
        assert hole.after.tolist() == line.tokens[ends:].tolist()


def test_what_comes_before_is_heard_from_a_bar_line_on() -> None:
    tokens = np.array([[0, 10], [0, 11], [1, 12], [0, 13], [0, 14], [2, 15], [0, 16]], dtype=np.int32)
    for most, begins in ((7, 0), (9, 0), (6, 2), (5, 2), (4, 5), (2, 5)):
        heard = whole_bars(tokens, most)
        assert heard[:, 1].tolist() == tokens[begins:, 1].tolist()
        assert heard[0, 0] == 0  # the first bar that is heard
    assert whole_bars(tokens, 1)[:, 1].tolist() == [16]  # a bar longer than what is heard
    assert whole_bars(tokens[:0], 4).shape == (0, 2)


def test_the_neighbours_are_heard(bars: Checkpoint) -> None:
    score = melody(32)
    written = []
    for moved in (None, 1, 3):
        notes = score.notes.copy()
        if moved is not None:
            notes["pitch"][is_in_bar(notes, moved)] += 5
        codec = replace(bars.codec, follow_key=False)  # type: ignore[type-var]
        after = rewrite_bar(replace(bars, codec=codec), replace(score, notes=notes), 2, seed=1)
        written.append(after.notes[is_in_bar(after.notes, 2)].tolist())
    assert written[0] != written[1]
    assert written[0] != written[2]


def test_a_bar_without_neighbours_is_written_too(bars: Checkpoint) -> None:
    score = melody(8)
    assert len(check(score, rewrite_bar(bars, score, 0, seed=1), 0)) > 0


def test_a_silent_bar_between_others_is_filled(bars: Checkpoint) -> None:
    score = melody(32)
    score = replace(score, notes=score.notes[~is_in_bar(score.notes, 2)])
    assert len(check(score, rewrite_bar(bars, score, 2, seed=1), 2)) > 0


def test_a_note_held_over_the_bar_stays_and_is_not_struck_again(bars: Checkpoint) -> None:
    checkpoint = insisting(bars, {"degree": 0, "octave": 6, "alteration": 1})
    held = sort_notes([*melody(8).notes.tolist(), (3.5, 9.0, 60, 70, 0)])
    score = replace(melody(8), notes=held)
    fresh = check(score, rewrite_bar(checkpoint, score, 1, seed=1), 1)
    assert 60 not in fresh["pitch"].tolist()


def test_only_the_busiest_part_is_written_or_the_one_that_is_asked_for(bars: Checkpoint) -> None:
    score = ensemble(32)
    fuller = replace(score, notes=sort_notes([*score.notes.tolist(), (0.25, 0.25, 50, 80, 1)]))
    check(fuller, rewrite_bar(bars, fuller, 1, seed=1), 1, part=1)
    check(fuller, rewrite_bar(bars, fuller, 1, seed=1, part=2), 1, part=2)


def test_a_bar_of_music_in_another_key_is_the_same_bar_in_that_key(bars: Checkpoint) -> None:
    in_d, in_c = score_of(IN_D), score_of([pitch - 2 for pitch in IN_D])
    settings = Sampling(scale="major", top_p=1.0)
    higher, lower = (rewrite_bar(bars, score, 1, seed=1, settings=settings) for score in (in_d, in_c))
    assert ((lower.notes["pitch"] + 2) % 12).tolist() == (higher.notes["pitch"] % 12).tolist()
    assert set((check(in_d, higher, 1)["pitch"] % 12).tolist()) <= {2, 4, 6, 7, 9, 11, 1}


def test_a_bar_that_is_never_over_is_ended(bars: Checkpoint) -> None:
    checkpoint = insisting(bars, {"bar_step": 0})
    score = melody(32)
    fresh = check(score, rewrite_bar(checkpoint, score, 1, seed=1), 1)
    assert 0 < len(fresh) <= 64


def test_a_bar_is_over_when_the_network_says_so(bars: Checkpoint) -> None:
    checkpoint = insisting(bars, {"bar_step": 1})
    score = melody(32)
    assert len(check(score, rewrite_bar(checkpoint, score, 1, seed=1), 1)) == 1


def test_bars_are_counted_by_the_scores_meters(bars: Checkpoint) -> None:
    score = replace(melody(60), meters=(Meter(0.0, 3, 4), Meter(6.0, 4, 4), Meter(14.0, 4, 4)))
    after = rewrite_bar(bars, score, 3, seed=1)  # two bars of three, then of four: it begins at 10
    is_same = np.isin(score.notes, after.notes)
    assert score.notes[~is_same]["onset_quarters"].tolist() == [10 + 0.5 * n for n in range(8)]


@pytest.mark.parametrize("bar", [-1, 4, 100])
def test_a_bar_that_the_score_does_not_have_is_refused(bars: Checkpoint, bar: int) -> None:
    with pytest.raises(SampleRefused, match="bar"):
        rewrite_bar(bars, melody(32), bar, seed=1)


@pytest.mark.parametrize("meter", [(3, 4), (6, 8), (5, 4)])
def test_bars_of_another_meter_are_written_in_that_meter(bars: Checkpoint, meter: tuple[int, int]) -> None:
    quarters = 4 * meter[0] / meter[1]
    score = melody(60, meter=meter)
    together = rewrite_bars(bars, [(score, 2), (melody(32), 1)], seed=1)
    assert together[0] == rewrite_bar(bars, score, 2, seed=1)
    old, new = (is_in_bar(one.notes, 2, quarters=quarters) for one in (score, together[0]))
    assert together[0].notes[~new].tobytes() == score.notes[~old].tobytes()
    fresh = together[0].notes[new]
    assert len(fresh) > 0
    assert np.max(fresh["onset_quarters"] + fresh["duration_quarters"]) <= 3 * quarters + 1e-9
    check(melody(32), together[1], 1)


def test_a_note_is_said_where_its_own_meter_has_it(bars: Checkpoint) -> None:
    checkpoint = insisting(bars, {"bar_step": 0, "position": 35, "duration": 40})
    score = melody(60, meter=(3, 4))
    fresh = rewrite_bar(checkpoint, score, 2, seed=1).notes
    fresh = fresh[is_in_bar(fresh, 2, quarters=3)]
    assert np.abs(fresh["onset_quarters"] - (6 + 35 / 12)).max() <= EARLY_QUARTERS


def test_bars_that_no_note_can_be_said_in_are_refused(bars: Checkpoint) -> None:
    with pytest.raises(SampleRefused, match="8/4"):
        rewrite_bar(bars, melody(64, meter=(8, 4)), 1, seed=1)
    cut_short = replace(melody(32), meters=(Meter(0.0, 4, 4), Meter(6.0, 4, 4)))
    with pytest.raises(SampleRefused, match="bar"):
        rewrite_bar(bars, cut_short, 1, seed=1)


def test_other_checkpoints_are_refused() -> None:
    for preset in ("quick", "paper", "paper-bidirectional"):
        with pytest.raises(SampleRefused, match="checkpoint"):
            rewrite_bar(untrained(preset), melody(32), 1, seed=1)


@pytest.mark.parametrize("part", [-1, 3, 4])
def test_parts_that_are_not_there_or_drums_are_refused(bars: Checkpoint, part: int) -> None:
    with pytest.raises(SampleRefused, match="part"):
        rewrite_bar(bars, ensemble(32), 1, seed=1, part=part)


def test_a_score_of_drums_is_refused(bars: Checkpoint) -> None:
    with pytest.raises(SampleRefused, match="part"):
        rewrite_bar(bars, replace(melody(32), parts=(Part("drums", is_drum=True),)), 1, seed=1)


def test_a_few_notes_are_heard_in_the_key_that_is_told(bars: Checkpoint) -> None:
    score = score_of((62, 69, 62, 69, 62, 69, 62, 69), step_quarters=2.0)  # the fifth alone: D, or G, or A minor
    codec = bars.codec
    assert isinstance(codec, ExpressiveCodec)
    for key, semitones in (("G", 5), ("A", 3), ("F#", -6)):
        hole = take_out(score, 1, codec, Sampling(key=key, scale="major"), None)
        assert hole.semitones == semitones
        assert hole.chromas == frozenset({0, 2, 4, 5, 7, 9, 11})
    hole = take_out(score, 1, codec, Sampling(key="A", scale="minorM"), None)
    assert hole.semitones == 0


def test_a_phrase_is_heard_in_the_key_that_is_written_in_it_and_a_piece_in_the_one_that_is_found(
    bars: Checkpoint,
) -> None:
    codec = bars.codec
    assert isinstance(codec, ExpressiveCodec)
    pitches = (62, 69, 62, 69, 62, 69, 62, 69)
    for fifths, semitones in ((1, 5), (0, 0), (-1, -5)):
        signature = KeySignature(0.0, fifths, is_minor=fifths == 0)
        phrase = replace(score_of(pitches, step_quarters=2.0), keys=(signature,))
        assert take_out(phrase, 1, codec, Sampling(), None).semitones == semitones
        piece = replace(score_of(IN_D * 2), keys=(signature,))  # many files say C major and are not
        assert take_out(piece, 1, codec, Sampling(), None).semitones == -2


@pytest.fixture
def hole(bars: Checkpoint) -> Hole:
    """The third of four bars of eight notes."""
    assert isinstance(bars.codec, ExpressiveCodec)
    return take_out(melody(32), 2, bars.codec, Sampling(), None)


def test_a_bar_is_the_stranger_the_less_it_is_like_those_beside_it(hole: Hole) -> None:
    stood = hole.score.notes[hole.is_inside]
    other = stood.copy()
    other["pitch"][0] += 1
    assert strangeness(other, hole) == 0
    higher, longer, fuller = other.copy(), other[:3], np.concatenate([other, other, other])
    higher["pitch"] += 36
    copied = hole.near[0].copy()
    copied["onset_quarters"] += 4
    for strange in (higher, longer, fuller, copied, stood, stood[:0]):
        assert strangeness(strange, hole) > 0
    higher["pitch"][1:] -= 36
    assert (
        strangeness(higher, hole) < strangeness(copied, hole) < strangeness(stood, hole) < strangeness(stood[:0], hole)
    )


def test_of_several_bars_the_least_strange_is_taken(
    bars: Checkpoint, hole: Hole, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strange(tries: int) -> np.ndarray:
        monkeypatch.setattr(rewriting, "TRIES", tries)
        written = rewrite_bars(bars, [(hole.score, 2)] * 8, seed=1)
        return np.array([strangeness(score.notes[is_in_bar(score.notes, 2)], hole) for score in written])

    alone, best = strange(1), strange(4)  # the first of four is the same bar as the one alone
    assert (best <= alone).all()
    assert (best < alone).any()


def test_a_key_without_a_scale_is_refused(bars: Checkpoint) -> None:
    with pytest.raises(SampleRefused, match="key"):
        rewrite_bar(bars, melody(32), 1, seed=1, settings=Sampling(key="D"))
