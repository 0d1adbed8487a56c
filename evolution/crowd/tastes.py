"""Hidden tastes: how much phrases please, as a function of what is heard in them.

A taste has for each thing heard a point that it likes best and how far from it liking falls off: too much pleases as
little as too little, as Berlyne found (Aesthetics and Psychobiology, 1971) and many after him (Chmiel and Schubert,
Psychology of Music 45(6), 2017). Some things please only together. Sums are put on the rating scale, with random
phrases at 0, and bent towards the scale's ends: nobody can like anything more than 5. Where a crowd's tastes are to
agree or disagree by so much, each is a mixture of those drawn.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evolution.crowd.hearing import FEATURES, hear
from evolution.crowd.listeners import CrowdSettings
from evolution.crowd.sounding import Floats
from evolution.frame import Frame
from evolution.genome import express
from evolution.invention import random_genome

# What is heard -> the point liked best, how far from it liking falls to 0.6, and how much it counts; before a taste is
# drawn about it. Points are of ordinary tonal melody: an arch, a close, a bar taken up in the next, little syncopation,
# one to two strokes a second, the middle of the voice's range. They lie between invented phrases and phrases cut from
# people's pieces, so that a crowd likes these about as well as those: which start is better is not decided here.
LIKED = {
    "melodic consonance": (0.15, 0.35, 1.0),
    "step size": (5.0, 3.5, 0.9),
    "harmonic consonance": (0.6, 0.5, 0.7),
    "thickness": (1.3, 0.7, 0.5),
    "arch": (0.3, 0.5, 0.8),
    "closure": (0.1, 0.3, 1.0),
    "last length": (0.1, 0.8, 0.8),
    "key clarity": (0.9, 0.15, 0.8),
    "surprise": (3.25, 0.15, 0.8),
    "syncopation": (0.1, 0.2, 1.0),
    "unevenness": (40.0, 28.0, 0.6),
    "rhythm repeated": (0.8, 0.2, 0.9),
    "melody repeated": (0.45, 0.2, 1.1),
    "pace": (0.55, 0.5, 0.8),
    "register": (67.0, 11.0, 0.5),
    "loudness": (86.0, 20.0, 0.4),
    "loudness deviation": (10.0, 6.0, 0.3),
    "legato": (0.85, 0.2, 0.4),
    "range": (18.0, 11.0, 0.7),
}
# Human time is liked, a machine's or a beginner's less: full at 5 to 20 ms, gone at 0 and over 35.
TIMING_WEIGHT, TIMING_MS, TIMING_OCTAVES = 0.5, 10.0, 1.4
TOGETHER = (  # pairs that please when both are as liked
    ("arch", "closure"),
    ("syncopation", "rhythm repeated"),
    ("pace", "loudness"),
    ("surprise", "melodic consonance"),
)
TOGETHER_WEIGHT = 1.2
POINT_SPREAD, WEIGHT_SPREAD, WIDTH_SPREAD = 0.8, 0.7, 0.2  # of tastes: in widths, and of logarithms
CEILING = 2.5  # appeal towards which liking bends: the ends of the rating scale, counted from its middle
N_REFERENCE = 200
REFERENCE_SEED = 1982
MOST_STRIKING = 2.5  # standard deviations beyond which a trait does not grow more striking

_COLUMN = {name: index for index, name in enumerate(FEATURES)}
_USED = [_COLUMN[name] for name in LIKED]
_TIMING = _COLUMN["timing"]
_PAIRS = np.array([[list(LIKED).index(name) for name in pair] for pair in TOGETHER])


@dataclass(frozen=True)
class Tastes:
    """T tastes over what is heard; points and widths (T, K), weights (T, K + 1 + pairs), offset and gain (T,).

    `mix` (T, T) is how much of each one drawn is in each taste.
    """

    points: Floats
    widths: Floats
    weights: Floats
    offset: Floats
    gain: Floats
    mix: Floats
    centre: Floats  # (K,) mean of random phrases, by which personal tastes measure
    spread: Floats  # (K,)

    def __len__(self) -> int:
        return len(self.offset)

    def liking(self, heard: Floats) -> Floats:
        """How much each taste likes phrases heard so, (n, FEATURES) -> (T, n), before it bends to the scale's ends."""
        liking: Floats = self.gain[:, None] * (self._sums(heard) - self.offset[:, None])
        return liking

    def appeal(self, heard: Floats) -> Floats:
        """Appeal of phrases heard so to each taste, (T, n): 0 for a random phrase, -2.5 to 2.5."""
        return bent(self.liking(heard))

    def traits(self, heard: Floats) -> Floats:
        """What personal tastes go by, (n, K): how far from a random phrase each thing heard is, in deviations."""
        traits: Floats = np.clip((heard[:, _USED] - self.centre) / self.spread, -MOST_STRIKING, MOST_STRIKING)
        return traits

    def _sums(self, heard: Floats) -> Floats:
        liked = np.exp(-0.5 * ((heard[None, :, _USED] - self.points[:, None]) / self.widths[:, None]) ** 2)
        timing = np.broadcast_to(_timing(heard[:, _TIMING])[None, :, None], (*liked.shape[:2], 1))
        together = liked[:, :, _PAIRS[:, 0]] * liked[:, :, _PAIRS[:, 1]]
        drawn = np.einsum("tnk,tk->tn", np.concatenate([liked, timing, together], axis=2), self.weights)
        sums: Floats = self.mix @ drawn
        return sums


