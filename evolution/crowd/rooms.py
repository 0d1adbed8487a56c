"""A simulated room: listeners in their seats, who tire, rest, change their minds, and leave to others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evolution.crowd.hearing import hear
from evolution.crowd.listeners import Crowd, CrowdSettings, gather
from evolution.crowd.sounding import Floats
from evolution.crowd.tastes import Tastes, bent, draw_tastes
from evolution.frame import Frame
from generation.score.notes import Score


@dataclass(frozen=True)
class Liked:
    """What there is to like in n phrases: `liking` (T, n) of each taste, unbent, and `traits` (n, K)."""

    liking: Floats
    traits: Floats

    def __len__(self) -> int:
        return len(self.traits)

    @property
    def appeal(self) -> Floats:
        """True appeal to each taste, shape (T, n)."""
        return bent(self.liking)

    @property
    def true_appeal(self) -> Floats:
        """Mean true appeal over the crowd's tastes, shape (n,): what breeding is after, before anyone's bias."""
        mean: Floats = self.appeal.mean(axis=0)
        return mean

    def take(self, indices: NDArray[np.int64]) -> "Liked":
        """These phrases of the n."""
        return Liked(self.liking[:, indices], self.traits[indices])


class Room:
    """A crowd as it listens. `seats` (n_listeners,) holds who sits where; who leaves is followed by a new listener."""

    def __init__(self, crowd: Crowd, tastes: Tastes, rng: np.random.Generator) -> None:
        self.crowd = crowd
        self.tastes = tastes
        self._rng = rng
        self.seats: NDArray[np.int64] = np.arange(crowd.settings.n_listeners)
        self._heard = np.zeros(len(self.seats), dtype=np.int64)  # of each listener, since the last rest
        self._personal = self._draw_personal(len(self.seats))

    @classmethod
    def open(cls, settings: CrowdSettings, frame: Frame, rng: np.random.Generator) -> "Room":
        """Gather a crowd with tastes of its own and let it sit down."""
        crowd = gather(settings, rng)
        return cls(crowd, draw_tastes(settings, frame, rng), rng)

    @property
    def n_listeners(self) -> int:
        """How many have sat here so far."""
        return len(self.crowd.bias)

    def hear(self, scores: Sequence[Score]) -> Liked:
        """What there is to like in these scores."""
        heard = hear(scores)
        return Liked(self.tastes.liking(heard), self.tastes.traits(heard))

    def rate(self, listener: NDArray[np.int64], liked: Liked) -> Floats:
        """Ratings by `listener` (n,), each at most once, of the n phrases, shape (n,); each has then heard one more."""
        settings = self.crowd.settings
        liking = liked.liking[self.crowd.taste[listener], np.arange(len(listener))]
        liking = liking + np.einsum("nk,nk->n", liked.traits, self._personal[listener])
        tired = settings.fatigue * np.minimum(self._heard[listener] / settings.sitting, 1.0)
        ratings = self.crowd.answer(
            bent(liking), listener, self._rng, noise=1.0 + tired, attention=np.maximum(1.0 - tired / 2, 0.0)
        )
        self._heard[listener] += 1
        for one in listener[self._heard[listener] >= settings.sitting].tolist():
            self._rest(one)
        return ratings

    def _rest(self, listener: int) -> None:
        """A listener rests, and thinks a little differently afterwards; or another takes the seat."""
        settings = self.crowd.settings
        self._heard[listener] = 0
        step = self._rng.normal(0, settings.drift, size=self._personal.shape[1])
        self._personal[listener] += step / np.sqrt(self._personal.shape[1])
        if self._rng.random() < settings.turnover:
            self.seats[self.seats == listener] = self._welcome()

    def _welcome(self) -> int:
        """A new listener's index: of the same crowd, so with the same chances of every taste and of clicking."""
        settings = self.crowd.settings
        clicks = float(self._rng.random() < settings.clicker_share)
        new = gather(replace(settings, n_listeners=1, clicker_share=clicks), self._rng)
        here = self.crowd
        self.crowd = Crowd(
            settings=settings,
            bias=np.append(here.bias, new.bias),
            scale=np.append(here.scale, new.scale),
            noise=np.append(here.noise, new.noise),
            clicker=np.append(here.clicker, new.clicker),
            constant=np.append(here.constant, new.constant),
            taste=np.append(here.taste, self._rng.integers(settings.n_tastes, size=1)),
        )
        self._heard = np.append(self._heard, 0)
        self._personal = np.concatenate([self._personal, self._draw_personal(1)])
        return self.n_listeners - 1

    def _draw_personal(self, n: int) -> Floats:
        """What n listeners like beside the taste they share, per trait, so that it sums to the settings' deviation."""
        size = (n, self.tastes.points.shape[1])
        drawn: Floats = self._rng.normal(size=size) * self.crowd.settings.personal_deviation / np.sqrt(size[1])
        return drawn
