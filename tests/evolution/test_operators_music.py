"""What each operator does to the music: intervals, contours, rhythms, ornaments."""

import numpy as np
import pytest

from evolution.frame import Frame
from evolution.genes import UNALTERED, Genome, arrange, pitches_of, slots_of, steps_of
from evolution.invention import random_genome
from evolution.operators.crossover import CROSSOVERS
from evolution.operators.layers import cross_layers, cross_playing
from evolution.operators.motif import copy_motif, copy_rhythm, laid, repeat_bar, sequence_bar, swap_bars
from evolution.operators.mutation import MUTATIONS
from evolution.operators.phrase import melody_of
from evolution.operators.pitch import (
    change_pitch,
    come_to_rest,
    invert,
    inverted,
    move_octave,
    retrograde,
    reversed_bar,
    smooth_leap,
    transpose_bar,
    transpose_phrase,
)
from evolution.operators.rhythm import merge_notes, put_rest, rotate_rhythm, shift_note, split_note, tie_over
from generation.score.grid import DURATION_SLOTS
from tests.evolution.tunes import FRAME, MIDDLE_STEP, PARENT, QUARTER, SEEDS, children, contour, read, tune


def test_a_changed_pitch_is_one_note_a_step_or_two_away() -> None:
    for child in children(change_pitch, PARENT):
        moved = steps_of(child.notes, FRAME) - steps_of(PARENT.notes, FRAME)
        assert np.count_nonzero(moved) == 1
        assert 1 <= np.abs(moved).max() <= 2


def test_an_ending_comes_to_rest_on_the_nearest_stable_degree_before_other_bars_do() -> None:
    restless = tune((0, 0, 24), (24, 3, 24), (48, 2, 24), (72, 6, 24))
    (ended,) = set(children(come_to_rest, restless))
    assert [s for _, s, _ in read(ended)] == [0, 3, 2, 7]
    (rested,) = set(children(come_to_rest, ended))
    assert [s for _, s, _ in read(rested)] in ([0, 2, 2, 7], [0, 4, 2, 7])
    assert children(come_to_rest, rested) == []


def test_a_note_far_out_of_the_line_comes_back_to_it_and_a_smooth_line_stays() -> None:
    leaping = tune((0, 0, 12), (12, 1, 12), (24, 11, 12), (36, 2, 12), (48, 3, 48))
    for child in children(smooth_leap, leaping):
        steps = [s for _, s, _ in read(child)]
        assert steps != [0, 1, 11, 2, 3]
        assert np.abs(np.diff(steps, 2)).sum() < np.abs(np.diff([0, 1, 11, 2, 3], 2)).sum()
    smooth = tune((0, 0, 12), (12, 1, 12), (24, 2, 12), (36, 3, 60))
    assert children(smooth_leap, smooth) == []


def test_an_octave_is_twelve_semitones_for_all_notes_of_a_bar_or_of_the_phrase() -> None:
    seen = set()
    for child in children(move_octave, PARENT):
        moved = pitches_of(child.notes, FRAME) - pitches_of(PARENT.notes, FRAME)
        assert set(np.abs(moved).tolist()) <= {0, 12}
        for bar in range(FRAME.bars):
            assert len(set(moved[PARENT.notes["bar"] == bar].tolist())) == 1
        seen.add(tuple(moved.tolist()))
    assert len(seen) > 2


def test_a_transposed_phrase_keeps_its_contour_and_rhythm_to_the_step() -> None:
    for child in children(transpose_phrase, PARENT):
        assert contour(child.notes) == contour(PARENT.notes)
        assert slots_of(child.notes, FRAME).tolist() == slots_of(PARENT.notes, FRAME).tolist()
        assert (child.notes["alteration"] == UNALTERED).all()


def test_a_transposed_bar_moves_alone_and_keeps_its_contour() -> None:
    for child in children(transpose_bar, PARENT):
        moved = steps_of(child.notes, FRAME) - steps_of(PARENT.notes, FRAME)
        by_bar = [set(moved[PARENT.notes["bar"] == bar].tolist()) for bar in range(FRAME.bars)]
        assert sorted(len(bar) for bar in by_bar) == [1, 1]
        assert {0} in by_bar


