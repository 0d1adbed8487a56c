"""Writing one bar of a score anew, between the bars before it and after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from generation.checkpoint import Checkpoint
from generation.codecs import ExpressiveCodec
from generation.codecs.expressive import BAR_STEPS
from generation.drawing import draw_uniforms, wishes
from generation.grammar import MOST_NOTES_A_BAR
from generation.loops import hole_loop
from generation.network import field_sizes, start_tokens
from generation.sampling import kept_loop
from generation.sampling_settings import SampleRefused, Sampling
from generation.score.bars import BarPlace, find_bar
from generation.score.notes import Score, sort_notes
from generation.score.overlaps import beside, busiest_part, moved, without_overlaps
from generation.score.quantise import onset_classes
from generation.score.scales import semitones_of, tonic_of
from generation.score.tonality import find_tonality

Tokens = NDArray[np.int32]

CHROMAS = 12


@dataclass(frozen=True, slots=True)
class Hole:
    """A bar taken out of a score's part, as a network hears it."""

    score: Score
    part: int
    place: BarPlace
    semitones: int  # from the score's pitches to the codec's
    chromas: frozenset[int] | None  # what may be drawn, as the codec says it; None for all
    is_inside: NDArray[np.bool_]  # (notes of the score,)
    before: Tokens  # (n, fields)
    after: Tokens  # (n, fields); its first bar step is that from the hole's bar
    bar_step: int  # of the hole's first note


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
    key and ends with the bar. Settings' `scale` leaves out all other pitches, in `key` or else in the score's own.
    Needs a checkpoint like the preset `bars`, and bars of its meter. Same checkpoint, arguments and seed, same bars.
    Raises SampleRefused.
    """
    codec, wanted = _codec_of(checkpoint), settings or Sampling()
    if wanted.key is not None and wanted.scale is None:
        raise SampleRefused("key: expected a scale too, for a bar stays in its score's key")
    holes = [take_out(score, bar, codec, wanted, part) for score, bar in bars]
    drawn: dict[int, Tokens] = {}
    for chromas in {hole.chromas for hole in holes}:
        members = [index for index, hole in enumerate(holes) if hole.chromas == chromas]
        drawn |= _draw(checkpoint, {index: holes[index] for index in members}, wanted, chromas, seed)
    return [_put_in(hole, drawn[index], codec) for index, hole in enumerate(holes)]


def _codec_of(checkpoint: Checkpoint) -> ExpressiveCodec:
    if checkpoint.config.architecture != "bidirectional" or not isinstance(checkpoint.codec, ExpressiveCodec):
        found = f"{checkpoint.config.architecture}, {checkpoint.codec.name}"
        raise SampleRefused(f"checkpoint: expected bidirectional, expressive, got {found}; train the preset bars")
    return checkpoint.codec


def take_out(score: Score, bar: int, codec: ExpressiveCodec, settings: Sampling, part: int | None) -> Hole:
    """A bar of a score's part and what surrounds it. Raises SampleRefused."""
    part = _part_of(score, part)
    place = find_bar(score, bar)
    if place is None:
        raise SampleRefused(f"bar: expected a whole bar of the score, counted from 0, got {bar}; choose another")
    if place.bar_slots != codec.bar_slots:
        meter = f"{codec.numerator}/{codec.denominator}"
        raise SampleRefused(f"bar: expected one as long as {meter}, got {place.meter}; choose another bar")
    slots, _ = onset_classes(score.notes["onset_quarters"] - place.stretch_begin_quarters)
    numbers = slots // codec.bar_slots
    is_line = (score.notes["part"] == part) & (score.notes["onset_quarters"] < place.stretch_end_quarters)
    semitones = codec.transposition(score)
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
    return Hole(score, part, place, semitones, chromas, inside, said[0], said[1], bar_step)


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
    checkpoint: Checkpoint, holes: dict[int, Hole], settings: Sampling, chromas: frozenset[int] | None, seed: int
) -> dict[int, Tokens]:
    """The notes of each hole's bar, (n, fields) by the hole's number; a hole draws alike whatever it is drawn with."""
    config, codec = checkpoint.config, checkpoint.codec
    sizes, wish = field_sizes(codec), wishes(codec, settings, chromas)
    room = 1 << (len(holes) - 1).bit_length()
    uniforms = np.zeros((MOST_NOTES_A_BAR, room, len(sizes)), dtype=np.float32)
    before = np.tile(start_tokens(sizes), (room, config.window, 1))
    after = np.tile(start_tokens(sizes), (room, config.window_after, 1))
    first = np.zeros(room, dtype=np.int32)
    for row, (number, hole) in enumerate(holes.items()):
        uniforms[:, row] = draw_uniforms((MOST_NOTES_A_BAR, len(sizes)), np.random.default_rng([seed, number]), wish)
        heard, following = hole.before[-config.window :], hole.after[: config.window_after]
        before[row, config.window - len(heard) :] = heard
        after[row, : len(following)] = following
        first[row] = hole.bar_step
    loop = kept_loop(checkpoint, f"hole {room}", lambda: hole_loop(checkpoint.model, codec))
    notes, lengths = (keras.ops.convert_to_numpy(part) for part in loop(uniforms, before, after, first, wish))
    return {number: notes[: lengths[row], row].astype(np.int32) for row, number in enumerate(holes)}


def _put_in(hole: Hole, tokens: Tokens, codec: ExpressiveCodec) -> Score:
    tokens = tokens.copy()
    tokens[0, 0] = 1  # a bar in hand, for a first note that is early
    score, place = hole.score, hole.place
    notes = moved(codec.decode(tokens).notes, [True], -hole.semitones)
    notes["onset_quarters"] = np.maximum(0.0, notes["onset_quarters"] + place.begin_quarters - place.bar_quarters)
    left = place.begin_quarters + place.bar_quarters - notes["onset_quarters"]
    notes["duration_quarters"] = np.minimum(notes["duration_quarters"], left)
    notes["part"] = hole.part
    kept = score.notes[~hole.is_inside]
    fresh = beside(without_overlaps(replace(score, notes=notes)).notes, kept[kept["part"] == hole.part])
    return replace(score, notes=sort_notes(np.concatenate([kept, fresh])))
