"""Who stays, how many are born, and on which island: what an ask settles before anybody is bred."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evolution.algorithm.settings import BreedingError
from evolution.algorithm.standing import Ranking, breeders_of, ranking_of
from evolution.algorithm.state import Individual, State
from evolution.genes import Genome


@dataclass(frozen=True)
class Places:
    """What is settled for one island, or for a population that is none: `view` is the state as it is there.

    `staying` are ids, best first; `born` is how many are born; `breeders` None where parents are drawn by lot;
    `visitors` are breeders of other islands.
    """

    view: State
    staying: tuple[int, ...]
    born: int
    breeders: Ranking | None
    visitors: tuple[Individual, ...] = ()


def places_of(state: State, count: int | None, rng: np.random.Generator) -> list[Places]:
    """The places of each island. `count` is how many are asked for, None for as usual. Raises BreedingError."""
    if state.is_generational and count is not None and count != state.settings.size:
        size = state.settings.size
        raise BreedingError(f"count: expected none or {size}, a generation being asked for whole, got {count!r}")
    if state.is_generational and not state.settings.selecting:
        return [Places(state, (), state.settings.size, None)]
    views = state.views() if state.settings.selecting else (state,)
    rankings = [_expect_ranking(view, rng) for view in views] if state.settings.selecting else [None]
    made = _generation(views, rankings) if state.is_generational else _steady(state, views, rankings, count, rng)
    breeding = [() if one.breeders is None else one.breeders.individuals[: one.view.settings.parents] for one in made]
    return [
        Places(one.view, one.staying, one.born, one.breeders, _visitors(breeding, place))
        for place, one in enumerate(made)
    ]


def _visitors(breeding: Sequence[tuple[Individual, ...]], place: int) -> tuple[Individual, ...]:
    return tuple(one for other, several in enumerate(breeding) if other != place for one in several)


def _generation(views: Sequence[State], rankings: Sequence[Ranking | None]) -> list[Places]:
    """The elites of each island stay, nobody on two."""
    made: list[Places] = []
    for view, ranking in zip(views, rankings, strict=True):
        if ranking is None:
            raise BreedingError("fitness: expected that of at least one living individual, got none; call tell() first")
        taken = {id_ for one in made for id_ in one.staying}
        free = [id_ for id_ in _without_twins(ranking.individuals) if id_ not in taken]
        elites = tuple(free[: view.settings.elites])
        made.append(Places(view, elites, view.settings.size - len(elites), breeders_of(ranking, view.settings)))
    return made


def _steady(
    state: State,
    views: Sequence[State],
    rankings: Sequence[Ranking | None],
    count: int | None,
    rng: np.random.Generator,
) -> list[Places]:
    """The unheard stay until they are heard; of the heard the least fit make way, in the control line any."""
    born = 1 if count is None else count
    if isinstance(born, bool) or not isinstance(born, int) or not 1 <= born <= state.settings.size:
        raise BreedingError(f"count: expected a whole number from 1 to {state.settings.size}, got {count!r}")
    leaving = max(len(state.living) + born - state.settings.size, 0)
    open_ = _open_places(state, views, rankings, rng)
    if leaving > len(open_):
        most = max(born - leaving + len(open_), 0)
        raise BreedingError(f"count: expected at most {most} while so few have a fitness, got {born}; tell more first")
    gone = set(open_[len(open_) - leaving :])
    shares = _shared_out(born, [len(view.living) for view in views])
    return [
        Places(
            view,
            tuple(id_ for id_ in view.living if id_ not in gone),
            share,
            None if ranking is None else breeders_of(ranking, view.settings),
        )
        for view, ranking, share in zip(views, rankings, shares, strict=True)
    ]


def _open_places(
    state: State, views: Sequence[State], rankings: Sequence[Ranking | None], rng: np.random.Generator
) -> list[int]:
    """Ids of those who may have to make way, the last ones first to go: each by its best place on any island."""
    place: dict[int, float] = {}
    elites: set[int] = set()
    for view, ranking in zip(views, rankings, strict=True):
        if ranking is None:
            return [state.living[index] for index in rng.permutation(len(state.living))]
        elites |= {one.id for one in ranking.individuals[: view.settings.elites]}
        for rank, one in enumerate(ranking.individuals):
            place[one.id] = min(place.get(one.id, 1.0), rank / len(ranking.individuals))
    return [id_ for id_ in sorted(place, key=place.__getitem__) if id_ not in elites]


def _shared_out(born: int, living: Sequence[int]) -> list[int]:
    """So many newborn given to the islands one by one, each to the one of the fewest."""
    given = [0] * len(living)
    for _ in range(born):
        given[int(np.argmin(np.add(living, given)))] += 1
    return given


def _expect_ranking(state: State, rng: np.random.Generator) -> Ranking:
    ranking = ranking_of(state, rng)
    if ranking is None:
        raise BreedingError("fitness: expected that of at least one living individual, got none; call tell() first")
    return ranking


def _without_twins(individuals: Sequence[Individual]) -> tuple[int, ...]:
    """Ids, the first of each set of equal genomes only."""
    first: dict[Genome, int] = {}
    for one in individuals:
        first.setdefault(one.genome, one.id)
    return tuple(first.values())
