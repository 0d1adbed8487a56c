"""Rhythm: notes shifted, held, rotated by beats, split and merged, tied over a beat, made to breathe; pitches stay."""

import numpy as np

from evolution.frame import SIXTEENTH_SLOTS, Frame
from evolution.genes import LIMITS, UNALTERED, Genes, Genome, set_steps, slots_of, steps_of
from evolution.invention import EIGHTH_SLOTS, PLAIN, beat_strengths
from evolution.operators.phrase import (
    Ints,
    classes_of,
    groups_of,
    melody_of,
    neighbour,
    open_bars,
    pick_bar,
    pick_note,
    place,
    with_notes,
)
from generation.score.grid import DURATION_SLOTS, TIMING_CENTRE

SHIFTS = (-EIGHTH_SLOTS, EIGHTH_SLOTS, -EIGHTH_SLOTS, EIGHTH_SLOTS, -SIXTEENTH_SLOTS, SIXTEENTH_SLOTS)
LEVELLING = 0.5  # beside a slot's strength, so that the weak ones have their turn
CLASS_CHANGES = (-2, -1, 1, 2)
EVERY_BAR_SHARE = 0.5  # how often a rotation takes all bars, so that motifs stay alike
LATE_SHARE = 0.4  # how often a rest stands before its note and not after it
STRUCK_AGAIN_SHARE = 0.6  # how often a split note repeats itself and does not move to a neighbour


def shift_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """What is struck on one slot moves an eighth, sometimes a sixteenth, earlier or later; it passes no other onset and
    no bar line.
    """
    if len(genome.notes) == 0:
        return genome
    notes = genome.notes.copy()
    onsets, place_of = groups_of(notes, frame)
    one = int(rng.integers(len(onsets)))
    here, start = int(onsets[one]), int(onsets[one]) // frame.slots_per_bar * frame.slots_per_bar
    low = max(int(onsets[one - 1]) + 1 if one else 0, start)
    high = min(int(onsets[one + 1]) if one + 1 < len(onsets) else frame.slots, start + frame.slots_per_bar)
    fitting = [by for by in SHIFTS if low <= here + by < high]
    if not fitting:
        return genome
    # Towards the stronger slots rather than away from them, or phrases would wear down to syncopes.
    strengths = np.cumsum(LEVELLING + beat_strengths(frame)[[here + by - start for by in fitting]])
    there = here + fitting[int(np.searchsorted(strengths, rng.random() * strengths[-1], side="right"))]
    following = int(onsets[one + 1]) if one + 1 < len(onsets) else frame.slots
    struck = place_of == one
    moved = _kept_clear(notes[struck], (here, following), (there, following))
    place(moved, np.full(len(moved), there), frame)
    notes[struck] = moved
    if one:
        before, onset = place_of == one - 1, int(onsets[one - 1])
        notes[before] = _kept_clear(notes[before], (onset, here), (onset, there))
    return with_notes(genome, notes, frame)


