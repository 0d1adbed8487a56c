"""One generation from another: pairs by rating, one cut, a few flipped bits; all pairs at once."""

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evolution.classic.bits import Bits
from evolution.classic.settings import ClassicError, ClassicSettings

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
BLOCK_PAIRS = 1_024  # what is made between two blocks stays in the processor's cache


def single_point_crossover(mother: Bits, father: Bits, rng: np.random.Generator) -> tuple[Bits, Bits]:
    """Two children that exchange everything after one random cut. Raises ClassicError for unequal lengths."""
    if len(mother) != len(father):
        raise ClassicError(f"father: expected {len(mother)} bits like the mother, got {len(father)}")
    if len(mother) < 2:
        return mother.copy(), father.copy()
    children = cross(mother[None], father[None], rng)
    return children[0], children[1]


def cross(mothers: Bits, fathers: Bits, rng: np.random.Generator) -> Bits:
    """Children (2 * pairs, bits) of pairs (pairs, bits), those of a pair side by side: each exchanges what is after a
    cut of its own, between the first bit and the last.
    """
    pairs, length = mothers.shape
    children = np.empty((pairs, 2, length), dtype=np.uint8)
    cuts = rng.integers(1, max(length, 2), size=pairs)
    swapped = (mothers ^ fathers) & _after_each_cut(length)[cuts]
    np.bitwise_xor(mothers, swapped, out=children[:, 0])
    np.bitwise_xor(fathers, swapped, out=children[:, 1])
    return children.reshape(2 * pairs, length)


def _after_each_cut(length: int) -> Bits:
    """Ones from the cut on, shape (length + 1, length), a row for each cut."""
    return (np.arange(length) >= np.arange(length + 1)[:, None]).astype(np.uint8)


def mutate_bits(bits: Bits, *, mutations: int = 2, probability: float = 0.5, rng: np.random.Generator) -> Bits:
    """A copy of one genome (bits,), or of many (n, bits), in which up to `mutations` random bits of each are flipped,
    each with `probability`; the same bit can be drawn twice, as in the original.
    """
    mutated = bits.copy()
    flip(np.atleast_2d(mutated), mutations=mutations, probability=probability, rng=rng)
    return mutated


def flip(genomes: Bits, *, mutations: int, probability: float, rng: np.random.Generator) -> None:
    """Mutate genomes (n, bits) in place."""
    size, length = genomes.shape
    rows = np.arange(size)
    for _ in range(mutations):
        columns = rng.integers(length, size=size)
        is_flipped = np.asarray(rng.random(size) < probability)
        genomes[rows, columns] ^= is_flipped.view(np.uint8)


def draw_pairs(ratings: ArrayLike, pairs: int, rng: np.random.Generator, *, faithful: bool = False) -> Places:
    """Places of parents, shape (pairs, 2), drawn by rating + 1 of (n,) ratings. Raises ClassicError.

    Put right, a pair is two different parents. In the original everybody has as many tickets as the whole part of
    that, and a pair is two tickets: it can be one parent twice, whose children are copies.
    """
    given = np.asarray(ratings, dtype=np.float64)
    if given.ndim != 1 or len(given) == 0 or not (np.isfinite(given) & (given >= 0)).all():
        raise ClassicError(f"ratings: expected a number of at least 0 for each individual, got {given.tolist()[:5]}")
    if len(given) == 1:
        return np.zeros((pairs, 2), dtype=np.int64)
    tickets = np.floor(given + 1) if faithful else given + 1
    ends = np.cumsum(tickets)
    first = rng.integers(int(ends[-1]), size=pairs) if faithful else rng.random(pairs) * ends[-1]
    mother = _holders(ends, first)
    # The second draw is among what is left without the ticket, or without all tickets of the mother.
    taken_from = first if faithful else ends[mother] - tickets[mother]
    taken = np.ones(pairs) if faithful else tickets[mother]
    left = int(ends[-1]) - 1 if faithful else ends[-1] - taken
    second = rng.integers(left, size=pairs) if faithful else rng.random(pairs) * left
    father = _holders(ends, np.where(second >= taken_from, second + taken, second))
    if not faithful:
        father = np.where(father == mother, (mother + 1) % len(given), father)  # rounding, at the very edge
    return np.stack([mother, father], axis=1)


def _holders(ends: Floats, drawn: NDArray[np.floating[Any]] | Places) -> Places:
    found: Places = np.minimum(np.searchsorted(ends, drawn, side="right"), len(ends) - 1)
    return found


def select_pair(
    population: Sequence[Bits], ratings: Floats, rng: np.random.Generator, *, faithful: bool = False
) -> tuple[Bits, Bits]:
    """Two parents drawn by rating + 1, see `draw_pairs`. Raises ClassicError."""
    ((first, second),) = draw_pairs(ratings, 1, rng, faithful=faithful).tolist()
    return population[first], population[second]


@overload
def next_generation(
    population: list[Bits], ratings: ArrayLike, rng: np.random.Generator, settings: ClassicSettings | None = None
) -> list[Bits]: ...


@overload
def next_generation(
    population: Bits, ratings: ArrayLike, rng: np.random.Generator, settings: ClassicSettings | None = None
) -> Bits: ...


def next_generation(
    population: list[Bits] | Bits,
    ratings: ArrayLike,
    rng: np.random.Generator,
    settings: ClassicSettings | None = None,
) -> list[Bits] | Bits:
    """The paper's step from genomes (n, bits) and ratings (n,): the elites, best first, then children of the best.

    As large as before; in the original an odd one out is lost. Elites are copies with their bits unchanged. Linear in
    the population but for the sort. Raises ClassicError.
    """
    settings = settings or ClassicSettings()
    genomes = np.asarray(population, dtype=np.uint8)
    given = np.asarray(ratings, dtype=np.float64)
    if genomes.ndim != 2 or len(genomes) == 0 or given.shape != (len(genomes),):
        raise ClassicError(f"ratings: expected one for each of {len(genomes)} genomes, got shape {given.shape}")
    size = _size_after(len(genomes), settings)
    order = np.argsort(-given, kind="stable")
    elites = order[: min(settings.elites, size)]
    breeding = order[: settings.breeding_of(len(genomes))]
    pairs = -(-(size - len(elites)) // 2)
    parents = breeding[draw_pairs(given[breeding], pairs, rng, faithful=settings.faithful)]
    following = np.empty((len(elites) + 2 * pairs, genomes.shape[1]), dtype=np.uint8)
    following[: len(elites)] = genomes[elites]
    _fill(following[len(elites) :], genomes, parents, rng, settings)
    following = following[:size]
    return list(following) if isinstance(population, list) else following


def _fill(children: Bits, genomes: Bits, parents: Places, rng: np.random.Generator, settings: ClassicSettings) -> None:
    """Write the children (2 * pairs, bits) of parents (pairs, 2), a block at a time."""
    for start in range(0, len(parents), BLOCK_PAIRS):
        mothers, fathers = parents[start : start + BLOCK_PAIRS].T
        born = cross(genomes[mothers], genomes[fathers], rng)
        flip(born, mutations=settings.mutations, probability=settings.mutation_probability, rng=rng)
        children[2 * start : 2 * (start + BLOCK_PAIRS)] = born


def _size_after(size: int, settings: ClassicSettings) -> int:
    return size - size % 2 if settings.faithful and size >= 2 else size
