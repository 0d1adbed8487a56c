"""Checked ratings, with what every sweep over them needs."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.rating_model import (
    N_ANSWERS,
    RATING_MAX,
    RATING_MIN,
    Floats,
    Integers,
    Ratings,
    RatingsError,
    checked_indices,
    sums,
)
from evolution.repeats import Repeats, squared_differences

TABLE_CELLS_PER_RATING = 16  # up to here a table of all pairs is faster than the list of ratings


@dataclass(frozen=True)
class Observed:
    """Checked ratings with what every sweep needs of them: counts, sums, and priors centred within each generation.

    `table`, where listeners times individuals is no more than a few times the ratings, holds two matrices (J, I), how
    often and with what sum each pair occurred: products with them are faster than going through the ratings one by one.
    """

    listener: Integers
    individual: Integers
    value: Floats
    generation: Integers
    prior: Floats
    is_child: NDArray[np.bool_]  # (J,) something is expected of it, mostly by what its parents are
    extra_variance: Floats  # (J,) of the prior, beside the spread of the appeals
    listener_counts: Floats
    generation_counts: Floats
    value_sums: Floats  # (I,)
    square_sums: Floats  # (I,) of squared values
    commonest: Floats  # (I,) how often each listener gave the answer that they gave most often
    table: tuple[Floats, Floats] | None
    repeat_counts: Floats  # (I,) how many pairs of answers to the same thing
    repeat_squares: Floats  # (I,) of their differences, halved

    @property
    def n_listeners(self) -> int:
        return len(self.listener_counts)

    @property
    def n_individuals(self) -> int:
        return len(self.generation)

    @property
    def n_children(self) -> int:
        return int(np.count_nonzero(self.is_child))

    def to_individuals(self, weights: Floats) -> Floats:
        """For each individual (J,) the sum over its ratings of the listener's weight (I,)."""
        if self.table is not None:
            return self.table[0] @ weights
        return sums(self.individual, weights[self.listener], self.n_individuals)

    def values_to_individuals(self, weights: Floats) -> Floats:
        """For each individual (J,) the sum over its ratings of the value times the listener's weight (I,)."""
        if self.table is not None:
            return self.table[1] @ weights
        return sums(self.individual, self.value * weights[self.listener], self.n_individuals)

    def to_listeners(self, weights: Floats) -> Floats:
        """For each listener (I,) the sum over their ratings of the individual's weight (J,)."""
        if self.table is not None:
            return weights @ self.table[0]
        return sums(self.listener, weights[self.individual], self.n_listeners)

    def values_to_listeners(self, weights: Floats) -> Floats:
        """For each listener (I,) the sum over their ratings of the value times the individual's weight (J,)."""
        if self.table is not None:
            return weights @ self.table[1]
        return sums(self.listener, self.value * weights[self.individual], self.n_listeners)

    def to_generations(self, weights: Floats) -> Floats:
        """For each generation (T,) the sum of its individuals' weights (J,)."""
        return sums(self.generation, weights, len(self.generation_counts))

    def with_values(self, value: Floats) -> "Observed":
        """The same ratings with other values (n,)."""
        shape = (self.n_individuals, self.n_listeners)
        table = self.table
        if table is not None:
            flat = self.individual * shape[1] + self.listener
            table = table[0], sums(flat, value, shape[0] * shape[1]).reshape(shape)
        return replace(
            self,
            value=value,
            value_sums=sums(self.listener, value, shape[1]),
            square_sums=sums(self.listener, value**2, shape[1]),
            table=table,
        )


