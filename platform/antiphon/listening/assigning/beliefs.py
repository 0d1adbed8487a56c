"""What is believed of an open generation's phrases: whose next answer teaches most, and who is close to the cut."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antiphon.listening.assigning.assignment import Belief
from antiphon.listening.judging.gathering import Floats, gather
from antiphon.listening.judging.islands import Parted, parted_now
from antiphon.populations.models import Generation
from evolution.algorithm import BreedingSettings
from evolution.fitness import WIDEN_DIFFERENCES, WIDEN_LIVE
from evolution.parents import cut_between
from evolution.rating_model import Estimate

FINALISTS = 4  # on each side of the cut


@dataclass(frozen=True)
class Beliefs:
    """Of each phrase that is to be heard; and those next to the cut, the closest first, that duels are fought by."""

    phrases: tuple[Belief, ...]
    above: tuple[int, ...]
    below: tuple[int, ...]


def beliefs_of(*, generation_id: int) -> Beliefs | None:
    """What the ratings so far say; None where nothing was said or everybody becomes a parent.

    The cut lies between parents and the others, those who live on counted in; where the crowd has parted, between those
    of the phrase's island, by what its listeners said. Variances are the fit's own, not widened (see
    evolution.informative).
    """
    generation = Generation.objects.select_related("population").get(pk=generation_id)
    said = gather(generation)
    rows = list(generation.individuals.order_by("index").values_list("pk", "first_id", "island"))
    settings = BreedingSettings.from_json(generation.population.settings)
    if not len(said.ratings) or settings.parents >= len(rows):
        return None
    places = np.array([said.place[pk] for pk, *_ in rows], dtype=np.int64)
    parted = parted_now(said, generation)
    if parted is None:
        away, variance = _from_the_cut(said.estimate(), places, settings.parents)
    else:
        away, variance = _from_each_cut(parted, places, [home for *_, home in rows], settings)
    counts = np.bincount(said.ratings.individual, minlength=said.n_individuals)[places]
    phrases = tuple(
        Belief(pk, float(away[row] ** 2), float(1 / max(variance[row], 1e-9)), int(counts[row]))
        for row, (pk, first_id, _) in enumerate(rows)
        if first_id is None
    )
    by_closeness = [row for row in np.argsort(np.abs(away), kind="stable").tolist() if rows[row][1] is None]
    above = tuple(rows[row][0] for row in by_closeness if away[row] >= 0)
    below = tuple(rows[row][0] for row in by_closeness if away[row] < 0)
    return Beliefs(phrases, above[:FINALISTS], below[:FINALISTS])


def _from_the_cut(fitted: Estimate, places: NDArray[np.int64], n_parents: int) -> tuple[Floats, Floats]:
    """How far above the cut each of some (n,) is believed to be, and the variance of that."""
    mean = fitted.mean[places]
    variance = (fitted.appeal_error[places] / (WIDEN_LIVE * WIDEN_DIFFERENCES)) ** 2
    return mean - cut_between(mean, n_parents), variance


def _from_each_cut(
    parted: Parted, places: NDArray[np.int64], homes: Sequence[int | None], settings: BreedingSettings
) -> tuple[Floats, Floats]:
    """The same on each one's island; of those who live on none, on the one where they are closest to the cut."""
    away, variance = np.full(len(places), np.inf), np.ones(len(places))
    for island, fitted in enumerate(parted.fitted):
        here = np.flatnonzero([home is None or home == island for home in homes])
        n_parents = min(settings.on_island(island, len(parted.fitted)).parents, len(here) - 1)
        if n_parents > 0:
            off, spread = _from_the_cut(fitted, places[here], n_parents)
            closer = np.abs(off) < np.abs(away[here])
            away[here[closer]], variance[here[closer]] = off[closer], spread[closer]
    return np.where(np.isfinite(away), away, 0.0), variance
