"""Writing one bar of a score anew, between the bars before it and after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from generation.checkpoint import Checkpoint
from generation.codecs import CodecError, ExpressiveCodec
from generation.codecs.expressive import BAR_STEPS
from generation.corpus.lines import start_of
from generation.drawing.bar_loop import bar_loop
from generation.drawing.grammar import MOST_NOTES_A_BAR
from generation.drawing.masks import scale_home
from generation.drawing.note import draw_uniforms, wishes
from generation.drawing.settings import SampleRefused, Sampling
from generation.network import field_sizes, start_tokens
from generation.sampling import kept_loop
from generation.score.bars import BarPlace, find_bar
from generation.score.notes import Notes, Score, pitched_notes, sort_notes
from generation.score.overlaps import beside, busiest_part, moved, without_overlaps
from generation.score.quantise import onset_classes
from generation.score.scales import semitones_of, tonic_of
from generation.score.tonality import find_tonality

Tokens = NDArray[np.int32]

CHROMAS = 12
FIFTH = 7  # semitones
REWRITING = Sampling(temperature=0.8, top_p=0.9)  # where nobody asks for others: a bar must fit, a piece may stray
TRIES = 4  # bars drawn for each that is wanted; which is taken, `strangeness` says
REACH = 5  # semitones that a bar may leave its neighbours' range by
NEARLY_AS_MANY = 0.5  # octaves of number: a bar may have half as many notes again as its neighbours, or a third less
EMPTY, UNCHANGED, COPIED = 8.0, 4.0, 1.0
NOTES_FOR_A_KEY = 48  # of fewer a key is found wrongly too often: one that is written down is believed


@dataclass(frozen=True, slots=True)
class Hole:
    """A bar taken out of a score's part, as a network hears it."""

    score: Score
    part: int
    place: BarPlace
    codec: ExpressiveCodec  # in the bar's meter
    semitones: int  # from the score's pitches to the codec's
    chromas: frozenset[int] | None  # what may be drawn, as the codec says it; None for all
    is_inside: NDArray[np.bool_]  # (notes of the score,)
    before: Tokens  # (n, fields)
    after: Tokens  # (n, fields); its first bar step is that from the hole's bar
    bar_step: int  # of the hole's first note
    near: tuple[Notes, ...]  # of the bars before and after, where those have any


def rewrite_bar(
    checkpoint: Checkpoint,
    score: Score,
    bar: int,
    *,
    seed: int,
    settings: Sampling | None = None,
    part: int | None = None,
) -> Score:
    """The score with one bar, counted from 0, of one part written anew; see `rewrite_bars`."""
    return rewrite_bars(checkpoint, [(score, bar)], seed=seed, settings=settings, part=part)[0]


def rewrite_bars(
    checkpoint: Checkpoint,
    bars: Sequence[tuple[Score, int]],
    *,
    seed: int,
    settings: Sampling | None = None,
    part: int | None = None,
) -> list[Score]:
    """Each score with one of its bars, counted from 0, written anew; all are drawn together.

    `part` is what is re-written, by default each score's pitched part of most notes. Its notes that begin in the bar,
    by their slot on the grid, are replaced; whatever else there is stays as it was. What is drawn lies in the score's
    key and meter and ends with the bar. Settings' `scale` leaves out all other pitches, in `key` or else in the score's
    own. A key that is told is also the one in which the score is heard; else a phrase of few notes is heard in the key
    that is written in it, for none can be found for sure. Of several bars drawn the one is taken that is the least
    strange beside its neighbours, see `strangeness`. Without settings `REWRITING` are taken. Needs a checkpoint like
    the preset `bars`. Same checkpoint, arguments and seed, same bars. Raises SampleRefused.
    """
    codec, wanted = _codec_of(checkpoint), settings or REWRITING
    if wanted.key is not None and wanted.scale is None:
        raise SampleRefused("key: expected a scale too, for a bar stays in its score's key")
    holes = [take_out(score, bar, codec, wanted, part) for score, bar in bars]
    drawn: dict[int, list[Tokens]] = {}
    for alike in {(hole.codec, hole.chromas) for hole in holes}:
        members = [index for index, hole in enumerate(holes) if (hole.codec, hole.chromas) == alike]
        drawn |= _draw(checkpoint, {index: holes[index] for index in members}, wanted, *alike, seed)
    return [_best(hole, drawn[index]) for index, hole in enumerate(holes)]


def _codec_of(checkpoint: Checkpoint) -> ExpressiveCodec:
    if checkpoint.config.architecture != "infilling" or not isinstance(checkpoint.codec, ExpressiveCodec):
        found = f"{checkpoint.config.architecture}, {checkpoint.codec.name}"
        raise SampleRefused(f"checkpoint: expected infilling, expressive, got {found}; train the preset bars")
    return checkpoint.codec


