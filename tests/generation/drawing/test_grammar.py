from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.drawing.grammar import (
    FIGURE_NOTES,
    LONGEST_RUN,
    MOST_NOTES_A_BAR,
    MOST_NOTES_A_SLOT,
    SILENT_BARS,
    SILENT_BARS_AT_FIRST,
    Grammar,
)
from generation.drawing.settings import Sampling

CLASSIC = ClassicCodec(tuple(f"{name}{octave}" for octave in (3, 4) for name in "ABCDEFG"))
EXPRESSIVE = ExpressiveCodec()
FAITHFUL = Sampling(is_faithful=True)

Note = tuple[int, int, int]  # bar step, position, degree


def forbidden(
    codec: Codec, heard: Sequence[Sequence[int]], field: int, settings: Sampling, chosen: Sequence[int]
) -> set[int]:
    """The values of a field that may not follow those notes, where earlier fields took the values `chosen`."""
    grammar = Grammar(codec)
    limits = grammar.limits(settings)
    state = grammar.begin(1, limits)
    for note in heard:
        state = grammar.update(state, np.array([note], dtype=np.int32), limits)
    logits = np.zeros((1, grammar.sizes[field]), dtype=np.float32)
    before = [np.array([value], dtype=np.int32) for value in chosen]
    found: NDArray[np.float32] = np.array(grammar.restrict(logits, field, before, state, limits))
    return set(np.flatnonzero(found[0] < 0).tolist())


def after_tokens(tokens: Sequence[int], settings: Sampling | None = None) -> set[int]:
    """Strings of the classic codec that may not follow those."""
    return forbidden(CLASSIC, [[token] for token in tokens], 0, settings or Sampling(), [])


def after_notes(notes: Sequence[Note], step: int, position: int, settings: Sampling | None = None) -> set[int]:
    """Degrees that may not follow those notes there."""
    rows = [(bar_step, at, degree, 5, 1, 4, 8, 4, 3) for bar_step, at, degree in notes]
    return forbidden(EXPRESSIVE, rows, 2, settings or Sampling(), [step, position])


def test_a_ninth_of_one_token_may_not_follow() -> None:
    assert after_tokens([3] * (LONGEST_RUN - 1)) == set()
    assert after_tokens([3] * LONGEST_RUN) == {3}
    assert after_tokens([3] * LONGEST_RUN, FAITHFUL) == set()


