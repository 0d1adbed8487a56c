"""When anchors and repeats come between a listener's phrases; as in assignment.lua, which see."""

from functools import cache

ANCHOR_EVERY, REPEAT_EVERY = 8, 12
CYCLE = 24


def plays_left(heard: int, phrases: int, *, has_anchors: bool, has_repeats: bool) -> int:
    """How many plays are left to somebody who has heard so many and has so many phrases of the generation to hear."""
    return _left(heard % CYCLE, phrases, has_anchors, has_repeats)


@cache
def _left(heard: int, phrases: int, has_anchors: bool, has_repeats: bool) -> int:
    position = heard
    while phrases > 0:
        position += 1
        is_extra = (has_anchors and position % ANCHOR_EVERY == 0) or (has_repeats and position % REPEAT_EVERY == 0)
        phrases -= not is_extra
    return position - heard
