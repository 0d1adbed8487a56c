"""The step from one population to the next: places, candidates, births. Pure: a state and an event make a state."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm.crowding import spread_out
from evolution.algorithm.events import Asked
from evolution.algorithm.known import Known
from evolution.algorithm.offspring import SAMPLE, Brood, Offspring, newcomer, shares_of
from evolution.algorithm.screening import Candidates, Experience, Screen
from evolution.algorithm.settings import BreedingError
from evolution.algorithm.standing import Ranking, breeders_of, gains_of, parents_mean, ranking_of
from evolution.algorithm.state import Individual, State
from evolution.forms import pack
from evolution.genes import Genome

SCREEN_STREAM = 1  # the taste's own random numbers, so that a replay without it draws the same children
MOST_REMEMBERED = 1_000  # individuals that a taste learns from: its time grows with their cube
CROWDING_SURPLUS = 2  # candidates for each place where near-twins are to be passed over and no taste asks for more

Likelihood = Callable[[Sequence[Genome]], "NDArray[np.floating[Any]] | Sequence[float]"]


@dataclass(frozen=True)
class Places:
    """Who stays, best first, and how many are born; `breeders` None where parents are drawn by lot."""

    staying: tuple[int, ...]
    born: int
    breeders: Ranking | None


@dataclass(frozen=True)
class Outside:
    """What an ask may call on: a network's likelihood and a taste, or their recorded answers."""

    likelihood: Likelihood | None = None
    screen: Screen | None = None


def ask(state: State, count: int | None, outside: Outside) -> tuple[State, Asked]:
    """The state with new individuals born, and the event that says so. Raises BreedingError."""
    rng = state.rng()
    places = _generation_places(state, count, rng) if state.is_generational else _steady_places(state, count, rng)
    screen = outside.screen if state.settings.taste and state.settings.selecting else None
    surplus = _surplus(state, screen)
    fresh, candidates = _candidates(state, places, surplus, rng)
    state, likelihood, of_candidates = _with_likelihood(state, [*fresh, *candidates], outside.likelihood)
    open_places = places.born - len(fresh)
    order = None if screen is None else _screened(state, candidates, of_candidates[len(fresh) :], open_places, screen)
    ordered = range(len(candidates)) if order is None else order
    kept = spread_out(
        [candidates[index].genome for index in ordered],
        [state.individuals[id_].genome for id_ in places.staying] + [one.genome for one in fresh],
        state.frame,
        count=open_places,
        minimum_distance=state.settings.minimum_distance,
    )
    places_filled = [len(fresh) + ordered[index] for index in kept] + list(range(len(fresh)))
    bred = [*fresh, *candidates]
    known = of_candidates if likelihood is not None else (None,) * len(bred)
    newborns = _born(state, [bred[index] for index in places_filled], [known[index] for index in places_filled])
    event = Asked(count, screen is not None, likelihood, order, digest_of(newborns))
    return _after(state, places, newborns, fresh), event


def _born(state: State, offspring: Sequence[Offspring], likelihood: Sequence[float | None]) -> tuple[Individual, ...]:
    return tuple(
        Individual(state.next_id + place, one.genome, one.parents, one.operator, state.generation + 1, value)
        for place, (one, value) in enumerate(zip(offspring, likelihood, strict=True))
    )


def digest_of(newborns: Sequence[Individual]) -> str:
    """A short hash of ids, parents and genomes."""
    digest = hashlib.sha256()
    for one in newborns:
        digest.update(repr((one.id, one.parents, one.operator)).encode() + pack(one.genome))
    return digest.hexdigest()[:16]


def _generation_places(state: State, count: int | None, rng: np.random.Generator) -> Places:
    size = state.settings.size
    if count is not None and count != size:
        raise BreedingError(f"count: expected none or {size}, a generation being asked for whole, got {count!r}")
    if not state.settings.selecting:
        return Places((), size, None)
    ranking = _expect_ranking(state, rng)
    elites = _without_twins(ranking.individuals)[: state.settings.elites]
    return Places(elites, size - len(elites), breeders_of(ranking, state.settings))


def _steady_places(state: State, count: int | None, rng: np.random.Generator) -> Places:
    """The unheard stay until they are heard; of the heard the least fit make way, in the control line any."""
    born = 1 if count is None else count
    if isinstance(born, bool) or not isinstance(born, int) or not 1 <= born <= state.settings.size:
        raise BreedingError(f"count: expected a whole number from 1 to {state.settings.size}, got {count!r}")
    breeders = None
    if state.settings.selecting:
        ranking = _expect_ranking(state, rng)
        breeders = breeders_of(ranking, state.settings)
        open_ = [one.id for one in ranking.individuals][state.settings.elites :]
    else:
        open_ = [state.living[index] for index in rng.permutation(len(state.living))]
    leaving = max(len(state.living) + born - state.settings.size, 0)
    if leaving > len(open_):
        most = max(born - leaving + len(open_), 0)
        raise BreedingError(f"count: expected at most {most} while so few have a fitness, got {born}; tell more first")
    gone = set(open_[len(open_) - leaving :])
    return Places(tuple(id_ for id_ in state.living if id_ not in gone), born, breeders)


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


