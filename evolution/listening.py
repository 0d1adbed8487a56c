"""Does somebody listen, or click at random, or always the same? The odds from their own answers, given the phrases.

Three kinds of listener are weighed against one another by how probable they make the answers. One who listens follows
the rating model, with bias and scale integrated out in closed form and the consistency over a few points of its prior.
One who clicks at random gives each of the six answers alike often; one who clicks a constant gives one answer nearly
always.
"""

import numpy as np
from scipy.special import gammaincinv

from evolution.observed import Observed
from evolution.position import Position
from evolution.rating_model import (
    CONSISTENCY_RATE,
    CONSISTENCY_SHAPE,
    N_ANSWERS,
    SCALE_MEAN,
    SCALE_VARIANCE,
    Floats,
)

CLICKERS_SHAPE, LISTENERS_SHAPE = 0.5, 20.0  # of the beta of the clickers' share: few until their answers say so
SLIP = 0.05  # how often one who clicks a constant clicks something else
ROUNDING_VARIANCE = 1 / 12
POINTS = (np.arange(6) + 0.5) / 6
CONSISTENCIES = gammaincinv(CONSISTENCY_SHAPE, POINTS) / CONSISTENCY_RATE  # each stands for a sixth of the prior


def evidence_of_listening(position: Position, sum_appeal: Floats, sum_square: Floats, sum_cross: Floats) -> Floats:
    """Log probability of each listener's ratings, (I,), if they listen, whatever their bias, scale, consistency.

    The sums are those over a listener's ratings of q, q^2 and q (y - mu), all (I,).
    """
    seen = position.observed
    count = seen.listener_counts
    rest = seen.value_sums - position.level * count
    squares = seen.square_sums - position.level * (2 * seen.value_sums - position.level * count)
    # r = y - mu - a_0 q; what is left of it is b + (a - a_0) q + e
    r = rest - SCALE_MEAN * sum_appeal
    qr = sum_cross - SCALE_MEAN * sum_square
    rr = squares - 2 * SCALE_MEAN * sum_cross + SCALE_MEAN**2 * sum_square
    precision = (1 / (1 / CONSISTENCIES + ROUNDING_VARIANCE))[:, None]
    p_bias, p_scale = 1 / position.bias_spread, 1 / SCALE_VARIANCE
    bb, qq, bq = precision * count + p_bias, precision * sum_square + p_scale, precision * sum_appeal
    determinant = np.maximum(bb * qq - bq**2, 1e-12)
    explained = precision**2 * (qq * r**2 - 2 * bq * r * qr + bb * qr**2) / determinant
    log = (
        count * np.log(precision / (2 * np.pi)) - precision * rr + explained - np.log(determinant / (p_bias * p_scale))
    ) / 2
    highest = log.max(axis=0)
    return np.asarray(highest + np.log(np.mean(np.exp(log - highest), axis=0)), dtype=np.float64)


def evidence_of_clicking(seen: Observed) -> Floats:
    """Log probability of each listener's ratings, (I,), if they click, at random or a constant with even odds."""
    at_random = -seen.listener_counts * np.log(N_ANSWERS)
    others = seen.listener_counts - seen.commonest
    constant = -np.log(N_ANSWERS) + seen.commonest * np.log(1 - SLIP) + others * np.log(SLIP / (N_ANSWERS - 1))
    return np.asarray(np.logaddexp(at_random, constant) - np.log(2), dtype=np.float64)


def listening_odds(position: Position, sum_appeal: Floats, sum_square: Floats, sum_cross: Floats) -> Floats:
    """Log odds that each listener listens, (I,), their share aside."""
    log = evidence_of_listening(position, sum_appeal, sum_square, sum_cross) - position.clicking
    if len(position.duels):
        log = log + position.duels.evidence(position.appeal, position.scale, position.consistency)
    return log
