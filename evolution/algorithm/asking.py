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
from evolution.algorithm.offspring import SAMPLE, Brood, Offspring, Shares, newcomer, shares_of
from evolution.algorithm.places import Places, places_of
from evolution.algorithm.screening import Candidates, Experience, Screen
from evolution.algorithm.settings import BreedingError
from evolution.algorithm.standing import gains_of, parents_mean
from evolution.algorithm.state import Individual, State
from evolution.forms import pack
from evolution.genes import Genome

SCREEN_STREAM = 1  # the taste's own random numbers, so that a replay without it draws the same children
MOST_REMEMBERED = 1_000  # individuals that a taste learns from: its time grows with their cube
CROWDING_SURPLUS = 2  # candidates for each place where near-twins are to be passed over and no taste asks for more

Likelihood = Callable[[Sequence[Genome]], "NDArray[np.floating[Any]] | Sequence[float]"]


@dataclass(frozen=True)
class Outside:
    """What an ask may call on: a network's likelihood and a taste; or, replayed, what the taste said then."""

    likelihood: Likelihood | None = None
    screen: Screen | None = None
    recorded: Asked | None = None

    def is_screened(self, state: State) -> bool:
        """Whether a surplus is bred for a taste."""
        if self.recorded is not None:
            return self.recorded.is_screened
        return self.screen is not None and state.settings.taste and state.settings.selecting


@dataclass(frozen=True)
class Bred:
    """Those who may be born on one island: fresh blood, and children of its breeders."""

    places: Places
    fresh: list[Offspring]
    children: list[Offspring]

    @property
    def all(self) -> list[Offspring]:
        """Fresh blood first."""
        return [*self.fresh, *self.children]


def ask(state: State, count: int | None, outside: Outside) -> tuple[State, Asked]:
    """The state with new individuals born, and the event that says so. Raises BreedingError."""
    rng = state.rng()
    several = places_of(state, count, rng)
    is_screened = outside.is_screened(state)
    bred = _bred(state, several, _surplus(state, is_screened), rng)
    state, likelihood, of_each = _with_likelihood(state, [one for part in bred for one in part.all], outside.likelihood)
    known = np.split(np.array(of_each), np.cumsum([len(part.all) for part in bred])[:-1])
    order = _order(state, bred, known, outside) if is_screened else None
    born: list[tuple[Offspring, float | None, int]] = []
    for island, (part, values) in enumerate(zip(bred, known, strict=True)):
        for index in _kept(state, part, None if order is None else order[island]):
            value = None if likelihood is None else float(values[index])
            born.append((part.all[index], value, island))
    newborns = tuple(
        Individual(state.next_id + place, one.genome, one.parents, one.operator, state.generation + 1, value)
        for place, (one, value, _) in enumerate(born)
    )
    flat = None if order is None else _flattened(order, bred)
    event = Asked(count, is_screened, likelihood, flat, digest_of(newborns))
    return _after(state, bred, newborns, [island for _, _, island in born]), event


def digest_of(newborns: Sequence[Individual]) -> str:
    """A short hash of ids, parents and genomes."""
    digest = hashlib.sha256()
    for one in newborns:
        digest.update(repr((one.id, one.parents, one.operator)).encode() + pack(one.genome))
    return digest.hexdigest()[:16]


def _surplus(state: State, is_screened: bool) -> int:
    if is_screened:
        return state.settings.surplus
    return CROWDING_SURPLUS if state.settings.minimum_distance > 0 else 1


def _bred(state: State, several: Sequence[Places], surplus: int, rng: np.random.Generator) -> list[Bred]:
    """Fresh blood, and the children of each island's breeders that the other places are for."""
    # Nobody is born twice: the crowd has its opinion of that phrase already.
    known = Known(one.genome for one in state.individuals.values())
    shares = shares_of(state.settings, [gain for places in several for gain in gains_of(places.view)])
    bred: list[Bred] = []
    for places in several:
        used = {one.genome for part in bred for one in part.fresh}
        waiting = [genome for genome in state.reserve if genome not in used]
        n_fresh = int(state.settings.fresh_blood * places.born + rng.random())
        fresh = _fresh_blood(state, waiting, n_fresh, known, rng)
        count = (places.born - len(fresh)) * surplus
        bred.append(Bred(places, fresh, _brood(state, places, shares, rng).children(count, known)))
    return bred


def _brood(state: State, places: Places, shares: Shares, rng: np.random.Generator) -> Brood:
    breeders = state.population if places.breeders is None else places.breeders.individuals
    return Brood(
        [(one.id, one.genome) for one in breeders],
        None if places.breeders is None else places.breeders.standing,
        places.view.settings,
        state.frame,
        shares=shares,
        variants=state.variants,
        visitors=[(one.id, one.genome) for one in places.visitors],
        rng=rng,
    )


