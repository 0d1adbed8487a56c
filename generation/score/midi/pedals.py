"""The sustain pedal as longer notes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.parsed import Ticks, groups_of

SUSTAIN, RESET = 64, 121  # controllers; a reset lifts the pedal (MMA RP-015)
DOWN = 64  # values of the sustain controller from here on
LONGEST_RING_QUARTERS = 16  # after the key is let go: strings fade, and some files never lift the pedal
PROGRAMS = 128

Pedal = tuple[Ticks, NDArray[np.bool_]]  # when it moves, ascending, and whether it is down from then on
Pedals = dict[int, Pedal]  # by the instrument's number


def instrument_number(port: int, channel: int, program: int) -> int:
    """One number for what is one instrument though several tracks may play it: port, channel and program together."""
    return (port << 4 | channel) * PROGRAMS + program


def pedals_of(owners: NDArray[np.int64], ticks: Ticks, numbers: NDArray[Any], values: NDArray[Any]) -> Pedals:
    """The pedals that are pressed at all, of every instrument, from the controllers of all tracks.

    The instrument's number, time, number and value of n controllers, shape (n,) each, in the file's order.
    """
    moves = (numbers == SUSTAIN) | (numbers == RESET)
    owners, ticks = owners[moves], ticks[moves]
    is_down = (numbers[moves] == SUSTAIN) & (values[moves] >= DOWN)
    pedals: Pedals = {}
    for owner, own in groups_of(owners).items():
        order = own[np.argsort(ticks[own], kind="stable")]
        if is_down[order].any():
            pedals[owner] = (ticks[order], is_down[order])
    return pedals


def rung_ends(ends: Ticks, pedal: Pedal, ticks_per_quarter: int, last_tick: int) -> Ticks:
    """When notes end under their line's pedal, shape (n,), from when their keys are let go.

    A note let go while the pedal is down sounds until the pedal rises, and no longer than LONGEST_RING_QUARTERS; or
    until its key is struck again, which ends every note and is not seen to here. A pedal that goes down on the very
    tick of a note's end comes too late for it.
    """
    ticks, is_down = pedal
    state = np.append(False, is_down)  # before the first move, and after each
    is_held = state[np.searchsorted(ticks, ends, side="left")]
    rises = np.append(ticks[~is_down], max(last_tick, int(ends.max())))
    risen = rises[np.searchsorted(rises[:-1], ends, side="left")]
    rung = np.minimum(risen, ends + LONGEST_RING_QUARTERS * ticks_per_quarter)
    return np.where(is_held, np.maximum(rung, ends), ends)
