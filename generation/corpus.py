"""Scores -> training arrays: lines, held-out pieces, windows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.codecs.expressive import BAR_STEPS
from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import NOTE, Meter, Part, Score, sort_notes

Tokens = NDArray[np.int32]  # (n, fields)
Windows = NDArray[np.int32]  # (n, window, fields)

SHORTEST_LINE = 4  # notes; less is a stinger, not music to learn from
WINDOWS_PER_SCORE = 64  # so that a long score of many parts does not drown the others
COMMON_TIME = Meter(0.0, 4, 4)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Windows of tokens to learn from and to be judged by, and what they were cut from."""

    train: Windows
    held_out: Windows
    n_scores: int  # that were learnt from
    n_held_out: int  # scores kept from training
    n_left_out: int  # scores without notes to learn from, or in a meter that the codec's bars don't hold


def fit_codec(name: str, scores: Sequence[Score]) -> Codec:
    """The codec of that name for these scores. Raises CodecError where none fits, KeyError for an unknown name."""
    if name == ClassicCodec.name:
        return ClassicCodec.fit(scores)
    if name == ExpressiveCodec.name:
        meter = common_meter(scores)
        return ExpressiveCodec(numerator=meter.numerator, denominator=meter.denominator)
    raise KeyError(name)


def common_meter(scores: Sequence[Score]) -> Meter:
    """The meter in whose bars most notes of the scores can be said; 4/4 where there is a choice."""
    candidates = {COMMON_TIME: 0}  # of several as good the first wins
    candidates.update({replace(meter, onset_quarters=0.0): 0 for score in scores for meter in score.meters})
    for meter in candidates:
        if bar_quarters(meter) <= 6:
            candidates[meter] = sum(_n_fitting(score, bar_quarters(meter)) for score in scores)
    return max(candidates, key=lambda meter: candidates[meter])


def bar_quarters(meter: Meter) -> float:
    """Length of a bar in quarters."""
    return 4 * meter.numerator / meter.denominator


def fitting_quarters(score: Score, quarters: float) -> float:
    """How long, from its start, bars of that many quarters hold the score's: there, positions mean the same."""
    for meter in score.meters:
        if quarters % bar_quarters(meter) > 1e-9 or meter.onset_quarters % quarters > 1e-9:
            return meter.onset_quarters
    return float("inf")


def fitting_part(score: Score, codec: Codec) -> Score:
    """The score up to the first change to a meter that the codec's bars don't hold."""
    if not isinstance(codec, ExpressiveCodec):
        return score
    end = fitting_quarters(score, codec.bar_slots / SLOTS_PER_QUARTER)
    return replace(score, notes=score.notes[score.notes["onset_quarters"] < end])


def build_corpus(
    scores: Sequence[Score],
    codec: Codec,
    *,
    window: int,
    held_out: float,
    rng: np.random.Generator,
    transpositions: int = 0,
    windows_per_score: int = WINDOWS_PER_SCORE,
) -> Corpus:
    """Cut scores into near-disjoint windows, each of one line of one score, without padding.

    A score is wholly for training or wholly held out. A line shorter than the window is played again from its next bar
    until it fills one, as a loop is. `transpositions` adds that many copies of the training scores in other keys, for
    codecs that don't follow the key.
    """
    fitting = [part for score in scores if len((part := fitting_part(score, codec)).notes)]
    n_left_out = len(scores) - len(fitting)
    kept_out = choose_held_out(len(fitting), held_out, rng)
    sides: tuple[list[Windows], list[Windows]] = ([], [])
    for index, score in enumerate(fitting):
        is_judge = index in kept_out
        rows = _score_windows(score, codec, window, 0 if is_judge else transpositions)
        if len(rows) > windows_per_score:
            rows = rows[np.sort(rng.choice(len(rows), size=windows_per_score, replace=False))]
        if len(rows):
            sides[is_judge].append(rows)
        else:
            n_left_out += 1
    empty = np.zeros((0, window, len(codec.fields)), dtype=np.int32)
    train, judged = (np.concatenate([empty, *side]) for side in sides)
    return Corpus(train, judged, len(sides[0]), len(sides[1]), n_left_out)


