"""When anchors and repeats come between a listener's phrases; as in assignment.lua, which see."""

from functools import cache

ANCHOR_EVERY, REPEAT_EVERY, TELLING_EVERY = 8, 12, 2
CYCLE = 24


def plays_left(heard: int, phrases: int, *, has_anchors: bool, has_repeats: bool, telling: int = 0) -> int:
    """How many plays are left to somebody who has heard so many and has so many phrases of the generation to hear.

    Where a crowd may part there are no anchors, and `telling` is how many phrases that tell it apart they have to hear.
    """
    return _left(heard % CYCLE, phrases, has_anchors, has_repeats, telling)


@cache
def _left(heard: int, phrases: int, has_anchors: bool, has_repeats: bool, telling: int) -> int:
    position = heard
    while phrases > 0:
        position += 1
        if telling > 0 and position % TELLING_EVERY == 0:
            telling -= 1
            continue
        is_extra = (has_anchors and position % ANCHOR_EVERY == 0) or (has_repeats and position % REPEAT_EVERY == 0)
        phrases -= not is_extra
    return position - heard
