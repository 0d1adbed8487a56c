"""How surprised a checkpoint is by pieces that it has not heard, beside a trigram counted on those that it has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.checkpoint import Checkpoint
from generation.codecs import CodecError
from generation.corpus import Side, build_corpus
from generation.corpus.examples import Index, Rows, thinned
from generation.corpus.lines import Tokens
from generation.fitting.judging import nats_by_field
from generation.likelihood.trigram import Likelihood, Trigram, TrigramRefused
from generation.pieces import Piece

MOST_ROWS = 2048  # to judge by, evenly spread: a network that says one note a row is slow
BATCH = 32


@dataclass(frozen=True, slots=True)
class Comparison:
    """A network and a trigram on the same notes of the same held-out pieces."""

    network: Likelihood
    trigram: Likelihood
    causes: dict[str, list[str]]  # what the trigram says each field from
    hears_what_follows: bool  # the network; the trigram never does


class JudgingRefused(ValueError):
    """Pieces that a checkpoint can't be judged by; the message says what to do."""

    code = "judging_refused"


def compare_with_trigram(checkpoint: Checkpoint, learnt: Sequence[Piece], held_out: Sequence[Piece]) -> Comparison:
    """Nats a note of the checkpoint and of a trigram on held-out pieces, windows as in training.

    A network that learns every note is judged on every note of near-disjoint windows; one that says a single note a
    row on at most 2048 notes, evenly spread. The trigram is counted on the learnt pieces, cut in the same way, and
    hears what stands before the note only, also where a network that writes bars hears the bars after it too; such a
    one says of a bar its notes and, each time, whether it goes on. Raises JudgingRefused.
    """
    codec = checkpoint.codec
    try:
        training, judging = side_of(checkpoint, learnt), side_of(checkpoint, held_out)
        trigram = Trigram.fit(
            _lines_by_piece(training, checkpoint), codec.fields, n_given=int(checkpoint.config.learns_every_note)
        )
    except (CodecError, TrigramRefused) as error:
        raise JudgingRefused(f"expected pieces that the checkpoint's codec can say; {error}") from error
    places = _places(judging, MOST_ROWS if not checkpoint.config.learns_every_note else None)
    if len(places) == 0:
        raise JudgingRefused("expected held-out pieces that fill a window, got none; judge it by longer ones")
    rows, starts = judging.examples.rows(judging.lines.tokens, places), judging.starts(places)
    nats = nats_by_field(checkpoint.model, rows, checkpoint.config, codec, n_batch=BATCH, starts=starts)
    counted = _trigram_nats(trigram, rows, starts, checkpoint)
    by_field = {field.name: float(value) for field, value in zip(codec.fields, nats, strict=True)}
    network = Likelihood(float(nats.sum()), by_field, len(counted))
    hears_what_follows = checkpoint.config.window_after > 0
    return Comparison(network, Likelihood.of(counted, codec.fields), trigram.causes, hears_what_follows)


def side_of(checkpoint: Checkpoint, pieces: Sequence[Piece]) -> Side:
    """The pieces as the checkpoint's training cut them. Raises CodecError."""
    rng = np.random.default_rng(0)  # nothing is drawn where nothing is held out
    return build_corpus(pieces, checkpoint.codec, checkpoint.config, held_out=0.0, rng=rng).train


def _places(side: Side, most: int | None) -> Index:
    """The examples to judge by."""
    places = thinned(side.examples, side.most_a_piece, None)
    if most is not None and len(places) > most:
        places = places[np.linspace(0, len(places) - 1, most).astype(np.int64)]
    return places


def _trigram_nats(trigram: Trigram, rows: Rows, starts: Tokens, checkpoint: Checkpoint) -> NDArray[np.float64]:
    """Nats of the notes that the network says too, (notes, fields)."""
    window = checkpoint.config.window
    if checkpoint.config.learns_every_note:
        rows = rows[:, :window]
        nats = trigram.nats(np.concatenate([starts[:, None], rows], axis=1), n_given=1)
        return nats.reshape(*rows.shape)[_is_there(rows, checkpoint)]
    nats = trigram.nats(rows, n_given=window)
    return nats.reshape(-1, nats.shape[-1])


def _lines_by_piece(side: Side, checkpoint: Checkpoint) -> list[list[Tokens]]:
    """Each piece's lines; where the network learnt from windows, each after what it begins with."""
    if checkpoint.config.learns_every_note:
        everything = np.arange(len(side.examples.pieces))
        windows = side.examples.rows(side.lines.tokens, everything)[:, : checkpoint.config.window]
        is_there = _is_there(windows, checkpoint)
        heard = np.concatenate([side.starts(everything)[:, None], windows], axis=1)
        lines = [line[: n + 1] for line, n in zip(heard, is_there.sum(axis=1), strict=True)]
        return [[lines[i] for i in np.flatnonzero(side.examples.pieces == p)] for p in np.unique(side.examples.pieces)]
    lines = np.split(side.lines.tokens, side.lines.firsts[1:-1])
    owners: NDArray[np.int64] = side.lines.pieces
    return [[line for line, owner in zip(lines, owners, strict=True) if owner == piece] for piece in np.unique(owners)]


def _is_there(rows: Rows, checkpoint: Checkpoint) -> NDArray[np.bool_]:
    """Which notes are not missing, (n, length)."""
    found: NDArray[np.bool_] = rows[..., 0] < checkpoint.codec.fields[0].size
    return found
