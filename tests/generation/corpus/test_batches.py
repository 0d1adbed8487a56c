import numpy as np
import pytest

from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.corpus import build_corpus
from generation.corpus.batches import STEPS_PER_EPOCH_MIN, Feed, network_batch
from generation.fitting.judging import nats_by_field
from generation.fitting.loop import compiled_network
from generation.network import field_sizes
from generation.presets import NetworkConfig
from tests.generation.pieces import melody, pieces_of, tiny

PIECES = pieces_of(melody(40, seed=seed) for seed in range(6))
CLASSIC = ClassicCodec.fit_pieces(PIECES)


def feed(config: NetworkConfig, codec: Codec, *, seed: int = 0) -> Feed:
    corpus = build_corpus(PIECES, codec, config, held_out=0.0, rng=np.random.default_rng(0))
    return Feed(corpus.train, config, codec, seed)


def epoch(one: Feed, number: int) -> bytes:
    """What the epoch feeds, byte for byte."""
    one.begin(number)
    return b"".join(np.concatenate(one.batch(step)[0], axis=1).tobytes() for step in range(one.steps_per_epoch))


def test_an_epoch_follows_from_seed_and_number_alone() -> None:
    config, codec = tiny("quick"), ExpressiveCodec()
    first, again, other = feed(config, codec), feed(config, codec), feed(config, codec, seed=1)
    after_others = [epoch(first, number) for number in (0, 1, 2)][2]
    assert epoch(again, 2) == after_others
    assert epoch(again, 1) != after_others
    assert epoch(other, 2) != after_others


@pytest.mark.parametrize(
    ("preset", "shapes"),
    [
        ("quick", [(8, 8, 9), (8, 8, 9)]),
        ("bars", [(8, 12, 9), (8, 12, 9)]),
        ("paper-bidirectional", [(8, 8, 1), (8, 1, 1)]),
    ],
)
def test_every_batch_has_the_same_shapes(preset: str, shapes: list[tuple[int, ...]]) -> None:
    config = tiny(preset)
    one = feed(config, CLASSIC if config.codec == "classic" else ExpressiveCodec())
    one.begin(0)
    for step in range(one.steps_per_epoch):
        assert [array.shape for array in one.batch(step)[0]] == shapes


def test_a_small_corpus_is_gone_through_several_times_in_an_epoch() -> None:
    one = feed(tiny("quick"), ExpressiveCodec())
    assert one.n_examples == 6 * 5
    assert one.steps_per_epoch == STEPS_PER_EPOCH_MIN


def test_a_window_begins_with_the_bars_of_its_piece() -> None:
    config, codec = tiny("quick"), ExpressiveCodec()
    waltz = pieces_of([melody(40, meter=(3, 4))])
    corpus = build_corpus(waltz, codec, config, held_out=0.0, rng=np.random.default_rng(0))
    one = Feed(corpus.train, config, codec, 0)
    one.begin(0)
    previous, notes = one.batch(0)[0]
    assert (previous[:, 0, 1] == 35).all()
    assert (previous[:, 1:] == notes[:, :-1]).all()


def test_the_paper_network_is_asked_for_the_last_token_of_each_row() -> None:
    rows = np.array([[[0], [1], [2]], [[3], [0], [1]]], dtype=np.int32)
    inputs, targets = network_batch(rows, tiny("paper", window=2), (4,))
    assert inputs.tolist() == [[[0.0], [0.25]], [[0.75], [0.0]]]
    assert targets.argmax(axis=1).tolist() == [2, 1]
    assert targets.sum() == 2


@pytest.mark.parametrize("preset", ["quick", "paper", "paper-bidirectional"])
def test_judging_agrees_with_the_networks_own_loss_also_where_the_last_batch_is_short(preset: str) -> None:
    config = tiny(preset, codec="classic")
    corpus = build_corpus(PIECES, CLASSIC, config, held_out=0.0, rng=np.random.default_rng(0))
    rows = corpus.train.rows()[:21]
    model = compiled_network(config, CLASSIC)
    nats = nats_by_field(model, rows, config, CLASSIC, n_batch=8)
    expected = model.test_on_batch(*network_batch(rows, config, field_sizes(CLASSIC)))
    assert nats.shape == (1,)
    assert nats.sum() == pytest.approx(float(expected), rel=1e-4)


def test_missing_notes_count_for_nothing_in_the_loss_and_in_judging() -> None:
    config, codec = tiny("bars"), ExpressiveCodec()
    corpus = build_corpus(pieces_of([melody(13), melody(5)]), codec, config, held_out=0.0, rng=np.random.default_rng(0))
    rows, sizes = corpus.train.rows(), field_sizes(codec)
    is_there = rows[:, : config.window, 0] < sizes[0]
    assert 0 < is_there.sum() < is_there.size
    model = compiled_network(config, codec)
    nats = nats_by_field(model, rows, config, codec, n_batch=len(rows))
    loss = model.test_on_batch(*network_batch(rows, config, sizes))
    assert nats.sum() == pytest.approx(float(loss), rel=1e-4)
    said = np.array(model(network_batch(rows, config, sizes)[0]))
    assert nats[0] == pytest.approx(np.mean(nats_of(said[..., : sizes[0]], rows[:, : config.window, 0])[is_there]))


def nats_of(logits: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Of each value, (...); of one that there is not, of any."""
    said = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    known = np.minimum(values, logits.shape[-1] - 1)
    return -np.take_along_axis(said, known[..., None], axis=-1)[..., 0]


def test_judging_tells_how_surprised_each_field_is() -> None:
    config, codec = tiny("quick"), ExpressiveCodec()
    model = compiled_network(config, codec)
    # Heads without a kernel and a recall that weighs nothing: every value is as likely.
    for weight in (model.get_layer("heads").kernel, model.get_layer("recall").weight):
        weight.assign(np.zeros(weight.shape))
    rows = np.zeros((3, 8, 9), dtype=np.int32)
    assert nats_by_field(model, rows, config, codec, n_batch=4) == pytest.approx(np.log(field_sizes(codec)), rel=1e-5)