def test_a_phrase_moved_as_a_whole_is_never_moved_out_of_range() -> None:
    lowest, highest = -FRAME.degrees, 2 * FRAME.degrees - 1
    wide = tune((0, lowest, 24), (24, highest, 24))
    high = tune((0, highest - 2, 24), (24, highest, 24))
    for operator in (move_octave, transpose_bar, transpose_phrase):
        assert children(operator, wide) == [], operator.__name__
        made = children(operator, high)
        assert made
        assert all(contour(child.notes) == [2] for child in made)
        assert all(steps_of(child.notes, FRAME).max() < highest for child in made)


def test_inverting_twice_about_one_axis_gives_the_phrase_back() -> None:
    rng = np.random.default_rng(2)
    alone = [phrase for phrase in (random_genome(FRAME, rng) for _ in range(40)) if is_one_voice(phrase)]
    assert len(alone) > 10
    for phrase in [PARENT, *alone]:
        once = inverted(phrase.notes, MIDDLE_STEP, FRAME)
        assert contour(once) == [-by for by in contour(phrase.notes)]
        assert np.array_equal(inverted(once, MIDDLE_STEP, FRAME), phrase.notes)


def is_one_voice(phrase: Genome) -> bool:
    return len(melody_of(phrase.notes, FRAME)) == len(phrase.notes)


def test_an_inversion_turns_every_interval_of_the_tune_round() -> None:
    whole = [child for child in children(invert, PARENT) if (child.notes["degree"] != PARENT.notes["degree"]).any()]
    assert any(contour(child.notes) == [-by for by in contour(PARENT.notes)] for child in whole)
    for child in whole:
        bars = [child.notes["bar"] == bar for bar in range(FRAME.bars)]
        for bar in bars:
            here, there = contour(PARENT.notes[bar]), contour(child.notes[bar])
            assert there in (here, [-by for by in here])


def test_about_the_third_of_the_scale_a_phrase_at_rest_stays_at_rest() -> None:
    triad = tune((0, 0, 12), (12, 2, 12), (24, 4, 24))
    assert steps_of(inverted(triad.notes, 2, FRAME), FRAME).tolist() == [4, 2, 0]


def test_an_inverted_chord_keeps_its_tune_on_top() -> None:
    chords = tune((0, 0, 12), (0, 4, 12), (12, 3, 12), (12, 5, 12))
    mirrored = arrange(inverted(chords.notes, 4, FRAME), FRAME)
    tops = mirrored[melody_of(mirrored, FRAME)]
    assert steps_of(tops, FRAME).tolist() == [4, 3]
    assert len(mirrored) == 4


def test_a_bar_backward_has_its_pitches_and_spans_in_reverse_and_twice_gives_it_back() -> None:
    notes = tune((0, 0, 18), (18, 1, 6), (24, 2, 24)).notes
    backward = arrange(reversed_bar(notes, FRAME), FRAME)
    assert read(Genome(backward)) == [(0, 2, 24), (24, 1, 6), (30, 0, 18)]
    assert np.array_equal(arrange(reversed_bar(backward, FRAME), FRAME), notes)


def test_a_retrograde_keeps_bar_lines_and_pitches_and_stays_on_the_grid() -> None:
    frame, rng = Frame(notes_per_bar=5), np.random.default_rng(4)
    for _ in range(20):
        phrase = random_genome(frame, rng)
        for child in children(retrograde, phrase, frame)[:8]:
            backward = [[s for _, s, _ in read(child, frame)], [s for _, s, _ in read(phrase, frame)]]
            assert sorted(backward[0]) == sorted(backward[1])
            assert (child.notes["position"] % 3 == 0).all()
            bars = [
                sorted(steps_of(g.notes[g.notes["bar"] == bar], frame)) for g in (child, phrase) for bar in range(4)
            ]
            assert bars[:4] in (bars[4:], bars[:3:-1])


def test_a_rotated_rhythm_is_moved_by_whole_beats_and_keeps_the_order_of_pitches() -> None:
    uneven = tune((0, 0, 6), (6, 1, 6), (12, 2, 12), (24, 3, 24), (48, 4, 48))
    seen = set()
    for child in children(rotate_rhythm, uneven):
        here = child.notes[child.notes["bar"] == 0]
        assert here["degree"].tolist() == [0, 1, 2, 3]
        seen.add(tuple(here["position"].tolist()))
        ends = here["position"] + DURATION_SLOTS[here["duration"]]
        assert (ends <= np.append(here["position"][1:], FRAME.slots_per_bar)).all()
    as_it_was = (0, 6, 12, 24)
    assert seen - {as_it_was} == {(12, 18, 24, 36), (0, 24, 30, 36), (0, 12, 36, 42)}


