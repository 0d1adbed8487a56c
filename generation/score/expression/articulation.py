"""How long of its written length a note is held: from staccato to legato."""

import numpy as np
from numpy.typing import NDArray

from generation.score.notes import Notes, Score

SHORTEST_QUARTERS = 1 / 48
STACCATO_OCTAVES = 1.3  # full staccato sounds 41% of what is written
BRIDGED_QUARTERS = 0.5  # a gap longer than this is a rest, and legato leaves it
LEGATO_OVERLAP_QUARTERS = 1 / 24  # how far a full legato holds a note into the next


def articulated(
    score: Score, lengths: NDArray[np.float64], *, articulation: float, factor: float
) -> NDArray[np.float64]:
    """Sounding lengths in quarters, shape (n,), from written ones: `articulation` -1 staccato to 1 legato.

    Staccato shortens by ratio, about as far as pianists do, and legato holds each note into the next of its part, by
    which key-overlap pianists tie notes (Bresin and Battel, Journal of New Music Research 29(3), 2000); rests stay.
    """
    shaped = lengths * factor
    if articulation < 0:
        shaped = shaped * 2.0 ** (STACCATO_OCTAVES * articulation)
    elif articulation > 0:
        onsets = score.notes["onset_quarters"]
        gap = _next_onsets(score) - onsets - shaped
        is_tied = (gap < BRIDGED_QUARTERS) & (gap > -LEGATO_OVERLAP_QUARTERS)
        shaped = np.where(is_tied, shaped + articulation * (gap + LEGATO_OVERLAP_QUARTERS), shaped)
    return np.maximum(SHORTEST_QUARTERS, shaped)


def without_overlaps(notes: Notes) -> Notes:
    """Notes in their order, none sounding on when its pitch is struck again in its part."""
    apart = notes.copy()
    by_pitch = np.lexsort((notes["onset_quarters"], notes["pitch"], notes["part"]))
    ordered = apart[by_pitch]
    same = (np.diff(ordered["pitch"]) == 0) & (np.diff(ordered["part"]) == 0)
    room = np.where(same, np.diff(ordered["onset_quarters"]), np.inf)
    ordered["duration_quarters"][:-1] = np.where(
        room > 0, np.minimum(ordered["duration_quarters"][:-1], room), ordered["duration_quarters"][:-1]
    )
    apart[by_pitch] = ordered
    return apart


def _next_onsets(score: Score) -> NDArray[np.float64]:
    """When each note's part strikes next, in quarters, shape (n,); infinity after its last stroke."""
    notes = score.notes
    following = np.full(len(notes), np.inf)
    for part in np.unique(notes["part"]):
        here = np.flatnonzero(notes["part"] == part)
        strokes = np.append(np.unique(notes["onset_quarters"][here]), np.inf)
        place = np.searchsorted(strokes, notes["onset_quarters"][here] + LEGATO_OVERLAP_QUARTERS, side="right")
        following[here] = strokes[np.minimum(place, len(strokes) - 1)]
    return following
