"""The islands of a population's crowd: found when a generation closes, kept with its listeners, asked by assignment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from antiphon.listening.assigning.heard import used_anchors
from antiphon.listening.judging.gathering import Gathered, gather
from antiphon.listening.models import Islander
from antiphon.populations.models import Generation, Population
from evolution.algorithm import BreedingSettings
from evolution.disagreement import most_telling
from evolution.fitness import Estimate
from evolution.islands import Islands, find_islands
from evolution.parents import expected_selection_error

TELLING = 8  # phrases of the first generation that everybody is to hear where a crowd may part
FINDING = 3  # sets the random stream of finding islands apart from those of closing and breeding


@dataclass(frozen=True)
class Parted:
    """A crowd on islands: whose each listener probably is, and what each island makes of everybody, (J,) each."""

    islands: Islands
    fitted: tuple[Estimate, ...]


def may_part(generation: Generation) -> bool:
    """Whether the crowd of a population may part at all."""
    settings = BreedingSettings.from_json(generation.population.settings)
    return settings.islands > 1 and settings.selecting


def telling_phrases(population: Population) -> tuple[int, ...]:
    """The phrases of the first generation that tell listeners apart, once it has closed; each is to be heard by all.

    Once one has been heard as an anchor it stays one.
    """
    said = gather(population.generations.get(number=0))
    if not len(said.ratings):
        return ()
    chosen = most_telling(said.ratings, said.estimate(), np.arange(said.n_individuals), TELLING)
    used = used_anchors(population_id=population.pk)
    fresh = [said.first[place] for place in chosen if said.first[place] not in used]
    return tuple(sorted([*used, *fresh][:TELLING]))


def known_islands(said: Gathered, generation: Generation) -> Islands | None:
    """The islands found when a generation closed last, for those who have rated by now; None before there were any.

    Who has come since is as likely here as there. One query.
    """
    rows = Islander.objects.filter(population_id=generation.population_id).values_list("listener_id", "chances")
    chances: dict[UUID, list[float]] = dict(rows)
    if not chances:
        return None
    count = max(len(row) for row in chances.values())
    unknown = [1 / count] * count
    return Islands(np.array([chances.get(pk, unknown) for pk in said.listeners], dtype=np.float64), 0.0)


def islands_now(said: Gathered, generation: Generation) -> Islands | None:
    """Where everybody stands while a generation is open; None where the crowd is one."""
    islands = known_islands(said, generation) if may_part(generation) else None
    return None if islands is None or islands.count == 1 else islands


def parted_now(said: Gathered, generation: Generation) -> Parted | None:
    """What the islands make of everybody while a generation is open; None where the crowd is one."""
    islands = islands_now(said, generation)
    return None if islands is None else Parted(islands, _fitted(said, islands))


def parted_anew(said: Gathered, fitted: Estimate, generation: Generation) -> Parted | None:
    """The islands found from all that was said, now that a generation has closed; None where the crowd always was one.

    The same ratings give the same islands.
    """
    if not may_part(generation):
        return None
    most = BreedingSettings.from_json(generation.population.settings).islands
    before = known_islands(said, generation)
    rng = np.random.default_rng([generation.population.seed, generation.number, FINDING])
    islands = find_islands(said.ratings, fitted, most=most, rng=rng, before=before, model=said.model())
    if islands.count == 1:
        return None if before is None else Parted(islands, (fitted,))
    return Parted(islands, _fitted(said, islands))


def _fitted(said: Gathered, islands: Islands) -> tuple[Estimate, ...]:
    """What each island makes of everybody: the fitness model on what its own listeners said, and nobody else."""
    return tuple(
        replace(said, is_aside=said.is_aside | ~islands.heard_on(island)).estimate() for island in range(islands.count)
    )


def keep_chances(generation: Generation, chances: Mapping[UUID, Sequence[float]]) -> None:
    """Keep of which island each listener probably is; within the transaction that keeps the fitness."""
    Islander.objects.filter(population_id=generation.population_id).delete()
    Islander.objects.bulk_create(
        Islander(population_id=generation.population_id, listener_id=pk, chances=list(row))
        for pk, row in chances.items()
    )


def selection_error(parted: Parted, generation: Generation, said: Gathered) -> float:
    """What choosing the parents of each island now is expected to cost, the mean over the islands; one query."""
    settings = BreedingSettings.from_json(generation.population.settings)
    homes = list(generation.individuals.values_list("pk", "island"))
    costs = []
    for island, fitted in enumerate(parted.fitted):
        here = np.array([said.place[pk] for pk, home in homes if home in (None, island)], dtype=np.int64)
        count = min(settings.on_island(island, len(parted.fitted)).parents, len(here))
        if count:
            costs.append(expected_selection_error(fitted, here, count))
    return float(np.mean(costs)) if costs else 0.0