def test_a_split_note_becomes_two_that_fill_its_time() -> None:
    for child in children(split_note, PARENT):
        notes, before = read(child), read(PARENT)
        (lost,) = set(before) - set(notes)
        first, second = (note for note in notes if note not in before)
        assert (first[0], first[1]) == lost[:2]
        assert first[0] + first[2] == second[0]
        assert first[2] + second[2] == lost[2]
        assert abs(second[1] - first[1]) <= 1


def test_merged_notes_sound_as_long_as_both_did() -> None:
    for child in children(merge_notes, PARENT):
        (merged,) = set(read(child)) - set(read(PARENT))
        gone = sorted(set(read(PARENT)) - set(read(child)))
        assert merged == (gone[0][0], gone[0][1], gone[0][2] + gone[1][2])


def test_a_tied_note_sounds_over_the_beat_after_it() -> None:
    for child in children(tie_over, PARENT):
        held, late = sorted(set(read(child)) - set(read(PARENT)))
        assert held[0] + held[2] == late[0]
        assert late[0] % QUARTER == 6 or late == (84, 0, 12)


def test_a_rest_takes_half_a_note_and_moves_nothing_else() -> None:
    for child in children(put_rest, PARENT):
        (short,) = set(read(child)) - set(read(PARENT))
        (whole,) = set(read(PARENT)) - set(read(child))
        assert (short[1], 2 * short[2]) == whole[1:]
        assert short[0] in (whole[0], whole[0] + short[2])


def test_a_shifted_note_passes_no_other_and_its_neighbours_make_room() -> None:
    rng = np.random.default_rng(1)
    for phrase in [PARENT, *(random_genome(FRAME, rng) for _ in range(10))]:
        for child in children(shift_note, phrase):
            assert sorted(steps_of(child.notes, FRAME)) == sorted(steps_of(phrase.notes, FRAME))
            tops = [g.notes[melody_of(g.notes, FRAME)] for g in (child, phrase)]
            assert tops[0]["bar"].tolist() == tops[1]["bar"].tolist() or len(tops[0]) != len(tops[1])
    assert all([s for _, s, _ in read(child)] == [0, 1, 2, 4, 2, 1, 0] for child in children(shift_note, PARENT))


