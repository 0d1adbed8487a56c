from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from generation.checkpoint import Checkpoint
from generation.drawing.grammar import LONGEST_RUN, MOST_NOTES_A_BAR, MOST_NOTES_A_SLOT
from generation.drawing.settings import SampleRefused, Sampling
from generation.metrics import longest_run
from generation.network import field_sizes, previous_notes
from generation.sampling import kept_loop, room_for, sample_tokens
from tests.generation.networks import CLASSIC, echoing, insisting, untrained

ARG_MAX = Sampling(temperature=0, is_faithful=True)
FAITHFUL = Sampling(top_p=1.0, is_faithful=True)


def predicted(checkpoint: Checkpoint, window: list[int], n_tokens: int) -> list[int]:
    """The study's loop: predict, take the likeliest, move the window on."""
    size, found = field_sizes(checkpoint.codec)[0], []
    for _ in range(n_tokens):
        heard = np.reshape(window, (1, len(window), 1)) / float(size)
        found.append(int(np.argmax(checkpoint.model.predict(heard, verbose=0))))
        window = [*window[1:], found[-1]]
    return found


@pytest.fixture(scope="module")
def shared() -> Checkpoint:
    """One network of notes, so that its loops are compiled once for all tests."""
    return untrained("quick")


@pytest.fixture
def quick(shared: Checkpoint) -> Iterator[Checkpoint]:
    """The shared network; what a test does to its weights is undone."""
    weights = shared.model.get_weights()
    yield shared
    shared.model.set_weights(weights)


def test_the_paper_preset_draws_what_the_studys_loop_does() -> None:
    checkpoint = untrained("paper", lstm_layers=2)
    window = np.random.default_rng(3).integers(0, len(CLASSIC.vocabulary), 8)
    prime = window[:, None].astype(np.int32)
    tokens = sample_tokens(checkpoint, count=1, length=25, seed=0, prime=prime, settings=ARG_MAX)
    assert tokens[0, :, 0].tolist() == predicted(checkpoint, window.tolist(), 25)


def test_the_studys_loop_is_kept_where_it_goes_round_for_ever() -> None:
    checkpoint = insisting(untrained("paper"), {"token": 2})
    assert set(sample_tokens(checkpoint, count=1, length=60, seed=0, settings=ARG_MAX).ravel().tolist()) == {2}


def test_the_loop_with_a_state_says_what_the_network_says_of_whole_windows() -> None:
    checkpoint = untrained("quick", lstm_layers=2)
    sizes = field_sizes(checkpoint.codec)
    tokens = sample_tokens(checkpoint, count=2, length=8, seed=0, settings=ARG_MAX)
    logits = np.array(checkpoint.model([previous_notes(tokens, sizes), tokens]))
    first = 0
    for field, size in enumerate(sizes):
        if checkpoint.codec.fields[field].name not in {"position", "octave", "alteration"}:  # bound by what came before
            assert (tokens[:, :, field] == logits[:, :, first : first + size].argmax(axis=2)).all()
        first += size


def test_fused_or_not_the_loop_draws_the_same_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = untrained("paper", architecture="every_step", embedding_units=4)
    drawn = []
    for most in (0, 4):
        monkeypatch.setattr("generation.sampling.MOST_FUSED", most)
        checkpoint.loops.clear()
        drawn.append(sample_tokens(checkpoint, count=2, length=20, seed=4))
    assert (drawn[0] == drawn[1]).mean() > 0.95  # a rounding may turn one draw, and with it what follows


@pytest.mark.parametrize("preset", ["paper", "paper-bidirectional", "quick"])
def test_every_preset_draws_within_its_fields(preset: str) -> None:
    checkpoint = untrained(preset)
    tokens = sample_tokens(checkpoint, count=2, length=12, seed=1)
    sizes = field_sizes(checkpoint.codec)
    assert tokens.shape == (2, 12, len(sizes))
    assert (tokens >= 0).all()
    assert (tokens < np.array(sizes)).all()
    assert (tokens[0] != tokens[1]).any()


def test_a_network_that_writes_bars_between_others_draws_no_piece() -> None:
    with pytest.raises(SampleRefused, match="between others"):
        sample_tokens(untrained("bars"), count=1, length=12, seed=1)