def _fresh_blood(
    state: State, waiting: Sequence[Genome], count: int, known: Known, rng: np.random.Generator
) -> list[Offspring]:
    """Phrases from the reserve in its order, then invented ones, none with notes that are known."""
    let_in = [genome for genome in waiting if not known.has_notes(genome)][:count]
    for genome in let_in:
        known.add(genome)
    fresh = [Offspring(genome, (), SAMPLE) for genome in let_in]
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


def _order(
    state: State, bred: Sequence[Bred], known: Sequence[NDArray[np.float64]], outside: Outside
) -> list[tuple[int, ...]] | None:
    """The children of each island in the order that its taste puts them in; None where no island has a taste yet."""
    ends = np.cumsum([len(part.children) for part in bred])
    if outside.recorded is not None:
        recorded = outside.recorded.order
        return None if recorded is None else [_local(recorded, part, end) for part, end in zip(bred, ends, strict=True)]
    found = [
        _screened(state, part, values[len(part.fresh) :], outside.screen)
        for part, values in zip(bred, known, strict=True)
    ]
    if all(order is None for order in found):
        return None
    return [
        tuple(range(len(part.children))) if order is None else order for part, order in zip(bred, found, strict=True)
    ]


def _local(order: Sequence[int], part: Bred, end: int) -> tuple[int, ...]:
    first = end - len(part.children)
    return tuple(index - first for index in order if first <= index < end)


def _flattened(order: Sequence[tuple[int, ...]], bred: Sequence[Bred]) -> tuple[int, ...]:
    firsts = np.cumsum([0, *(len(part.children) for part in bred)]).tolist()
    return tuple(first + index for first, one in zip(firsts, order, strict=False) for index in one)


def _screened(
    state: State, part: Bred, likelihood: NDArray[np.float64], screen: Screen | None
) -> tuple[int, ...] | None:
    if screen is None:
        return None
    view, children = part.places.view, part.children
    # The network may just have been asked about those who were heard before.
    view = replace(view, individuals=state.individuals)
    order = screen(
        experience_of(view),
        Candidates(
            [one.genome for one in children],
            np.array([parents_mean(view, one.parents) for one in children]),
            likelihood,
        ),
        frame=state.frame,
        places=part.places.born - len(part.fresh),
        exploratory=view.settings.exploratory,
        rng=state.rng(SCREEN_STREAM),
    )
    if order is None:
        return None
    indices = tuple(int(index) for index in order)
    if sorted(indices) != list(range(len(children))):
        raise BreedingError(f"order: expected each of {len(children)} candidates once, got {len(indices)} indices")
    return indices


def _kept(state: State, part: Bred, order: Sequence[int] | None) -> list[int]:
    """Indices of those bred for an island who are born, near-twins last; fresh blood after the children."""
    ordered = range(len(part.children)) if order is None else order
    kept = spread_out(
        [part.children[index].genome for index in ordered],
        [state.individuals[id_].genome for id_ in part.places.staying] + [one.genome for one in part.fresh],
        state.frame,
        count=part.places.born - len(part.fresh),
        minimum_distance=state.settings.minimum_distance,
    )
    return [len(part.fresh) + ordered[index] for index in kept] + list(range(len(part.fresh)))


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


def _after(state: State, bred: Sequence[Bred], newborns: Sequence[Individual], islands: Sequence[int]) -> State:
    stays = {id_: island for island, part in enumerate(bred) for id_ in part.places.staying}
    elites = tuple(stays) if state.is_generational else tuple(id_ for id_ in state.living if id_ in stays)
    living = (*elites, *(one.id for one in newborns))
    home = dict(state.home)
    if len(bred) > 1:
        home |= {one.id: island for one, island in zip(newborns, islands, strict=True)}
        home |= stays if state.is_generational else {}
    used = {one.genome for part in bred for one in part.fresh}
    return replace(
        state,
        individuals={**state.individuals, **{one.id: one for one in newborns}},
        living=living,
        replaced=tuple(id_ for id_ in state.living if id_ not in stays),
        next_id=state.next_id + len(newborns),
        generation=state.generation + 1,
        variants={id_: several for id_, several in state.variants.items() if id_ in set(living)},
        reserve=tuple(genome for genome in state.reserve if genome not in used),
        home={id_: home[id_] for id_ in living if id_ in home},
        clock=state.clock + 1,
    )
