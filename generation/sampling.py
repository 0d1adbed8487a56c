"""Drawing scores from a checkpoint: one compiled loop that carries the LSTM state, batched over scores."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from generation.checkpoint import Checkpoint
from generation.codecs import ClassicCodec, Codec, CodecError, ExpressiveCodec
from generation.copies.passages import Passages
from generation.drawing.copying import STRETCH, draw_uncopied
from generation.drawing.loops import Loop, opening_loop, sliding_loop, stateful_loop
from generation.drawing.masks import Place, place
from generation.drawing.note import BELOW_ONE, draw_uniforms, wishes
from generation.drawing.settings import SampleRefused, Sampling
from generation.network import field_sizes, start_tokens
from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import DEFAULT_TEMPO_BPM, Score, Tempo, sort_notes
from generation.score.overlaps import beside, busiest_part, moved, without_overlaps
from generation.score.quantise import onset_classes

__all__ = ["SampleRefused", "Sampling", "sample", "sample_tokens"]

MAX_NOTES = 2_000_000  # of one call, all scores together
LONGEST_HEARD = 1024  # notes of a prime, its last ones; a network has long forgotten what came before
MOST_LOOPS = 8  # compiled loops kept with a checkpoint
LEAST_STEPS = 64  # loops are compiled for so many steps, or twice as many, and so on
MOST_FUSED = 4  # scores, of one field: fusing a note of nine takes longer than drawing thousands
# Learning with dropout leaves networks less sure of these than held-out pieces would have them; what goes wrong in
# them is heard as holes between bars and leaps out of a register.
COLDER = MappingProxyType({"bar_step": 0.7, "octave": 0.9})
# What is rare in these is a change of pace or touch, not a mistake: cut off, a sample keeps one length for ever.
HOW_PLAYED = frozenset({"duration", "velocity", "timing", "articulation"})

Tokens = NDArray[np.int32]


def sample(
    checkpoint: Checkpoint,
    *,
    count: int,
    length: int,
    seed: int,
    temperature: float | None = None,
    top_p: float | None = None,
    tempo_bpm: float = DEFAULT_TEMPO_BPM,
    prime: Score | None = None,
    with_prime: bool = False,
    settings: Sampling | None = None,
) -> list[Score]:
    """Draw `count` scores of `length` notes (or chords, where the codec's tokens are chords).

    `temperature` and `top_p` replace those of the settings. The network begins from its start token, not from a
    training piece; with `prime` it goes on from that score, in its key, and what comes back begins in the bar of the
    first new note. With `with_prime` the prime comes first, as it is, and the new notes follow in its part of most
    notes, in its tempo. Same checkpoint, arguments and seed, same scores. Two notes of one pitch at one time become
    one, so a score may have a few notes less than asked for. Raises SampleRefused.
    """
    if not (np.isfinite(tempo_bpm) and 3 <= tempo_bpm <= 2000):
        raise SampleRefused(f"tempo_bpm: expected 3 to 2000, got {tempo_bpm!r}")
    if with_prime and prime is None:
        raise SampleRefused("with_prime: expected a prime, got none; give one or leave it out")
    wanted, codec = settings_of(settings, temperature, top_p), checkpoint.codec
    where = place(codec, wanted, prime)
    primed = None if prime is None else encode_placed(codec, prime, where)
    drawn = _draw(checkpoint, count, length, seed, wanted, where, primed)
    if prime is not None and with_prime:
        return [_continued(prime, tokens, codec, where) for tokens in drawn]
    return [_to_score(tokens, codec, where, tempo_bpm) for tokens in drawn]


def sample_tokens(
    checkpoint: Checkpoint,
    *,
    count: int,
    length: int,
    seed: int,
    temperature: float | None = None,
    top_p: float | None = None,
    prime: Tokens | None = None,
    settings: Sampling | None = None,
) -> Tokens:
    """Draw tokens, (count, length, fields); `prime` (n, fields) are tokens to go on from. Raises SampleRefused."""
    wanted = settings_of(settings, temperature, top_p)
    return _draw(checkpoint, count, length, seed, wanted, place(checkpoint.codec, wanted, None), prime)


def settings_of(settings: Sampling | None, temperature: float | None, top_p: float | None) -> Sampling:
    """The settings with temperature and top_p replaced where they are said by themselves."""
    wanted = settings or Sampling()
    return replace(
        wanted,
        temperature=wanted.temperature if temperature is None else temperature,
        top_p=wanted.top_p if top_p is None else top_p,
    )


def passages_kept_from(checkpoint: Checkpoint, settings: Sampling) -> Passages | None:
    """What samples with these settings may not copy; None where copies are allowed or the checkpoint knows of none."""
    is_free = settings.allows_copies or settings.is_faithful or not isinstance(checkpoint.codec, ExpressiveCodec)
    return None if is_free or not checkpoint.config.is_every_step else checkpoint.passages


def encode_placed(codec: Codec, score: Score, where: Place) -> Tokens:
    """The score's tokens where it lies `where`, (n, fields). Raises SampleRefused."""
    try:
        if isinstance(codec, ExpressiveCodec):
            placed = moved(score.notes, [not part.is_drum for part in score.parts], -where.semitones)
            tokens = replace(codec, follow_key=False).encode(replace(score, notes=placed))
        else:
            tokens = codec.encode(score)
    except CodecError as error:
        raise SampleRefused(f"prime: {error}") from None
    if len(tokens) == 0:
        raise SampleRefused("prime: expected at least one note that the codec can say, got none; choose another")
    return tokens


def _draw(
    checkpoint: Checkpoint, count: int, length: int, seed: int, settings: Sampling, where: Place, prime: Tokens | None
) -> Tokens:
    if count < 1 or length < 1 or count * length > MAX_NOTES:
        raise SampleRefused(f"count and length: expected 1 to {MAX_NOTES} notes in all, got {count} x {length}")
    if prime is not None and len(prime) == 0:
        raise SampleRefused("prime: expected at least one token, got none; choose another or leave it out")
    settings, lightly_cut = _as_drawn_best(checkpoint, settings)
    wish = wishes(checkpoint.codec, settings, where.chromas, lightly_cut=lightly_cut)
    rng = np.random.default_rng(seed)
    if checkpoint.config.is_every_step:
        passages = passages_kept_from(checkpoint, settings)
        notes = _draw_stateful(checkpoint, count, length, rng, wish, prime, passages)
    else:
        notes = _draw_sliding(checkpoint, count, length, rng, wish, prime)
    tokens = np.asarray(keras.ops.convert_to_numpy(notes), dtype=np.int32)  # (steps, count, fields)
    return np.ascontiguousarray(np.swapaxes(tokens, 0, 1))


def _as_drawn_best(checkpoint: Checkpoint, settings: Sampling) -> tuple[Sampling, frozenset[str]]:
    """The settings with some fields drawn colder unless they have a temperature of their own, and fields hardly cut.

    Both for networks that draw whole pieces, note by note.
    """
    if settings.is_faithful or not checkpoint.config.is_every_step or not isinstance(checkpoint.codec, ExpressiveCodec):
        return settings, frozenset()
    colder = {name: heat * settings.temperature for name, heat in COLDER.items()}
    return replace(settings, temperatures={**colder, **settings.temperatures}), HOW_PLAYED


def _draw_stateful(
    checkpoint: Checkpoint,
    count: int,
    length: int,
    rng: np.random.Generator,
    wish: Any,
    prime: Tokens | None,
    passages: Passages | None,
) -> Any:
    codec, sizes = checkpoint.codec, field_sizes(checkpoint.codec)
    memory = _opening_memory(checkpoint, count, wish, prime)
    is_fused = count <= MOST_FUSED and len(sizes) == 1

    def loop_of(kind: str, steps: int) -> Loop:
        key = f"{kind} {steps} {count}"
        return kept_loop(checkpoint, key, lambda: stateful_loop(checkpoint.model, codec, is_fused=is_fused))

    if passages is not None and isinstance(codec, ExpressiveCodec):
        loop = loop_of("uncopied", STRETCH)

        def stretch(uniforms: Any, n_steps: int, bans: Any, memory: Any) -> Any:
            return loop(uniforms, np.int32(n_steps), memory, wish, bans)

        return draw_uncopied(stretch, memory, codec, passages, (length, count), rng, wish)
    uniforms = np.zeros((room_for(length), count, len(sizes)), dtype=np.float32)
    uniforms[:length] = draw_uniforms((length, count, len(sizes)), rng, wish)
    return loop_of("stateful", len(uniforms))(uniforms, np.int32(length), memory, wish)[0][:length]


def _opening_memory(checkpoint: Checkpoint, count: int, wish: Any, prime: Tokens | None) -> Any:
    """What the network remembers before the first note that is drawn."""
    n_fields = len(checkpoint.codec.fields)
    given = np.zeros((0, n_fields), dtype=np.int32) if prime is None else prime[-LONGEST_HEARD:].astype(np.int32)
    padded = np.zeros((room_for(len(given)), n_fields), dtype=np.int32)
    padded[: len(given)] = given
    key = f"opening {len(padded)} {count}"
    listen = kept_loop(checkpoint, key, lambda: opening_loop(checkpoint.model, checkpoint.codec, batch=count))
    return listen(padded, np.int32(len(given)), wish)


def _draw_sliding(
    checkpoint: Checkpoint, count: int, length: int, rng: np.random.Generator, wish: Any, prime: Tokens | None
) -> Any:
    config, sizes = checkpoint.config, field_sizes(checkpoint.codec)
    is_stream = isinstance(checkpoint.codec, ClassicCodec)  # one that learnt from full windows only
    n_settling = config.window if prime is None and is_stream else 0
    heard = _opening(prime, config.window, sizes, rng, is_stream=is_stream)
    steps = n_settling + length
    uniforms = np.zeros((room_for(steps), count, len(sizes)), dtype=np.float32)
    uniforms[:n_settling] = rng.random((n_settling, count, len(sizes)), dtype=np.float32) * BELOW_ONE
    uniforms[n_settling:steps] = draw_uniforms((length, count, len(sizes)), rng, wish)
    is_bidirectional = config.architecture == "bidirectional"
    loop = kept_loop(
        checkpoint,
        f"sliding {len(uniforms)} {count}",
        lambda: sliding_loop(checkpoint.model, checkpoint.codec, is_bidirectional=is_bidirectional),
    )
    return loop(uniforms, np.int32(steps), np.tile(heard, (count, 1, 1)), wish)[n_settling:steps]


def _opening(
    prime: Tokens | None, window: int, sizes: tuple[int, ...], rng: np.random.Generator, *, is_stream: bool
) -> Tokens:
    """The window before the first step, (window, fields).

    A network of the study's kind knows full windows only. A short prime is repeated; without one it hears noise, which
    it replaces by a window of its own before anything is kept: the study began with a window of a training piece.
    """
    if not is_stream:
        given = np.zeros((0, len(sizes)), dtype=np.int32) if prime is None else prime[-window:]
        missing = np.tile(start_tokens(sizes), (window - len(given), 1))
        return np.concatenate([missing, given]).astype(np.int32)
    if prime is None:
        return rng.integers(0, np.array(sizes), size=(window, len(sizes))).astype(np.int32)
    return (np.resize(prime, (window, len(sizes))) if len(prime) < window else prime[-window:]).astype(np.int32)


def room_for(n: int) -> int:
    """At least n, of few different numbers: each asks for a loop of its own."""
    return 0 if n == 0 else max(LEAST_STEPS, 1 << (n - 1).bit_length())


def kept_loop(checkpoint: Checkpoint, key: str, make: Callable[[], Loop]) -> Loop:
    """The checkpoint's loop for these shapes; of more than MOST_LOOPS the one unused for longest is forgotten."""
    loop = checkpoint.loops.pop(key, None) or make()
    checkpoint.loops[key] = loop
    while len(checkpoint.loops) > MOST_LOOPS:
        del checkpoint.loops[next(iter(checkpoint.loops))]
    return loop


def _to_score(tokens: Tokens, codec: Codec, where: Place, tempo_bpm: float) -> Score:
    if isinstance(codec, ExpressiveCodec):
        tokens = tokens.copy()
        tokens[0, 0] = 0  # the first note's bar is the first bar
    score = codec.decode(tokens)
    notes = moved(score.notes, [True] * len(score.parts), where.semitones)
    return replace(without_overlaps(replace(score, notes=notes)), tempos=(Tempo(0.0, tempo_bpm),))


def _continued(prime: Score, tokens: Tokens, codec: Codec, where: Place) -> Score:
    """The prime as it is, then the new notes: on its bar grid, or from its end on where the codec has no bars."""
    part = busiest_part(prime)
    pitched = prime.notes[prime.notes["part"] == part]
    if isinstance(codec, ExpressiveCodec):
        bar_quarters = codec.bar_slots / SLOTS_PER_QUARTER
        heard = prime.notes[[not prime.parts[i].is_drum for i in prime.notes["part"]]]
        slots, _ = onset_classes(heard["onset_quarters"])
        bar = int(slots.max()) // codec.bar_slots
        tokens = tokens.copy()
        bars_on, tokens[0, 0] = tokens[0, 0], 1  # a bar in hand, for notes that are early
        shift = (bar + bars_on - 1) * bar_quarters
    else:
        shift = np.ceil(prime.end_quarters * 2 - 1e-9) / 2
    notes = moved(codec.decode(tokens).notes, [True], where.semitones)
    notes["onset_quarters"] = np.maximum(0.0, notes["onset_quarters"] + shift)
    notes["part"] = part
    fresh = beside(without_overlaps(replace(prime, notes=notes)).notes, pitched)
    return replace(prime, notes=sort_notes(np.concatenate([prime.notes, fresh])))
