"""The shell over the state: begin, tell, offer, ask, undo, and a log of what happened from which to replay it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.algorithm.asking import Likelihood, Outside, ask
from evolution.algorithm.events import Asked, Begun, Event, Heard, Offered, Parted, TakenUp, Told, Undone
from evolution.algorithm.screening import SCREEN, Screen
from evolution.algorithm.settings import BreedingError, BreedingSettings
from evolution.algorithm.state import FIRST, Fitness, Individual, State
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.operators.rewriting import Variant

MAX_SEED = 2**63 - 1


class Breeding:
    """A population being bred; tell and ask in any order. All it knows is its `state`, all that happened its `events`.

    Random numbers come from the seed and the number of the event: the same events give the same music.
    """

    def __init__(self, state: State, events: tuple[Event, ...], past: tuple[State, ...]) -> None:
        self.state = state
        self.events = events
        self._past = past  # the states before each event that still stands

    @classmethod
    def begin(
        cls,
        settings: BreedingSettings,
        frame: Frame,
        genomes: Sequence[Genome],
        *,
        seed: int,
        operators: Sequence[str] | None = None,
        reserve: Sequence[Genome] = (),
    ) -> "Breeding":
        """A population of these genomes, with ids from 0 and `operators` saying where each came from.

        `reserve` holds phrases to be let in later as fresh blood, before any are invented. Raises BreedingError.
        """
        origins = (FIRST,) * len(genomes) if operators is None else tuple(operators)
        event = Begun(settings, frame, tuple(genomes), origins, seed, tuple(reserve))
        return cls(_begun(event), (event,), ())

    @classmethod
    def take_up(cls, state: State) -> "Breeding":
        """Go on from a stored state. What came before it cannot be undone."""
        return cls(state, (TakenUp(state),), ())

    @classmethod
    def replay(cls, events: Iterable[Event]) -> "Breeding":
        """The population after these events, to the bit. Raises BreedingError where a birth comes out otherwise."""
        log = tuple(events)
        match log[0] if log else None:
            case Begun() as first:
                breeding = cls(_begun(first), (first,), ())
            case TakenUp() as first:
                breeding = cls.take_up(first.state)
            case other:
                got = "nothing" if other is None else repr(other.kind)
                raise BreedingError(f"events: expected one that begins a population first, got {got}")
        for event in log[1:]:
            breeding._repeat(event)
        return breeding

    @property
    def population(self) -> tuple[Individual, ...]:
        """The living, in order."""
        return self.state.population

    def tell(
        self,
        ids: Sequence[int],
        mean: Sequence[float] | NDArray[np.floating[Any]],
        standard_error: Sequence[float] | NDArray[np.floating[Any]],
        p_parent: Sequence[float] | NDArray[np.floating[Any]] | None = None,
    ) -> None:
        """Take in what the crowd thinks of some individuals, living or not, each array (n,). Raises BreedingError."""
        self._hear(Heard(Told.of(ids, mean, standard_error, p_parent)))

    def tell_islands(self, islands: Sequence[Told]) -> None:
        """Take in what the listeners of each island think; from now on the population is bred island by island.

        Of an individual told to an island again the newest counts. One island, or of a control line any, is the whole
        crowd, of whom `tell` tells. Raises BreedingError.
        """
        self._part(Parted(tuple(islands)))

    def offer(self, variants: Mapping[int, Sequence[Variant]]) -> None:
        """Take in re-written bars of some living individuals, as children they may have. Raises BreedingError."""
        self._take_offer(Offered({int(id_): tuple(several) for id_, several in variants.items()}))

    def ask(
        self, count: int | None = None, *, likelihood: Likelihood | None = None, screen: Screen | None = SCREEN
    ) -> list[Individual]:
        """The whole next generation, elites first; or, steady, `count` new individuals (one). Raises BreedingError.

        `likelihood` gives a network's nats a note of each of some genomes, (n,), and is asked where the settings want
        `taste_likelihood`. `screen` is the taste at work.
        """
        asked = likelihood if self.state.settings.taste_likelihood else None
        state, event = ask(self.state, count, Outside(asked, screen))
        self._advance(state, event)
        known = set(self._past[-1].individuals)
        everybody = self.state.population
        return list(everybody) if self.state.is_generational else [one for one in everybody if one.id not in known]

    def undo(self) -> Event:
        """Take back the latest event that still stands, and return it. Raises BreedingError.

        The clock and the ids go on: asked again, others are born, and nobody gets the id of one who was taken back.
        """
        if not self._past:
            raise BreedingError("undo: expected an event to take back, got none but the beginning")
        undone = self._standing_event()
        self.state = self._past[-1].with_counters_of(self.state)
        self._past = self._past[:-1]
        self.events = (*self.events, Undone())
        return undone

    def _standing_event(self) -> Event:
        """The latest event that was not undone."""
        taken_back = 0
        for event in reversed(self.events):
            if isinstance(event, Undone):
                taken_back += 1
            elif taken_back:
                taken_back -= 1
            else:
                return event
        raise BreedingError("events: expected one that begins a population, got none")

    def _hear(self, event: Heard) -> None:
        told, state = event.told, self.state
        _expect_known(told.ids, state.individuals)
        self._advance(replace(state, fitness={**state.fitness, **_fitness_of(told)}, clock=state.clock + 1), event)

    def _part(self, event: Parted) -> None:
        state, count = self.state, len(event.islands)
        if not 1 <= count <= state.settings.islands:
            raise BreedingError(
                f"islands: expected 1 to {state.settings.islands}, as the settings have it, got {count}"
            )
        for told in event.islands:
            _expect_known(told.ids, state.individuals)
        before = (*state.islands, *({},) * count)
        islands = tuple({**before[island], **_fitness_of(told)} for island, told in enumerate(event.islands))
        home = {id_: island for id_, island in state.home.items() if island < count}
        parted = (islands, home) if count > 1 else ((), {})
        self._advance(replace(state, islands=parted[0], home=parted[1], clock=state.clock + 1), event)

    def _take_offer(self, event: Offered) -> None:
        _expect_known(tuple(event.variants), self.state.living)
        bars = {variant.bar for several in event.variants.values() for variant in several}
        last = self.state.frame.bars - 1
        if not bars <= set(range(last + 1)):
            raise BreedingError(f"bar: expected whole numbers from 0 to {last}, got {sorted(bars)}")
        variants = {**self.state.variants, **event.variants}
        self._advance(replace(self.state, variants=variants, clock=self.state.clock + 1), event)

    def _advance(self, state: State, event: Event) -> None:
        self._past = (*self._past, self.state)
        self.events = (*self.events, event)
        self.state = state

    def _repeat(self, event: Event) -> None:
        match event:
            case Heard():
                self._hear(event)
            case Parted():
                self._part(event)
            case Offered():
                self._take_offer(event)
            case Asked():
                state, again = ask(self.state, event.count, _recorded(event))
                if again != event:
                    raise BreedingError(
                        f"events: expected the births of event {len(self.events)} to come out as recorded"
                        f" ({event.digest}), got {again.digest}; replay with the version that recorded it"
                    )
                self._advance(state, event)
            case Undone():
                self.undo()
            case _:
                raise BreedingError(f"events: expected one beginning, got {event.kind!r} as event {len(self.events)}")


def _begun(event: Begun) -> State:
    if not event.genomes:
        raise BreedingError("genomes: expected at least one, got none; seed the population first")
    if len(event.operators) != len(event.genomes):
        raise BreedingError(f"operators: expected {len(event.genomes)}, one a genome, got {len(event.operators)}")
    seed = event.seed
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise BreedingError(f"seed: expected a whole number from 0 to {MAX_SEED}, got {seed!r}")
    individuals = {
        id_: Individual(id_, genome, (), operator)
        for id_, (genome, operator) in enumerate(zip(event.genomes, event.operators, strict=True))
    }
    return State(
        settings=event.settings,
        frame=event.frame,
        seed=seed,
        individuals=individuals,
        living=tuple(individuals),
        next_id=len(individuals),
        reserve=event.reserve,
    )


def _recorded(event: Asked) -> Outside:
    """What the network and the taste said when they were asked the first time."""
    said = event.likelihood
    return Outside(None if said is None else (lambda _genomes: said), None, event)


def _fitness_of(told: Told) -> dict[int, Fitness]:
    p_parent = told.p_parent or (None,) * len(told.ids)
    rows = zip(told.mean, told.standard_error, p_parent, strict=True)
    return {id_: Fitness(*row) for id_, row in zip(told.ids, rows, strict=True)}


def _expect_known(ids: Sequence[int], known: Iterable[int]) -> None:
    unknown = sorted(set(ids) - set(known))
    if unknown:
        raise BreedingError(f"ids: expected those of this population, got {unknown[:5]}")