def _surplus(state: State, screen: Screen | None) -> int:
    if screen is not None:
        return state.settings.surplus
    return CROWDING_SURPLUS if state.settings.minimum_distance > 0 else 1


def _candidates(
    state: State, places: Places, surplus: int, rng: np.random.Generator
) -> tuple[list[Offspring], list[Offspring]]:
    """Fresh blood, and the children of the breeders that the other places are for."""
    # Nobody is born twice: the crowd has its opinion of that phrase already.
    known = Known(one.genome for one in state.individuals.values())
    fresh = _fresh_blood(state, int(state.settings.fresh_blood * places.born + rng.random()), known, rng)
    breeders = state.population if places.breeders is None else places.breeders.individuals
    brood = Brood(
        [(one.id, one.genome) for one in breeders],
        None if places.breeders is None else places.breeders.standing,
        state.settings,
        state.frame,
        shares=shares_of(state.settings, gains_of(state)),
        variants=state.variants,
        rng=rng,
    )
    return fresh, brood.children((places.born - len(fresh)) * surplus, known)


def _fresh_blood(state: State, count: int, known: Known, rng: np.random.Generator) -> list[Offspring]:
    """Phrases from the reserve in its order, then invented ones, none with notes that are known."""
    waiting = [genome for genome in state.reserve if not known.has_notes(genome)][:count]
    for genome in waiting:
        known.add(genome)
    fresh = [Offspring(genome, (), SAMPLE) for genome in waiting]
    return fresh + [newcomer(state.frame, known, rng) for _ in range(count - len(fresh))]


def _with_likelihood(
    state: State, bred: Sequence[Offspring], likelihood: Likelihood | None
) -> tuple[State, tuple[float, ...] | None, tuple[float, ...]]:
    """The network asked, once, about everybody heard that it has not seen and about the candidates."""
    if likelihood is None:
        return state, None, (float("nan"),) * len(bred)
    unseen = [id_ for id_ in state.fitness if state.individuals[id_].likelihood is None]
    genomes = [state.individuals[id_].genome for id_ in unseen] + [one.genome for one in bred]
    values = tuple(np.asarray(likelihood(genomes), dtype=np.float64).tolist())
    if len(values) != len(genomes) or not np.all(np.isfinite(values)):
        raise BreedingError(f"likelihood: expected {len(genomes)} finite numbers, got {list(values)}")
    seen = {id_: replace(state.individuals[id_], likelihood=value) for id_, value in zip(unseen, values, strict=False)}
    return replace(state, individuals={**state.individuals, **seen}), values, values[len(unseen) :]


def _screened(
    state: State, candidates: Sequence[Offspring], likelihood: Sequence[float], places: int, screen: Screen
) -> tuple[int, ...] | None:
    order = screen(
        experience_of(state),
        Candidates(
            [one.genome for one in candidates],
            np.array([parents_mean(state, one.parents) for one in candidates]),
            np.array(likelihood, dtype=np.float64),
        ),
        frame=state.frame,
        places=places,
        exploratory=state.settings.exploratory,
        rng=state.rng(SCREEN_STREAM),
    )
    if order is None:
        return None
    indices = tuple(int(index) for index in order)
    if sorted(indices) != list(range(len(candidates))):
        raise BreedingError(f"order: expected each of {len(candidates)} candidates once, got {len(indices)} indices")
    return indices


def experience_of(state: State) -> Experience:
    """What the crowd has said of anybody, the dead included; in long runs, of the latest born."""
    heard = [state.individuals[id_] for id_ in sorted(state.fitness)[-MOST_REMEMBERED:]]
    fitness = [state.fitness[one.id] for one in heard]
    return Experience(
        genomes=[one.genome for one in heard],
        mean=np.array([one.mean for one in fitness], dtype=np.float64),
        standard_error=np.array([one.standard_error for one in fitness], dtype=np.float64),
        likelihood=np.array([np.nan if one.likelihood is None else one.likelihood for one in heard], dtype=np.float64),
        generation=np.array([one.generation for one in heard], dtype=np.int64),
    )


def _after(state: State, places: Places, newborns: Sequence[Individual], fresh: Sequence[Offspring]) -> State:
    staying = set(places.staying)
    living = (*places.staying, *(one.id for one in newborns))
    used = {one.genome for one in fresh}
    return replace(
        state,
        individuals={**state.individuals, **{one.id: one for one in newborns}},
        living=living,
        replaced=tuple(id_ for id_ in state.living if id_ not in staying),
        next_id=state.next_id + len(newborns),
        generation=state.generation + 1,
        variants={id_: several for id_, several in state.variants.items() if id_ in set(living)},
        reserve=tuple(genome for genome in state.reserve if genome not in used),
        clock=state.clock + 1,
    )
