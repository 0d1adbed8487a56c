"""The sustain pedal as longer notes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.parsed import Line, Ticks, groups_of

SUSTAIN, RESET = 64, 121  # controllers; a reset lifts the pedal (MMA RP-015)
DOWN = 64  # values of the sustain controller from here on
LONGEST_RING_QUARTERS = 16  # after the key is let go: strings fade, and some files never lift the pedal
PROGRAMS = 128

PedalRows = tuple[NDArray[np.int64], Ticks, NDArray[np.int64], NDArray[np.int64]]
"""For each of n controllers the instrument's number, when, which controller, and its value; in the file's order."""
Pedal = tuple[Ticks, NDArray[np.bool_]]  # when it moves, ascending, and whether it is down from then on
Pedals = dict[int, Pedal]  # by the instrument's number


def instrument_number(port: int, channel: int, program: int) -> int:
    """One number for what is one instrument though several tracks may play it: port, channel and program together."""
    return (port << 4 | channel) * PROGRAMS + program


def pedals_of(rows: Sequence[PedalRows]) -> Pedals:
    """The pedals that are pressed at all, of every instrument, from all tracks' controllers."""
    if not rows:
        return {}
    owners, ticks, numbers, values = (np.concatenate(column) for column in zip(*rows, strict=True))
    moves = (numbers == SUSTAIN) | (numbers == RESET)
    owners, ticks = owners[moves], ticks[moves]
    is_down = (numbers[moves] == SUSTAIN) & (values[moves] >= DOWN)
    pedals: Pedals = {}
    for owner, own in groups_of(owners).items():
        order = own[np.argsort(ticks[own], kind="stable")]
        if is_down[order].any():
            pedals[owner] = (ticks[order], is_down[order])
    return pedals


def pedalled(line: Line, pedal: Pedal | None, ticks_per_quarter: int, last_tick: int) -> Line:
    """The line with its notes as long as the pedal holds them; drums have none.

    A note let go while the pedal is down sounds until the pedal rises or its key is struck again, and no longer than
    LONGEST_RING_QUARTERS. A pedal that goes down on the very tick of a note's end comes too late for it.
    """
    if pedal is None or line.is_drum:
        return line
    ticks, is_down = pedal
    state = np.append(False, is_down)  # before the first move, and after each
    is_held = state[np.searchsorted(ticks, line.ends, side="left")]
    rises = np.append(ticks[~is_down], max(last_tick, int(line.ends.max())))
    risen = rises[np.searchsorted(rises[:-1], line.ends, side="left")]
    rung = np.minimum(risen, line.ends + LONGEST_RING_QUARTERS * ticks_per_quarter)
    rung = np.minimum(rung, _next_strikes(line.onsets, line.pitches))
    return line.with_ends(np.where(is_held, np.maximum(rung, line.ends), line.ends))


def _next_strikes(onsets: Ticks, keys: NDArray[np.integer[Any]]) -> Ticks:
    """When each note's key is struck again, later than the note itself began; a far tick where it is not."""
    found = np.full(len(onsets), np.iinfo(np.int64).max // 2, dtype=np.int64)
    order = np.lexsort((onsets, keys))
    onset, key = onsets[order], keys[order]
    is_new = np.append(True, (key[1:] != key[:-1]) | (onset[1:] != onset[:-1]))
    firsts = np.flatnonzero(is_new)
    group = np.cumsum(is_new) - 1
    following = np.append(onset[firsts[1:]], found[:1])
    following[:-1] = np.where(key[firsts[1:]] == key[firsts[:-1]], following[:-1], found[0] if len(found) else 0)
    found[order] = following[group]
    return found
