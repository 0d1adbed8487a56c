"""Ratings of many listeners turned into one fitness for each individual, with its standard error.

The model, for the rating y that listener i gives to individual j of generation t:

    y = mu + b_i + a_i q_j + e,  e ~ N(0, 1/lambda_i)
    b_i ~ N(0, s_b^2)   a_i >= 0 about N(1, 0.15)   lambda_i ~ Gamma(3, 3)   q_j ~ N(g_t + prior_j, s^2)

`estimate` fits it by mean-field variational updates, each linear in the ratings, for live use.
`draw` samples the same model when a generation closes. Fitness is mu + q_j: the rating, on the scale of 0-5,
that a listener without a bias would be expected to give. It is not clipped, so that order is kept at both ends.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.gibbs import Gibbs
from evolution.rating_model import Estimate, Ratings, RatingsError, observe
from evolution.variational import Variational

__all__ = ["Estimate", "Ratings", "RatingsError", "draw", "estimate", "parents_prior"]

WIDEN_LIVE = 1.4  # mean-field intervals are too narrow by about this much
MAX_SWEEPS = 200
TOLERANCE = 1e-3  # on the rating scale
DRAWS, WARM_UP = 400, 100


def estimate(
    ratings: Ratings,
    *,
    n_listeners: int,
    n_individuals: int,
    generation_of: NDArray[np.integer[Any]] | None = None,
    prior: NDArray[np.floating[Any]] | None = None,
    start: Estimate | None = None,
    widen: float = WIDEN_LIVE,
) -> Estimate:
    """Fit the model to all ratings so far and return every individual's fitness.

    `generation_of` (J,) holds generation numbers. `prior` (J,) holds the mean fitness of each individual's parents, NaN
    where it has none; only differences within a generation count, g_t takes up the rest. `start` is an earlier estimate
    with at most as many listeners and individuals, from which the sweeps go on. `widen` multiplies the standard errors.
    Raises RatingsError.
    """
    observed = observe(
        ratings, n_listeners=n_listeners, n_individuals=n_individuals, generation_of=generation_of, prior=prior
    )
    state = Variational(observed, start)
    sweeps = 0
    for sweeps in range(1, MAX_SWEEPS + 1):  # noqa: B007  the count is reported
        if state.sweep() < TOLERANCE:
            break
    return Estimate(
        mean=state.level + state.appeal,
        standard_error=widen * np.sqrt(state.appeal_var + state.level_var),
        appeal=state.appeal,
        bias=state.bias,
        scale=state.scale,
        scale_error=np.sqrt(state.scale_var),
        consistency=state.consistency,
        level=state.level,
        generation_mean=state.generation_mean,
        appeal_variance=state.appeal_spread,
        bias_variance=state.bias_spread,
        sweeps=sweeps,
    )


def draw(
    ratings: Ratings,
    *,
    n_listeners: int,
    n_individuals: int,
    rng: np.random.Generator,
    generation_of: NDArray[np.integer[Any]] | None = None,
    prior: NDArray[np.floating[Any]] | None = None,
    start: Estimate | None = None,
    draws: int = DRAWS,
) -> Estimate:
    """Fitness from `draws` Gibbs draws of the same model, with honest standard errors; for a generation that closes.

    Arguments as for `estimate`, from whose answer (or from `start`) the chain sets out. Raises RatingsError.
    """
    begin = estimate(
        ratings,
        n_listeners=n_listeners,
        n_individuals=n_individuals,
        generation_of=generation_of,
        prior=prior,
        start=start,
    )
    observed = observe(
        ratings, n_listeners=n_listeners, n_individuals=n_individuals, generation_of=generation_of, prior=prior
    )
    chain = Gibbs(observed, begin, rng)
    for _ in range(WARM_UP):
        chain.sweep()
    return chain.summarise(draws)


def parents_prior(parents: Sequence[Sequence[int]], fitness: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """`prior` (J,) for individuals with these parents: the mean of `fitness` at their indices, NaN without parents."""
    means = [float(np.mean(fitness[list(indices)])) if len(indices) else np.nan for indices in parents]
    return np.array(means, dtype=np.float64)