def take_out(score: Score, bar: int, codec: ExpressiveCodec, settings: Sampling, part: int | None) -> Hole:
    """A bar of a score's part and what surrounds it. Raises SampleRefused."""
    part = _part_of(score, part)
    place = find_bar(score, bar)
    if place is None:
        raise SampleRefused(f"bar: expected a whole bar of the score, counted from 0, got {bar}; choose another")
    codec = _in_meter_of(place, codec)
    slots, _ = onset_classes(score.notes["onset_quarters"] - place.stretch_begin_quarters)
    numbers = slots // codec.bar_slots
    is_line = (score.notes["part"] == part) & (score.notes["onset_quarters"] < place.stretch_end_quarters)
    semitones = _semitones(score, settings, codec)
    line = replace(codec, follow_key=False)
    before, after = is_line & (numbers >= 0) & (numbers < place.number), is_line & (numbers > place.number)
    said = []
    for side in (before, after):
        notes = moved(score.notes[side], [True] * len(score.parts), semitones)
        notes["onset_quarters"] -= place.stretch_begin_quarters
        said.append(line.encode(replace(score, notes=notes)))
        said[-1][:, 0] = _known_steps(said[-1][:, 0])
    if after.any():
        said[1][0, 0] = _known_steps(numbers[after].min() - place.number)
    bar_step = int(_known_steps(place.number - numbers[before].max())) if before.any() else 0
    inside = (score.notes["part"] == part) & (numbers == place.number)
    chromas = _chromas(score, settings, codec, semitones)
    beside_it = (score.notes[is_line & (numbers == place.number + step)] for step in (-1, 1))
    near = tuple(notes for notes in beside_it if len(notes))
    return Hole(score, part, place, codec, semitones, chromas, inside, said[0], said[1], bar_step, near)


def _in_meter_of(place: BarPlace, codec: ExpressiveCodec) -> ExpressiveCodec:
    if place.bar_slots == codec.bar_slots:
        return codec
    numerator, denominator = (int(number) for number in place.meter.split("/"))
    try:
        return replace(codec, numerator=numerator, denominator=denominator)
    except CodecError:
        raise SampleRefused(f"bar: expected at most 6 quarters, got {place.meter}; choose another bar") from None


def _semitones(score: Score, settings: Sampling, codec: ExpressiveCodec) -> int:
    if not codec.follow_key:
        return 0
    if settings.key is not None:
        return _nearest(scale_home(codec, settings.scale) - tonic_of(settings.key))
    if len(score.keys) == 1 and len(pitched_notes(score)) < NOTES_FOR_A_KEY:
        return _nearest(scale_home(codec, "major") - FIFTH * score.keys[0].fifths)
    return codec.transposition(score)


