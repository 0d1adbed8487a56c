"""A simulated crowd that may part into islands: found anew when a generation closes, and who then hears what."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.informative import worth_of
from evolution.islands import Islands, estimate_islands, find_islands, one_island
from evolution.parents import expected_selection_error
from evolution.rating_model import Estimate, Floats, Integers, Ratings


class Parting:
    """The islands of a run, at most `most`; what each thinks is fitted to its listeners' ratings."""

    def __init__(self, most: int, rng: np.random.Generator) -> None:
        self._most, self._rng = most, rng
        self.islands: Islands = one_island(0)
        self.fitted: list[Estimate] = []
        self.has_parted = False

    @property
    def is_possible(self) -> bool:
        """Whether the crowd may part at all."""
        return self._most > 1

    @property
    def is_parted(self) -> bool:
        """Whether it has."""
        return self.islands.count > 1

    def review(
        self, ratings: Ratings, fitted: Estimate, model: Mapping[str, Any], tastes: Integers | None = None
    ) -> None:
        """Find the islands anew, from all that was said; or by the listeners' `tastes` (I,), where these are told."""
        if tastes is None:
            self.islands = find_islands(
                ratings, fitted, most=self._most, rng=self._rng, before=self.islands, model=model
            )
        else:
            self.islands = Islands(np.eye(int(tastes.max()) + 1)[tastes], 0.0)
        self.has_parted = self.has_parted or self.is_parted
        self.refit(ratings, model)

    def refit(self, ratings: Ratings, model: Mapping[str, Any]) -> None:
        """What each island thinks, from all that was said; nothing where the crowd is one."""
        self.islands = self.islands.with_listeners(model["n_listeners"])
        starts = self.fitted if len(self.fitted) == self.islands.count else ()
        self.fitted = estimate_islands(ratings, self.islands, model, starts=starts) if self.is_parted else []

    def open_to(self, listener: int, home: Integers) -> NDArray[np.bool_]:
        """Which of the living (n,), at `home` on these islands, a listener is to hear: those of one island, drawn by
        how probably it is theirs.
        """
        membership = self.islands.membership
        chances = membership[listener] if listener < len(membership) else np.full(self.islands.count, 1.0)
        island = int(self._rng.choice(self.islands.count, p=chances / chances.sum()))
        return np.asarray((home == island) | (home < 0))

    def worth(self, living: Integers, home: Integers, parents: Sequence[int]) -> Floats:
        """What hearing each of the living again would teach its own island, (n,)."""
        worth = np.ones(len(living))
        for island, one in enumerate(self.fitted):
            here = np.flatnonzero((home == island) | (home < 0))
            worth[here] = worth_of(one, living[here], min(parents[island], len(here)))
        return worth

    def selection_error(self, living: Integers, home: Integers, parents: Sequence[int]) -> float:
        """What choosing the parents of each island now is expected to cost, the mean over the islands."""
        costs = []
        for island, one in enumerate(self.fitted):
            here = living[(home == island) | (home < 0)]
            costs.append(expected_selection_error(one, here, min(parents[island], len(here))))
        return float(np.mean(costs))
