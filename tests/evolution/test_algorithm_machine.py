"""A population told, asked, offered and undone in any order: what must hold after every step."""

import json

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from evolution.algorithm import (
    Asked,
    Breeding,
    BreedingError,
    BreedingSettings,
    Candidates,
    Experience,
    Individual,
    State,
    Told,
    Variant,
    event_from_json,
)
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.invention import random_genome
from evolution.operators.mutation import mutate

FRAME = Frame(bars=2, notes_per_bar=3)
SPARE = [random_genome(FRAME, np.random.default_rng(seed)) for seed in range(12)]


def as_stored(breeding: Breeding) -> Breeding:
    """The same population replayed from its log, which went through JSON."""
    return Breeding.replay([event_from_json(json.loads(json.dumps(event.to_json()))) for event in breeding.events])


def notes_count(genomes: list[Genome]) -> list[float]:
    """A network's likelihood, for want of a network."""
    return [float(len(genome.notes)) for genome in genomes]


def shortest_first(experience: Experience, candidates: Candidates, /, **_asked: object) -> list[int] | None:
    """A taste for few notes, once four phrases are heard."""
    if len(experience.genomes) < 4:
        return None
    return [int(index) for index in np.argsort([len(one.notes) for one in candidates.genomes], kind="stable")]


class Population(RuleBasedStateMachine):
    """Drives a population at random and keeps in mind what it must not forget."""

    def __init__(self) -> None:
        super().__init__()
        self.born: dict[int, Individual] = {}
        self.befores: list[State] = []

    @initialize(
        method=st.sampled_from(["generational", "steady"]),
        selection=st.sampled_from(["probability", "paper", "tournament"]),
        size=st.integers(2, 6),
        given=st.integers(1, 6),
        fresh_blood=st.sampled_from([0.0, 0.3]),
        selecting=st.sampled_from([True, True, False]),
        islands=st.integers(1, 3),
    )
    def begin(
        self, method: str, selection: str, size: int, given: int, fresh_blood: float, selecting: bool, islands: int
    ) -> None:
        settings_ = BreedingSettings(
            size=size, parents=min(2, size), elites=1, method=method, selection=selection, fresh_blood=fresh_blood,
            selecting=selecting, surplus=2, minimum_distance=0.05, crossover="adaptive", taste_likelihood=True,
            islands=min(islands, max(size // 2, 1)), migration=0.3,
        )  # fmt: skip
        given = min(given, size) if method == "steady" else given
        self.breeding = Breeding.begin(settings_, FRAME, SPARE[:given], seed=given, reserve=SPARE[8:])
        self.born = {one.id: one for one in self.breeding.population}

    @rule(data=st.data())
    def tell(self, data: st.DataObject) -> None:
        known = sorted(self.breeding.state.individuals)
        ids = data.draw(st.lists(st.sampled_from(known), unique=True, max_size=8))
        rating = st.floats(-1, 6, allow_nan=False)
        mean = data.draw(st.lists(rating, min_size=len(ids), max_size=len(ids)))
        counted = data.draw(st.sampled_from([None, [0.5] * len(ids)]))
        self.befores.append(self.breeding.state)
        self.breeding.tell(ids, mean, [0.4] * len(ids), counted)

    @rule(data=st.data())
    def part(self, data: st.DataObject) -> None:
        state = self.breeding.state
        known, told = sorted(state.individuals), []
        for _ in range(data.draw(st.integers(1, state.settings.islands))):
            ids = data.draw(st.lists(st.sampled_from(known), unique=True, max_size=8))
            rating = st.floats(-1, 6, allow_nan=False)
            mean = data.draw(st.lists(rating, min_size=len(ids), max_size=len(ids)))
            told.append(Told.of(ids, mean, [0.4] * len(ids)))
        self.befores.append(state)
        self.breeding.tell_islands(told)
        after = self.breeding.state
        assert len(after.islands) == (len(told) if len(told) > 1 else 0)
        assert after.living == state.living

    @rule(data=st.data())
    def offer(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.breeding.population))
        rewritten = mutate(one.genome, FRAME, np.random.default_rng(one.id))
        self.befores.append(self.breeding.state)
        self.breeding.offer({one.id: [Variant(0, rewritten)]})

    @rule(likelihood=st.sampled_from([None, notes_count]), screen=st.sampled_from([None, shortest_first]))
    def ask(self, likelihood: object, screen: object) -> None:
        before = self.breeding.state
        try:
            returned = self.breeding.ask(likelihood=likelihood, screen=screen)  # type: ignore[arg-type]
        except BreedingError:
            assert self.breeding.state is before
            return
        self.befores.append(before)
        self._expect_births(before, returned)

    def _expect_births(self, before: State, returned: list[Individual]) -> None:
        after = self.breeding.state
        newborn = [one for one in returned if one.id not in before.individuals]
        assert newborn
        assert not {one.id for one in newborn} & set(self.born), "an id was used twice"
        assert not {one.genome for one in newborn} & {one.genome for one in before.individuals.values()}
        self.born |= {one.id: one for one in newborn}
        stayed = [one for one in after.population if one.id in before.living]
        assert [one.genome for one in stayed] == [before.individuals[one.id].genome for one in stayed]
        assert set(before.living) - {one.id for one in stayed} == set(after.replaced)
        if after.settings.method == "generational":
            assert len(after.living) == after.settings.size
            assert returned == list(after.population)
            assert len(stayed) <= max(len(after.islands), 1) if after.settings.selecting else not stayed
            assert after.islands or len(stayed) == int(after.settings.selecting)
        else:
            assert len(after.living) == min(after.settings.size, len(before.living) + 1)

    @precondition(lambda self: self.befores)
    @rule()
    def undo(self) -> None:
        before, latest = self.befores.pop(), self.breeding.state
        self.breeding.undo()
        assert self.breeding.state == before.with_counters_of(latest)

    @invariant()
    def lineage_is_whole(self) -> None:
        state = self.breeding.state
        assert len(set(state.living)) == len(state.living)
        for one in state.individuals.values():
            assert all(parent in state.individuals and parent < one.id for parent in one.parents)
            assert self.born[one.id].genome == one.genome

    @invariant()
    def everybody_lives_where_somebody_listens(self) -> None:
        state = self.breeding.state
        assert set(state.home) <= set(state.living)
        assert all(0 <= island < len(state.islands) for island in state.home.values())
        heard_on = [state.on_island(island) for island in range(len(state.islands))]
        assert not state.islands or set().union(*heard_on) == set(state.living)

    def teardown(self) -> None:
        if not hasattr(self, "breeding"):
            return
        again = as_stored(self.breeding)
        assert again.state.to_json() == self.breeding.state.to_json()
        assert again.events == self.breeding.events
        stored = State.from_json(json.loads(json.dumps(self.breeding.state.to_json())))
        assert stored == self.breeding.state
        self._expect_the_same_next([self.breeding, again, Breeding.take_up(stored)])

    def _expect_the_same_next(self, several: list[Breeding]) -> None:
        try:
            first, *others = [one.ask(screen=None) for one in several]
        except BreedingError:
            return
        assert all(other == first for other in others)
        assert len({event.digest for one in several if isinstance(event := one.events[-1], Asked)}) == 1


TestPopulation = Population.TestCase
TestPopulation.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
