"""The taste: what a crowd would say of phrases that nobody has heard, learned from what it said of others.

A Gaussian process over musical features (scikit-learn): each fitness weighs by its standard error, and every
prediction comes with its own. How strongly features bear on fitness, and how far likeness reaches, is averaged over a
few settings by their evidence, one of which says that features tell nothing: where they don't, the taste falls silent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evolution.features import FAMILIES, features
from evolution.frame import Frame
from evolution.genes import Genome

# scikit-learn takes a second and 60 MB to import: only where a taste is learned, not in every process that breeds.
if TYPE_CHECKING:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Kernel

Floats = NDArray[np.float64]

MIN_HEARD = 4  # individuals with a fitness before there is a taste
LEAST_ERROR = 0.15  # on the rating scale; no fitness is known better than a taste could ever tell
LEVEL_VARIANCE = 1.0  # of the crowd's mean about the mean of what was heard
STRENGTHS = (0.2, 0.5, 1.0)  # variance of fitness that features may explain
REACHES = (2.0, 4.0)  # in which they make phrases alike: standard deviations of all families together
ROUGHNESS = 1.5  # of the Matern kernel: fitness changes without jumps but not smoothly
FAMILY_WEIGHTS = {"genes": 0.5}
CHILD_VARIANCE = 0.3  # of children's fitness about their parents' mean
MOST_CERTAIN = 0.4  # rating points; the least standard deviation that a taste's word is taken for as a prior
LEAST_CALIBRATION, FLAT = 3, 1e-9
NORMAL_95 = 1.96
NEGLIGIBLE = 0.1  # share of the evidence under which a setting is left out


class TasteError(ValueError):
    """A taste cannot be learned from this; the message names the field."""

    code = "taste_invalid"


@dataclass(frozen=True)
class Belief:
    """What the taste expects of n phrases on the rating scale, (n,), and how unsure it is of each, (n,)."""

    mean: Floats
    deviation: Floats

    def __len__(self) -> int:
        return len(self.mean)


@dataclass(frozen=True)
class Measure:
    """How features are put on one scale: what is usual (k,) and what one unit of each is (k,)."""

    centre: Floats
    unit: Floats

    @classmethod
    def of(cls, table: Floats) -> "Measure":
        """The scale on which each family of features varies by 1 over the phrases of a table (n, k) of `described`."""
        weights = np.concatenate(
            [
                np.full(len(names), FAMILY_WEIGHTS.get(family, 1.0) / np.sqrt(len(names)))
                for family, names in FAMILIES.items()
            ]
        )
        weights = np.append(weights, np.ones(table.shape[1] - len(weights)))
        deviation = table.std(axis=0)
        varies = deviation > 1e-9
        return cls(table.mean(axis=0), np.where(varies, weights / np.where(varies, deviation, 1.0), 0.0))

    def __call__(self, table: Floats) -> Floats:
        scaled: Floats = (table - self.centre) * self.unit
        return scaled


@dataclass(frozen=True)
class Taste:
    """What was learned; `fit` makes one."""

    measure: Measure
    level: float
    shares: tuple[float, ...]  # how probable each model is
    models: tuple["GaussianProcessRegressor", ...]
    silence: float  # probability that features tell nothing

    @classmethod
    def fit(cls, table: Floats, fitness: Floats, standard_error: Floats, *, measure: Measure | None = None) -> "Taste":
        """Learn from features (n, k) of phrases with fitness (n,) and its standard error (n,). Raises TasteError."""
        from sklearn.gaussian_process import GaussianProcessRegressor

        if not len(table) == len(fitness) == len(standard_error) or len(table) < 1:
            raise TasteError(
                f"fitness: expected one and its error of at least one phrase each, got {len(table)} phrases, "
                f"{len(fitness)} fitnesses, {len(standard_error)} errors"
            )
        measure = measure or Measure.of(table)
        inputs = measure(table)
        noise = np.maximum(standard_error, LEAST_ERROR) ** 2
        level = float(np.average(fitness, weights=1 / (noise + 0.5)))
        models, evidence = [], []
        for kernel in _kernels():
            model = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None).fit(inputs, fitness - level)
            models.append(model)
            evidence.append(model.log_marginal_likelihood_value_)
        shares = np.exp(np.array(evidence) - max(evidence))
        shares /= shares.sum()
        kept = np.flatnonzero(shares >= NEGLIGIBLE)
        return cls(
            measure,
            level,
            tuple((shares[kept] / shares[kept].sum()).tolist()),
            tuple(models[index] for index in kept),
            float(shares[0]),
        )

    def predict(self, table: Floats) -> Belief:
        """What is expected of phrases with these features (m, k)."""
        inputs = self.measure(table)
        mean, square = np.zeros(len(table)), np.zeros(len(table))
        for share, model in zip(self.shares, self.models, strict=True):
            expected, deviation = model.predict(inputs, return_std=True)
            mean += share * expected
            square += share * (deviation**2 + expected**2)
        return Belief(self.level + mean, np.sqrt(np.maximum(square - mean**2, 0.0)))


def described(genomes: Sequence[Genome], frame: Frame, likelihood: Floats | None = None) -> Floats:
    """Features of genomes, shape (n, k); with a network's likelihood (n,) as the last column where given."""
    table = features(genomes, frame)
    return table if likelihood is None else np.column_stack([table, likelihood])


