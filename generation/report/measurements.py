"""All that a report is made of: a checkpoint's samples and training pieces, measured in the same terms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from generation import metrics
from generation.checkpoint import Checkpoint
from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.copies.memorisation import Baseline, MemorisationIndex, Passage
from generation.corpus.examples import cut_windows, thinned
from generation.corpus.lines import Lines, Tokens, piece_lines, start_of
from generation.likelihood.held_out import Comparison, JudgingRefused, compare_with_trigram
from generation.overlap import DISTRIBUTIONS, EXCERPT_FEATURES, Overlap, distribution_overlap, excerpt_overlap
from generation.pieces import Piece
from generation.sampling import Sampling, passages_kept_from, sample_tokens
from generation.score.expression import HUMAN_MS, Performance, perform, timing_deviations_of
from generation.score.notes import Score, pitched_notes
from generation.score.overlaps import without_overlaps

EXCERPT_NOTES = 64
EXCERPTS_PER_PIECE = 64  # as training shows in an epoch
FEWEST_STROKES = 64  # of a piece whose timing is measured


@dataclass(frozen=True)
class Excerpts:
    """Music cut into equally many notes, as a codec says it."""

    scores: list[Score]
    owners: NDArray[np.int64]  # (n,) number of the piece or sample that each is from
    longest_run: int  # of one token in any line


@dataclass(frozen=True)
class Drawn:
    """Samples as written, as played, and cut; none where the network does not draw pieces, with the reason."""

    written: list[Score]
    played: list[Score]
    excerpts: Excerpts
    why_not: str = ""
    longest_copy: int | None = None  # notes of a passage that the guard lets through; None where there was no guard


@dataclass(frozen=True)
class Measurements:
    """Figures of a checkpoint; series have one entry a sample."""

    comparison: Comparison | None
    why_no_comparison: str
    training: Excerpts
    drawn: Drawn
    distributions: dict[str, Overlap]
    features: dict[str, Overlap]
    passages: list[Passage | None]
    baseline: Baseline
    late_ms: list[NDArray[np.float64]]  # each sample's strokes as played
    trained_late_ms: list[NDArray[np.float64]]  # of each training piece that a person has played


def measure(
    checkpoint: Checkpoint,
    learnt: Sequence[Piece],
    held_out: Sequence[Piece],
    drawn: Drawn,
    *,
    length: int,
    seed: int,
) -> Measurements:
    """Measure samples of `length` notes against the pieces learnt from, and the likelihood of those held out."""
    codec = checkpoint.codec
    training = cut([_lines(piece, codec) for piece in learnt], codec)
    comparison, why_not = _compare(checkpoint, learnt, held_out)
    sides = (training.scores, training.owners, drawn.excerpts.scores)
    index = MemorisationIndex.build([_as_said(piece, codec) for piece in learnt])
    notes_of_one = int(np.median([len(score.notes) for score in drawn.written] or [length]))
    return Measurements(
        comparison=comparison,
        why_no_comparison=why_not,
        training=training,
        drawn=drawn,
        distributions={
            name: distribution_overlap(*sides, feature, seed=seed) for name, feature in DISTRIBUTIONS.items()
        },
        features={name: excerpt_overlap(*sides, feature, seed=seed) for name, feature in EXCERPT_FEATURES.items()},
        passages=[index.longest_shared(score) for score in drawn.written],
        baseline=index.baseline(max(2, notes_of_one)),
        late_ms=[timing_deviations_of(score) for score in drawn.played],
        trained_late_ms=_own_timing(learnt),
    )


def _lines(piece: Piece, codec: Codec) -> list[Tokens]:
    """The piece's lines in the codec's meter; of pieces in other meters none, samples are not in them."""
    lines = piece_lines(piece, codec, window=EXCERPT_NOTES)
    return [line.tokens for line in lines if np.array_equal(line.start, start_of(codec))]


def cut(lines: Sequence[Sequence[Tokens]], codec: Codec) -> Excerpts:
    """Near-disjoint excerpts of 64 notes of the lines of each piece, (n, fields), at most 64 a piece."""
    owned = [(index, line) for index, piece in enumerate(lines) for line in piece if len(line)]
    joined = Lines.of(owned, len(codec.fields))
    windows = cut_windows(joined, EXCERPT_NOTES)
    rows = windows.rows(joined.tokens, places := thinned(windows, EXCERPTS_PER_PIECE, None))
    longest = max((metrics.longest_run(line) for _, line in owned), default=0)
    return Excerpts([codec.decode(_from_first_bar(row, codec)) for row in rows], windows.pieces[places], longest)


def draw(
    checkpoint: Checkpoint,
    n_samples: int,
    length: int,
    *,
    seed: int,
    performance: Performance,
    settings: Sampling | None = None,
) -> Drawn:
    """Samples of a checkpoint, those that `sample` gives, each played with a seed of its own. Raises SampleRefused.

    None of a network that hears what follows a note: it is made to write bars anew, not pieces.
    """
    codec = checkpoint.codec
    if checkpoint.config.window_after > 0:
        return Drawn([], [], cut([], codec), "the network writes bars anew between others, not pieces")
    tokens = sample_tokens(checkpoint, count=n_samples, length=length, seed=seed, settings=settings)
    written = [without_overlaps(codec.decode(_from_first_bar(line, codec))) for line in tokens]
    played = [perform(score, performance, seed=seed + index) for index, score in enumerate(written)]
    passages = passages_kept_from(checkpoint, settings or Sampling())
    longest_copy = passages.n_notes if passages else None
    return Drawn(written, played, cut([[line] for line in tokens], codec), longest_copy=longest_copy)


def _from_first_bar(tokens: Tokens, codec: Codec) -> Tokens:
    """The tokens, (n, fields), without the bars of rest before the first note."""
    if isinstance(codec, ExpressiveCodec) and len(tokens):
        tokens = tokens.copy()
        tokens[0, 0] = 0
    return tokens


def _compare(
    checkpoint: Checkpoint, learnt: Sequence[Piece], held_out: Sequence[Piece]
) -> tuple[Comparison | None, str]:
    if not held_out:
        named = checkpoint.facts.get("held_out")
        n_named = len(named) if isinstance(named, list) else 0
        return None, f"of {n_named} pieces that the checkpoint says were kept from training none is here"
    try:
        return compare_with_trigram(checkpoint, learnt, held_out), ""
    except JudgingRefused as error:
        return None, str(error)


def _as_said(piece: Piece, codec: Codec) -> Piece:
    """The piece, or where its codec knows no rhythm, even notes: a network's copy of it would have no other."""
    if isinstance(codec, ClassicCodec):
        return Piece(piece.name, codec.decode(codec.encode_piece(piece)))
    return piece


def _own_timing(pieces: Sequence[Piece]) -> list[NDArray[np.float64]]:
    found = [timing_deviations_of(replace(piece.score, notes=pitched_notes(piece.score))) for piece in pieces]
    return [late_ms for late_ms in found if len(late_ms) >= FEWEST_STROKES and late_ms.std() >= HUMAN_MS[0]]
