"""How a population is bred in each encoding: notes on the bar grid, or the study's bits. One shape for both."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import numpy as np

from antiphon.core.errors import Invalid
from antiphon.populations import study
from antiphon.populations.figures import OperatorGain, operator_gains
from antiphon.populations.models import Population
from evolution.algorithm import (
    Breeding,
    BreedingSettings,
    Individual,
    Likelihood,
    State,
    Told,
    Variant,
    event_from_json,
)
from evolution.algorithm.tasting import KeptTaste
from evolution.classic import Bits, ClassicError, lift
from evolution.frame import Frame
from evolution.genome import Genome


class Bred(Protocol):
    """A population being bred: everything in it is a value that can be stored, and every event can be played again."""

    @property
    def living(self) -> Sequence[Individual]: ...

    @property
    def individuals(self) -> Mapping[int, Individual]: ...

    @property
    def reserve(self) -> Sequence[Genome]: ...

    @property
    def predictions(self) -> Mapping[int, tuple[float, float]]: ...

    @property
    def homes(self) -> Mapping[int, int]: ...

    def tell(self, told: Told) -> None: ...

    def tell_islands(self, islands: Sequence[Told]) -> None: ...

    def offer(self, variants: Mapping[int, Sequence[Variant]]) -> None: ...

    def wanted_of_network(self, births: int | None) -> list[Genome]: ...

    def ask(self, births: int | None = None, likelihood: Likelihood | None = None) -> None: ...

    def gains(self) -> list[OperatorGain]: ...

    def state(self) -> dict[str, Any]: ...

    def new_events(self) -> list[dict[str, Any]]: ...


class _Wanted(Exception):
    """Breeding has come to where the network is asked."""


def _note_wanted(wanted: list[Genome], genomes: Sequence[Genome]) -> Sequence[float]:
    wanted.extend(genomes)
    raise _Wanted


class GridBred:
    """Bred by the engine, notes on the bar grid."""

    def __init__(self, breeding: Breeding, *, is_new: bool) -> None:
        self._breeding = breeding
        self._known = 0 if is_new else 1  # events that the log has: of a stored state, that it was taken up
        self._predictions: Mapping[int, tuple[float, float]] = {}

    @property
    def living(self) -> Sequence[Individual]:
        """The population, in order."""
        return self._breeding.population

    @property
    def individuals(self) -> Mapping[int, Individual]:
        """Everybody ever born, by id."""
        return self._breeding.state.individuals

    @property
    def reserve(self) -> Sequence[Genome]:
        """Phrases of the samples that have not been let in yet."""
        return self._breeding.state.reserve

    @property
    def predictions(self) -> Mapping[int, tuple[float, float]]:
        """What the taste expected of those born last, and its deviation, by id."""
        return self._predictions

    def tell(self, told: Told) -> None:
        """Take in what the crowd thinks."""
        self._breeding.tell(told.ids, told.mean, told.standard_error, told.p_parent)

    @property
    def homes(self) -> Mapping[int, int]:
        """The island of each that lives on one, by id."""
        return self._breeding.state.home

    def tell_islands(self, islands: Sequence[Told]) -> None:
        """Take in what the listeners of each island think; one island is the whole crowd again."""
        self._breeding.tell_islands(islands)

    def offer(self, variants: Mapping[int, Sequence[Variant]]) -> None:
        """Take in re-written bars."""
        if variants:
            self._breeding.offer(variants)

    def wanted_of_network(self, births: int | None) -> list[Genome]:
        """The genomes whose likelihood `ask` will want to know: candidates, and heard ones that it does not know of."""
        wanted: list[Genome] = []
        trial = Breeding.take_up(self._breeding.state)  # the same state draws the same candidates
        with suppress(_Wanted):
            trial.ask(self._count(births), likelihood=partial(_note_wanted, wanted))
        return wanted

    def ask(self, births: int | None = None, likelihood: Likelihood | None = None) -> None:
        """Breed the next generation, or so many newborns where breeding is steady."""
        taste = KeptTaste()
        born = self._breeding.ask(self._count(births), likelihood=likelihood, screen=taste)
        told = ((one.id, taste.expected_of(one.genome)) for one in born)
        self._predictions = {id_: belief for id_, belief in told if belief is not None}

    def _count(self, births: int | None) -> int | None:
        """How many can be born now: of the heard only those make way that are no elites."""
        state = self._breeding.state
        if state.is_generational:
            return None
        settings, heard = state.settings, sum(id_ in state.fitness for id_ in state.living)
        may_leave = heard - settings.elites if settings.selecting else len(state.living)
        return max(min(births or 1, may_leave + settings.size - len(state.living)), 1)

    def gains(self) -> list[OperatorGain]:
        """What the operators have brought so far."""
        return operator_gains(self._breeding.state)

    def state(self) -> dict[str, Any]:
        """All there is to store."""
        return self._breeding.state.to_json()

    def new_events(self) -> list[dict[str, Any]]:
        """What happened since it was begun or taken up."""
        return [event.to_json() for event in self._breeding.events[self._known :]]


class StudyBred:
    """Bred as in the study, over bits."""

    def __init__(self, state: study.StudyState, events: list[dict[str, Any]] | None = None) -> None:
        self._state = state
        self._events = events or []

    @property
    def living(self) -> Sequence[Individual]:
        """The population, in order."""
        return [self._state.born[id_] for id_ in self._state.living]

    @property
    def individuals(self) -> Mapping[int, Individual]:
        """Everybody ever born, by id."""
        return self._state.born

    @property
    def bits(self) -> Mapping[int, Bits]:
        """The bits of everybody ever born, by id."""
        return self._state.bits

    @property
    def reserve(self) -> Sequence[Genome]:
        """None: the study has no fresh blood."""
        return ()

    @property
    def predictions(self) -> Mapping[int, tuple[float, float]]:
        """None: the study has no taste."""
        return {}

    def tell(self, told: Told) -> None:
        """Take in what the crowd thinks."""
        self._take(*study.heard(self._state, told.ids, told.mean))

    @property
    def homes(self) -> Mapping[int, int]:
        """None: the study has one population."""
        return {}

    def tell_islands(self, islands: Sequence[Told]) -> None:
        """Nothing: the study has one population."""

    def offer(self, variants: Mapping[int, Sequence[Variant]]) -> None:
        """Nothing: bits hold no notes that a network wrote."""

    def wanted_of_network(self, births: int | None) -> list[Genome]:
        """None: the study has no taste that a network could tell something."""
        return []

    def ask(self, births: int | None = None, likelihood: Likelihood | None = None) -> None:
        """Breed the next generation, always a whole one."""
        self._take(*study.asked(self._state))

    def gains(self) -> list[OperatorGain]:
        """None: its operators have no shares."""
        return []

    def state(self) -> dict[str, Any]:
        """All there is to store."""
        return self._state.to_json()

    def new_events(self) -> list[dict[str, Any]]:
        """What happened since it was begun or taken up."""
        return self._events

    def _take(self, state: study.StudyState, event: dict[str, Any]) -> None:
        self._state = state
        self._events.append(event)


def begin(
    population: Population, genomes: Sequence[Genome], operators: Sequence[str], *, reserve: Sequence[Genome] = ()
) -> Bred:
    """A population of these genomes, on the bar grid."""
    settings, frame = BreedingSettings.from_json(population.settings), Frame.from_json(population.frame)
    breeding = Breeding.begin(settings, frame, genomes, seed=population.seed, operators=operators, reserve=reserve)
    return GridBred(breeding, is_new=True)


def begin_study(population: Population, *, rng: np.random.Generator) -> Bred:
    """A population of random bits."""
    settings, frame = BreedingSettings.from_json(population.settings), Frame.from_json(population.frame)
    bits = study.first_bits(frame, settings.size, rng)
    state, event = study.begun(settings, frame, bits, seed=population.seed, is_faithful=population.is_faithful)
    return StudyBred(state, [event])


def begin_like(population: Population, source: Bred, ids: Sequence[int], operators: Sequence[str]) -> Bred:
    """A population of these individuals of another, by their ids there, and of what it holds in reserve."""
    if isinstance(source, StudyBred):
        settings, frame = BreedingSettings.from_json(population.settings), Frame.from_json(population.frame)
        bits = [source.bits[id_] for id_ in ids]
        state, event = study.begun(settings, frame, bits, seed=population.seed, is_faithful=population.is_faithful)
        return StudyBred(state, [event])
    genomes = [source.individuals[id_].genome for id_ in ids]
    return begin(population, genomes, operators, reserve=source.reserve)


def take_up(content: Mapping[str, Any]) -> Bred:
    """Go on from what was stored."""
    if content.get("encoding") == study.ENCODING:
        return StudyBred(study.StudyState.from_json(content))
    return GridBred(Breeding.take_up(State.from_json(content)), is_new=False)


def replay(events: Sequence[Mapping[str, Any]]) -> Bred:
    """The population after these events, to the bit. Raises BreedingError where a birth comes out otherwise."""
    if events and events[0].get("encoding") == study.ENCODING:
        return StudyBred(study.replayed(events))
    return GridBred(Breeding.replay(event_from_json(event) for event in events), is_new=True)


def check_study_frame(frame: Frame, *, is_faithful: bool) -> None:
    """Raises Invalid where the study's bits cannot be heard in this frame."""
    try:
        bits = study.first_bits(frame, 1, np.random.default_rng(0))[0]
        lift(bits, frame, study.classic_settings(is_faithful))
    except ClassicError as error:
        raise Invalid(str(error)) from error
