"""The log of a population, its replay, and what comes from outside: a network's likelihood and a taste."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evolution.algorithm import (
    Asked,
    Begun,
    Breeding,
    BreedingError,
    BreedingSettings,
    Candidates,
    Event,
    Experience,
    State,
    event_from_json,
)
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.invention import random_genome

FRAME = Frame(bars=2, notes_per_bar=4)


class Few:
    """A taste for few notes that remembers what it was asked."""

    def __init__(self) -> None:
        self.experience: Experience | None = None
        self.candidates: Candidates | None = None
        self.asked: dict[str, Any] = {}

    def __call__(self, experience: Experience, candidates: Candidates, /, **asked: Any) -> Sequence[int]:
        self.experience, self.candidates, self.asked = experience, candidates, asked
        lengths = [len(one.notes) for one in candidates.genomes]
        return sorted(range(len(lengths)), key=lengths.__getitem__)


def begun(seed: int = 1, **changes: Any) -> Breeding:
    rng = np.random.default_rng(0)
    settings = BreedingSettings(**({"size": 8, "minimum_distance": 0.0, "fresh_blood": 0.0, "taste": False} | changes))
    return Breeding.begin(settings, FRAME, [random_genome(FRAME, rng) for _ in range(8)], seed=seed)


def tell_all(breeding: Breeding) -> None:
    living = [one.id for one in breeding.population]
    breeding.tell(living, [float(id_ % 5) for id_ in living], [0.3] * len(living))


def through_json(events: Sequence[Event]) -> list[Event]:
    return [event_from_json(json.loads(json.dumps(event.to_json()))) for event in events]


def test_a_run_with_a_network_and_a_taste_replays_without_either() -> None:
    calls: list[int] = []

    def likelihood(genomes: Sequence[Genome]) -> list[float]:
        calls.append(len(genomes))
        return [-1 / (1 + len(genome.notes)) for genome in genomes]

    breeding = begun(taste=True, taste_likelihood=True, surplus=3, elites=2)
    for _ in range(3):
        tell_all(breeding)
        breeding.ask(likelihood=likelihood, screen=Few())
    # Each ask: eighteen candidates, and those heard that the network has not seen: eight at first, then none.
    assert calls == [8 + 18, 18, 18]
    assert all(one.likelihood is not None for one in breeding.state.individuals.values())
    again = Breeding.replay(through_json(breeding.events))
    assert again.state == breeding.state
    assert again.events == breeding.events
    assert calls == [8 + 18, 18, 18]


def test_a_run_with_the_taste_that_comes_with_it_replays_to_the_bit() -> None:
    breeding = begun(taste=True, surplus=4, size=6)
    for _ in range(2):
        tell_all(breeding)
        breeding.ask()
    orders = [event.order for event in breeding.events if isinstance(event, Asked)]
    assert all(order is not None and sorted(order) == list(range(4 * 4)) for order in orders)
    assert Breeding.replay(through_json(breeding.events)).state == breeding.state


def test_a_taste_sees_a_surplus_and_all_that_was_heard_and_decides_who_is_born() -> None:
    means = []
    for screen in (None, Few()):
        breeding = begun(taste=True, surplus=6, elites=2, exploratory=2)
        for _ in range(2):
            tell_all(breeding)
            following = breeding.ask(screen=screen)
        means.append(np.mean([len(one.genome.notes) for one in following[2:]]))
    assert means[1] < means[0]
    assert isinstance(screen, Few)
    assert screen.experience is not None
    assert screen.candidates is not None
    assert len(screen.candidates.genomes) == 6 * 6
    assert np.isfinite(screen.candidates.parents_mean).all()
    assert len(screen.experience.genomes) == len(breeding.state.fitness) > 8
    assert screen.experience.generation.tolist().count(0) == 8
    assert (screen.asked["places"], screen.asked["exploratory"], screen.asked["frame"]) == (6, 2, FRAME)


@pytest.mark.parametrize("changes", [{"taste": False}, {"taste": True, "selecting": False}])
def test_a_taste_that_is_switched_off_is_not_asked(changes: dict[str, bool]) -> None:
    screen, breeding = Few(), begun(surplus=6, **changes)
    tell_all(breeding)
    breeding.ask(screen=screen)
    assert screen.experience is None
    assert isinstance(event := breeding.events[-1], Asked)
    assert not event.is_screened


def test_answers_from_outside_that_cannot_be_used_are_refused() -> None:
    breeding = begun(taste=True, taste_likelihood=True, surplus=2)
    tell_all(breeding)
    before = breeding.state
    with pytest.raises(BreedingError, match=r"^likelihood: expected 14 finite"):
        breeding.ask(likelihood=lambda genomes: [0.0], screen=None)
    with pytest.raises(BreedingError, match=r"^order: expected each of 12 candidates once"):
        breeding.ask(screen=lambda *_, **__: [0, 0, 1])
    assert breeding.state is before


def test_a_network_is_asked_only_where_the_settings_want_it() -> None:
    breeding = begun(taste=True, surplus=2)
    tell_all(breeding)
    breeding.ask(likelihood=lambda _genomes: pytest.fail("was asked"))
    assert isinstance(event := breeding.events[-1], Asked)
    assert event.likelihood is None


def test_undo_takes_back_event_after_event_but_no_id_returns() -> None:
    breeding = begun(elites=1)
    states = [breeding.state]
    tell_all(breeding)
    states.append(breeding.state)
    born = [one.id for one in breeding.ask()]
    assert [breeding.undo().kind, breeding.undo().kind] == ["asked", "heard"]
    assert breeding.state == states[0].with_counters_of(replace(breeding.state, clock=breeding.state.clock - 1))
    tell_all(breeding)
    others = breeding.ask()
    assert not set(born[1:]) & {one.id for one in others[1:]}
    assert others[0].id == born[0]
    assert [event.kind for event in breeding.events] == [
        "begun", "heard", "asked", "undone", "undone", "heard", "asked",
    ]  # fmt: skip
    again = Breeding.replay(through_json(breeding.events))
    assert again.state == breeding.state
    assert again.undo().kind == "asked"


def test_the_beginning_cannot_be_undone() -> None:
    with pytest.raises(BreedingError, match=r"^undo: expected an event to take back"):
        begun().undo()


def test_a_stored_state_goes_on_as_if_it_had_never_been_stored() -> None:
    breeding = begun(crossover="adaptive", minimum_distance=0.05)
    for _ in range(2):
        tell_all(breeding)
        breeding.ask()
    tell_all(breeding)
    stored = State.from_json(json.loads(json.dumps(breeding.state.to_json())))
    taken_up = Breeding.take_up(stored)
    assert taken_up.ask() == breeding.ask()
    assert Breeding.replay(through_json(taken_up.events)).state == breeding.state
    taken_up.undo()
    with pytest.raises(BreedingError, match=r"^undo"):
        taken_up.undo()


def test_another_seed_breeds_others_and_the_same_seed_the_same() -> None:
    following = []
    for seed in (1, 1, 2):
        breeding = begun(seed)
        tell_all(breeding)
        following.append(breeding.ask())
    assert following[0] == following[1] != following[2]


def test_a_replay_that_comes_out_otherwise_says_where() -> None:
    breeding = begun()
    tell_all(breeding)
    breeding.ask()
    first, heard, asked = breeding.events
    assert isinstance(first, Begun)
    assert isinstance(asked, Asked)
    with pytest.raises(BreedingError, match=r"^events: expected the births of event 2 to come out as recorded"):
        Breeding.replay([replace(first, seed=9), heard, asked])
    with pytest.raises(BreedingError, match=r"^events: expected one that begins a population first, got 'heard'"):
        Breeding.replay([heard, asked])
    with pytest.raises(BreedingError, match=r"^events: expected one that begins a population first, got nothing"):
        Breeding.replay([])
    with pytest.raises(BreedingError, match=r"got 'begun' as event 1"):
        Breeding.replay([first, first])


@pytest.mark.parametrize("data", [{}, {"version": 1, "event": "sung"}, {"version": 9, "event": "heard"}])
def test_unknown_events_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(BreedingError, match=r"^event: expected one of begun, taken up, heard"):
        event_from_json(data)


@pytest.mark.parametrize("kind", ["begun", "taken up", "heard", "parted", "offered", "asked"])
def test_an_event_without_its_fields_is_refused(kind: str) -> None:
    with pytest.raises(BreedingError, match=rf"^event: expected all fields of '{kind}'"):
        event_from_json({"version": 1, "event": kind, "state": None, "ids": None})


def test_a_state_of_another_version_is_refused() -> None:
    with pytest.raises(BreedingError, match=r"^state: expected all fields"):
        State.from_json({"version": 1})
    with pytest.raises(BreedingError, match=r"^version: expected a state of version 1, got 2"):
        State.from_json(begun().state.to_json() | {"version": 2})


def test_a_state_is_small_enough_to_store_after_each_event() -> None:
    breeding = begun()
    for _ in range(10):
        tell_all(breeding)
        breeding.ask()
    per_individual = len(json.dumps(breeding.state.to_json())) / len(breeding.state.individuals)
    assert per_individual < 400