def test_drawn_shares_are_the_networks_softmax() -> None:
    checkpoint = untrained("paper", architecture="every_step", embedding_units=4)
    weights = checkpoint.model.get_weights()
    bias = weights[-1]
    weights[-2][:] = 0  # the answer is the bias, whatever was heard
    checkpoint.model.set_weights(weights)
    shares = np.exp(bias) / np.exp(bias).sum()
    tokens = sample_tokens(checkpoint, count=100, length=100, seed=1, settings=FAITHFUL)
    expected = 10_000 * shares
    found = np.bincount(tokens.ravel(), minlength=len(bias))
    freedom = len(bias) - 1
    # Wilson and Hilferty's bound: one fair sample in a thousand lies above.
    bound = freedom * (1 - 2 / (9 * freedom) + 3.09 * np.sqrt(2 / (9 * freedom))) ** 3
    assert np.sum((found - expected) ** 2 / expected) < bound


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_network_that_insists_on_one_token_is_made_to_say_others(temperature: float) -> None:
    for architecture in ("last_step", "every_step"):
        checkpoint = insisting(untrained("paper", architecture=architecture, embedding_units=4), {"token": 2}, by=900)
        tokens = sample_tokens(checkpoint, count=1, length=500, temperature=temperature, seed=1)
        assert longest_run(tokens[0]) == LONGEST_RUN


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_network_that_goes_round_in_a_circle_is_led_out_of_it(temperature: float) -> None:
    checkpoint = echoing(4, [3, 9, 1, 6])
    free = sample_tokens(checkpoint, count=1, length=100, seed=0, settings=ARG_MAX)[0, :, 0]
    assert (free[4:] == free[:-4]).all()
    tokens = sample_tokens(checkpoint, count=1, length=500, temperature=temperature, seed=0)[0, :, 0]
    is_same = tokens[4:] == tokens[:-4]
    longest_circle = longest_run_of(is_same) + 4
    assert longest_circle == 31  # less than four bars of eight


def longest_run_of(flags: np.ndarray) -> int:
    """The most true values in a row."""
    edges = np.flatnonzero(~np.concatenate([[False], flags, [False]]))
    return int(np.max(np.diff(edges)) - 1)


def keys_of(tokens: np.ndarray) -> list[tuple[tuple[int, int, int, int], ...]]:
    """Each bar's positions and pitches, in order."""
    bars: list[list[tuple[int, int, int, int]]] = []
    for row in tokens.tolist():
        if row[0] or not bars:
            bars.append([])
        bars[-1].append((row[1], row[2], row[3], row[4]))
    return [tuple(bar) for bar in bars]


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_network_that_insists_on_one_bar_is_made_to_write_others(quick: Checkpoint, temperature: float) -> None:
    # One note on each bar's first beat, always the same, and no bar is ever left early or late.
    checkpoint = insisting(quick, {"bar_step": 1, "position": 0, "degree": 2, "octave": 5, "alteration": 1})
    tokens = sample_tokens(checkpoint, count=1, length=300, temperature=temperature, seed=1)[0]
    bars = keys_of(tokens)
    for most in (1, 2):
        runs = [bars[i : i + 4 * most] for i in range(len(bars) - 4 * most + 1)]
        assert not any(run == run[:most] * 4 for run in runs)
    assert any(bars[i : i + 3] == bars[i : i + 1] * 3 for i in range(len(bars)))


def test_a_network_that_never_leaves_its_bar_is_moved_on(quick: Checkpoint) -> None:
    stuck = insisting(quick, {"bar_step": 0, "position": 5})
    tokens = sample_tokens(stuck, count=1, length=300, seed=1)[0]
    bars = keys_of(tokens)
    assert max(len(bar) for bar in bars) <= MOST_NOTES_A_BAR
    chords = [sum(note[0] == position for note in bar) for bar in bars for position in range(48)]
    assert max(chords) == MOST_NOTES_A_SLOT


def test_a_network_that_rests_for_ever_is_made_to_play(quick: Checkpoint) -> None:
    resting = insisting(quick, {"bar_step": 3})
    steps = sample_tokens(resting, count=1, length=300, seed=1)[0, 1:, 0]
    silent = np.maximum(steps - 1, 0).sum()
    assert silent <= 0.5 * np.sum(steps == 1) + 4


def test_a_network_that_insists_on_a_pitch_out_of_the_scale_says_none(quick: Checkpoint) -> None:
    checkpoint = insisting(quick, {"degree": 6, "alteration": 2})
    settings = Sampling(scale="majorBlues", top_p=1.0, temperature=2.0)
    tokens = sample_tokens(checkpoint, count=1, length=300, seed=1, settings=settings)
    semitones = np.array([0, 2, 4, 5, 7, 9, 11])
    chromas = (semitones[tokens[..., 2]] + tokens[..., 4] - 1) % 12
    assert set(chromas.ravel().tolist()) <= {0, 2, 3, 4, 7, 9}


def test_masks_and_guards_need_no_new_compiling(quick: Checkpoint) -> None:
    for settings in (Sampling(), Sampling(scale="dorian", top_k=3), Sampling(0, longest_bar_run=1), ARG_MAX):
        sample_tokens(quick, count=1, length=300, seed=1, settings=settings)
    sample_tokens(quick, count=1, length=400, seed=1)
    loop = quick.loops["stateful 512 1"]
    assert loop.experimental_get_tracing_count() == 1


def test_only_so_many_loops_are_kept_those_used_last(shared: Checkpoint) -> None:
    checkpoint = replace(shared, loops={})
    for name in "abcdefghai":
        kept_loop(checkpoint, name, lambda: lambda: None)
    assert "".join(checkpoint.loops) == "cdefghai"


def test_loops_have_room_for_few_different_lengths() -> None:
    assert [room_for(n) for n in (0, 1, 64, 65, 500, 1000)] == [0, 64, 64, 128, 512, 1024]