def build_sliding_corpus(
    scores: Sequence[Score], codec: Codec, *, window: int, held_out: float, rng: np.random.Generator
) -> Corpus:
    """The paper's corpus: every `window` tokens with the token after them, one step apart and across scores.

    Rows are (n, window + 1, fields): the last token of a row is what the others should predict.
    """
    kept_out = choose_held_out(len(scores), held_out, rng)
    sides: tuple[list[Tokens], list[Tokens]] = ([], [])
    for index, score in enumerate(scores):
        tokens = codec.encode(score)
        if len(tokens):
            sides[index in kept_out].append(tokens)
    empty = np.zeros((0, len(codec.fields)), dtype=np.int32)
    train, judged = (_sliding(np.concatenate([empty, *side]), window + 1) for side in sides)
    n_left_out = len(scores) - len(sides[0]) - len(sides[1])
    return Corpus(train, judged, len(sides[0]), len(sides[1]), n_left_out)


def choose_held_out(n_scores: int, held_out: float, rng: np.random.Generator) -> frozenset[int]:
    """Indices of the scores kept from training: at least one where wanted and possible, never all."""
    if held_out <= 0 or n_scores < 2:
        return frozenset()
    n_out = min(max(1, round(held_out * n_scores)), n_scores - 1)
    return frozenset(int(i) for i in rng.choice(n_scores, size=n_out, replace=False))


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


def disjoint_windows(tokens: Tokens, window: int) -> Windows:
    """As few windows as cover the tokens, (n, window, fields), evenly spread: neighbours overlap little."""
    n = len(tokens)
    if n < window:
        return np.zeros((0, window, tokens.shape[1]), dtype=np.int32)
    starts = np.round(np.linspace(0, n - window, -(-n // window))).astype(np.int64)
    rows: Windows = tokens[starts[:, None] + np.arange(window)]
    return rows


def _score_windows(score: Score, codec: Codec, window: int, transpositions: int) -> Windows:
    lines = [line for line in split_lines(score) if len(line.notes) >= SHORTEST_LINE]
    if isinstance(codec, ExpressiveCodec) and codec.follow_key:
        # The key is the whole score's: a bass line by itself would be heard in another.
        shift = codec.transposition(score)
        lines = [transpose(line, shift) for line in lines]
        codec = replace(codec, follow_key=False)
    shifts = [(n + 1) // 2 * (-1) ** n for n in range(transpositions + 1)]  # 0, -1, 1, -2, 2, ...
    rows = [
        disjoint_windows(_encode_filling(transpose(line, shift), codec, window), window)
        for line in lines
        for shift in shifts
    ]
    return np.concatenate([np.zeros((0, window, len(codec.fields)), dtype=np.int32), *rows])


def _encode_filling(score: Score, codec: Codec, window: int) -> Tokens:
    """Tokens of a line, (n, fields), with n >= window: a short line is repeated from the next bar line on."""
    tokens = codec.encode(score)
    if 0 < len(tokens) < window:
        tokens = codec.encode(_repeat(score, -(-window // len(tokens))))
    if isinstance(codec, ExpressiveCodec):
        # Where a line rests for bars, others play; alone it goes on in the next bar, or samples would be full of holes.
        tokens[:, 0] = np.where(tokens[:, 0] == BAR_STEPS - 1, 1, tokens[:, 0])
    return tokens


def _n_fitting(score: Score, quarters: float) -> int:
    return int(np.sum(score.notes["onset_quarters"] < fitting_quarters(score, quarters)))


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


def _sliding(tokens: Tokens, length: int) -> Windows:
    if len(tokens) < length:
        return np.zeros((0, length, tokens.shape[1]), dtype=np.int32)
    windows = np.lib.stride_tricks.sliding_window_view(tokens, length, axis=0)  # (n, fields, length)
    return np.ascontiguousarray(np.swapaxes(windows, 1, 2))
