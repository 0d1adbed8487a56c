"""Drawing scores from a checkpoint: one compiled loop that carries the LSTM state, batched over scores."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from generation.checkpoint import Checkpoint
from generation.codecs import Codec, CodecError, ExpressiveCodec
from generation.loops import sliding_loop, stateful_loop
from generation.network import field_sizes
from generation.score.notes import DEFAULT_TEMPO_BPM, Score, Tempo, sort_notes

MAX_NOTES = 2_000_000  # of one call, all scores together
SAME_ONSET_QUARTERS = 1 / 48  # closer than this, two notes of one pitch are one


class SampleRefused(ValueError):
    """A wish that no sample can meet; the message names the argument."""

    code = "sample_refused"


def sample(
    checkpoint: Checkpoint,
    *,
    count: int,
    length: int,
    temperature: float = 1.0,
    top_p: float = 0.95,
    seed: int,
    tempo_bpm: float = DEFAULT_TEMPO_BPM,
    prime: Score | None = None,
) -> list[Score]:
    """Draw `count` scores of `length` notes (or chords, where the codec's tokens are chords).

    Temperature 0 takes the likeliest token each time. `top_p` leaves out the unlikely rest of each distribution. The
    network begins from its start token, not from a training piece; with `prime` it continues that score, which is not
    part of what comes back. Same checkpoint, arguments and seed, same scores. Two notes of one pitch at one time become
    one, so a score may have a few notes less than asked for. Raises SampleRefused.
    """
    if not (np.isfinite(tempo_bpm) and 3 <= tempo_bpm <= 2000):
        raise SampleRefused(f"tempo_bpm: expected 3 to 2000, got {tempo_bpm!r}")
    codec = checkpoint.codec
    try:
        primed = codec.encode(prime) if prime is not None else None
    except CodecError as error:
        raise SampleRefused(f"prime: {error}") from None
    drawn = sample_tokens(
        checkpoint, count=count, length=length, temperature=temperature, top_p=top_p, seed=seed, prime=primed
    )
    return [_to_score(tokens, codec, tempo_bpm) for tokens in drawn]


def sample_tokens(
    checkpoint: Checkpoint,
    *,
    count: int,
    length: int,
    temperature: float = 1.0,
    top_p: float = 0.95,
    seed: int,
    prime: NDArray[np.int32] | None = None,
) -> NDArray[np.int32]:
    """Draw tokens, (count, length, fields); `prime` (n, fields) are tokens to continue. Raises SampleRefused."""
    _check(count, length, temperature, top_p)
    sizes = field_sizes(checkpoint.codec)
    rng = np.random.default_rng(seed)
    given = np.zeros((0, len(sizes)), dtype=np.int32) if prime is None else prime
    if not checkpoint.config.is_every_step:
        given = _opening(given, checkpoint.config.window, sizes, rng, is_free=prime is None)
    # The sliding network hears its opening before its first step, the stateful one step by step.
    n_heard = len(given) if checkpoint.config.is_every_step else 0
    n_settling = checkpoint.config.window if prime is None and not checkpoint.config.is_every_step else 0
    uniforms = rng.random((n_heard + n_settling + length, count, len(sizes)), dtype=np.float32)
    if temperature == 0:
        uniforms[n_settling:] = 0.0  # the first of the sorted probabilities: arg-max
    loop = _loop(checkpoint)
    drawn = loop(uniforms, given, np.float32(temperature or 1.0), np.float32(top_p))
    tokens = np.asarray(keras.ops.convert_to_numpy(drawn), dtype=np.int32)  # (steps, count, fields)
    return np.ascontiguousarray(np.swapaxes(tokens[-length:], 0, 1))


def _opening(
    given: NDArray[np.int32], window: int, sizes: tuple[int, ...], rng: np.random.Generator, *, is_free: bool
) -> NDArray[np.int32]:
    """The window before the first step of a network without a start token, (window, fields).

    Without a prime it is noise, which the network replaces by a window of its own before anything is kept: the study
    began with a window of a training piece, and gave it back.
    """
    if is_free:
        return rng.integers(0, np.array(sizes), size=(window, len(sizes))).astype(np.int32)
    if len(given) == 0:
        raise SampleRefused("prime: expected at least one note that the codec can say, got none; choose another")
    return np.resize(given, (window, len(sizes))) if len(given) < window else given[-window:]


def _check(count: int, length: int, temperature: float, top_p: float) -> None:
    if count < 1 or length < 1 or count * length > MAX_NOTES:
        raise SampleRefused(f"count and length: expected 1 to {MAX_NOTES} notes in all, got {count} x {length}")
    if not (np.isfinite(temperature) and 0 <= temperature <= 10):
        raise SampleRefused(f"temperature: expected 0 to 10, got {temperature!r}")
    if not 0 < top_p <= 1:
        raise SampleRefused(f"top_p: expected more than 0 and at most 1, got {top_p!r}")


def _loop(checkpoint: Checkpoint) -> Callable[..., Any]:
    if "draw" not in checkpoint.loops:
        make = stateful_loop if checkpoint.config.is_every_step else sliding_loop
        checkpoint.loops["draw"] = make(checkpoint.model, checkpoint.codec)
    loop: Callable[..., Any] = checkpoint.loops["draw"]
    return loop


def _to_score(tokens: NDArray[np.int32], codec: Codec, tempo_bpm: float) -> Score:
    if isinstance(codec, ExpressiveCodec):
        tokens = tokens.copy()
        tokens[0, 0] = 0  # the first note's bar is the first bar
    score = codec.decode(tokens)
    return replace(without_overlaps(score), tempos=(Tempo(0.0, tempo_bpm),))


def without_overlaps(score: Score) -> Score:
    """The score with each note ending before the next of its pitch and part; of two at one time the first is kept."""
    notes = score.notes[np.lexsort((score.notes["onset_quarters"], score.notes["pitch"], score.notes["part"]))]
    while True:
        same = (np.diff(notes["pitch"]) == 0) & (np.diff(notes["part"]) == 0)
        gap = np.diff(notes["onset_quarters"])
        twin = np.concatenate([[False], same & (gap < SAME_ONSET_QUARTERS)])
        if not twin.any():
            break
        # Neighbouring twins are taken away one after the other: the one before may itself be a twin.
        notes = notes[~(twin & ~np.concatenate([[False], twin[:-1]]))]
    notes = notes.copy()
    length = notes["duration_quarters"][:-1]
    notes["duration_quarters"][:-1] = np.where(same, np.minimum(length, gap), length)
    return replace(score, notes=sort_notes(notes))