def change_duration(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note is held one or two classes longer or shorter, not into the next onset unless it was before."""
    if len(genome.notes) == 0:
        return genome
    notes, one = pick_note(genome, frame, rng)
    slots, slot = slots_of(notes, frame), int(slots_of(one, frame)[0])
    later = slots[slots > slot]
    room = (int(later[0]) if len(later) else frame.slots) - slot
    here = int(one["duration"][0])
    longest = max(here, int(classes_of(np.array([room]))[0]))
    fitting = [here + by for by in CLASS_CHANGES if 0 <= here + by <= longest]
    one["duration"] = fitting[int(rng.integers(len(fitting)))] if fitting else here
    return with_notes(genome, notes, frame)


def rotate_rhythm(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """The rhythm of one bar, or of every bar alike, begins some beats later and wraps; pitches keep their order."""
    if len(genome.notes) == 0 or frame.beats_per_bar < 2:
        return genome
    notes = genome.notes.copy()
    by = int(rng.integers(1, frame.beats_per_bar)) * frame.slots_per_beat
    is_all = rng.random() < EVERY_BAR_SHARE
    for bar in np.unique(notes["bar"]) if is_all else [pick_bar(notes, rng)]:
        here = notes["bar"] == bar
        turned = notes[here]
        onsets, place_of = groups_of(turned, frame)
        start = int(bar) * frame.slots_per_bar
        positions = (onsets - start + by) % frame.slots_per_bar
        order = np.argsort(positions)
        lasts = _group_lasts(DURATION_SLOTS[turned["duration"]], place_of)[order]
        was_clear = _group_lasts(DURATION_SLOTS[turned["duration"]], place_of) <= _rooms(onsets, start, frame)
        room = _rooms(positions[order], 0, frame)
        lasts = np.where(was_clear[order], np.minimum(lasts, room), lasts)
        place(turned, (positions[order] + start)[place_of], frame)
        turned["duration"] = classes_of(lasts)[place_of]
        notes[here] = turned
    return with_notes(genome, notes, frame)


def split_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A note of the tune becomes two, of half its length or 2:1, the second of the same pitch or its neighbour's."""
    found = _pick_tune(genome, frame, 2 * SIXTEENTH_SLOTS, rng, is_adding=True)
    if found is None:
        return genome
    notes, index, slot, length = found
    first = _first_part(length)
    second = notes[[index]]
    place(second, np.array([slot + first]), frame)
    second["duration"] = classes_of(np.array([length - first]))
    notes["duration"][index] = classes_of(np.array([first]))[0]
    if rng.random() >= STRUCK_AGAIN_SHARE:
        step = neighbour(int(steps_of(second, frame)[0]), int(rng.choice((-1, 1))), frame)
        set_steps(second, np.array([step]), frame)
        second["alteration"] = UNALTERED
    return with_notes(genome, np.concatenate([notes, second]), frame)


def merge_notes(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """Two neighbours of the tune within a bar become one note, the first held for both."""
    tune = melody_of(genome.notes, frame)
    pairs = np.flatnonzero(np.diff(genome.notes["bar"][tune]) == 0)
    if len(pairs) == 0:
        return genome
    notes = genome.notes.copy()
    pair = int(rng.choice(pairs))
    first, second = tune[pair], tune[pair + 1]
    slots = slots_of(notes, frame)
    end = int(slots[second] + DURATION_SLOTS[notes["duration"][second]])
    notes["duration"][first] = classes_of(np.array([end - int(slots[first])]))[0]
    return with_notes(genome, np.delete(notes, second), frame)


def tie_over(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A note of the tune is held over the beat that follows it: through a rest, or into the next note, which then
    begins half its length later.
    """
    tune = melody_of(genome.notes, frame)
    if len(tune) < 2:
        return genome
    notes, slots = genome.notes.copy(), slots_of(genome.notes, frame)
    onsets, lasts = slots[tune], DURATION_SLOTS[notes["duration"][tune]]
    following = tune[1:]
    delays = np.array([_first_part(int(length)) for length in lasts[1:]])
    is_rest = onsets[:-1] + lasts[:-1] < onsets[1:]
    on_beat = notes["position"][following] % frame.slots_per_beat == 0
    stays = (notes["position"][following] + delays < frame.slots_per_bar) & (lasts[1:] >= 2 * SIXTEENTH_SLOTS)
    fits = np.flatnonzero(is_rest | (on_beat & stays))
    if len(fits) == 0:
        return genome
    one = int(rng.choice(fits))
    delay = 0 if is_rest[one] else int(delays[one])
    if delay:
        late = following[[one]]
        moved = notes[late]
        place(moved, slots[late] + delay, frame)
        moved["duration"] = classes_of(lasts[[one + 1]] - delay)
        notes[late] = moved
    notes["duration"][tune[one]] = classes_of(onsets[[one + 1]] + delay - onsets[[one]])[0]
    return with_notes(genome, notes, frame)


def put_rest(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A note of the tune gives half of its time to a rest, mostly after it as a breath, sometimes before it."""
    found = _pick_tune(genome, frame, 2 * SIXTEENTH_SLOTS, rng)
    if found is None:
        return genome
    notes, index, slot, length = found
    first = _first_part(length)
    sounding, position = first, int(notes["position"][index])
    if rng.random() < LATE_SHARE and position + first < frame.slots_per_bar:
        sounding = length - first
        late = notes[[index]]
        place(late, np.array([slot + first]), frame)
        notes[index] = late[0]
    notes["duration"][index] = classes_of(np.array([sounding]))[0]
    return with_notes(genome, notes, frame)


def insert_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """A new note on a free slot, stronger slots likelier, a step from the note before it; full bars take none."""
    notes, slots = genome.notes, slots_of(genome.notes, frame)
    is_open = open_bars(notes, melody_of(notes, frame), frame)
    strengths = (beat_strengths(frame) * is_open[:, None]).ravel()
    strengths[slots[slots < frame.slots]] = 0.0
    total = np.cumsum(strengths)
    if total[-1] == 0.0:
        return genome
    slot = int(np.searchsorted(total, rng.random() * total[-1], side="right"))
    added = np.zeros(1, dtype=notes.dtype)
    place(added, np.array([slot]), frame)
    before = np.flatnonzero(slots < slot)
    near = notes[before[-1:]] if len(before) else notes[:1]
    step = steps_of(near, frame) if len(near) else np.zeros(1, dtype=np.int64)
    set_steps(added, step + int(rng.integers(-1, 2)), frame)
    later = slots[slots > slot]
    added["duration"] = classes_of(np.array([(int(later[0]) if len(later) else frame.slots) - slot]))
    added["alteration"], added["timing"], added["articulation"] = UNALTERED, TIMING_CENTRE, PLAIN
    added["velocity"] = near["velocity"] if len(near) else LIMITS["velocity"][1] // 2
    kept = notes.copy()
    if len(before):
        _give_way(kept, before, slots, slot)
    return with_notes(genome, np.concatenate([kept, added]), frame)


def remove_note(genome: Genome, frame: Frame, rng: np.random.Generator) -> Genome:
    """One note becomes a rest; the last one stays."""
    if len(genome.notes) < 2:
        return genome
    return with_notes(genome, np.delete(genome.notes, int(rng.integers(len(genome.notes)))), frame)


def _give_way(notes: Genes, before: Ints, slots: Ints, slot: int) -> None:
    """The notes of the last onset before a slot end where it begins, in place."""
    last = before[slots[before] == slots[before[-1]]]
    notes["duration"][last] = np.minimum(notes["duration"][last], classes_of(slot - slots[last]))


def _kept_clear(notes: Genes, was: tuple[int, int], now: tuple[int, int]) -> Genes:
    """Notes struck at `was[0]` and over by `was[1]` made to fit from `now[0]` to `now[1]`; longer ones stay."""
    kept, lasts = notes.copy(), DURATION_SLOTS[notes["duration"]]
    clear = was[0] + lasts <= was[1]
    kept["duration"] = np.where(clear, classes_of(np.minimum(lasts, now[1] - now[0])), notes["duration"])
    return kept


def _pick_tune(
    genome: Genome, frame: Frame, shortest: int, rng: np.random.Generator, *, is_adding: bool = False
) -> tuple[Genes, int, int, int] | None:
    """A copy of the notes, and index, slot and length in slots of a note of the tune that is long enough."""
    tune = melody_of(genome.notes, frame)
    lasts = DURATION_SLOTS[genome.notes["duration"][tune]]
    fits = lasts >= shortest
    if is_adding:
        fits &= open_bars(genome.notes, tune, frame)[genome.notes["bar"][tune]]
    chosen = np.flatnonzero(fits)
    if len(chosen) == 0:
        return None
    one = int(rng.choice(chosen))
    index = int(tune[one])
    return genome.notes.copy(), index, int(slots_of(genome.notes[[index]], frame)[0]), int(lasts[one])


def _first_part(length: int) -> int:
    """Slots of a length's first part: half, of a dotted note two thirds, on the sixteenths as far as may be."""
    part = length * 2 // 3 if length in (9, 18, 36, 72) else length // 2
    return max(part - part % SIXTEENTH_SLOTS, 1) if length >= 2 * SIXTEENTH_SLOTS and length % 4 != 2 else part


def _group_lasts(lasts: Ints, place_of: Ints) -> Ints:
    """The longest of each group's lengths, (groups,)."""
    longest = np.zeros(int(place_of[-1]) + 1, dtype=np.int64)
    np.maximum.at(longest, place_of, lasts)
    return longest


def _rooms(onsets: Ints, start: int, frame: Frame) -> Ints:
    """Slots from each onset of a bar to the next, or to the bar line, (groups,)."""
    return np.append(onsets[1:], start + frame.slots_per_bar) - onsets
