"""Who descends from whom, and what part of a phrase's ancestry is somebody's."""

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from antiphon.populations.models import Individual

Parents = Mapping[int, tuple[int, ...]]  # of each individual that has any, by id

KEPT_MAX = 32  # generations whose ancestry a process keeps: a room's listeners ask for one and the same

# UNION drops what was found before, so that each line of descent is walked once, however many ways lead to it.
ABOVE = """
WITH RECURSIVE above (child_id, parent_id) AS (
    SELECT child_id, parent_id FROM populations_lineage WHERE child_id = ANY(%s)
    UNION
    SELECT line.child_id, line.parent_id
    FROM populations_lineage AS line JOIN above ON line.child_id = above.parent_id
)
SELECT child_id, parent_id FROM above ORDER BY child_id, parent_id
"""


class Living(NamedTuple):
    """One individual of a generation, and whose later life it is, if it has lived before."""

    id: int
    number: int  # from 1, within its generation
    first_id: int | None


class Ancestry(NamedTuple):
    """A generation, and everybody above it."""

    living: tuple[Living, ...]
    parents: Parents


@lru_cache(maxsize=KEPT_MAX)
def ancestry_of(generation_id: int) -> Ancestry:
    """The individuals of a generation with all their ancestors; two queries. It never changes once they are born."""
    rows = Individual.objects.filter(generation=generation_id).order_by("index").values_list("pk", "index", "first_id")
    living = tuple(Living(pk, index + 1, first_id) for pk, index, first_id in rows)
    return Ancestry(living, parents_above([one.id for one in living]))


def parents_above(individual_ids: Sequence[int]) -> Parents:
    """The parents of these individuals, of their parents, and so on; one query. Who lives on is its own parent."""
    found: dict[int, tuple[int, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [list(individual_ids)])
        for child_id, parent_id in cursor.fetchall():
            found[child_id] = (*found.get(child_id, ()), parent_id)
    return found


def founders_of(individual_id: int, parents: Parents) -> set[int]:
    """Those without parents among an individual's ancestors, or itself where it has none."""
    founders, seen, left = set[int](), set[int](), [individual_id]
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        above = parents.get(one, ())
        left.extend(above)
        if not above:
            founders.add(one)
    return founders


def count_heirs(individual_ids: Iterable[int], parents: Parents, choices: Sequence[Set[int]]) -> list[int]:
    """For each choice of individuals, how many of some others have an ancestor among them: those of share above 0."""
    chosen: dict[int, int] = {}  # individual -> the choices that it is in, one bit for each
    for number, choice in enumerate(choices):
        for one in choice:
            chosen[one] = chosen.get(one, 0) | 1 << number
    reached: dict[int, int] = {}
    for child in sorted(parents):  # as in `shares`
        reached[child] = 0
        for one in parents[child]:
            reached[child] |= chosen.get(one, 0) | reached.get(one, 0)
    living = [reached.get(one, 0) for one in individual_ids]
    return [sum(heirs >> number & 1 for heirs in living) for number in range(len(choices))]


def shares(individual_ids: Iterable[int], parents: Parents, chosen: Set[int]) -> dict[int, float]:
    """What part of each individual's ancestry goes back to `chosen` ones, from 0 to 1.

    Every parent has an equal part of its child, for how many notes came from which is not known. Going up from an
    individual, its part is divided at every birth until it reaches a chosen ancestor, who has the whole part, or a
    founder, who has none of it. An individual is not its own ancestor: that it is chosen itself counts for its
    children only.
    """
    known: dict[int, float] = {}
    for child in sorted(parents):  # parents were stored before their children, so their ids are smaller
        above = parents[child]
        known[child] = sum(1.0 if one in chosen else known.get(one, 0.0) for one in above) / len(above)
    return {one: known.get(one, 0.0) for one in individual_ids}