@pytest.mark.parametrize("bar", [[0, 1], [0, 1, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7]])
def test_a_fourth_bar_of_strings_is_not_finished(bar: list[int]) -> None:
    four = bar * (32 // len(bar))
    assert after_tokens(four[:-2]) == set()
    assert after_tokens(four[:-1]) == {four[-1]}
    assert after_tokens(four[:-1], Sampling(longest_bar_run=4)) == set()


@pytest.mark.parametrize("longest", [1, 2, 3])
def test_a_bar_comes_as_often_in_a_row_as_wished_and_no_more(longest: int) -> None:
    bar = [(1, 0, 0), (0, 12, 2), (0, 24, 4)]
    settings = Sampling(longest_bar_run=longest)
    notes = bar * (longest + 1)
    assert after_notes(notes[:-2], 0, 12, settings) == set()
    assert after_notes(notes[:-1], 0, 24, settings) == {4}
    assert after_notes(notes[:-1], 0, 36, settings) == set()


def test_bars_by_turns_are_repeated_bars() -> None:
    two_bars = [(1, 0, 0), (0, 24, 1), (1, 0, 4), (0, 12, 5), (0, 24, 6)]
    assert after_notes((two_bars * 4)[:-1], 0, 24) == {6}
    assert after_notes((two_bars * 3)[:-1], 0, 24) == set()


def test_a_bar_with_another_note_is_another_bar() -> None:
    bar, other = [(1, 0, 0), (0, 24, 2)], [(1, 0, 0), (0, 24, 3)]
    assert after_notes([*bar, *bar, *other, (1, 0, 0)], 0, 24) == set()


def test_silent_bars_between_do_not_make_a_bar_another_one() -> None:
    assert after_notes([(1, 0, 0), (2, 0, 0), (1, 0, 0)], 1, 0) == {0}


def test_a_figure_of_pitches_does_not_go_on_for_ever_in_changing_rhythm() -> None:
    positions = [0, 3, 12, 15, 24, 30, 36]  # seven to a bar, three to a figure: no bar is as the one before
    notes = [(int(n % 7 == 0), positions[n % 7], n % 3) for n in range(FIGURE_NOTES - 1)]
    assert after_notes(notes[:-1], 0, positions[(FIGURE_NOTES - 2) % 7]) == set()
    assert after_notes(notes, 0, positions[(FIGURE_NOTES - 1) % 7]) == {(FIGURE_NOTES - 1) % 3}
    assert after_notes(notes, 0, 40, FAITHFUL) == set()


def test_two_loops_one_within_the_other_are_both_forbidden_to_go_on() -> None:
    long = ([0] * LONGEST_RUN + [1]) * 4
    assert after_tokens(long[:-1]) == {0, 1}


def bar_steps_after(rows: Sequence[Sequence[int]], settings: Sampling | None = None) -> set[int]:
    """Bar steps that may not follow those notes: (bar step, position) each."""
    notes = [(step, position, index % 7, 5, 1, 4, 8, 4, 3) for index, (step, position) in enumerate(rows)]
    return forbidden(EXPRESSIVE, notes, 0, settings or Sampling(), [])


def test_a_bar_that_is_full_goes_on_to_the_next() -> None:
    rows = [(int(n == 0), min(47, n // 4)) for n in range(MOST_NOTES_A_BAR)]
    assert bar_steps_after(rows[:-1]) == set()
    assert bar_steps_after(rows) == {0}
    assert bar_steps_after(rows, FAITHFUL) == set()


def test_rests_do_not_go_on_for_ever() -> None:
    assert bar_steps_after([(1, 0)]) == set()
    assert bar_steps_after([(int(SILENT_BARS_AT_FIRST) + 1, 0)]) == {2, 3}
    played = [(1, 0)] * int(2 * SILENT_BARS)
    assert bar_steps_after([(3, 0), *played]) == set()
    assert bar_steps_after([(3, 0), *played, (3, 0), (3, 0)]) == {2, 3}
    assert bar_steps_after([(3, 0)] * 20, FAITHFUL) == set()


def positions_after(rows: Sequence[tuple[int, int]], step: int) -> set[int]:
    """Positions that may not follow those notes: (bar step, position) each."""
    notes = [(bar_step, position, 0, 5, 1, 4, 8, 4, 3) for bar_step, position in rows]
    return forbidden(EXPRESSIVE, notes, 1, Sampling(), [step])


def test_time_does_not_go_back_within_a_bar() -> None:
    assert positions_after([], 0) == set()
    assert positions_after([(1, 12)], 0) == set(range(12))
    assert positions_after([(1, 12)], 1) == set()


def test_a_chord_of_so_many_notes_is_full() -> None:
    chord = [(1, 12), *[(0, 12)] * (MOST_NOTES_A_SLOT - 1)]
    assert positions_after(chord[:-1], 0) == set(range(12))
    assert positions_after(chord, 0) == set(range(13))


def test_a_full_chord_on_the_last_slot_ends_the_bar() -> None:
    chord = [(1, 47), *[(0, 47)] * (MOST_NOTES_A_SLOT - 1)]
    assert bar_steps_after(chord) == {0}


def test_chords_are_said_upwards() -> None:
    def octaves(step: int, position: int, degree: int) -> set[int]:
        note = (1, 12, 3, 5, 1, 4, 8, 4, 3)
        return forbidden(EXPRESSIVE, [note], 3, Sampling(), [step, position, degree])

    assert octaves(0, 12, 4) == set(range(5))
    assert octaves(0, 12, 3) == octaves(0, 12, 0) == set(range(6))
    assert octaves(0, 13, 0) == octaves(1, 12, 0) == set()


def test_a_note_that_was_meant_for_a_lower_octave_does_not_leap_up_out_of_its_register() -> None:
    grammar = Grammar(EXPRESSIVE)
    limits = grammar.limits(Sampling())
    note = np.array([(1, 12, 3, 5, 1, 4, 8, 4, 3)], dtype=np.int32)
    state = grammar.update(grammar.begin(1, limits), note, limits)
    chosen = [np.array([value], dtype=np.int32) for value in (0, 12, 0)]  # on the same slot, a third lower
    likely = np.full((1, grammar.sizes[grammar.octave]), -20.0, dtype=np.float32)
    likely[0, 5] = 0.0
    assert np.argmax(np.array(grammar.restrict(likely, 3, chosen, state, limits))) == 5
    likely[0, 6] = 1.0
    restricted = np.array(grammar.restrict(likely, 3, chosen, state, limits))
    assert np.flatnonzero(restricted[0] > -100).tolist() == list(range(6, 12))


def heats(surprises: Sequence[float], settings: Sampling) -> float:
    """What the temperature is multiplied by after draws of such surprise, in nats."""
    grammar = Grammar(CLASSIC)
    limits = grammar.limits(settings)
    state = grammar.begin(1, limits)
    for surprise in surprises:
        state = grammar.surprised(state, np.array([np.exp(-surprise)], dtype=np.float32))
    return float(np.array(grammar.heat(state, limits))[0, 0])


def test_a_network_that_is_for_ever_sure_is_heated_and_one_that_says_nothing_is_cooled() -> None:
    flat = float(np.log(len(CLASSIC.vocabulary)))
    assert heats([1.0] * 200, Sampling()) == 1.0
    assert heats([0.0] * 200, Sampling()) > 2.0
    assert heats([flat] * 400, Sampling()) < 0.6


def test_whoever_asks_for_sure_or_flat_draws_gets_them() -> None:
    flat = float(np.log(len(CLASSIC.vocabulary)))
    assert heats([0.0] * 200, Sampling(temperature=0.2)) == 1.0
    assert heats([flat] * 400, Sampling(temperature=2.0)) == 1.0
    assert heats([0.0] * 200, FAITHFUL) == heats([flat] * 400, FAITHFUL) == 1.0
