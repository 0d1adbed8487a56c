"""Whether a listener has begun to waver: of phrases that they heard before they say other things than at first.

Ears tire, of some sooner than of others; what tells is that somebody no longer agrees with themselves. Anchors and
hidden repeats ask for it, so that nothing is found in a room that has neither.
"""

from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from antiphon.listening.models import Rating
from evolution.repeats import chance_of_as_unlike

CHANCE = 0.05  # so improbable of somebody who is as consistent as before


@dataclass
class Remembered:
    """What a listener said last of each phrase, and how far from it they were whenever they heard one again."""

    last: dict[int, int] = field(default_factory=dict)
    differences: list[int] = field(default_factory=list)

    def take(self, individual_id: int, value: int) -> None:
        """Take a rating in; of a phrase that was rated before it is another answer."""
        if individual_id in self.last:
            self.differences.append(value - self.last[individual_id])
        self.last[individual_id] = value

    @property
    def is_wavering(self) -> bool:
        """Whether a break would do them good."""
        return chance_of_as_unlike(np.array(self.differences, dtype=np.float64)) < CHANCE


def remembered(*, listener_id: UUID, population_id: int) -> Remembered:
    """What a listener has said of a population until now; one query, for a listener's first repeat at their seat."""
    said = Rating.objects.filter(listener=listener_id, individual__generation__population=population_id)
    found = Remembered()
    # In order by us: asked to order them, PostgreSQL may go through everybody's ratings.
    for _, individual_id, value in sorted(said.order_by().values_list("pk", "individual_id", "value")):
        found.take(individual_id, value)
    return found
