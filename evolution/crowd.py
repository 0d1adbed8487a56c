"""Simulated listeners: ratings for phrases whose true appeal is known, to test and measure the fitness with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.rating_model import RATING_MAX, RATING_MIN, Ratings

CLICKER_KINDS = ("random", "constant")


@dataclass(frozen=True)
class CrowdSettings:
    """How many listeners there are and how they differ; deviations on the rating scale."""

    n_listeners: int = 12
    bias_deviation: float = 0.7
    noise_deviation: float = 1.0
    noise_spread: float = 0.4  # of the logarithm of one listener's noise: some are steadier than others
    scale_deviation: float = 0.15  # how differently they use the width of the scale
    clicker_share: float = 0.17  # answer at random or always the same
    level: float = 2.5
    appeal_deviation: float = 0.83  # of the phrases


@dataclass(frozen=True)
class Crowd:
    """Listeners drawn once: bias, scale, noise, and whether and what they click, each of shape (I,)."""

    settings: CrowdSettings
    bias: NDArray[np.float64]
    scale: NDArray[np.float64]
    noise: NDArray[np.float64]
    clicker: NDArray[np.int64]  # -1 listens, 0 clicks at random, 1 clicks a constant
    constant: NDArray[np.float64]

    def rate(
        self,
        appeal: NDArray[np.float64],
        listener: NDArray[np.int64],
        individual: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> Ratings:
        """Whole ratings 0-5 by `listener` (n,) of `individual` (n,), whose true appeal is `appeal` (J,), mean 0."""
        heard = self.settings.level + self.bias[listener] + self.scale[listener] * appeal[individual]
        value = heard + rng.normal(size=len(listener)) * self.noise[listener]
        value = np.clip(np.round(value), RATING_MIN, RATING_MAX)
        kind = self.clicker[listener]
        value = np.where(kind == 0, rng.integers(0, 6, size=len(listener)), value)
        value = np.where(kind == 1, self.constant[listener], value)
        return Ratings(listener=listener, individual=individual, value=value.astype(np.float64))


def gather(settings: CrowdSettings, rng: np.random.Generator) -> Crowd:
    """Draw the listeners of a crowd; the clickers among them are a fixed share, random and constant by turns."""
    n = settings.n_listeners
    clicker = np.full(n, -1, dtype=np.int64)
    n_clickers = round(settings.clicker_share * n)
    clicker[:n_clickers] = rng.integers(0, len(CLICKER_KINDS), size=n_clickers)
    return Crowd(
        settings=settings,
        bias=rng.normal(0, settings.bias_deviation, size=n),
        scale=np.maximum(rng.normal(1, settings.scale_deviation, size=n), 0.0),
        noise=settings.noise_deviation * np.exp(rng.normal(0, settings.noise_spread, size=n)),
        clicker=rng.permutation(clicker),
        constant=rng.integers(0, 6, size=n).astype(np.float64),
    )


def assign(
    *, n_listeners: int, n_individuals: int, ratings_each: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Listeners and individuals, each (n,), so that each individual meets `ratings_each` different listeners evenly.

    Raises ValueError when there are fewer listeners than ratings wanted for each individual.
    """
    if ratings_each > n_listeners:
        raise ValueError(
            f"ratings_each: expected at most the {n_listeners} listeners, got {ratings_each}; nobody rates twice"
        )
    load = np.zeros(n_listeners)
    rows = np.empty((n_individuals, ratings_each), dtype=np.int64)
    for row in rows:
        # The least busy first, ties at random: what a room's floor of coverage does.
        row[:] = np.lexsort((rng.random(n_listeners), load))[:ratings_each]
        load[row] += 1
    individual = np.repeat(np.arange(n_individuals), ratings_each)
    order = rng.permutation(len(individual))
    return rows.ravel()[order], individual[order]