def observe(
    ratings: Ratings,
    *,
    n_listeners: int,
    n_individuals: int,
    generation_of: NDArray[np.integer[Any]] | None = None,
    prior: NDArray[np.floating[Any]] | None = None,
    prior_variance: NDArray[np.floating[Any]] | None = None,
    repeats: Repeats | None = None,
) -> Observed:
    """Check ratings against the sizes given and prepare them. Raises RatingsError naming the field."""
    listener = checked_indices(ratings.listener, n_listeners, "listener")
    individual = checked_indices(ratings.individual, n_individuals, "individual")
    value = _checked_values(ratings, len(listener), len(individual))
    generations = np.zeros(n_individuals) if generation_of is None else np.asarray(generation_of)
    given_prior = _one_each("prior", prior, np.nan, n_individuals)
    extra = _one_each("prior_variance", prior_variance, 0.0, n_individuals)
    if generations.shape != (n_individuals,):
        raise RatingsError(
            f"generation_of: expected shape ({n_individuals},), got {generations.shape}; one for each individual"
        )
    if not np.all(np.isnan(extra) | ((extra >= 0) & np.isfinite(extra))):
        raise RatingsError(f"prior_variance: expected 0 or more, got {np.nanmin(extra)}; pass variances")
    generation = np.unique(generations, return_inverse=True)[1].astype(np.int64)
    repeat_counts, repeat_squares = squared_differences(repeats, n_listeners=n_listeners)
    answers = np.bincount(listener * N_ANSWERS + np.rint(value).astype(np.int64), minlength=n_listeners * N_ANSWERS)
    return Observed(
        listener=listener,
        individual=individual,
        value=value,
        generation=generation,
        prior=_centre(given_prior, generation),
        is_child=np.isfinite(given_prior),
        extra_variance=np.where(np.isfinite(given_prior) & np.isfinite(extra), extra, 0.0),
        listener_counts=np.bincount(listener, minlength=n_listeners).astype(np.float64),
        generation_counts=np.bincount(generation).astype(np.float64),
        value_sums=sums(listener, value, n_listeners),
        square_sums=sums(listener, value**2, n_listeners),
        commonest=answers.reshape(n_listeners, N_ANSWERS).max(axis=1).astype(np.float64),
        table=_table(listener, individual, value, (n_individuals, n_listeners)),
        repeat_counts=repeat_counts,
        repeat_squares=repeat_squares,
    )


def _checked_values(ratings: Ratings, n_listener: int, n_individual: int) -> Floats:
    value = np.asarray(ratings.value, dtype=np.float64)
    if not n_listener == n_individual == len(value):
        raise RatingsError(
            f"ratings: expected as many listeners and individuals as values, got {n_listener}, {n_individual} "
            f"and {len(value)}; pass three arrays of one length"
        )
    if not np.all((value >= RATING_MIN) & (value <= RATING_MAX)):
        raise RatingsError(
            f"value: expected numbers from 0 to 5, got {value.min()} to {value.max()}; check the ratings"
        )
    return value


def _one_each(name: str, given: NDArray[np.floating[Any]] | None, absent: float, size: int) -> Floats:
    values = np.full(size, absent) if given is None else np.asarray(given, dtype=np.float64)
    if values.shape != (size,):
        raise RatingsError(f"{name}: expected shape ({size},), got {values.shape}; one for each individual")
    return values


def _table(
    listener: Integers, individual: Integers, value: Floats, shape: tuple[int, int]
) -> tuple[Floats, Floats] | None:
    cells = shape[0] * shape[1]
    if not 0 < cells <= TABLE_CELLS_PER_RATING * len(value):
        return None
    flat = individual * shape[1] + listener
    counts = np.bincount(flat, minlength=cells).astype(np.float64)
    return counts.reshape(shape), sums(flat, value, cells).reshape(shape)


def _centre(prior: Floats, generation: Integers) -> Floats:
    """Priors less their generation's mean, 0 where none is known."""
    known = np.isfinite(prior)
    counts = np.bincount(generation[known], minlength=int(generation.max(initial=-1)) + 1)
    means = np.bincount(generation[known], prior[known], minlength=len(counts)) / np.maximum(counts, 1)
    return np.where(known, np.where(known, prior, 0.0) - means[generation], 0.0)
