"""Our algorithm at a terminal. Apart, for its taste takes a second to be imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from evolution.algorithm import Breeding, BreedingSettings, State
from evolution.frame import Frame
from evolution.genome import express
from evolution.seeding import seed_population
from generation.score.notes import Score

RATING_ERROR = 0.7  # standard error of one person's single rating, in rating steps


@dataclass(frozen=True)
class GridRun:
    """Our algorithm on the bar grid; `ratings` by place, of this generation, not yet told to it."""

    state: State
    ratings: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def begin(cls, settings: BreedingSettings, frame: Frame, scores: Sequence[Score], *, seed: int) -> "GridRun":
        """A first generation of phrases cut from scores, invented ones where those don't suffice."""
        rng = np.random.default_rng([seed, 0])
        seeds = seed_population(scores, frame, size=settings.size, rng=rng)
        genomes, origins = [one.genome for one in seeds], [one.origin for one in seeds]
        return cls(Breeding.begin(settings, frame, genomes, seed=seed, operators=origins).state)

    @property
    def generation(self) -> int:
        """Counted from 0."""
        return self.state.generation

    @property
    def asked(self) -> Sequence[int]:
        """Places still to be rated; elites keep their ratings."""
        known = self.state.fitness
        return [place for place, id_ in enumerate(self.state.living) if id_ not in known and place not in self.ratings]

    @property
    def best_rating(self) -> float:
        """The highest rating of the generation."""
        kept = [self.state.fitness[id_].mean for id_ in self.state.living if id_ in self.state.fitness]
        return max([*kept, *self.ratings.values()])

    def scores(self) -> list[Score]:
        """All phrases as played, in order."""
        return [express(one.genome, self.state.frame) for one in self.state.population]

    def tell(self, place: int, rating: float) -> "GridRun":
        """With one more rating."""
        return replace(self, ratings={**self.ratings, place: rating})

    def untell(self, place: int) -> "GridRun":
        """With one rating less."""
        return replace(self, ratings={key: value for key, value in self.ratings.items() if key != place})

    def breed(self) -> "GridRun":
        """The next generation."""
        breeding = Breeding.take_up(self.state)
        ids = [self.state.living[place] for place in self.ratings]
        breeding.tell(ids, list(self.ratings.values()), [RATING_ERROR] * len(ids))
        breeding.ask()
        return GridRun(breeding.state)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"genome": "grid", "content": self.state.to_json(), "ratings": [[*one] for one in self.ratings.items()]}


def grid_run_from_json(data: Mapping[str, Any]) -> GridRun:
    """The run that `to_json` wrote. Raises BreedingError."""
    return GridRun(State.from_json(data["content"]), {int(place): rating for place, rating in data["ratings"]})
