"""What breeding is told of a closed generation: its fitness, of those before what has changed, and of each island."""

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.populations.estimates import Fitness, Judgement
from antiphon.populations.models import Individual
from evolution.algorithm import BreedingSettings, Told
from evolution.algorithm.settings import STEADY

UNRATED_MEAN, UNRATED_STANDARD_ERROR = 2.5, 1.0  # on the rating scale, where nobody rated anybody
Row = list[float]  # an individual's id in the breeding, its fitness, the standard error


def beside(judgement: Judgement) -> dict[str, Any]:
    """What `Generation.told` keeps of a judgement: rows of those judged anew, and of each island."""
    firsts = {*judgement.again, *(pk for island in judgement.islands for pk in island)}
    known = Individual.objects.filter(pk__in=firsts).values_list("pk", "born")
    born = {pk: id_ for pk, id_ in known if id_ is not None}
    return {
        "again": _rows(judgement.again, born),
        "islands": [_rows(island, born) for island in judgement.islands],
    }


def told_of(individuals: Sequence[Individual], settings: BreedingSettings) -> Told:
    """What the crowd thinks of a generation; where nobody rated anybody, all of them count the same.

    In steady breeding who was not heard stays until they are, as long as enough others may make way.
    """
    heard = [one for one in individuals if one.fitness is not None] or list(individuals)
    rated = [one for one in heard if one.n_ratings]
    if settings.method == STEADY and len(rated) > settings.elites:
        heard = rated
    p_parent = [min(one.p_parent, 1.0) for one in heard if one.p_parent is not None]
    return Told.of(
        ids=[one.born for one in heard if one.born is not None],
        mean=[UNRATED_MEAN if one.fitness is None else one.fitness for one in heard],
        standard_error=[one.standard_error or UNRATED_STANDARD_ERROR for one in heard],
        p_parent=p_parent if len(p_parent) == len(heard) else None,
    )


def told_rows(rows: Sequence[Row]) -> Told:
    """What is thought of individuals by rows of id, fitness and standard error."""
    return Told.of([int(row[0]) for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def _rows(fitness: Mapping[int, Fitness], born: Mapping[int, int]) -> list[Row]:
    return [[born[pk], one.mean, one.standard_error] for pk, one in fitness.items() if pk in born]
