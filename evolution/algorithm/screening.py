"""The taste's place in breeding: of a surplus of candidates, which are worth the crowd's ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evolution.frame import Frame
from evolution.genes import Genome
from evolution.taste import MIN_HEARD, Belief, Measure, Taste, described


@dataclass(frozen=True)
class Experience:
    """What the crowd has said so far: genomes with fitness and standard error, each (n,).

    `likelihood` (n,) is what a network said of them, NaN where it was not asked; `generation` (n,) when they were born.
    """

    genomes: Sequence[Genome]
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    likelihood: NDArray[np.float64]
    generation: NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Genomes that nobody has heard, with their parents' mean fitness (m,) and a network's likelihood (m,), or NaN."""

    genomes: Sequence[Genome]
    parents_mean: NDArray[np.float64]
    likelihood: NDArray[np.float64]


class Screen(Protocol):
    """A taste at work: puts candidates into the order in which they should be heard."""

    def __call__(
        self,
        experience: Experience,
        candidates: Candidates,
        /,
        *,
        frame: Frame,
        places: int,
        exploratory: int,
        rng: np.random.Generator,
    ) -> Sequence[int] | None:
        """Indices of all candidates, those for the `places` first; None where too little has been heard for a taste."""
        ...


BOLDNESS = 0.1  # standard deviations by which a candidate's upper bound lies over what is expected of it
CURIOSITY = 1.0  # the same where a candidate is shown to learn from


def by_taste(
    experience: Experience,
    candidates: Candidates,
    /,
    *,
    frame: Frame,
    places: int,
    exploratory: int,
    rng: np.random.Generator,
) -> Sequence[int] | None:
    """Candidates by the upper bound of what a taste learned from all of the run expects of them."""
    belief = expected(experience, candidates, frame)
    return None if belief is None else ordered(belief, places, exploratory, rng)


def expected(experience: Experience, candidates: Candidates, frame: Frame) -> Belief | None:
    """What a taste learned from all of the run expects of candidates; None where too little was heard for one."""
    if len(experience.genomes) < MIN_HEARD or len(candidates.genomes) == 0:
        return None
    likelihoods = np.concatenate([experience.likelihood, candidates.likelihood])
    table = described(
        [*experience.genomes, *candidates.genomes], frame, likelihoods if np.all(np.isfinite(likelihoods)) else None
    )
    heard = len(experience.genomes)
    taste = Taste.fit(table[:heard], experience.mean, experience.standard_error, measure=Measure.of(table))
    return taste.predict(table[heard:])


def ordered(belief: Belief, places: int, exploratory: int, rng: np.random.Generator) -> list[int]:
    """Indices of all candidates: the best by upper bound, then those least known, then the rest by upper bound."""
    ties = rng.random(len(belief))
    bound = belief.mean + BOLDNESS * belief.deviation
    order = np.lexsort((ties, -bound))
    best = max(places - exploratory, 0)
    rest = order[best:]
    bold = rest[np.lexsort((ties[rest], -(belief.mean + CURIOSITY * belief.deviation)[rest]))][: max(places - best, 0)]
    is_bold = np.isin(order, bold)
    return [int(index) for index in (*order[:best], *bold, *order[best:][~is_bold[best:]])]


SCREEN: Screen | None = by_taste  # what an ask uses where it is given no other
