"""Statistics of values (k,) that belong to n owners (k,), of each owner's by themselves, (n,)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def mean_by(values: NDArray[Any], owner: Ints, n: int) -> Floats:
    """Mean, 0 without any values."""
    sums = np.bincount(owner, values, minlength=n)
    return sums / np.maximum(np.bincount(owner, minlength=n), 1)


def deviation_by(values: Floats, owner: Ints, n: int) -> Floats:
    """Standard deviation."""
    off = values - mean_by(values, owner, n)[owner]
    return np.sqrt(mean_by(off**2, owner, n))


def correlation_by(first: Floats, second: Floats, owner: Ints, n: int) -> Floats:
    """Correlation, 0 where one of the two does not vary."""
    one, other = first - mean_by(first, owner, n)[owner], second - mean_by(second, owner, n)[owner]
    norm = np.sqrt(mean_by(one**2, owner, n) * mean_by(other**2, owner, n))
    found: Floats = np.where(norm > 1e-9, mean_by(one * other, owner, n) / np.maximum(norm, 1e-9), 0.0)
    return found


def entropy_by(kinds: Ints, owner: Ints, n: int, size: int) -> Floats:
    """Entropy in bits of what kinds each genome has, (n,)."""
    counts = np.bincount(owner * size + kinds, minlength=n * size).reshape(n, size)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    entropy: Floats = -np.sum(shares * np.log2(np.maximum(shares, 1e-12)), axis=1)
    return entropy
