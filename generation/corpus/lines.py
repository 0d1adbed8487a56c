"""Scores -> lines of tokens: one instrument each, in bars of the codec's meter and in the key of the whole score."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from generation.codecs import Codec, CodecError, ExpressiveCodec
from generation.codecs.expressive import BAR_STEPS
from generation.network import field_sizes, start_tokens
from generation.pieces import Piece
from generation.score.bars import COMMON_METER, bar_quarters
from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import NOTE, Meter, Notes, Part, Score, sort_notes

Tokens = NDArray[np.int32]  # (n, fields)

SHORTEST_LINE = 4  # notes; less is a stinger, not music to learn from
OCTAVE = 12


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of tokens, end to end."""

    tokens: Tokens  # (n, fields)
    firsts: NDArray[np.int64]  # (lines + 1,) where each begins, and the end of the last
    pieces: NDArray[np.int64]  # (lines,) the number of the piece that each is from

    @classmethod
    def of(cls, lines: Sequence[tuple[int, Tokens]], n_fields: int) -> "Lines":
        """The lines of some pieces: (number of the piece, tokens) each."""
        lengths = [len(tokens) for _, tokens in lines]
        empty = np.zeros((0, n_fields), dtype=np.int32)
        return cls(
            np.concatenate([empty, *(tokens for _, tokens in lines)]),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            np.array([piece for piece, _ in lines], dtype=np.int64),
        )

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Each line's beginning, end and piece."""
        return zip(self.firsts[:-1].tolist(), self.firsts[1:].tolist(), self.pieces.tolist(), strict=True)

    def transposed(self, codec: Codec, semitones: int, rng: np.random.Generator) -> Tokens:
        """All tokens, (n, fields), each line moved by as many semitones up or down as drawn, at most `semitones`.

        A codec that follows the key says a key's music alike wherever it lies, so there lines move by octaves. A line
        that the codec can't say so far away stays where it is.
        """
        shifts = transpositions(codec, semitones)
        if len(shifts) == 1 or not len(self.pieces):
            return self.tokens
        drawn = rng.choice(shifts, size=len(self.pieces)).tolist()
        parts = np.split(self.tokens, self.firsts[1:-1])
        moved = [codec.transposed(part, shift) if shift else None for part, shift in zip(parts, drawn, strict=True)]
        return np.concatenate([part if other is None else other for part, other in zip(parts, moved, strict=True)])


def transpositions(codec: Codec, semitones: int) -> list[int]:
    """The moves, in semitones, that make music new to a network with this codec; 0 is among them."""
    step = OCTAVE if isinstance(codec, ExpressiveCodec) and codec.follow_key else 1
    reach = semitones // step
    return [step * n for n in range(-reach, reach + 1)]


def common_meter(scores: Sequence[Score]) -> Meter:
    """The meter in whose bars most notes of the scores can be said; 4/4 where there is a choice."""
    candidates = {COMMON_METER: 0}  # of several as good the first wins
    candidates.update({replace(meter, onset_quarters=0.0): 0 for score in scores for meter in score.meters})
    for meter in candidates:
        if bar_quarters(meter) <= 6:
            candidates[meter] = sum(_n_fitting(score, bar_quarters(meter)) for score in scores)
    return max(candidates, key=lambda meter: candidates[meter])


def unfitting_meter(score: Score, codec: ExpressiveCodec) -> Meter | None:
    """The score's first meter that the codec's bars don't hold, or None."""
    return _unfitting(score, codec.bar_slots / SLOTS_PER_QUARTER)


def fitting_part(score: Score, codec: Codec) -> Score:
    """The score up to the first change to a meter that the codec's bars don't hold."""
    if not isinstance(codec, ExpressiveCodec):
        return score
    other = unfitting_meter(score, codec)
    return replace(score, notes=_before(score, other))


@dataclass(frozen=True, slots=True)
class Line:
    """One instrument of a piece as tokens; `n_own` of them before it was repeated to fill a window.

    `start` (fields,) is what stands before its first note (see `start_of`).
    """

    tokens: Tokens
    n_own: int
    start: Tokens


def start_of(codec: Codec, bar_slots: int | None = None) -> Tokens:
    """What a network hears before a line's first note, (fields,): every field's extra id, and the bars of its meter.

    In other bars than the codec's, `bar_slots` long, the position is their last slot. So a network that begins with
    the plain start token writes in the codec's meter, and has learnt from pieces in all.
    """
    names = [field.name for field in codec.fields]
    start = start_tokens(field_sizes(codec))
    if bar_slots is not None:
        start[names.index("position")] = bar_slots - 1
    return start


def own_bars(score: Score, codec: ExpressiveCodec) -> ExpressiveCodec:
    """The codec, or where it holds more of the score, the same codec in the meter that the score begins in."""
    best = codec
    if score.meters:
        with contextlib.suppress(CodecError):  # a bar that no token can say
            own = replace(codec, numerator=score.meters[0].numerator, denominator=score.meters[0].denominator)
            best = max(codec, own, key=lambda one: len(fitting_part(score, one).notes))
    return best


