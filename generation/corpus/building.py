"""Pieces -> what a network is trained and judged on: held-out pieces, lines of tokens, examples."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.codecs.classic import transposed_string
from generation.corpus.examples import Examples, Index, Rows, cut_bar_windows, cut_sliding_windows, cut_windows, thinned
from generation.corpus.lines import (
    SHORTEST_LINE,
    Line,
    Lines,
    Tokens,
    common_meter,
    piece_lines,
    start_of,
    unfitting_meter,
)
from generation.pieces import Piece, scores_of
from generation.presets import NetworkConfig

WINDOWS_PER_PIECE = 64  # an epoch, so that a long piece of many parts does not drown the others


@dataclass(frozen=True, slots=True)
class Side:
    """The training pieces or the held-out ones."""

    lines: Lines
    examples: Examples
    most_a_piece: int | None  # examples an epoch
    names: tuple[str, ...]  # of the pieces
    line_starts: Tokens  # (lines, fields) what stands before each line's first note

    def rows(self) -> Rows:
        """What one epoch shows, evenly spread where a piece has more, (n, length, fields)."""
        return self.examples.rows(self.lines.tokens, thinned(self.examples, self.most_a_piece, None))

    def row_starts(self) -> Tokens:
        """What stands before each of `rows`, (n, fields)."""
        return self.starts(thinned(self.examples, self.most_a_piece, None))

    def starts(self, index: Index) -> Tokens:
        """What stands before some examples where they begin a line, (len(index), fields)."""
        found: Tokens = self.line_starts[self.examples.lines[index]]
        return found


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece that nothing is learnt from, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """What there is to learn from and to be judged by; no piece is on both sides."""

    train: Side
    held_out: Side
    left_out: tuple[LeftOut, ...]
    n_notes: int  # or tokens, of both sides, none counted twice

    def digest(self) -> str:
        """SHA-256 of both sides' tokens and lines: equal for the same pieces, split in the same way."""
        found = hashlib.sha256()
        for side in (self.train, self.held_out):
            for array in (side.lines.tokens, side.lines.firsts, side.lines.pieces, side.line_starts):
                found.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return found.hexdigest()


def fit_codec(name: str, pieces: Sequence[Piece], *, transpositions: int = 0, literal: bool = True) -> Codec:
    """The codec of that name for these pieces, and for them as many semitones higher or lower.

    `literal` reads pieces exactly as the study's code did, silent first parts included; only the classic codec can.

    Raises CodecError where none fits, KeyError for an unknown name.
    """
    if name == ClassicCodec.name:
        codec = ClassicCodec.fit_pieces(pieces, literal=literal)
        shifts = [shift for shift in range(-transpositions, transpositions + 1) if shift]
        moved = {transposed_string(text, shift) for text in codec.vocabulary for shift in shifts}
        return replace(codec, vocabulary=tuple(sorted(moved.difference({""}).union(codec.vocabulary))))
    if name == ExpressiveCodec.name:
        meter = common_meter(scores_of(pieces))
        return ExpressiveCodec(numerator=meter.numerator, denominator=meter.denominator)
    raise KeyError(name)


def build_corpus(
    pieces: Sequence[Piece], codec: Codec, config: NetworkConfig, *, held_out: float, rng: np.random.Generator
) -> Corpus:
    """Split pieces into those to learn from and, a share of `held_out`, those to be judged by; cut both into examples.

    A piece is wholly on one side. `every_step` has near-disjoint windows, each of one line; `infilling` such of whole
    bars, with what follows them (see `BarWindows`); the others the study's, one token apart and across pieces, with the
    token to predict as the last of a row. Raises CodecError.
    """
    window = config.window if config.architecture == "every_step" else 1
    encoded: list[tuple[str, list[Line]]] = []
    left_out: list[LeftOut] = []
    for piece in pieces:
        found = _stream(piece, codec) if is_sliding(config) else piece_lines(piece, codec, window=window)
        lines = [line for line in found if len(line.tokens)]
        if lines:
            encoded.append((piece.name, lines))
        else:
            left_out.append(LeftOut(piece.name, _why_left_out(piece, codec)))
    kept_out = choose_held_out(len(encoded), held_out, rng)
    sides = []
    for is_judge in (False, True):
        members = [i for i in range(len(encoded)) if (i in kept_out) == is_judge]
        owned = [(i, line) for i in members for line in encoded[i][1]]
        sides.append(_side(owned, codec, config, tuple(encoded[i][0] for i in members)))
    n_notes = sum(line.n_own for _, lines in encoded for line in lines)
    return Corpus(sides[0], sides[1], tuple(left_out), n_notes)


def is_sliding(config: NetworkConfig) -> bool:
    """Whether a network learns as the study's did: from every window of one stream of tokens."""
    return not config.learns_every_note


def choose_held_out(n_pieces: int, held_out: float, rng: np.random.Generator) -> frozenset[int]:
    """Indices of the pieces kept from training: at least one where wanted and possible, never all."""
    if held_out <= 0 or n_pieces < 2:
        return frozenset()
    n_out = min(max(1, round(held_out * n_pieces)), n_pieces - 1)
    return frozenset(int(i) for i in rng.choice(n_pieces, size=n_out, replace=False))


def _side(owned: list[tuple[int, Line]], codec: Codec, config: NetworkConfig, names: tuple[str, ...]) -> Side:
    lines = Lines.of([(piece, line.tokens) for piece, line in owned], len(codec.fields))
    starts = np.array([line.start for _, line in owned], dtype=np.int32).reshape(-1, len(codec.fields))
    if is_sliding(config):
        return Side(lines, cut_sliding_windows(lines, config.window + 1), None, names, starts)
    if config.architecture == "every_step":
        return Side(lines, cut_windows(lines, config.window), WINDOWS_PER_PIECE, names, starts)
    windows = cut_bar_windows(lines, config.window, config.window_after, start_of(codec))
    return Side(lines, windows, WINDOWS_PER_PIECE, names, starts)


def _stream(piece: Piece, codec: Codec) -> list[Line]:
    tokens = codec.encode_piece(piece)
    return [Line(tokens, len(tokens), start_of(codec))]


def _why_left_out(piece: Piece, codec: Codec) -> str:
    """One line for a person."""
    score = piece.score
    drums = [i for i, part in enumerate(score.parts) if part.is_drum]
    if np.isin(score.notes["part"], drums).all():
        return "no pitched notes"
    if isinstance(codec, ExpressiveCodec) and (other := unfitting_meter(score, codec)):
        said = f"{other.numerator}/{other.denominator}"
        return f"in {said}, which bars of {codec.numerator}/{codec.denominator} don't hold"
    if isinstance(codec, ClassicCodec) and codec.literal and piece.data:
        return "silent in its first part, which is the only one that the study reads"
    return f"no instrument with {SHORTEST_LINE} notes"