def test_a_sequence_is_the_bar_again_some_steps_higher_or_lower() -> None:
    for child in children(sequence_bar, PARENT):
        bars = [[(p, s, d) for p, s, d in read(child) if p // 48 == bar] for bar in range(2)]
        apart = {second[1] - first[1] for first, second in zip(*bars, strict=True)}
        assert len(apart) == 1
        assert 1 <= abs(apart.pop()) <= 2
        assert [(p, d) for p, _, d in bars[0]] == [(p - 48, d) for p, _, d in bars[1]]


def test_a_repeated_bar_is_the_same_bar_and_swapped_bars_change_places() -> None:
    for child in children(repeat_bar, PARENT):
        assert [(p, s) for p, s, _ in read(child) if p < 48] == [(p - 48, s) for p, s, _ in read(child) if p >= 48]
    (swapped,) = set(children(swap_bars, PARENT))
    assert [s for _, s, _ in read(swapped)] == [2, 1, 0, 0, 1, 2, 4]


def test_a_copied_motif_is_heard_again_on_a_beat_with_its_contour() -> None:
    tuneful = tune((0, 0, 6), (6, 3, 6), (12, 1, 24), (48, 5, 48))
    heard = 0
    for child in children(copy_motif, tuneful):
        notes = {slot: step for slot, step, _ in read(child)}
        heard += any(notes.get(beat + 6, 99) - notes.get(beat, 50) == 3 for beat in range(12, FRAME.slots, QUARTER))
    assert heard >= 5


def test_a_copied_rhythm_makes_two_bars_of_one_rhythm_with_their_own_pitches() -> None:
    for child in children(copy_rhythm, PARENT):
        rhythms = [[(p % 48, d) for p, _, d in read(child) if p // 48 == bar] for bar in range(2)]
        assert rhythms[0] == rhythms[1]
        assert [s for p, s, _ in read(child) if p < 48][:3] == [0, 1, 2]
        assert [s for p, s, _ in read(child) if p >= 48][:3] == [2, 1, 0]


def test_layers_have_the_rhythm_of_one_and_the_pitches_of_the_other_bar_by_bar() -> None:
    other = tune((0, 7, 24), (24, 6, 24), (48, 5, 6), (54, 4, 42))
    seen = set()
    for seed in SEEDS:
        child = cross_layers(PARENT, other, FRAME, np.random.default_rng(seed))
        slots, steps = [slot for slot, _, _ in read(child)], [step for _, step, _ in read(child)]
        rhythm, pitches = (PARENT, other) if slots == slots_of(PARENT.notes, FRAME).tolist() else (other, PARENT)
        assert slots == slots_of(rhythm.notes, FRAME).tolist()
        assert steps == ([7, 6, 7, 6, 5, 4, 4] if pitches is other else [0, 1, 2, 0])
        assert steps[-1] == steps_of(pitches.notes, FRAME)[-1]
        seen.add(tuple(slots))
    assert len(seen) == 2


def test_a_chord_is_laid_on_the_rhythm_whole() -> None:
    chord = tune((0, 0, 12), (0, 2, 12), (0, 4, 12), (24, 5, 24))
    child = laid(tune((0, 3, 6), (6, 3, 6), (12, 3, 36)).notes, chord.notes, FRAME)
    assert slots_of(child, FRAME).tolist() == [0, 0, 0, 6, 12, 12, 12]
    assert steps_of(child, FRAME).tolist() == [0, 2, 4, 5, 0, 2, 4]


def test_notes_played_like_another_phrase_stay_the_notes_they_were() -> None:
    rng = np.random.default_rng(8)
    mother, father = random_genome(FRAME, rng), random_genome(FRAME, rng)
    for seed in range(6):
        child = cross_playing(mother, father, FRAME, np.random.default_rng(seed))
        kept = mother if len(child.notes) == len(mother.notes) and read(child) == read(mother) else father
        assert read(child) == read(kept)
        assert child.expression == (father if kept is mother else mother).expression


@pytest.mark.parametrize(
    "name", ["change velocity", "change articulation", "articulate", "swell", "change expression", "perform anew"]
)
def test_playing_changes_no_note(name: str) -> None:
    made = children(MUTATIONS[name][0], PARENT)
    assert len(made) > 10
    assert all(read(child) == read(PARENT) for child in made)


def test_a_bred_tune_stays_as_singable_as_its_parents() -> None:
    frame, rng = Frame(notes_per_bar=5), np.random.default_rng(21)
    wide: dict[str, list[float]] = {"parent": [], "child": []}
    for _ in range(150):
        parent = random_genome(frame, rng)
        child = parent
        for name in rng.choice(list(MUTATIONS), size=6):
            child = MUTATIONS[str(name)][0](child, frame, rng)
        for who, genome in (("parent", parent), ("child", child)):
            top = genome.notes[melody_of(genome.notes, frame)]
            wide[who].append(float(np.mean(np.abs(np.diff(pitches_of(top, frame))) > 12)))
    assert np.mean(wide["child"]) < np.mean(wide["parent"]) + 0.04


def test_what_is_cut_from_two_registers_goes_on_in_one() -> None:
    high = tune(*((slot, 7 + step, 12) for slot, step in zip(range(0, 96, 12), (0, 1, 2, 1, 0, 1, 2, 0), strict=True)))
    for seed in SEEDS:
        child = CROSSOVERS["cut at slot"](PARENT, high, FRAME, np.random.default_rng(seed))
        assert max(np.abs(contour(child.notes))) <= 4
        assert set(child.notes["degree"].tolist()) <= {0, 1, 2, 4}


def test_nothing_sounds_over_the_seam_of_two_parents() -> None:
    long = tune((0, 0, 96))
    for seed in SEEDS:
        child = CROSSOVERS["cut at bar"](long, PARENT, FRAME, np.random.default_rng(seed))
        assert read(child)[0] == (0, 0, 48)
