import numpy as np
import pytest

from generation.codecs import ClassicCodec, ExpressiveCodec
from generation.drawing.note import draw_uniforms, pick, wishes
from generation.drawing.settings import SampleRefused, Sampling

CODEC = ClassicCodec(("A4", "B4", "C4", "D4", "E4", "F4"))
CRITICAL = 20.52  # chi-square of 5 degrees of freedom: one fair draw in a thousand lies above
LOGITS = np.array([0.3, -1.2, 2.0, 0.0, 1.1, -0.4], dtype=np.float32)


def draw(settings: Sampling, n: int = 20_000, *, seed: int = 0, logits: np.ndarray = LOGITS) -> np.ndarray:
    """That many values drawn as the settings say, (n,)."""
    wish = wishes(CODEC, settings, None)
    uniforms = draw_uniforms((n, 1), np.random.default_rng(seed), wish)[:, 0]
    scaled = np.tile(logits * wish["colds"][0] + wish["mask"], (n, 1))
    return np.array(pick(scaled, uniforms, wish["cuts"][0])[0])


def softmax(logits: np.ndarray) -> np.ndarray:
    """Shares of the values."""
    shares: np.ndarray = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    return shares


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_draws_follow_the_softmax(temperature: float) -> None:
    drawn = draw(Sampling(temperature=temperature, top_p=1.0))
    expected = 20_000 * softmax(LOGITS / temperature)
    chi_square = np.sum((np.bincount(drawn, minlength=6) - expected) ** 2 / expected)
    assert chi_square < CRITICAL


def test_draws_of_a_wrong_temperature_would_be_noticed() -> None:
    expected = 20_000 * softmax(LOGITS)
    drawn = draw(Sampling(temperature=1.1, top_p=1.0))
    assert np.sum((np.bincount(drawn, minlength=6) - expected) ** 2 / expected) > CRITICAL


def test_top_k_leaves_that_many_of_the_likeliest_in_their_proportion() -> None:
    drawn = draw(Sampling(top_k=3, top_p=1.0))
    assert sorted(set(drawn.tolist())) == [0, 2, 4]
    shares = softmax(LOGITS[[0, 2, 4]])
    assert np.bincount(drawn, minlength=6)[[0, 2, 4]] / 20_000 == pytest.approx(shares, abs=0.02)


def test_top_p_leaves_as_few_of_the_likeliest_as_make_it_up() -> None:
    logits = np.log(np.array([0.1, 0.6, 0.3, 1e-9, 1e-9, 1e-9], dtype=np.float32))
    drawn = {p: set(draw(Sampling(top_p=p), 2000, logits=logits).tolist()) for p in (0.5, 0.7, 0.95)}
    assert drawn == {0.5: {1}, 0.7: {1, 2}, 0.95: {0, 1, 2}}


def test_temperature_zero_is_the_likeliest_and_of_equals_the_first() -> None:
    assert set(draw(Sampling(temperature=0), 50).tolist()) == {2}
    equal = np.array([0, 1, 1, 1, 0, 0], dtype=np.float32)
    assert set(draw(Sampling(temperature=0), 50, logits=equal).tolist()) == {1}


def test_the_probability_is_that_of_what_was_drawn() -> None:
    logits = np.tile(LOGITS, (5, 1))
    value, probability = pick(logits, np.linspace(0, 0.99, 5, dtype=np.float32), np.ones(6, dtype=np.float32))
    assert np.array(probability) == pytest.approx(softmax(LOGITS)[np.array(value)], rel=1e-5)


def test_what_is_masked_is_not_drawn_even_by_the_largest_uniform() -> None:
    allowed = frozenset({9, 11})  # A and B
    wish = wishes(CODEC, Sampling(top_p=1.0), allowed)
    uniforms = np.append(np.random.default_rng(1).random(5000, dtype=np.float32), np.float32(1)) * wish["sampled"]
    logits = np.tile(np.array([-3, -3, 9, 9, 9, 9], dtype=np.float32) + wish["mask"], (5001, 1))
    assert sorted(set(np.array(pick(logits, uniforms, wish["cuts"][0])[0]).tolist())) == [0, 1]


def test_each_field_has_its_temperature() -> None:
    wish = wishes(ExpressiveCodec(), Sampling(temperature=2.0, temperatures={"velocity": 0.5, "degree": 0}), None)
    assert wish["colds"].tolist() == [0.5, 0.5, 1, 0.5, 0.5, 0.5, 2, 0.5, 0.5]
    uniforms = draw_uniforms((100, 9), np.random.default_rng(0), wish)
    assert np.flatnonzero((uniforms == 0).all(axis=0)).tolist() == [2]


def test_a_temperature_for_a_field_that_the_codec_lacks_is_refused() -> None:
    with pytest.raises(SampleRefused, match="loudness"):
        wishes(ExpressiveCodec(), Sampling(temperatures={"loudness": 1.0}), None)


def test_of_fields_that_are_lightly_cut_the_square_is_left_out() -> None:
    wish = wishes(ExpressiveCodec(), Sampling(top_p=0.9, top_k=3), None, lightly_cut={"duration"})
    kept = {name: wish["cuts"][field, :4].tolist() for field, name in ((2, "degree"), (5, "duration"))}
    assert kept["degree"] == pytest.approx([0.9, 0.9, 0.9, -1])
    assert kept["duration"] == pytest.approx([0.99, 0.99, 0.99, -1])
