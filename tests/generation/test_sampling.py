from typing import Any

import numpy as np
import pytest

from generation.checkpoint import Checkpoint
from generation.codecs import ExpressiveCodec
from generation.sampling import COLDER, SampleRefused, Sampling, sample, sample_tokens
from generation.score.notes import Part, Score, Tempo, sort_notes
from generation.score.overlaps import beside, without_overlaps
from tests.generation.networks import score_of, untrained
from tests.generation.pieces import melody

IN_D = (62, 66, 69, 74, 73, 71, 69, 67, 66, 64, 62, 62)
D_MAJOR = {2, 4, 6, 7, 9, 11, 1}


@pytest.fixture(scope="module")
def quick() -> Checkpoint:
    return untrained("quick")


@pytest.fixture(scope="module")
def paper() -> Checkpoint:
    return untrained("paper")


@pytest.fixture(params=["quick", "paper"])
def checkpoint(request: pytest.FixtureRequest) -> Checkpoint:
    made: Checkpoint = request.getfixturevalue(request.param)
    return made


def drawn(checkpoint: Checkpoint, **wishes: Any) -> list[Score]:
    """Two scores of twelve notes."""
    return sample(checkpoint, **{"count": 2, "length": 12, "seed": 1, **wishes})


def chromas(score: Score) -> set[int]:
    """The score's pitch classes."""
    return set((score.notes["pitch"] % 12).tolist())


def test_the_same_seed_gives_the_same_music_and_another_another(checkpoint: Checkpoint) -> None:
    first, second, other = (drawn(checkpoint, seed=seed) for seed in (1, 1, 2))
    assert first == second
    assert first != other
    assert first[0] != first[1]


def test_scores_have_the_tempo_asked_for_and_begin_in_the_first_bar(checkpoint: Checkpoint) -> None:
    scores = drawn(checkpoint, tempo_bpm=96)
    assert [score.tempos[0].tempo_bpm for score in scores] == [96, 96]
    assert all(score.notes["onset_quarters"][0] < 4 for score in scores)
    assert all(len(score.notes) > 0 for score in scores)


def test_time_does_not_go_back_within_a_bar_and_stays_in_it(quick: Checkpoint) -> None:
    settings = Sampling(temperature=2.0, temperatures={"bar_step": 2.0}, top_p=1.0)
    tokens = sample_tokens(quick, count=2, length=60, seed=1, settings=settings)
    bar_step, position = tokens[:, :, 0], tokens[:, :, 1]
    same_bar = bar_step[:, 1:] == 0
    assert same_bar.any()
    assert (np.diff(position, axis=1)[same_bar] >= 0).all()
    assert position.max() < 48


def test_no_note_is_drawn_twice_on_a_slot(quick: Checkpoint) -> None:
    for tokens in sample_tokens(quick, count=2, length=60, seed=1):
        assert len(np.unique(np.column_stack([np.cumsum(tokens[:, 0]), tokens[:, 1:5]]), axis=0)) == 60


def test_a_temperature_said_by_itself_is_that_of_the_settings(quick: Checkpoint) -> None:
    by_settings = drawn(quick, settings=Sampling(temperature=0.5, top_p=0.5))
    assert drawn(quick, temperature=0.5, top_p=0.5) == by_settings
    assert drawn(quick) != by_settings


def test_bars_and_octaves_are_drawn_colder_unless_asked_otherwise(
    quick: Checkpoint,
) -> None:
    settings = [Sampling(), Sampling(temperatures=COLDER), Sampling(temperatures=dict.fromkeys(COLDER, 1.0))]
    usual, said, plain = (sample_tokens(quick, count=2, length=12, seed=1, settings=one) for one in settings)
    assert (usual == said).all()
    assert (usual != plain).any()


def test_a_prime_is_heard_and_not_given_back(checkpoint: Checkpoint) -> None:
    primes = [melody(10), melody(10, seed=1)]
    first, other = (drawn(checkpoint, prime=prime) for prime in primes)
    assert first != other
    assert all(score.notes["onset_quarters"][0] < 4 for score in first + other)
    assert max(len(score.notes) for score in first) <= 12 * 3  # a string may be a chord


def test_only_the_last_notes_of_a_long_prime_matter(paper: Checkpoint) -> None:
    tail = [0, 3, 1, 4, 2, 5, 0, 1]
    short, long = (np.array(row, dtype=np.int32)[:, None] for row in (tail, [*range(5), *tail]))
    tokens = [sample_tokens(paper, count=2, length=12, seed=1, prime=prime) for prime in (short, long)]
    assert (tokens[0][:, 0] == tokens[1][:, 0]).all()


def test_primes_of_many_lengths_ask_for_few_loops(quick: Checkpoint) -> None:
    for n_notes in (1, 7, 30, 60):
        drawn(quick, prime=melody(n_notes))
    assert sum(name.startswith("opening 64") for name in quick.loops) == 1


def test_a_prime_goes_on_in_its_own_key(quick: Checkpoint) -> None:
    in_d, in_c = score_of(IN_D), score_of([pitch - 2 for pitch in IN_D])
    higher, lower = (drawn(quick, prime=prime, settings=Sampling(scale="major")) for prime in (in_d, in_c))
    assert all(chromas(score) <= D_MAJOR for score in higher)
    assert [(s.notes["pitch"] % 12).tolist() for s in higher] == [((s.notes["pitch"] + 2) % 12).tolist() for s in lower]


