import dataclasses

import numpy as np
import pytest

from generation.checkpoint import Checkpoint
from generation.codecs import ClassicCodec, ExpressiveCodec
from generation.loops import LONGEST_RUN, pick
from generation.metrics import longest_run
from generation.network import build_network, field_sizes, previous_notes
from generation.sampling import SampleRefused, sample, sample_tokens, without_overlaps
from generation.score.notes import Score, sort_notes
from tests.generation.pieces import melody, tiny

CLASSIC = ClassicCodec.fit([melody(40, seed=seed) for seed in range(5)])


@pytest.fixture(scope="module")
def quick() -> Checkpoint:
    config, codec = tiny("quick"), ExpressiveCodec()
    return Checkpoint(build_network(config, codec), config, codec, {})


@pytest.fixture(scope="module")
def paper() -> Checkpoint:
    config = tiny("paper")
    model = build_network(config, CLASSIC)
    rng = np.random.default_rng(0)
    # As drawn at first, the weights would let it hear next to nothing.
    model.set_weights([rng.normal(0, 2, array.shape) for array in model.get_weights()])
    return Checkpoint(model, config, CLASSIC, {})


@pytest.fixture(params=["quick", "paper"])
def checkpoint(request: pytest.FixtureRequest) -> Checkpoint:
    made: Checkpoint = request.getfixturevalue(request.param)
    return made


def test_the_same_seed_gives_the_same_music_and_another_another(checkpoint: Checkpoint) -> None:
    first, second, other = (sample(checkpoint, count=2, length=12, seed=seed) for seed in (1, 1, 2))
    assert first == second
    assert first != other
    assert first[0] != first[1]


def test_scores_have_the_tempo_asked_for_and_begin_in_the_first_bar(checkpoint: Checkpoint) -> None:
    scores = sample(checkpoint, count=3, length=12, seed=1, tempo_bpm=96)
    assert [score.tempos[0].tempo_bpm for score in scores] == [96, 96, 96]
    assert all(score.notes["onset_quarters"][0] < 4 for score in scores)
    assert all(len(score.notes) > 0 for score in scores)


def test_tokens_have_the_length_asked_for(checkpoint: Checkpoint) -> None:
    tokens = sample_tokens(checkpoint, count=2, length=12, seed=1)
    assert tokens.shape == (2, 12, len(checkpoint.codec.fields))
    assert (tokens < np.array(field_sizes(checkpoint.codec))).all()


def test_temperature_zero_takes_the_likeliest_note(quick: Checkpoint) -> None:
    tokens = sample_tokens(quick, count=1, length=8, temperature=0, seed=1)
    sizes = field_sizes(quick.codec)
    logits = np.array(quick.model([previous_notes(tokens, sizes), tokens]))[0]
    # The first field is bound by nothing: what the network says of whole windows is what the loop drew step by step.
    assert tokens[0, :, 0].tolist() == logits[:, : sizes[0]].argmax(axis=1).tolist()
    assert (sample_tokens(quick, count=1, length=8, temperature=0, seed=2) == tokens).all()


def test_arg_max_does_not_repeat_itself_endlessly() -> None:
    codec = dataclasses.replace(CLASSIC)
    for config in (tiny("paper"), tiny("paper", is_every_step=True, embedding_units=4)):
        model = build_network(config, codec)
        # The last weights are the output's bias: one token far above the others.
        weights = model.get_weights()
        weights[-1][2] = 50.0
        model.set_weights(weights)
        tokens = sample_tokens(Checkpoint(model, config, codec, {}), count=1, length=60, temperature=0, seed=1)
        assert longest_run(tokens[0]) == LONGEST_RUN


def test_time_does_not_go_back_within_a_bar_and_stays_in_it(quick: Checkpoint) -> None:
    tokens = sample_tokens(quick, count=4, length=40, top_p=1.0, temperature=2.0, seed=1)
    bar_step, position = tokens[:, :, 0], tokens[:, :, 1]
    same_bar = bar_step[:, 1:] == 0
    assert same_bar.any()
    assert (np.diff(position, axis=1)[same_bar] >= 0).all()
    assert position.max() < 48


def test_a_prime_is_heard_and_not_given_back(checkpoint: Checkpoint) -> None:
    primes = [melody(10), melody(10, seed=1)]
    first, other = (
        sample_tokens(checkpoint, count=1, length=12, seed=1, prime=checkpoint.codec.encode(prime)) for prime in primes
    )
    assert first.shape == (1, 12, len(checkpoint.codec.fields))
    assert (first != other).any()
    assert len(sample(checkpoint, count=1, length=12, seed=1, prime=primes[0])) == 1


def test_a_prime_that_the_codec_cannot_say_is_refused(paper: Checkpoint) -> None:
    with pytest.raises(SampleRefused, match="prime"):
        sample(paper, count=1, length=8, seed=1, prime=melody(10, tonic=20))
    with pytest.raises(SampleRefused, match="prime"):
        sample(paper, count=1, length=8, seed=1, prime=Score(sort_notes([])))


def test_top_p_keeps_the_likeliest_that_make_it_up() -> None:
    logits = np.log(np.array([[0.1, 0.6, 0.3]], dtype=np.float32))
    uniforms = np.linspace(0, 0.999, 50, dtype=np.float32)
    drawn = {p: {int(np.array(pick(logits, u[None], 1.0, p))[0]) for u in uniforms} for p in (0.5, 0.7, 1.0)}
    assert drawn == {0.5: {1}, 0.7: {1, 2}, 1.0: {0, 1, 2}}


def test_drawing_follows_the_distribution() -> None:
    shares = np.array([0.2, 0.5, 0.3], dtype=np.float32)
    uniforms = np.random.default_rng(0).random(4000, dtype=np.float32)
    drawn = np.array(pick(np.tile(np.log(shares), (4000, 1)), uniforms, 1.0, 1.0))
    assert np.bincount(drawn) / 4000 == pytest.approx(shares, abs=0.03)


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
    ],
)
def test_impossible_wishes_are_refused(quick: Checkpoint, wish: dict[str, float]) -> None:
    with pytest.raises(SampleRefused):
        sample(quick, **{"count": 1, "length": 8, "seed": 1, **wish})  # type: ignore[arg-type]
