"""Samples that copy no passage: notes are drawn some at a time, and those that finish one are drawn anew."""

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from generation.codecs import ExpressiveCodec
from generation.copies.memorisation import PITCHES, Reading, readings_of
from generation.copies.passages import Passages
from generation.drawing.grammar import Grammar
from generation.drawing.note import Wishes, draw_uniforms
from generation.score.grid import ALTERATIONS
from generation.score.scales import LOWEST_OCTAVE, degree_to_pitch, fold_pitch

STRETCH = 64  # notes that are drawn before they are compared
HEARD_BEFORE = 128  # notes before them in which a passage may have begun
MOST_BANS = 3  # degrees that may be forbidden for one note; then the note before is drawn anew
MOST_ROUNDS = 256  # of a stretch: where masks leave too little to choose from, copies stay

Tokens = NDArray[np.int32]
Floats = NDArray[np.float32]
# (uniforms (STRETCH, batch, fields), n_steps, bans (STRETCH, batch, degrees), memory) -> notes, memory
Stretch = Callable[[Floats, int, Floats, Any], tuple[Any, Any]]


def draw_uncopied(
    draw: Stretch,
    memory: Any,
    codec: ExpressiveCodec,
    passages: Passages,
    shape: tuple[int, int],
    rng: np.random.Generator,
    wish: Wishes,
) -> Tokens:
    """Notes of (length, count) = `shape`, (length, count, fields), no passage of which is among `passages`.

    `draw` draws a stretch from what `memory` is and gives the memory after it. Of a sample that has copied, the note
    that made the passage too long is drawn anew without its degree, and all that follow. Samples that copy nothing are
    what they would be without this guard.
    """
    length, count = shape
    others = rng.spawn(count)  # a sample's redraws are its own
    grammar = Grammar(codec)
    said = np.zeros((0, count, len(grammar.sizes)), dtype=np.int32)
    for first in range(0, length, STRETCH):
        n = min(STRETCH, length - first)
        uniforms = np.zeros((STRETCH, count, len(grammar.sizes)), dtype=np.float32)
        uniforms[:n] = draw_uniforms((n, count, len(grammar.sizes)), rng, wish)
        bans = np.zeros((STRETCH, count, grammar.sizes[grammar.guarded]), dtype=np.float32)
        waiting = np.arange(count)
        for _ in range(MOST_ROUNDS):
            drawn, after = draw(uniforms, n, bans, memory)
            notes = np.asarray(ops.convert_to_numpy(drawn), dtype=np.int32)[:n]
            heard = np.concatenate([said[-HEARD_BEFORE:], notes])
            fresh = len(heard) - n
            copied = {b: _first_copied(heard[:, b], fresh, codec, passages) for b in waiting.tolist()}
            waiting = np.array([b for b, at in copied.items() if at is not None], dtype=np.int64)
            if not len(waiting):
                break
            for b in waiting.tolist():
                at = _ban(bans[:, b], (copied[b] or 0) - fresh, notes[:, b, grammar.guarded])
                uniforms[at:n, b] = draw_uniforms(uniforms[at:n, b].shape, others[b], wish)
        said, memory = np.concatenate([said, notes]), after
    return said


def readings_of_tokens(tokens: Tokens, codec: ExpressiveCodec) -> list[Reading]:
    """The readings of the score that the tokens, (n, fields), say; places are those of the tokens."""
    bar_step, position, degree, octave, alteration = tokens[:, :5].T.astype(np.int64)
    bars = np.cumsum(bar_step)
    spelt = octave + LOWEST_OCTAVE, alteration + ALTERATIONS[0]
    pitches = fold_pitch(degree_to_pitch(degree, *spelt, key=codec.key, scale=codec.scale))
    keys, order = np.unique((bars * codec.bar_slots + position) * PITCHES + pitches, return_index=True)
    if len(keys) < 2:
        return []
    readings = readings_of(*np.divmod(keys, PITCHES), bars[order] + 1)
    return [Reading(line.steps, line.pitches, line.bars, order[line.places]) for line in readings]


def _first_copied(tokens: Tokens, fresh: int, codec: ExpressiveCodec, passages: Passages) -> int | None:
    return passages.first_copied(readings_of_tokens(tokens, codec), fresh)


def _ban(bans: Floats, at: int, degrees: NDArray[np.int32]) -> int:
    """Forbid the degree of the note at a place, or of one before where little is left there, and say of which.

    `bans` (STRETCH, degrees) are changed: what was forbidden later on is allowed again, for other music leads there.
    """
    while at > 0 and bans[at].sum() >= MOST_BANS:
        at -= 1
    bans[at, degrees[at]] = 1.0
    bans[at + 1 :] = 0.0
    return at
