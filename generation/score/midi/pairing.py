"""Which note-off ends which note-on; notes never switched off. Arrays only, no loop over notes."""

import numpy as np
from numpy.typing import NDArray


def pair_notes(keys: NDArray[np.int64], is_on: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of note-ons, and of the event that ends each: itself where none does. Events are in the file's order.

    `keys` tells channel and pitch apart, shape (n,). Of several notes on one key the first to begin is the first to
    end. Where one of them is never switched off, each ends with the next event of its key, be it an end or a beginning.
    """
    order = np.argsort(keys, kind="stable")
    if _alternate(keys[order], is_on[order]):
        return order[::2], order[1::2]
    kept = order[~_is_stray(keys[order], is_on[order])]
    key, on = keys[kept], is_on[kept]
    starts, stops = kept[on], kept[~on]
    counts = np.bincount(key[on], minlength=1), np.bincount(key[~on], minlength=1)
    if len(starts) == len(stops) and np.array_equal(*counts):
        return starts, stops
    following = np.append(kept[1:], -1)
    same_key = np.append(key[1:] == key[:-1], False)
    ended = np.where(same_key, following, kept)[on]
    n_on = counts[0]
    n_off = np.pad(counts[1], (0, max(0, len(n_on) - len(counts[1]))))[: len(n_on)]
    is_whole = (n_on == n_off)[key[on]]
    ended[is_whole] = stops[(n_on == n_off)[key[~on]]]
    return starts, ended


def _alternate(keys: NDArray[np.int64], is_on: NDArray[np.bool_]) -> bool:
    """Whether each key, sorted, is struck and let go by turns, as nearly always."""
    if len(keys) % 2:
        return False
    return bool(is_on[::2].all() and not is_on[1::2].any() and (keys[::2] == keys[1::2]).all())


def _is_stray(keys: NDArray[np.int64], is_on: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each event, sorted by key, is a note-off of a key that isn't down, shape (n,)."""
    if len(keys) == 0:
        return np.zeros(0, dtype=bool)
    step = np.where(is_on, 1, -1)
    depth = np.cumsum(step)
    is_first = np.append(True, keys[1:] != keys[:-1])
    group = np.cumsum(is_first) - 1
    depth -= (depth - step)[is_first][group]
    # Lowest depth so far in each key, 0 at most: all of a key lies below the one before it, so one pass does for all.
    fall = group * (2 * len(keys) + 2)
    lowest = np.minimum(np.minimum.accumulate(depth - fall) + fall, 0)
    before = np.where(is_first, 0, np.append(0, lowest[:-1]))
    stray: NDArray[np.bool_] = ~is_on & (lowest < before)
    return stray
