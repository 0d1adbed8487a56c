"""What is believed of an open generation's phrases: whose next answer teaches most, and who is close to the cut."""

from dataclasses import dataclass

import numpy as np

from antiphon.listening.assignment import Belief
from antiphon.listening.gathering import gather
from antiphon.populations.models import Generation
from evolution.algorithm import BreedingSettings
from evolution.fitness import WIDEN_DIFFERENCES, WIDEN_LIVE
from evolution.parents import cut_between

FINALISTS = 4  # on each side of the cut


@dataclass(frozen=True)
class Beliefs:
    """Of each phrase that is to be heard; and those next to the cut, the closest first, that duels are fought by."""

    phrases: tuple[Belief, ...]
    above: tuple[int, ...]
    below: tuple[int, ...]


def beliefs_of(*, generation_id: int) -> Beliefs | None:
    """What the ratings so far say; None where nothing was said or everybody becomes a parent.

    The cut lies between parents and the others, those who live on counted in. Variances are the fit's own, not widened
    (see evolution.informative).
    """
    generation = Generation.objects.select_related("population").get(pk=generation_id)
    said = gather(generation)
    rows = list(generation.individuals.order_by("index").values_list("pk", "first_id"))
    n_parents = BreedingSettings.from_json(generation.population.settings).parents
    if not len(said.ratings) or n_parents >= len(rows):
        return None
    estimated = said.estimate()
    places = np.array([said.place[pk] for pk, _ in rows], dtype=np.int64)
    mean = estimated.mean[places]
    cut = cut_between(mean, n_parents)
    variance = (estimated.appeal_error[places] / (WIDEN_LIVE * WIDEN_DIFFERENCES)) ** 2
    counts = np.bincount(said.ratings.individual, minlength=said.n_individuals)[places]
    phrases = tuple(
        Belief(pk, float((mean[row] - cut) ** 2), float(1 / max(variance[row], 1e-9)), int(counts[row]))
        for row, (pk, first_id) in enumerate(rows)
        if first_id is None
    )
    by_closeness = [row for row in np.argsort(np.abs(mean - cut), kind="stable").tolist() if rows[row][1] is None]
    above = tuple(rows[row][0] for row in by_closeness if mean[row] >= cut)
    below = tuple(rows[row][0] for row in by_closeness if mean[row] < cut)
    return Beliefs(phrases, above[:FINALISTS], below[:FINALISTS])