def bent(liking: Floats) -> Floats:
    """Liking bent towards the ends of the rating scale, same shape."""
    return CEILING * np.tanh(liking / CEILING)


def draw_tastes(settings: CrowdSettings, frame: Frame, rng: np.random.Generator) -> Tastes:
    """The crowd's tastes, drawn about what most like; random phrases of the frame have each the settings' spread."""
    base = np.array(list(LIKED.values()))
    size = (settings.n_tastes, len(base))
    spread = settings.taste_spread
    widths = base[:, 1] * np.exp(WIDTH_SPREAD * spread * rng.normal(size=size))
    points = base[:, 0] + POINT_SPREAD * spread * base[:, 1] * rng.normal(size=size)
    usual = np.concatenate([base[:, 2], [TIMING_WEIGHT], np.full(len(TOGETHER), TOGETHER_WEIGHT)])
    weights = usual * np.exp(WEIGHT_SPREAD * spread * rng.normal(size=(settings.n_tastes, len(usual))))
    reference = heard_at_random(frame)
    ones = np.ones(settings.n_tastes)
    centre, deviation = reference[:, _USED].mean(axis=0), np.maximum(reference[:, _USED].std(axis=0), 1e-6)
    raw = Tastes(points, widths, weights, 0 * ones, ones, np.eye(len(ones)), centre, deviation)
    if settings.taste_correlation is not None:
        raw = replace(raw, mix=_mix(raw.liking(reference), settings.taste_correlation))
    offset, gain = _calibrate(raw.liking(reference), settings.appeal_deviation)
    return replace(raw, offset=offset, gain=gain)


@lru_cache(maxsize=8)
def heard_at_random(frame: Frame) -> Floats:
    """What is heard in some random phrases of the frame, always the same ones; by these appeal is measured."""
    rng = np.random.default_rng(REFERENCE_SEED)
    return hear([express(random_genome(frame, rng), frame) for _ in range(N_REFERENCE)])


def _mix(sums: Floats, correlation: float) -> Floats:
    """The mixture (T, T) of tastes with sums (T, n) by which any two correlate so, each changed as little as can be:
    R^(1/2) C^(-1/2) of standardised sums, R the correlations wanted and C those there are.
    """
    count = len(sums)
    wanted = np.full((count, count), correlation) + (1 - correlation) * np.eye(count)
    there = np.atleast_2d(np.corrcoef(sums))
    mix: Floats = _power(wanted, 0.5) @ _power(there, -0.5) / sums.std(axis=1)
    return mix


def _power(symmetric: Floats, exponent: float) -> Floats:
    values, vectors = np.linalg.eigh(symmetric)
    power: Floats = vectors * np.maximum(values, 1e-9) ** exponent @ vectors.T
    return power


def _calibrate(sums: Floats, deviation: float) -> tuple[Floats, Floats]:
    """Offset and gain (T,) by which bent sums (T, n) have mean 0 and the standard deviation wanted."""
    offset, gain = sums.mean(axis=1), deviation / np.maximum(sums.std(axis=1), 1e-9)
    for _ in range(12):
        appeal = bent(gain[:, None] * (sums - offset[:, None]))
        gain = gain * deviation / np.maximum(appeal.std(axis=1), 1e-9)
        offset = offset + appeal.mean(axis=1) / gain
    return offset, gain


def _timing(deviation_ms: NDArray[np.float64]) -> Floats:
    """How human a timing deviation in ms sounds, same shape, 0 to 1."""
    octaves = np.abs(np.log2((deviation_ms + 0.1) / TIMING_MS))
    human: Floats = 1 / (1 + (octaves / TIMING_OCTAVES) ** 6)
    return human
