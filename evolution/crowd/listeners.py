"""Simulated listeners as they are when they come: bias, width, noise, taste, and whether they listen at all."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.rating_model import RATING_MAX, RATING_MIN, Ratings

CLICKER_KINDS = ("random", "constant")
RANDOM_CLICKER, CONSTANT_CLICKER = 0, 1
MOST_TASTES = 8


class CrowdError(ValueError):
    """A crowd that cannot be; the message names the field."""

    code = "crowd_invalid"


@dataclass(frozen=True)
class CrowdSettings:
    """How many listeners there are, how they differ and how they change; deviations on the rating scale.

    The defaults are a crowd that stays as it is: nobody tires, changes their mind or leaves. Raises CrowdError.
    """

    n_listeners: int = 12
    bias_deviation: float = 0.7
    noise_deviation: float = 1.0
    noise_spread: float = 0.4  # of the logarithm of one listener's noise: some are steadier than others
    scale_deviation: float = 0.15  # how differently they use the width of the scale
    clicker_share: float = 0.17  # answer at random or always the same
    level: float = 2.5
    appeal_deviation: float = 0.83  # of random phrases, for one taste
    n_tastes: int = 1
    taste_spread: float = 1.0  # how far tastes lie apart; 0 makes them all alike
    taste_correlation: float | None = None  # between any two tastes over random phrases; None: as they are drawn
    personal_deviation: float = 0.0  # of what one listener likes beside the taste they share with others
    sitting: int = 40  # phrases after which a listener rests
    fatigue: float = 0.0  # by which share noise has grown, and attention fallen by half as much, at a sitting's end
    drift: float = 0.0  # of a listener's personal taste, over one sitting
    turnover: float = 0.0  # probability that another listener takes the seat after a sitting

    def __post_init__(self) -> None:
        for name, low, high in (("n_listeners", 1, 1_000_000), ("n_tastes", 1, MOST_TASTES), ("sitting", 1, 100_000)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise CrowdError(f"{name}: expected a whole number from {low} to {high}, got {value!r}")
        for name, most in (("clicker_share", 1.0), ("turnover", 1.0), ("fatigue", 2.0)):
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise CrowdError(f"{name}: expected a number from 0 to {most:g}, got {value!r}")
        alike, least = self.taste_correlation, -1 / max(self.n_tastes - 1, 1)
        if alike is not None and not least < alike < 1:
            raise CrowdError(f"taste_correlation: expected none or a number between {least:g} and 1, got {alike!r}")

    def to_json(self) -> dict[str, Any]:
        """Plain values by field name; `from_json` gives equal settings."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "CrowdSettings":
        """The settings that `to_json` wrote; missing fields take their defaults. Raises CrowdError."""
        unknown = sorted(set(data) - {field.name for field in fields(cls)})
        if unknown:
            raise CrowdError(f"{unknown[0]}: expected only fields of CrowdSettings; remove it")
        return cls(**data)


LIFELIKE = CrowdSettings(n_tastes=2, personal_deviation=0.35, fatigue=0.3, drift=0.1, turnover=0.1)
"""A crowd of two tastes whose listeners tire, drift, and now and then leave."""


@dataclass(frozen=True)
class Crowd:
    """Listeners drawn once: bias, scale, noise, taste, and whether and what they click, each of shape (I,)."""

    settings: CrowdSettings
    bias: NDArray[np.float64]
    scale: NDArray[np.float64]
    noise: NDArray[np.float64]
    clicker: NDArray[np.int64]  # -1 listens, 0 clicks at random, 1 clicks a constant
    constant: NDArray[np.float64]
    taste: NDArray[np.int64]  # which of the crowd's tastes is theirs

    def rate(
        self,
        appeal: NDArray[np.float64],
        listener: NDArray[np.int64],
        individual: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> Ratings:
        """Whole ratings 0-5 by `listener` (n,) of `individual` (n,) of true appeal `appeal`, mean 0.

        `appeal` is (J,), alike to all, or (tastes, J). Fatigue and change are not in it: see `Room`.
        """
        known = np.atleast_2d(appeal)
        liked = known[self.taste[listener] if len(known) > 1 else 0, individual]
        answers = self.answer(liked, listener, rng)
        return Ratings(listener=listener, individual=individual, value=answers)

    def answer(
        self,
        liked: NDArray[np.float64],
        listener: NDArray[np.int64],
        rng: np.random.Generator,
        *,
        noise: NDArray[np.float64] | float = 1.0,
        attention: NDArray[np.float64] | float = 1.0,
    ) -> NDArray[np.float64]:
        """What `listener` (n,) answers to phrases that they like by `liked` (n,), clickers whatever they click, (n,).

        `noise` and `attention` multiply the listener's own noise and width.
        """
        heard = self.settings.level + self.bias[listener] + attention * self.scale[listener] * liked
        value = heard + rng.normal(size=len(listener)) * self.noise[listener] * noise
        value = np.clip(np.round(value), RATING_MIN, RATING_MAX)
        kind = self.clicker[listener]
        value = np.where(kind == RANDOM_CLICKER, rng.integers(0, 6, size=len(listener)), value)
        answers: NDArray[np.float64] = np.where(kind == CONSTANT_CLICKER, self.constant[listener], value)
        return answers.astype(np.float64)


def gather(settings: CrowdSettings, rng: np.random.Generator) -> Crowd:
    """Draw the listeners of a crowd; the clickers among them are a fixed share, random or constant by chance.

    Those who listen have the crowd's tastes by turns.
    """
    n = settings.n_listeners
    clicker = np.full(n, -1, dtype=np.int64)
    n_clickers = round(settings.clicker_share * n)
    clicker[:n_clickers] = rng.integers(0, len(CLICKER_KINDS), size=n_clickers)
    bias = rng.normal(0, settings.bias_deviation, size=n)
    scale = np.maximum(rng.normal(1, settings.scale_deviation, size=n), 0.0)
    noise = settings.noise_deviation * np.exp(rng.normal(0, settings.noise_spread, size=n))
    clicker = rng.permutation(clicker)
    constant = rng.integers(0, 6, size=n).astype(np.float64)
    taste = np.zeros(n, dtype=np.int64)
    listens = clicker < 0
    taste[listens] = rng.permutation(np.arange(int(listens.sum())) % settings.n_tastes)
    return Crowd(settings, bias, scale, noise, clicker, constant, taste)
