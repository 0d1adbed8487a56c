"""What simulated listeners think of what they hear: tastes, biases, noise and fatigue of evolution.crowd."""

from dataclasses import dataclass, replace

import numpy as np

from antiphon.core.errors import Invalid
from antiphon.listening.rehearsal.wire import heard_phrase
from evolution.crowd import LIFELIKE, CrowdError, CrowdSettings, Liked, Room
from evolution.frame import Frame

# As people in a room: two tastes, tiring and drifting, a sixth of them clicking. Nobody's seat is taken by another,
# since a seat here is a cookie.
USUAL = replace(LIFELIKE, turnover=0.0)
REMEMBERED_MAX = 4_000  # phrases; a room has a few hundred at a time


def tastes_that_agree(correlation: float | None) -> CrowdSettings:
    """The usual listeners, whose two tastes correlate so over random phrases. Raises Invalid where none can."""
    try:
        return replace(USUAL, taste_correlation=correlation)
    except CrowdError as error:
        raise Invalid(f"correlation: expected a number between -1 and 1, got {correlation!r}.") from error


@dataclass(frozen=True)
class Impression:
    """What there is to like in a phrase, and how long it sounds."""

    liked: Liked
    duration_seconds: float


class Minds:
    """The minds of so many listeners, by index. The same seed gives the same listeners."""

    def __init__(self, n_listeners: int, frame: Frame, *, seed: int, settings: CrowdSettings = USUAL) -> None:
        rng = np.random.default_rng([seed, 0])
        self._room = Room.open(replace(settings, n_listeners=n_listeners), frame, rng)
        self._known: dict[str, Impression] = {}

    def impression(self, encoded: str) -> Impression:
        """What there is to hear in an encoded phrase. Most of a room hears the same ones: each is listened to once."""
        known = self._known.get(encoded)
        if known is None:
            if len(self._known) >= REMEMBERED_MAX:
                self._known.clear()
            heard = heard_phrase(encoded)
            known = self._known[encoded] = Impression(self._room.hear([heard.score]), heard.duration_seconds)
        return known

    def rate(self, listener: int, encoded: str) -> int:
        """The rating, 0-5, that a listener gives to an encoded phrase; they have then heard one more."""
        rating = self._room.rate(np.array([listener]), self.impression(encoded).liked)
        return int(rating[0])

    def is_clicker(self, listener: int) -> bool:
        """Whether a listener answers without listening."""
        return bool(self._room.crowd.clicker[listener] >= 0)