@dataclass(frozen=True)
class Calibration:
    """How well n predictions fitted what was given: correlation, the slope of given on predicted, and the share of
    95% intervals that held it."""

    correlation: float
    slope: float
    coverage: float
    n: int


def calibration(belief: Belief, given: Floats, standard_error: Floats) -> Calibration:
    """What the taste expected of n phrases before anybody heard them against the fitness they were given (n,) since.

    Intervals allow for the fitness's own standard error (n,). Figures are NaN where fewer than three were given.
    """
    if len(given) < LEAST_CALIBRATION or np.std(belief.mean) < FLAT or np.std(given) < FLAT:
        return Calibration(float("nan"), float("nan"), float("nan"), len(given))
    off = np.abs(given - belief.mean)
    covered = off <= NORMAL_95 * np.sqrt(belief.deviation**2 + standard_error**2)
    covariance = np.cov(belief.mean, given)
    return Calibration(
        correlation=float(np.corrcoef(belief.mean, given)[0, 1]),
        slope=float(covariance[0, 1] / covariance[0, 0]),
        coverage=float(covered.mean()),
        n=len(given),
    )


def prior_of(belief: Belief, parents: Floats, parents_variance: Floats) -> tuple[Floats, Floats]:
    """Mean and variance (n,) each that the rating model may expect of newcomers, from parents and taste together.

    `parents` (n,) is their parents' mean fitness, NaN without, and `parents_variance` (n,) how unsure that is by
    itself. The two are weighed by precision, the parents' with the spread that children have about them; the taste is
    taken for at most so precise as MOST_CERTAIN lets it be. The variance is that of the mean and is never below what
    the parents alone would give, since both know the same ratings. A prior for `estimate`, never a rating.
    """
    taste_variance = np.maximum(belief.deviation, MOST_CERTAIN) ** 2
    pedigree_variance = parents_variance + CHILD_VARIANCE
    share = np.where(np.isfinite(parents), pedigree_variance / (pedigree_variance + taste_variance), 1.0)
    mean = share * belief.mean + (1 - share) * np.where(np.isfinite(parents), parents, 0.0)
    variance = np.where(np.isfinite(parents), parents_variance, taste_variance)
    return mean, variance


def _kernels() -> list["Kernel"]:
    """Covariances of fitness: of a level alone, then with features of every strength and reach."""
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    level = ConstantKernel(LEVEL_VARIANCE, "fixed")
    alike = [
        ConstantKernel(strength, "fixed") * Matern(reach, "fixed", nu=ROUGHNESS)
        for strength in STRENGTHS
        for reach in REACHES
    ]
    return [level, *(level + kernel for kernel in alike)]
