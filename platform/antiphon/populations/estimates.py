"""What the crowd makes of a generation, for breeding and the studio. The app that keeps the ratings supplies it."""

from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from antiphon.populations.models import Generation


@dataclass(frozen=True)
class Fitness:
    """One individual's fitness on the rating scale, its standard error, and the ratings that it rests on.

    `p_parent` is the probability that it is truly among those of its generation that become parents.
    """

    mean: float
    standard_error: float
    n_ratings: int
    p_parent: float | None = None


@dataclass(frozen=True)
class Judgement:
    """Fitness by the individual's id, for every individual of a generation; empty where nobody has rated it yet.

    `expected_error` is how much appeal the parents chosen now are expected to lack, on the rating scale; `agreement`
    says how far listeners agree (fields of evolution.agreement.Agreement), once the generation has closed.

    Beside those of the generation, `again` is the fitness of those who lived before, and is now thought to be otherwise
    than it was when they were judged last. Where the crowd has parted, `islands` holds what each island makes of all
    that it has heard, and `chances` how probably each listener belongs to each island.
    """

    fitness: dict[int, Fitness] = field(default_factory=dict)
    expected_error: float | None = None
    agreement: dict[str, Any] | None = None
    again: dict[int, Fitness] = field(default_factory=dict)  # by the row of its first life
    islands: tuple[dict[int, Fitness], ...] = ()  # by the row of its first life
    chances: dict[UUID, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class GivenRating:
    """A rating without its listener's name: listeners are numbered from 1 by their first rating.

    `generation` and `index` name the phrase by its first life, `heard_in` the generation that was open. `kind` is
    "new", "anchor" or "repeat". Ratings of those whom the host has set aside are there, and do not count.
    """

    listener: int
    generation: int
    index: int
    kind: str
    heard_in: int
    value: int
    heard_ms: int
    is_revised: bool
    is_set_aside: bool
    is_simulated: bool


@dataclass(frozen=True)
class GivenDuel:
    """Which of two phrases a listener, numbered as for ratings, likes better: "left", "right" or "equal"."""

    listener: int
    heard_in: int
    left_generation: int
    left_index: int
    right_generation: int
    right_index: int
    choice: str
    is_set_aside: bool
    is_simulated: bool


@dataclass(frozen=True)
class Given:
    """Everything said of a population, in the order in which it came."""

    ratings: list[GivenRating]
    duels: list[GivenDuel]


class Estimator(Protocol):
    """Judges generations, quickly or carefully, and tells what was said of a population."""

    def live(self, generation: Generation) -> Judgement: ...

    def final(self, generation: Generation) -> Judgement: ...

    def settle(self, generation: Generation, judgement: Judgement) -> None: ...

    def given(self, population_id: int) -> Given: ...


_estimators: list[Estimator] = []


def use_estimator(estimator: Estimator) -> None:
    """Name the estimator of this process; called once from AppConfig.ready of the app that keeps the ratings."""
    _estimators[:] = [estimator]


def live_judgement(generation: Generation) -> Judgement:
    """Quick estimates while a generation is open."""
    return _estimators[0].live(generation)


def final_judgement(generation: Generation) -> Judgement:
    """Careful estimates for a generation that has closed."""
    return _estimators[0].final(generation)


def settle(generation: Generation, judgement: Judgement) -> None:
    """Let the keeper of ratings keep what follows for its listeners, as the judgement is kept with the individuals."""
    _estimators[0].settle(generation, judgement)


def given_answers(population_id: int) -> Given:
    """Everything said of a population."""
    return _estimators[0].given(population_id)
