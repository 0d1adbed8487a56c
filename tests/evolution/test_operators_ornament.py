"""What ornaments do to a note of the tune, and taking one away again."""

import numpy as np
import pytest

from evolution.frame import Frame
from evolution.genes import slots_of, steps_of
from evolution.operators.ornament import (
    appoggiatura,
    grace_note,
    mordent,
    passing_note,
    quick_slots,
    simplify,
    turn,
)
from tests.evolution.tunes import FRAME, HALF, PARENT, SEEDS, children, read, tune


def test_a_mordent_touches_the_neighbour_and_comes_back_within_the_note() -> None:
    quick = quick_slots(FRAME)
    for child in children(mordent, PARENT):
        first, side, last = sorted(set(read(child)) - set(read(PARENT)))
        (whole,) = set(read(PARENT)) - set(read(child))
        assert (first[2], side[2]) == (quick, quick)
        assert abs(side[1] - whole[1]) == 1
        assert (first[1], last[1]) == (whole[1], whole[1])
        assert sum(note[2] for note in (first, side, last)) == whole[2] or whole[2] == HALF


def test_a_turn_circles_its_note_by_both_neighbours() -> None:
    held = tune((0, 2, 24), (24, 4, 24))
    for child in children(turn, held):
        added = sorted(set(read(child)) - set(read(held)))
        (whole,) = set(read(held)) - set(read(child))
        circle = [step - whole[1] for _, step, _ in added]
        assert circle in ([0, 1, 0, -1, 0], [0, -1, 0, 1, 0])


def test_a_passing_note_leads_by_step_to_the_note_it_goes_to() -> None:
    leaping = tune((0, 0, 12), (12, 2, 12), (24, 6, 12), (36, 6, 12), (48, 5, 12))
    gaps = set()
    for child in children(passing_note, leaping):
        steps = [step for _, step, _ in read(child)]
        added = next(
            place for place, step in enumerate(steps) if [*steps[:place], *steps[place + 1 :]] == [0, 2, 6, 6, 5]
        )
        assert abs(steps[added + 1] - steps[added]) == 1
        gaps.add(added)
    assert len(gaps) == 3


def test_an_appoggiatura_leans_on_the_beat_and_is_louder_than_its_note() -> None:
    for child in children(appoggiatura, PARENT):
        leaning, resolved = sorted(set(read(child)) - set(read(PARENT)))
        (whole,) = set(read(PARENT)) - set(read(child))
        assert leaning[0] == whole[0]
        assert abs(leaning[1] - whole[1]) == 1
        assert resolved[1] == whole[1]
        assert leaning[2] + resolved[2] == whole[2]
        louder = {
            int(slot): int(v) for slot, v in zip(slots_of(child.notes, FRAME), child.notes["velocity"], strict=True)
        }
        assert louder[leaning[0]] > louder[resolved[0]]


def test_a_grace_note_comes_just_before_its_note_which_keeps_its_place() -> None:
    for child in children(grace_note, PARENT):
        graces = [note for note in read(child) if note[2] == quick_slots(FRAME)]
        (grace,) = graces
        goal = next(note for note in read(PARENT) if note[0] == grace[0] + grace[2])
        assert goal in read(child)
        assert abs(grace[1] - goal[1]) == 1


@pytest.mark.parametrize(("tempo_bpm", "slots"), [(40.0, 1), (110.0, 2), (180.0, 3), (300.0, 3)])
def test_quick_notes_last_about_as_long_at_every_tempo(tempo_bpm: float, slots: int) -> None:
    assert quick_slots(Frame(tempo_bpm=tempo_bpm)) == slots


def test_ornaments_stay_in_range_at_its_ends() -> None:
    frame = Frame(bars=2, tempo_bpm=110.0)
    for step in (-frame.degrees, 2 * frame.degrees - 1):
        edge = tune((0, step, 24), (24, step, 24))
        for operator in (mordent, turn, passing_note, appoggiatura, grace_note):
            for child in children(operator, edge):
                assert np.abs(np.diff(steps_of(child.notes, frame))).max() <= 1, operator.__name__


def test_simplifying_takes_a_short_note_and_holds_the_one_before_it() -> None:
    ornate = tune((0, 0, 12), (12, 1, 6), (18, 2, 6), (24, 4, 24))
    simpler = [read(child) for child in children(simplify, ornate)]
    assert len(simpler) == len(SEEDS)
    for one in simpler:
        assert one in ([(0, 0, 18), (18, 2, 6), (24, 4, 24)], [(0, 0, 12), (12, 1, 12), (24, 4, 24)])
