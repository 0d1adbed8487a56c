"""How far listeners agree: intraclass correlations from variance components, however unevenly they rated.

Two-way random effects y = mu + phrase + listener + rest, no slopes: what a reader of a paper expects. The components
come from Henderson's method III (Biometrics 9, 1953: sums of squares of one effect after the other, set equal to their
expectations), which for a complete table is the analysis of variance. Names as in Shrout and Fleiss (Psychological
Bulletin 86, 1979) and McGraw and Wong (Psychological Methods 1, 1996).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from evolution.rating_model import Floats, Integers, Ratings, sums

METHOD = "ICC(2,1) and ICC(2,k), two-way random effects, absolute agreement; components by Henderson's method III"


@dataclass(frozen=True)
class Agreement:
    """Intraclass correlations, None where the ratings cannot tell.

    `icc_single` is how far one rating, `icc_average` how far the mean of `ratings_each` ratings of a phrase agrees with
    another listener's or listeners', in absolute terms: ICC(2,1) and ICC(2,k), also called ICC(A,1) and ICC(A,k).
    `consistency_single` and `consistency_average` leave aside how generous each listener is: ICC(3,1) and ICC(3,k), or
    ICC(C,1) and ICC(C,k). The variances are of phrases, listeners, and the rest.
    """

    icc_single: float | None
    icc_average: float | None
    consistency_single: float | None
    consistency_average: float | None
    phrase_variance: float
    listener_variance: float
    rest_variance: float
    n_ratings: int
    n_listeners: int
    n_individuals: int
    ratings_each: float  # harmonic mean over the phrases
    method: str = METHOD


def icc(ratings: Ratings) -> Agreement:
    """Agreement of the listeners over the phrases they rated; those without a rating don't count."""
    listener, n_listeners = _numbered(ratings.listener)
    phrase, n_phrases = _numbered(ratings.individual)
    value = np.asarray(ratings.value, dtype=np.float64)
    value = value - (value.mean() if len(value) else 0.0)
    by_phrase = np.bincount(phrase, minlength=n_phrases).astype(np.float64)
    each = float(n_phrases / np.sum(1 / by_phrase)) if n_phrases else 0.0
    facts = {"n_ratings": len(value), "n_listeners": n_listeners, "n_individuals": n_phrases, "ratings_each": each}
    components = _components(listener, phrase, value, n_listeners, n_phrases)
    if components is None:
        return Agreement(None, None, None, None, 0.0, 0.0, 0.0, **facts)  # type: ignore[arg-type]
    of_phrases, of_listeners, rest = components
    return Agreement(
        icc_single=_share(of_phrases, of_listeners + rest),
        icc_average=_share(of_phrases, (of_listeners + rest) / each),
        consistency_single=_share(of_phrases, rest),
        consistency_average=_share(of_phrases, rest / each),
        phrase_variance=of_phrases,
        listener_variance=of_listeners,
        rest_variance=rest,
        **facts,  # type: ignore[arg-type]
    )


def _share(of_phrases: float, other: float) -> float | None:
    return of_phrases / (of_phrases + other) if of_phrases + other > 0 else None


def _numbered(indices: NDArray[np.integer[Any]]) -> tuple[Integers, int]:
    found, numbered = np.unique(indices, return_inverse=True)
    return numbered.astype(np.int64), len(found)


def _components(
    listener: Integers, phrase: Integers, value: Floats, n_listeners: int, n_phrases: int
) -> tuple[float, float, float] | None:
    """Variances of phrases, listeners and the rest, none below 0; None where there are too few ratings."""
    n = len(value)
    counts = coo_matrix((np.ones(n), (listener, phrase)), shape=(n_listeners, n_phrases)).tocsr()
    rank = n_listeners + n_phrases - connected_components(_bipartite(counts))[0] if n else 0
    if n_phrases < 2 or n_listeners < 2 or n <= rank:
        return None
    of_listener, of_phrase = (np.asarray(counts.sum(axis=axis)).ravel() for axis in (1, 0))
    y_listener, y_phrase = sums(listener, value, n_listeners), sums(phrase, value, n_phrases)
    alone_listeners = float(np.sum(y_listener**2 / of_listener))
    alone_phrases = float(np.sum(y_phrase**2 / of_phrase))
    both = alone_phrases + _after_phrases(counts, y_listener, y_phrase)
    rest = max(float(value @ value) - both, 0.0) / (n - rank)
    squared = counts.multiply(counts)
    phrases_weight = n - float(np.sum(np.asarray(squared.sum(axis=1)).ravel() / of_listener))
    listeners_weight = n - float(np.sum(np.asarray(squared.sum(axis=0)).ravel() / of_phrase))
    if min(phrases_weight, listeners_weight) <= 0:
        return None
    of_phrases = (both - alone_listeners - (rank - n_listeners) * rest) / phrases_weight
    of_listeners = (both - alone_phrases - (rank - n_phrases) * rest) / listeners_weight
    return max(of_phrases, 0.0), max(of_listeners, 0.0), rest


def _bipartite(counts: csr_matrix) -> coo_matrix:
    both = counts.tocoo()
    size = sum(counts.shape)
    return coo_matrix((both.data, (both.row, both.col + counts.shape[0])), shape=(size, size))


def _after_phrases(counts: csr_matrix, y_listener: Floats, y_phrase: Floats) -> float:
    """Sum of squares that listeners explain after the phrases, by conjugate gradients on the reduced equations."""
    of_listener, of_phrase = (np.asarray(counts.sum(axis=axis)).ravel() for axis in (1, 0))
    left = y_listener - counts @ (y_phrase / of_phrase)
    if not np.any(np.abs(left) > 1e-12):
        return 0.0
    scale = np.sqrt(of_listener)
    reduced = _reduced(counts, of_phrase, scale)
    found, _ = cg(reduced, left / scale, rtol=1e-10, maxiter=10 * len(left))
    return float(found @ (left / scale))


def _reduced(counts: csr_matrix, of_phrase: Floats, scale: Floats) -> LinearOperator:
    def apply(x: Floats) -> Floats:
        x = x.ravel()
        return np.asarray(x - (counts @ ((counts.T @ (x / scale)) / of_phrase)) / scale, dtype=np.float64)

    return LinearOperator((len(scale), len(scale)), matvec=apply, dtype=np.float64)
