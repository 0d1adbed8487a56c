"""Positions of the pitch wheel as cents, by the range that its channel has set."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.parsed import Ticks

DEFAULT_RANGE_CENTS = 200.0
WHEEL_STEPS = 8192
RANGE_PARAMETER = {100: 0, 101: 0}
NO_PARAMETER = {100: 127, 101: 127}
PARAMETER = 100  # the controller without which no range is set
COARSE, FINE = 6, 38  # controllers: the semitones and the cents of the parameter chosen
SETTERS = np.isin(np.arange(256), [COARSE, FINE, 98, 99, 100, 101])
OWNER_SHIFT = 40  # a tick takes fewer bits

RangeChange = tuple[int, int, float]  # whose, from which tick on, and the range in cents


def range_changes(
    owners: NDArray[np.int64], ticks: Ticks, numbers: NDArray[Any], values: NDArray[Any]
) -> list[RangeChange]:
    """All changes of the owners' bend ranges, in order of time.

    The owner, time, number and value of n controllers, shape (n,) each; those of one owner and time as in the file.
    The wheel reaches two semitones until registered parameter 0 sets another range (MIDI 1.0, RPN 0).
    """
    setting = np.flatnonzero(SETTERS[numbers])
    order = setting[np.argsort(ticks[setting], kind="stable")]
    rows = (column[order].tolist() for column in (owners, ticks, numbers, values))
    found: list[RangeChange] = []
    chosen: dict[int, dict[int, int]] = {}
    ranges: dict[int, float] = {}
    for owner, tick, number, value in zip(*rows, strict=True):
        if number >= 100:
            chosen.setdefault(owner, dict(NO_PARAMETER))[number] = value
        elif number >= 98:
            chosen.pop(owner, None)  # a parameter of the maker's own is set from here on
        elif chosen.get(owner) == RANGE_PARAMETER:
            semitones = ranges.get(owner, DEFAULT_RANGE_CENTS) // 100
            ranges[owner] = 100.0 * value if number == COARSE else 100 * semitones + value
            found.append((owner, tick, ranges[owner]))
    return found


def cents_of(
    owners: NDArray[np.int64], ticks: Ticks, values: NDArray[Any], changes: Sequence[RangeChange]
) -> NDArray[np.float64]:
    """Wheel positions of -8192 to 8191 in cents, to a tenth, by the owner and time of each, shape (n,) each."""
    in_force: NDArray[np.float64] | np.float64 = np.float64(DEFAULT_RANGE_CENTS)
    if changes:
        begins = [(owner, -1, DEFAULT_RANGE_CENTS) for owner in set(owners.tolist())]
        rows = sorted([*begins, *changes], key=lambda change: change[:2])
        since = np.array([owner << OWNER_SHIFT | tick + 1 for owner, tick, _ in rows])
        at = np.searchsorted(since, owners << OWNER_SHIFT | ticks + 1, side="right") - 1
        in_force = np.array([cents for *_, cents in rows])[at]
    cents: NDArray[np.float64] = np.round(values * (in_force / WHEEL_STEPS), 1)
    return cents
