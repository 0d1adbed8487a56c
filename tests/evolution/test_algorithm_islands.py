"""A population that parts into islands: who breeds where, who hears whom, and how it comes together again."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from evolution.algorithm import (
    Breeding,
    BreedingError,
    BreedingSettings,
    Candidates,
    Experience,
    State,
    Told,
    event_from_json,
)
from evolution.frame import Frame
from evolution.invention import random_genome

FRAME = Frame(bars=2, notes_per_bar=4)


def begun(size: int = 12, **changes: Any) -> Breeding:
    rng = np.random.default_rng(0)
    settings = BreedingSettings(
        **({"size": size, "islands": 3, "taste": False, "parents": 4, "elites": 2, "migration": 0.0} | changes)
    )
    return Breeding.begin(settings, FRAME, [random_genome(FRAME, rng) for _ in range(size)], seed=3)


def part(breeding: Breeding, count: int = 2) -> None:
    """The first island likes the newest best, the second the oldest, a third those in between."""
    ids = [one.id for one in breeding.population]
    middle = float(np.mean(ids))
    likings = [[float(i) for i in ids], [-float(i) for i in ids], [-abs(i - middle) for i in ids]]
    breeding.tell(ids, [2.5] * len(ids), [0.5] * len(ids))
    breeding.tell_islands([Told.of(ids, liking, [0.05] * len(ids)) for liking in likings[:count]])


def test_each_island_breeds_from_those_that_its_listeners_like() -> None:
    breeding = begun()
    part(breeding)
    born = breeding.ask()
    state = breeding.state
    assert [one.id for one in born[:2]] == [11, 0], "an elite of each"
    assert [len(state.on_island(island)) for island in range(2)] == [6, 6]
    for island, liked in enumerate(({10, 11}, {0, 1})):
        newborn = [state.individuals[id_] for id_ in state.on_island(island) if id_ > 11]
        assert {parent for one in newborn for parent in one.parents} == liked


def test_places_parents_and_elites_are_shared_out_among_the_islands() -> None:
    settings = BreedingSettings(size=11, parents=5, elites=4, exploratory=1, islands=3)
    parts = [settings.on_island(island, 3) for island in range(3)]
    assert [one.size for one in parts] == [4, 4, 3]
    assert [(one.parents, one.elites, one.islands) for one in parts] == [(2, 1, 1)] * 3
    assert [one.exploratory for one in parts] == [1, 0, 0]
    assert settings.on_island(0, 1) is settings


def test_migration_brings_parents_from_other_islands() -> None:
    breeding = begun(40, migration=0.5)
    part(breeding)
    breeding.ask()
    part(breeding)
    before = breeding.state
    born = [one for one in breeding.ask() if one.id not in before.individuals]
    mixed = [one for one in born if len({before.home[parent] for parent in one.parents}) == 2]
    assert 0.15 < len(mixed) / len(born) < 0.6
    for one in mixed:
        assert before.home[one.parents[0]] == breeding.state.home[one.id], "the first parent is of the place"


def test_nobody_is_an_elite_of_two_islands() -> None:
    breeding = begun(elites=6)
    ids = [one.id for one in breeding.population]
    alike = Told.of(ids, [float(id_) for id_ in ids], [0.1] * len(ids))
    breeding.tell(ids, alike.mean, alike.standard_error)
    breeding.tell_islands([alike, alike])
    living = [one.id for one in breeding.ask()]
    assert len(set(living)) == len(living) == 12
    assert set(range(6, 12)) == {id_ for id_ in living if id_ < 12}


def test_a_third_island_breeds_from_everybody_and_one_island_is_the_whole_crowd_again() -> None:
    breeding = begun()
    part(breeding, 2)
    breeding.ask()
    part(breeding, 3)
    assert breeding.state.on_island(2) == ()
    breeding.ask()
    assert [len(breeding.state.on_island(island)) for island in range(3)] == [4, 4, 4]
    part(breeding, 1)
    assert breeding.state.islands == ()
    assert breeding.state.home == {}
    breeding.ask()
    assert len(breeding.population) == 12
    assert breeding.state.home == {}


def test_steady_breeding_fills_the_island_of_the_fewest_and_spares_whom_any_island_likes() -> None:
    breeding = begun(8, method="steady", elites=2)
    part(breeding)
    breeding.ask(2)
    assert sorted(breeding.state.home.values()) == [0, 1]
    assert not {0, 7} & set(breeding.state.replaced), "the best of either island"
    assert set(breeding.state.replaced) <= {3, 4}


def test_the_taste_of_an_island_learns_from_its_own_listeners() -> None:
    asked: list[tuple[list[float], int]] = []

    def screen(
        experience: Experience, candidates: Candidates, /, *, places: int, **_asked: Any
    ) -> Sequence[int] | None:
        asked.append((experience.mean.tolist(), len(candidates.genomes)))
        return list(range(len(candidates.genomes)))[::-1] if len(asked) % 2 else None

    breeding = begun(taste=True, surplus=3)
    part(breeding)
    breeding.ask(screen=screen)
    assert [mean[0] < mean[-1] for mean, _ in asked] == [True, False]
    assert [count for _, count in asked] == [5 * 3, 5 * 3]
    log = [event_from_json(json.loads(json.dumps(event.to_json()))) for event in breeding.events]
    again = Breeding.replay(log)
    assert again.state == breeding.state
    assert State.from_json(json.loads(json.dumps(again.state.to_json()))) == breeding.state


def test_islands_that_the_settings_do_not_allow_are_refused() -> None:
    breeding = begun()
    told = Told.of([0], [1.0], [1.0])
    with pytest.raises(BreedingError, match=r"^islands: expected 1 to 3, as the settings have it, got 4"):
        breeding.tell_islands([told] * 4)
    with pytest.raises(BreedingError, match=r"^islands: expected 1 to 3, as the settings have it, got 0"):
        breeding.tell_islands([])
    with pytest.raises(BreedingError, match=r"^ids: expected those of this population, got \[99\]"):
        breeding.tell_islands([told, Told.of([99], [1.0], [1.0])])
    with pytest.raises(BreedingError, match=r"^islands: expected 1 to 1"):
        begun(islands=1).tell_islands([told, told])


def test_a_state_of_before_there_were_islands_still_reads() -> None:
    data = begun().state.to_json()
    older = {name: value for name, value in data.items() if name not in ("islands", "home")}
    assert State.from_json(older) == begun().state
