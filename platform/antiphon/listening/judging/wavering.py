"""Whether a listener has begun to waver: of phrases that they heard before they say other things than at first.

Ears tire, of some sooner than of others; what tells is that somebody no longer agrees with themselves. Anchors and
hidden repeats ask for it, so that nothing is found in a room that has neither.
"""

from dataclasses import dataclass, field

import numpy as np

from evolution.repeats import chance_of_as_unlike

CHANCE = 0.05  # so improbable of somebody who is as consistent as before


@dataclass
class Remembered:
    """What a listener said last of each phrase, and how far from it they were whenever they heard one again.

    Kept at their seat, from what they have said in the open generation when they come: no rating waits for a query.
    """

    last: dict[int, int] = field(default_factory=dict)
    differences: list[int] = field(default_factory=list)

    def take(self, individual_id: int, value: int) -> None:
        """Take a rating in; of a phrase that was rated before it is another answer."""
        if individual_id in self.last:
            self.differences.append(value - self.last[individual_id])
        self.last[individual_id] = value

    def forget(self, individual_id: int) -> None:
        """What was taken back is not what another answer is held against."""
        self.last.pop(individual_id, None)

    @property
    def is_wavering(self) -> bool:
        """Whether a break would do them good."""
        return chance_of_as_unlike(np.array(self.differences, dtype=np.float64)) < CHANCE
