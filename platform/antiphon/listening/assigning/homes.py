"""Who lives on which island, and of which a listener probably is: what assignment has to know of a parted crowd."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from antiphon.listening.models import Islander
from antiphon.populations.models import Generation


@dataclass(frozen=True, slots=True)
class Homes:
    """Of a generation's individuals the island that each lives on, those that live on none left out; and of each
    listener the chances of every island. Both empty where the crowd has not parted.
    """

    of: Mapping[int, int] = field(default_factory=dict)
    chances: Mapping[UUID, tuple[float, ...]] = field(default_factory=dict)

    def island_of(self, listener_id: UUID, rng: random.Random) -> int | None:
        """The island whose phrases a listener hears first: drawn by how probably it is theirs.

        None where the crowd has not parted, or nothing is known of the listener: they hear some of all.
        """
        chances = self.chances.get(listener_id)
        return None if chances is None else rng.choices(range(len(chances)), weights=chances)[0]


def homes_in(generation: Generation) -> Homes:
    """Who lives where in a generation; one query, and a second where its crowd has parted."""
    individuals = generation.individuals.filter(first=None).values_list("pk", "island")
    homes = {pk: island for pk, island in individuals if island is not None}
    if not homes:
        return Homes()
    rows = Islander.objects.filter(population_id=generation.population_id).values_list("listener_id", "chances")
    return Homes(homes, {pk: tuple(chances) for pk, chances in rows if len(chances) > 1})
