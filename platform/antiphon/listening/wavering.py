"""Whether a listener has begun to waver: of phrases that they heard before they say other things than at first.

Ears tire, of some sooner than of others; what tells is that somebody no longer agrees with themselves. Anchors and
hidden repeats ask for it, so that nothing is found in a room that has neither.
"""

from uuid import UUID

import numpy as np

from antiphon.listening.models import Rating
from evolution.repeats import chance_of_as_unlike

CHANCE = 0.05  # so improbable of somebody who is as consistent as before
LATEST = 1_000  # ratings that are looked at


def is_wavering(*, listener_id: UUID, population_id: int) -> bool:
    """Whether a break would do a listener good, by what they said of phrases of this population; one query."""
    said = Rating.objects.filter(listener=listener_id, individual__generation__population=population_id)
    # In order by us: asked for the latest few, PostgreSQL goes through everybody's ratings from the newest on.
    latest = sorted(said.values_list("pk", "individual_id", "value"))[-LATEST:]
    before: dict[int, int] = {}
    differences: list[int] = []
    for _, individual_id, value in latest:
        if individual_id in before:
            differences.append(value - before[individual_id])
        before[individual_id] = value
    return chance_of_as_unlike(np.array(differences, dtype=np.float64)) < CHANCE
