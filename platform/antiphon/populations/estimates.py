"""What the crowd makes of a generation, for breeding and the studio. The app that keeps the ratings supplies it."""

from dataclasses import dataclass
from typing import Protocol

from antiphon.populations.models import Generation


@dataclass(frozen=True)
class Fitness:
    """One individual's fitness on the rating scale, its standard error, and the ratings that it rests on."""

    mean: float
    standard_error: float
    n_ratings: int


class Estimator(Protocol):
    """Fitness by the individual's id, for every individual of a generation; empty where nobody has rated it yet."""

    def live(self, generation: Generation) -> dict[int, Fitness]: ...

    def final(self, generation: Generation) -> dict[int, Fitness]: ...


_estimators: list[Estimator] = []


def use_estimator(estimator: Estimator) -> None:
    """Name the estimator of this process; called once from AppConfig.ready of the app that keeps the ratings."""
    _estimators[:] = [estimator]


def live_estimates(generation: Generation) -> dict[int, Fitness]:
    """Quick estimates while a generation is open."""
    return _estimators[0].live(generation)


def final_estimates(generation: Generation) -> dict[int, Fitness]:
    """Careful estimates for a generation that has closed."""
    return _estimators[0].final(generation)