def piece_lines(piece: Piece, codec: Codec, *, window: int) -> list[Line]:
    """The piece's lines, those of enough notes only.

    The classic codec has one line a piece, that of the first instrument, as in the study. The expressive one counts
    bars in the codec's meter, or in the piece's own where the codec's doesn't hold it. A line shorter than the
    window is played again from its next bar until it fills one, as a loop is.
    """
    if not isinstance(codec, ExpressiveCodec):
        tokens = codec.encode_piece(piece)
        filled = tokens if len(tokens) >= window else np.resize(tokens, (window, tokens.shape[1]))
        return [Line(filled, len(tokens), start_of(codec))] if len(tokens) >= SHORTEST_LINE else []
    bars = own_bars(piece.score, codec)
    start = start_of(codec, None if bars.bar_slots == codec.bar_slots else bars.bar_slots)
    codec, score = bars, fitting_part(piece.score, bars)
    lines = [line for line in split_lines(score) if len(line.notes) >= SHORTEST_LINE]
    if codec.follow_key:
        # The key is the whole score's: a bass line by itself would be heard in another.
        shift = codec.transposition(score)
        lines = [transpose(line, shift) for line in lines]
        codec = replace(codec, follow_key=False)
    return [_encode_filling(line, codec, window, start) for line in lines]


def split_lines(score: Score) -> list[Score]:
    """The score's pitched instruments as scores of their own; drums fall away.

    Parts of one General MIDI program are one instrument, as a piano's two staves are. Tempo, meter and key stay.
    """
    programs = sorted({part.program for part in score.parts if not part.is_drum})
    lines = []
    for program in programs:
        members = [i for i, part in enumerate(score.parts) if part.program == program and not part.is_drum]
        notes = score.notes[np.isin(score.notes["part"], members)].copy()
        notes["part"] = 0
        part = Part(name=score.parts[members[0]].name, program=program)
        lines.append(replace(score, notes=sort_notes(notes), parts=(part,), bends=()))
    return lines


def transpose(score: Score, semitones: int) -> Score:
    """The score some semitones higher, drums untouched; a note that would leave MIDI's range moves back by octaves."""
    if semitones == 0:
        return score
    drums = [i for i, part in enumerate(score.parts) if part.is_drum]
    pitched = ~np.isin(score.notes["part"], drums)
    notes = score.notes.copy()
    pitch = notes["pitch"].astype(np.int64) + semitones
    pitch = np.where(pitch > 127, pitch - 12 * ((pitch - 116) // 12), np.where(pitch < 0, pitch % 12, pitch))
    notes["pitch"] = np.where(pitched, pitch, notes["pitch"])
    keys = tuple(replace(key, fifths=(key.fifths + 7 * semitones + 5) % 12 - 5) for key in score.keys)
    return replace(score, notes=sort_notes(notes), keys=keys)


def _encode_filling(score: Score, codec: ExpressiveCodec, window: int, start: Tokens) -> Line:
    """A line of at least `window` tokens: a short one is repeated from the next bar line on."""
    tokens = codec.encode(score)
    n_own = len(tokens)
    if 0 < n_own < window:
        tokens = codec.encode(_repeat(score, -(-window // len(tokens))))
    # Where a line rests for bars, others play; alone it goes on in the next bar, or samples would be full of holes.
    tokens[:, 0] = np.where(tokens[:, 0] == BAR_STEPS - 1, 1, tokens[:, 0])
    return Line(tokens, n_own, start)


def _unfitting(score: Score, quarters: float) -> Meter | None:
    """The first meter whose positions mean something else in bars of that many quarters, counted from the start."""
    for meter in score.meters:
        if quarters % bar_quarters(meter) > 1e-9 or meter.onset_quarters % quarters > 1e-9:
            return meter
    return None


def _before(score: Score, meter: Meter | None) -> Notes:
    return score.notes if meter is None else score.notes[score.notes["onset_quarters"] < meter.onset_quarters]


def _n_fitting(score: Score, quarters: float) -> int:
    return len(_before(score, _unfitting(score, quarters)))


def _repeat(score: Score, times: int) -> Score:
    bar = bar_quarters(score.meters[0]) if score.meters else 4.0
    first_bar = np.floor(score.notes["onset_quarters"].min() / bar)
    # By onsets: a last note held a moment over the bar line does not cost a whole bar of silence.
    n_bars = np.floor(score.notes["onset_quarters"].max() / bar) + 1 - first_bar
    copies = []
    for turn in range(times):
        notes = np.array(score.notes, dtype=NOTE)
        notes["onset_quarters"] += turn * n_bars * bar
        copies.append(notes)
    return replace(score, notes=sort_notes(np.concatenate(copies)), bends=())
