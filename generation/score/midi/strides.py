"""A regular track's events with arrays: how far each byte would lead if an event began there, then one run along."""

import numpy as np
from numpy.typing import NDArray

META, END_OF_TRACK = 0xFF, 0x2F
SYSEX = (0xF0, 0xF7)
TICK_SHIFT = 24  # a packed event is its tick, its status and two data bytes
TICKS_MAX = 1 << (63 - TICK_SHIFT)
BYTES_MAX = 1 << 17  # a number for each byte of more would take too much memory
ASTRAY, ENDED = -2, 1 << 40  # where an irregular event leads (-1 is an end untold), and the end of the track

Meta = tuple[int, int, bytes]  # tick, kind, content
Regular = tuple[NDArray[np.int64], list[Meta], int]


def _sizes() -> NDArray[np.int64]:
    """Bytes from a status to the next event's time, shape (256,); without a status two data bytes are taken to come."""
    sizes = np.full(256, ASTRAY, dtype=np.int64)
    sizes[:0x80], sizes[0x80:0xF0], sizes[0xC0:0xE0] = 2, 3, 2
    return sizes


SIZES = _sizes()


def walk_regular(body: bytes, end: int, max_events: int) -> Regular | None:
    """Channel messages packed into integers, meta events and the last tick; None where anything is out of the ordinary.

    `end` is where the events end, -1 where only an end-of-track event tells.
    """
    if len(body) > BYTES_MAX:
        return None
    values = np.frombuffer(body + bytes(8), dtype=np.uint8)
    time_sizes, following = _strides(values)
    steps = following.data  # each is looked at once, most not at all: not worth a list
    places: list[int] = []
    at, bound = 0, len(body) if end < 0 else end
    while 0 <= at < bound:
        places.append(at)
        at = steps[at]
    if at not in (ENDED, end) or not 0 < len(places) < max_events:
        return None
    return _events(values, body, np.array(places), time_sizes)


def _strides(values: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """For each place, how many bytes the time has if an event begins there, and where the next event would begin."""
    is_high = values >= 0x80
    second = is_high[:-8] & is_high[1:-7]
    third = second & is_high[2:-6]
    time_sizes = is_high[:-8].astype(np.uint8) + second + third + np.uint8(1)
    sizes = SIZES[values]
    metas = np.flatnonzero(values[:-2] == META)
    lengths = values[metas + 2].astype(np.int64)
    sizes[metas] = np.where(lengths < 0x80, 3 + lengths, ASTRAY)
    sizes[metas[values[metas + 1] == END_OF_TRACK]] = ENDED
    for status in SYSEX:
        messages = np.flatnonzero(values[:-2] == status)
        lengths = values[messages + 1].astype(np.int64)
        sizes[messages] = np.where(lengths < 0x80, 2 + lengths, ASTRAY)
    begins = np.arange(len(time_sizes)) + time_sizes
    leaps = sizes[begins]
    following = np.where(leaps == ENDED, ENDED, begins + leaps)
    following[(leaps == ASTRAY) | (third & is_high[3:-5])] = ASTRAY
    return time_sizes, following


def _events(
    values: NDArray[np.uint8], body: bytes, places: NDArray[np.int64], time_sizes: NDArray[np.uint8]
) -> Regular | None:
    """The events that begin at some places; None where a status is missing or a data byte is none."""
    sizes = time_sizes[places]
    at = places + sizes
    ticks = np.cumsum(_times(values, places, sizes))
    first_bytes = values[at].astype(np.int64)
    numbers = np.where((first_bytes >= 0x80) & (first_bytes < 0xF0), np.arange(len(at)), -1)
    latest = np.maximum.accumulate(numbers)
    messages = np.flatnonzero(first_bytes < 0xF0)
    statuses = first_bytes[latest[messages]]
    is_running = first_bytes[messages] < 0x80
    is_short = (statuses >= 0xC0) & (statuses < 0xE0)
    firsts_at = at[messages] + ~is_running
    firsts, lasts = values[firsts_at], np.where(is_short, 0, values[firsts_at + 1])
    is_odd = (is_running & (is_short | (latest[messages] < 0))) | ((firsts | lasts) >= 0x80)
    if is_odd.any() or ticks[-1] >= TICKS_MAX:
        return None
    packed = ticks[messages] << TICK_SHIFT | statuses << 16 | firsts.astype(np.int64) << 8 | lasts
    metas: list[Meta] = []
    marks = np.flatnonzero(first_bytes == META)
    for tick, begin in zip(ticks[marks].tolist(), at[marks].tolist(), strict=True):
        if body[begin + 1] != END_OF_TRACK:
            metas.append((tick, body[begin + 1], body[begin + 3 : begin + 3 + body[begin + 2]]))
    return packed, metas, int(ticks[-1])


def _times(values: NDArray[np.uint8], places: NDArray[np.int64], sizes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The times, of 1 to 4 bytes, before the events at some places."""
    times = (values[places] & 0x7F).astype(np.int64)
    for byte in range(1, int(sizes.max())):
        longer = np.flatnonzero(sizes > byte)
        times[longer] = times[longer] << 7 | values[places[longer] + byte] & 0x7F
    return times