def test_a_wanted_key_is_where_the_music_goes(quick: Checkpoint) -> None:
    scores = drawn(quick, settings=Sampling(key="F#", scale="mixolydian", temperature=2.0, top_p=1.0), length=60)
    assert all(chromas(score) <= {6, 8, 10, 11, 1, 3, 4} for score in scores)
    assert len(chromas(scores[0]) | chromas(scores[1])) == 7


def test_a_scale_leaves_strings_of_its_pitches_only(paper: Checkpoint) -> None:
    free = drawn(paper, length=60)
    kept = drawn(paper, length=60, settings=Sampling(key="C", scale="majorBlues"))
    assert {5, 11} & (chromas(free[0]) | chromas(free[1]))
    assert all(chromas(score) <= {0, 2, 3, 4, 7, 9} for score in kept)


def test_with_its_prime_a_score_begins_as_the_prime(checkpoint: Checkpoint) -> None:
    prime = melody(11)  # ends half a bar after a bar line, with a rest of an eighth
    for score in drawn(checkpoint, prime=prime, with_prime=True):
        is_prime = np.isin(score.notes, prime.notes)
        assert np.sum(is_prime) == len(prime.notes)
        assert np.sum(~is_prime) > 0
        assert score.notes[~is_prime]["onset_quarters"].min() >= 5 - 1 / 24
        assert (score.tempos, score.meters) == (prime.tempos, prime.meters)


def test_new_notes_go_on_where_the_prime_has_come_to(quick: Checkpoint) -> None:
    prime = score_of(IN_D[:8])  # one bar: 4 quarters
    alone = sample(quick, count=1, length=12, seed=1, prime=prime)[0]
    (bars_on,) = sample_tokens(quick, count=1, length=12, seed=1, prime=replace_key(quick).encode(prime))[0, :1, 0]
    whole = sample(quick, count=1, length=12, seed=1, prime=prime, with_prime=True)[0]
    fresh = whole.notes[~np.isin(whole.notes, prime.notes)]
    last, other = fresh[-1], alone.notes[-1]
    assert last["pitch"] == other["pitch"]
    assert last["onset_quarters"] == pytest.approx(other["onset_quarters"] + 4 * bars_on)


def replace_key(checkpoint: Checkpoint) -> ExpressiveCodec:
    """The checkpoint's codec, which reads scores in their own key."""
    assert isinstance(checkpoint.codec, ExpressiveCodec)
    return checkpoint.codec


def test_new_notes_are_of_the_primes_busiest_part_and_its_drums_are_left(quick: Checkpoint) -> None:
    rows = [(float(i), 1.0, 60 + i, 80, 1) for i in range(8)] + [(0.0, 1.0, 40, 80, 0)]
    rows += [(i / 4, 0.25, 42, 80, 2) for i in range(32)]
    parts = (Part("bass", 33), Part("right", 0), Part("drums", 0, is_drum=True))
    prime = Score(sort_notes(rows), parts=parts, tempos=(Tempo(0.0, 90.0),))
    (score,) = sample(quick, count=1, length=12, seed=1, prime=prime, with_prime=True)
    assert set(score.notes[~np.isin(score.notes, prime.notes)]["part"].tolist()) == {1}
    assert np.sum(score.notes["part"] == 2) == 32


@pytest.mark.parametrize("prime", [Score(sort_notes([])), melody(10, tonic=20)])
def test_a_prime_that_the_codec_cannot_say_is_refused(paper: Checkpoint, prime: Score) -> None:
    with pytest.raises(SampleRefused, match="prime"):
        drawn(paper, prime=prime)


def test_a_prime_without_notes_is_refused_by_every_network(quick: Checkpoint) -> None:
    with pytest.raises(SampleRefused, match="prime"):
        drawn(quick, prime=Score(sort_notes([])))


def test_notes_beside_others_do_not_sound_into_them() -> None:
    kept = sort_notes([(1.0, 1.0, 60, 80, 0), (4.0, 1.0, 62, 80, 0)])
    fresh = sort_notes([(0.5, 2.0, 60, 80, 0), (1.5, 1.0, 60, 80, 0), (2.0, 1.0, 60, 80, 0), (1.5, 9.0, 61, 80, 0)])
    found = beside(fresh, kept)[["onset_quarters", "duration_quarters", "pitch"]]
    assert found.tolist() == [(0.5, 0.5, 60), (1.5, 9, 61), (2, 1, 60)]


def test_notes_of_one_pitch_do_not_overlap() -> None:
    rows = [(0.0, 4.0, 60, 80, 0), (0.0, 1.0, 60, 80, 0), (1.0, 1.0, 60, 80, 0), (1.0, 2.0, 64, 80, 0)]
    notes = without_overlaps(Score(sort_notes(rows))).notes
    assert notes[["onset_quarters", "duration_quarters", "pitch"]].tolist() == [(0, 1, 60), (1, 1, 60), (1, 2, 64)]
    assert len(without_overlaps(Score(sort_notes([]))).notes) == 0


@pytest.mark.parametrize(
    "wish",
    [
        {"count": 0},
        {"length": 0},
        {"count": 10_000, "length": 10_000},
        {"temperature": -1.0},
        {"temperature": float("nan")},
        {"top_p": 0.0},
        {"top_p": 1.5},
        {"tempo_bpm": 0.0},
        {"with_prime": True},
        {"settings": Sampling(temperatures={"loudness": 1.0})},
    ],
)
def test_impossible_wishes_are_refused(quick: Checkpoint, wish: dict[str, Any]) -> None:
    with pytest.raises(SampleRefused):
        sample(quick, **{"count": 1, "length": 8, "seed": 1, **wish})
