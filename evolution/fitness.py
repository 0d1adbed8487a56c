"""Answers of many listeners turned into one fitness for each individual, with its standard error.

The model, for the rating y that listener i gives to individual j of generation t:

    y = mu + b_i + a_i q_j + e,  e ~ N(0, 1/lambda_i)
    b_i ~ N(0, s_b^2)   a_i >= 0 about N(1, 0.15)   lambda_i ~ Gamma(3, 3)
    q_j ~ N(g_t, s^2)   q_j ~ N(g_t + h prior_j, s_c^2 + v_j) of those with a prior   h ~ N(1, 0.09)

First phrases and children have a spread each, s^2 and s_c^2, both learned: children of a few parents vary less about
what these promise than first phrases do about their mean.
A duel is the sign of a_i (q_j - q_k) + e, e ~ N(0, 2/lambda_i). Some listeners may not listen at all but click, at
random or a constant; how probable that is of each is estimated with the rest, and it is what their answers count less
by.

`estimate` fits it by mean-field variational updates, each linear in the answers, for live use. `draw` samples the same
model when a generation closes, and there knows that ratings are whole and end at 0 and 5. Fitness is mu + q_j: what a
listener without a bias would be expected to hear, on the scale of 0-5. It is not clipped, so that order is kept at
both ends.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.duels import Duels, HeardDuels
from evolution.gibbs import Gibbs
from evolution.observed import observe
from evolution.rating_model import Estimate, Ratings, RatingsError
from evolution.repeats import Repeats
from evolution.variational import Variational

__all__ = [
    "Duels", "Estimate", "Ratings", "RatingsError", "Repeats", "draw", "estimate", "parents_prior", "parents_variance",
]  # fmt: skip

WIDEN_LIVE = 1.4  # mean-field intervals are too narrow by about this much
WIDEN_DIFFERENCES = 1.3 / 1.4  # of it, where the level, which mean field is surest of, plays no part
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
    prior_variance: NDArray[np.floating[Any]] | None = None,
    duels: Duels | None = None,
    repeats: Repeats | None = None,
    start: Estimate | None = None,
    widen: float = WIDEN_LIVE,
) -> Estimate:
    """Fit the model to all answers so far and return every individual's fitness.

    `generation_of` (J,) holds generation numbers. `prior` (J,) holds what is expected of each individual before anybody
    has heard it, the mean fitness of its parents or what the taste says, NaN where nothing is; only differences within
    a generation count, g_t takes up the rest. Who has one has the spread of children. `prior_variance` (J,) is how
    unsure that is by itself, beside this spread. `repeats` are answers to what was rated before: they tell of their
    listener, and are no further voice. `start` is an earlier estimate with at most as many listeners and
    individuals, from which the sweeps go on. `widen` multiplies the standard errors. Raises RatingsError.
    """
    observed = observe(
        ratings,
        n_listeners=n_listeners,
        n_individuals=n_individuals,
        generation_of=generation_of,
        prior=prior,
        prior_variance=prior_variance,
        repeats=repeats,
    )
    heard = HeardDuels(duels, n_listeners=n_listeners, n_individuals=n_individuals)
    state = Variational(observed, heard, start)
    sweeps = 0
    for sweeps in range(1, MAX_SWEEPS + 1):  # noqa: B007  the count is reported
        if state.sweep() < TOLERANCE and not state.before_doubt:
            break
    return Estimate(
        mean=state.level + state.appeal,
        standard_error=widen * np.sqrt(state.appeal_var + state.level_var),
        appeal=state.appeal,
        appeal_error=widen * WIDEN_DIFFERENCES * np.sqrt(state.appeal_var),
        bias=state.bias,
        scale=state.scale,
        scale_error=np.sqrt(state.scale_var),
        consistency=state.consistency,
        listening=state.listening,
        level=state.level,
        generation_mean=state.generation_mean,
        appeal_variance=state.appeal_spread,
        child_variance=state.child_spread,
        prior_variance=state.prior_variance,
        bias_variance=state.bias_spread,
        inheritance=state.inheritance,
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
    prior_variance: NDArray[np.floating[Any]] | None = None,
    duels: Duels | None = None,
    repeats: Repeats | None = None,
    start: Estimate | None = None,
    draws: int = DRAWS,
) -> Estimate:
    """Fitness from `draws` Gibbs draws of the same model, with honest standard errors; for a generation that closes.

    Arguments as for `estimate`, from whose answer (or from `start`) the chain sets out. Raises RatingsError.
    """
    sizes = {"n_listeners": n_listeners, "n_individuals": n_individuals}
    frame = {
        "generation_of": generation_of, "prior": prior, "prior_variance": prior_variance, "repeats": repeats,
    }  # fmt: skip
    begin = estimate(ratings, **sizes, **frame, duels=duels, start=start)  # type: ignore[arg-type]
    observed = observe(ratings, **sizes, **frame)  # type: ignore[arg-type]
    chain = Gibbs(observed, HeardDuels(duels, **sizes), begin, rng)
    for _ in range(WARM_UP):
        chain.sweep()
    return chain.summarise(draws)


def parents_prior(parents: Sequence[Sequence[int]], fitness: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """`prior` (J,) for individuals with these parents: the mean of `fitness` at their indices, NaN without parents."""
    means = [float(np.mean(fitness[list(indices)])) if len(indices) else np.nan for indices in parents]
    return np.array(means, dtype=np.float64)


def parents_variance(
    parents: Sequence[Sequence[int]], standard_error: NDArray[np.floating[Any]]
) -> NDArray[np.float64]:
    """`prior_variance` (J,) to go with `parents_prior`: how unsure the mean of these parents is, 0 without parents."""
    return np.array(
        [float(np.sum(standard_error[list(of)] ** 2)) / max(len(of), 1) ** 2 for of in parents], dtype=np.float64
    )