def _nearest(semitones: int) -> int:
    """The same move modulo octaves, -6 to 5."""
    return (semitones + CHROMAS // 2) % CHROMAS - CHROMAS // 2


def _part_of(score: Score, part: int | None) -> int:
    pitched = [index for index, one in enumerate(score.parts) if not one.is_drum]
    if not pitched or (part is not None and part not in pitched):
        raise SampleRefused(f"part: expected a pitched part, of {pitched}, got {part}; choose another")
    return busiest_part(score) if part is None else part


def _known_steps(steps: NDArray[np.integer] | np.integer) -> NDArray[np.integer]:
    """Bar steps as the networks learnt them: where a line rests for long it goes on in the next bar."""
    return np.where(np.asarray(steps) >= BAR_STEPS - 1, 1, steps)


def _chromas(score: Score, settings: Sampling, codec: ExpressiveCodec, semitones: int) -> frozenset[int] | None:
    if settings.scale is None:
        return None
    found = find_tonality(score)
    tonic = tonic_of(settings.key or (found.tonic if found else codec.key))
    return frozenset(((semitones_of(settings.scale) + tonic + semitones) % CHROMAS).tolist())


def _draw(
    checkpoint: Checkpoint,
    holes: dict[int, Hole],
    settings: Sampling,
    codec: ExpressiveCodec,
    chromas: frozenset[int] | None,
    seed: int,
) -> dict[int, list[Tokens]]:
    """Several bars for each hole, (n, fields), by the hole's number; a hole draws alike whatever it is drawn with."""
    config = checkpoint.config
    sizes, wish = field_sizes(codec), wishes(codec, settings, chromas)
    room = 1 << (len(holes) * TRIES - 1).bit_length()
    uniforms = np.zeros((MOST_NOTES_A_BAR, room, len(sizes)), dtype=np.float32)
    before = np.tile(start_tokens(sizes), (room, config.window + 1, 1))
    after = np.tile(start_tokens(sizes), (room, config.window_after, 1))
    start = start_of(codec, None if codec.bar_slots == _codec_of(checkpoint).bar_slots else codec.bar_slots)
    first = np.zeros(room, dtype=np.int32)
    turns = [(number, turn) for number in holes for turn in range(TRIES)]
    for row, (number, turn) in enumerate(turns):
        rng, hole = np.random.default_rng([seed, number, turn]), holes[number]
        uniforms[:, row] = draw_uniforms((MOST_NOTES_A_BAR, len(sizes)), rng, wish)
        heard, following = whole_bars(hole.before, config.window), hole.after[: config.window_after]
        before[row, config.window - len(heard)] = start
        before[row, config.window - len(heard) + 1 :] = heard
        after[row, : len(following)] = following
        first[row] = hole.bar_step
    loop = kept_loop(checkpoint, f"bar {room} {codec.bar_slots}", lambda: bar_loop(checkpoint.model, codec))
    notes, lengths = (keras.ops.convert_to_numpy(part) for part in loop(uniforms, before, after, first, wish))
    found: dict[int, list[Tokens]] = {number: [] for number in holes}
    for row, (number, _) in enumerate(turns):
        found[number].append(notes[: lengths[row], row].astype(np.int32))
    return found


def whole_bars(tokens: Tokens, most: int) -> Tokens:
    """The last of the tokens (n, fields), at most so many, as a network learns from them: its first bar whole.

    Where a bar has more notes than that, its last ones.
    """
    first = max(0, len(tokens) - most)
    bars = first + np.flatnonzero(tokens[first:, 0])
    found = tokens[bars[0] if first and len(bars) else first :].copy()
    found[:1, 0] = 0
    return found


def _best(hole: Hole, drawn: Sequence[Tokens]) -> Score:
    """The score with the bar, of those drawn, that is the least strange; of equal ones the first."""
    others = hole.score.notes[~hole.is_inside]
    bars = [_fresh(hole, tokens) for tokens in drawn]
    best = min(bars, key=lambda bar: strangeness(bar, hole))
    return replace(hole.score, notes=sort_notes(np.concatenate([others, best])))


def strangeness(bar: Notes, hole: Hole) -> float:
    """How little a bar's notes go with those beside it: 0 for well.

    What is counted: notes beyond the neighbours' range, many more notes or fewer, none at all, the very notes of the
    bar that was to be replaced or of a neighbour. Harmony and rhythm are the network's to know.
    """
    if len(bar) == 0:
        return EMPTY
    found = UNCHANGED * _is_same(bar, hole.score.notes[hole.is_inside], hole)
    if hole.near:
        pitches = np.concatenate(hole.near)["pitch"].astype(np.int64)
        heard = bar["pitch"].astype(np.int64)
        found += float(np.mean((heard > pitches.max() + REACH) | (heard < pitches.min() - REACH)))
        fuller = np.log2(len(bar) * len(hole.near) / len(pitches))
        found += max(0.0, abs(float(fuller)) - NEARLY_AS_MANY)
        found += COPIED * any(_is_same(bar, notes, hole) for notes in hole.near)
    return found


def _is_same(first: Notes, second: Notes, hole: Hole) -> bool:
    """Whether two bars have the same pitches on the same slots."""
    said = []
    for notes in (first, second):
        slots, _ = onset_classes(notes["onset_quarters"] - hole.place.stretch_begin_quarters)
        said.append(sorted(zip((slots % hole.place.bar_slots).tolist(), notes["pitch"].tolist(), strict=True)))
    return said[0] == said[1]


def _fresh(hole: Hole, tokens: Tokens) -> Notes:
    """The notes of a drawn bar, as they stand in the score."""
    tokens = tokens.copy()
    tokens[0, 0] = 1  # a bar in hand, for a first note that is early
    score, place = hole.score, hole.place
    notes = moved(hole.codec.decode(tokens).notes, [True], -hole.semitones)
    notes["onset_quarters"] = np.maximum(0.0, notes["onset_quarters"] + place.begin_quarters - place.bar_quarters)
    left = place.begin_quarters + place.bar_quarters - notes["onset_quarters"]
    notes["duration_quarters"] = np.minimum(notes["duration_quarters"], left)
    notes["part"] = hole.part
    kept = score.notes[~hole.is_inside]
    return beside(without_overlaps(replace(score, notes=notes)).notes, kept[kept["part"] == hole.part])
