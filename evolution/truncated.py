"""Normal distributions that are cut off: their moments, and draws from them; elementwise."""

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from evolution.rating_model import Floats

TRUNCATION_TRIES = 20
SMALLEST = 1e-300


def truncated_moments(mean: Floats, deviation: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of normals cut off below 0, elementwise."""
    alpha = np.maximum(-mean / deviation, -30.0)
    # Abramowitz and Stegun 7.1.26: the upper tail is within 1e-7, and numpy alone suffices.
    x = np.abs(alpha) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * x)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    # Both the density and the tail carry exp(-x^2); far out only their ratio is kept, and it is the poly's.
    density = np.exp(-(x**2)) / np.sqrt(2 * np.pi)
    hazard = np.where(alpha > 0, np.sqrt(2 / np.pi) / poly, density / (1 - poly * np.exp(-(x**2)) / 2))
    variance = np.maximum(1 + alpha * hazard - hazard**2, 1e-6)
    return np.maximum(mean + deviation * hazard, 0.0), deviation**2 * variance


def hazard(x: Floats) -> Floats:
    """phi(x) / Phi(x): by how many deviations a normal of mean x is moved when only its part above 0 is left."""
    return np.asarray(np.exp(-(x**2) / 2 - np.log(2 * np.pi) / 2 - log_ndtr(x)), dtype=np.float64)


def positive_draw(mean: Floats, deviation: Floats, rng: np.random.Generator) -> Floats:
    """One draw from each normal cut off below 0, elementwise."""
    drawn = rng.normal(mean, deviation)
    for _ in range(TRUNCATION_TRIES):
        below = np.flatnonzero(drawn < 0)
        if len(below) == 0:
            return drawn
        drawn[below] = rng.normal(mean[below], deviation[below])
    # Far out in the tail a normal is an exponential.
    below = np.flatnonzero(drawn < 0)
    drawn[below] = rng.exponential(deviation[below] ** 2 / np.maximum(-mean[below], deviation[below]))
    return drawn


def draw_between(low: Floats, high: Floats, mean: Floats, deviation: Floats, rng: np.random.Generator) -> Floats:
    """One draw from each normal cut off below `low` and above `high` (infinite where it is not), elementwise."""
    a, b = (low - mean) / deviation, (high - mean) / deviation
    # The upper tail has no digits left near 1: what lies above the mean is mirrored below it.
    mirrored = a > 0
    a, b = np.where(mirrored, -b, a), np.where(mirrored, -a, b)
    below = ndtr(a)
    share = below + (ndtr(b) - below) * rng.random(len(mean))
    drawn = np.clip(ndtri(np.maximum(share, SMALLEST)), a, b)
    return np.asarray(mean + deviation * np.where(mirrored, -drawn, drawn), dtype=np.float64)
