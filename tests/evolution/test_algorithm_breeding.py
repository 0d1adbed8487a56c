"""Who breeds, who stays and who is born, generation by generation or a few at a time."""

from typing import Any

import numpy as np
import pytest

from evolution.algorithm import Breeding, BreedingError, BreedingSettings, Individual, Variant
from evolution.algorithm.crowding import told_apart
from evolution.algorithm.offspring import shares_of
from evolution.algorithm.standing import gains_of
from evolution.frame import Frame
from evolution.genes import Genome, pitches_of
from evolution.invention import random_genome
from evolution.operators.pitch import change_pitch
from evolution.operators.weights import Gain

FRAME = Frame(bars=2, notes_per_bar=4)
PLAIN: dict[str, Any] = {"fresh_blood": 0.0, "minimum_distance": 0.0, "taste": False}


def phrases(count: int, seed: int = 0) -> list[Genome]:
    rng = np.random.default_rng(seed)
    return [random_genome(FRAME, rng) for _ in range(count)]


def begun(count: int = 10, *, seed: int = 1, reserve: tuple[Genome, ...] = (), **changes: Any) -> Breeding:
    settings = BreedingSettings(**({"size": count} | PLAIN | changes))
    return Breeding.begin(settings, FRAME, phrases(count), seed=seed, reserve=reserve)


def tell_all(breeding: Breeding, mean: list[float] | None = None, error: float = 0.2) -> None:
    living = [one.id for one in breeding.population]
    breeding.tell(living, [float(id_) for id_ in living] if mean is None else mean, [error] * len(living))


def heights(individuals: tuple[Individual, ...]) -> list[float]:
    return [float(pitches_of(one.genome.notes, FRAME).mean()) for one in individuals]


def test_elites_keep_their_ids_and_their_fitness_and_are_not_asked_about_again() -> None:
    breeding = begun(elites=2)
    tell_all(breeding)
    following = breeding.ask()
    assert [one.id for one in following[:2]] == [9, 8]
    assert [one.id for one in following[2:]] == list(range(10, 18))
    unheard = [one.id for one in breeding.population if one.id not in breeding.state.fitness]
    assert unheard == list(range(10, 18))
    # Told of the newborn alone, the elites stand by what was said of them before.
    breeding.tell(unheard, [1.0] * 8, [0.2] * 8)
    assert [one.id for one in breeding.ask()[:2]] == [9, 8]


def test_only_those_the_crowd_has_heard_breed_or_live_on() -> None:
    breeding = begun(elites=3, parents=3)
    breeding.tell([4, 6], [1.0, 2.0], [0.1, 0.1])
    following = breeding.ask()
    assert [one.id for one in following[:2]] == [6, 4]
    assert len(following) == 10
    assert {parent for one in following[2:] for parent in one.parents} == {4, 6}


def test_what_is_told_again_replaces_what_was_told() -> None:
    breeding = begun(elites=1, parents=1)
    tell_all(breeding)
    breeding.tell([0], [99.0], [0.1])
    assert breeding.ask()[0].id == 0


def test_told_probabilities_decide_who_breeds() -> None:
    breeding = begun(40, selection="probability", parents=2, elites=1)
    probability = [0.0] * 38 + [1.0, 1.0]
    breeding.tell(range(40), np.arange(40.0)[::-1], np.full(40, 0.1), probability)
    assert {parent for one in breeding.ask()[1:] for parent in one.parents} == {38, 39}


def test_where_the_crowd_is_unsure_more_than_the_leading_few_breed() -> None:
    drawn = []
    for error in (0.01, 2.0):
        breeding = begun(40, selection="probability", parents=3, elites=0)
        tell_all(breeding, [id_ / 10 for id_ in range(40)], error)
        drawn.append({parent for one in breeding.ask() for parent in one.parents})
    assert drawn[0] == {37, 38, 39}
    assert len(drawn[1]) > 8


def test_nobody_is_born_twice() -> None:
    breeding = begun(6, parents=1, elites=1, mutations=0)
    for _ in range(8):
        tell_all(breeding)
        breeding.ask()
    everybody = breeding.state.individuals.values()
    assert len({one.genome for one in everybody}) == len(everybody) == 6 + 8 * 5


def test_steady_breeding_replaces_the_least_fit_of_those_heard() -> None:
    breeding = begun(6, method="steady", elites=2)
    breeding.tell([0, 1, 2, 3], [3.0, 1.0, 2.0, 4.0], [0.1] * 4)
    (newborn,) = breeding.ask()
    assert newborn.id == 6
    assert breeding.state.replaced == (1,)
    assert [one.id for one in breeding.ask(1)] == [7]
    assert breeding.state.replaced == (2,)
    assert {one.id for one in breeding.population} == {0, 3, 4, 5, 6, 7}
    with pytest.raises(BreedingError, match=r"^count: expected at most 0 .* got 1; tell more"):
        breeding.ask()  # two elites and four that nobody has heard


def test_a_steady_population_grows_until_it_is_full() -> None:
    breeding = Breeding.begin(BreedingSettings(size=5, method="steady", **PLAIN), FRAME, phrases(3), seed=0)
    breeding.tell([0], [3.0], [0.1])
    assert [one.id for one in breeding.ask(2)] == [3, 4]
    assert breeding.state.replaced == ()
    assert len(breeding.population) == 5


def test_gains_are_the_childs_fitness_over_its_parents_mean() -> None:
    breeding = begun(4, elites=0, parents=2, selection="paper")
    tell_all(breeding, [1.0, 2.0, 3.0, 4.0], 0.2)
    children = breeding.ask()
    both = next(one for one in children if len(one.parents) == 2)
    breeding.tell([both.id], [5.0], [0.3])
    (gain,) = gains_of(breeding.state)
    assert gain.operator == both.operator
    assert gain.gain == pytest.approx(5.0 - 3.5)
    assert gain.variance == pytest.approx(0.3**2 + 0.2**2 / 2)


def test_shares_follow_gains_only_where_settings_say_so() -> None:
    gains = [Gain("mix bars+invert", 1.5, 0.1)] * 20 + [Gain("cut at bar", -0.5, 0.1)] * 20
    fixed = shares_of(BreedingSettings(crossover="adaptive", adaptive=False), gains)
    bent = shares_of(BreedingSettings(crossover="adaptive", adaptive=True), gains)
    control = shares_of(BreedingSettings(crossover="adaptive", adaptive=True, selecting=False), gains)
    assert control == fixed
    assert bent.mutations["invert"] > 1.5 * fixed.mutations["invert"] / sum(fixed.mutations.values())
    assert bent.crossovers["mix bars"] > bent.crossovers["cut at bar"]
    assert shares_of(BreedingSettings(crossover="mix bars", adaptive=False), gains).crossovers == {"mix bars": 1.0}


def test_fresh_blood_comes_from_the_reserve_and_is_then_invented() -> None:
    reserve = tuple(phrases(3, seed=7))
    breeding = begun(11, elites=1, fresh_blood=0.2, reserve=reserve)
    origins = []
    for _ in range(2):
        tell_all(breeding)
        newborn = [one for one in breeding.ask() if not one.parents and one.generation > 0]
        origins.append([one.operator for one in newborn if one.generation == breeding.state.generation])
    assert sorted(origins[0] + origins[1]) == ["random", "sample", "sample", "sample"]
    born = {one.genome for one in breeding.state.individuals.values()}
    assert set(reserve) <= born
    assert breeding.state.reserve == ()


def test_crowding_keeps_near_twins_apart() -> None:
    # Ten generations from two parents each: without crowding all end as near twins.
    nearest = []
    for minimum_distance in (0.0, 0.07):
        breeding = begun(10, elites=1, parents=2, selection="paper", minimum_distance=minimum_distance)
        for _ in range(10):
            tell_all(breeding)
            breeding.ask()
        apart = told_apart([one.genome for one in breeding.population], FRAME) + np.eye(10)
        nearest.append(apart.min(axis=1))
    assert np.median(nearest[0]) < 0.07
    assert np.mean(nearest[1] >= 0.07) >= 0.8


def test_a_rewritten_bar_goes_into_children_of_its_owner() -> None:
    breeding = begun(20, elites=1, parents=1, mutations=3, mutation_probability=1.0, selection="paper", adaptive=False)
    written = breeding.population[19].genome
    for _ in range(3):
        written = change_pitch(written, FRAME, np.random.default_rng(5))
    breeding.offer({19: [Variant(1, written)], 3: [Variant(0, written)]})
    tell_all(breeding)
    following = breeding.ask()
    rewritten = [one for one in following if "rewrite bar" in one.operator]
    assert rewritten
    assert all(one.parents == (19,) for one in rewritten)
    assert set(breeding.state.variants) == {19}, "those of the dead are gone"
    with pytest.raises(BreedingError, match=r"^ids: expected those of this population, got \[3\]"):
        breeding.offer({3: [Variant(0, written)]})
    with pytest.raises(BreedingError, match=r"^bar: expected whole numbers from 0 to 1, got \[2\]"):
        breeding.offer({19: [Variant(2, written)]})


def test_the_control_line_needs_no_crowd_and_minds_none() -> None:
    breeding = begun(30, selecting=False, elites=5)
    first = breeding.ask()
    assert [one.id for one in first] == list(range(30, 60))
    assert len({parent for one in first for parent in one.parents}) > 15
    tell_all(breeding, [0.0] * 29 + [5.0], 0.01)
    second = breeding.ask()
    counts = [one.parents.count(59) for one in second]
    assert sum(counts) <= 8


def test_selecting_climbs_and_the_control_line_drifts() -> None:
    climbs = []
    for selecting in (True, False):
        breeding = begun(16, selecting=selecting, parents=4, elites=2)
        for _ in range(10):
            tell_all(breeding, heights(breeding.population), 0.5)
            breeding.ask()
        start = np.mean([pitches_of(one.notes, FRAME).mean() for one in phrases(16)])
        climbs.append(float(np.mean(heights(breeding.population)) - start))
    assert climbs[0] > 5
    assert abs(climbs[1]) < 4


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (([0, 99], [1.0, 1.0], [1.0, 1.0]), r"^ids: expected those of this population, got \[99\]"),
        (([0, 0], [1.0, 1.0], [1.0, 1.0]), r"^ids: expected each individual once"),
        (([0], [float("nan")], [1.0]), r"^mean: expected 1 finite"),
        (([0], [1.0, 2.0], [1.0]), r"^mean: expected 1 finite"),
        (([0], [1.0], [-0.1]), r"^standard_error: expected none below 0"),
        (([0], [1.0], [0.1], [1.1]), r"^p_parent: expected probabilities"),
        (([0], [[1.0]], [0.1]), r"^mean: expected one row"),
        (([0], ["good"], [0.1]), r"^mean: expected numbers"),
    ],
)
def test_nonsense_is_not_taken_in(told: tuple[Any, ...], reason: str) -> None:
    breeding = begun()
    before = breeding.state
    with pytest.raises(BreedingError, match=reason):
        breeding.tell(*told)
    assert breeding.state is before
    assert len(breeding.events) == 1


def test_asking_with_nothing_told_or_for_a_wrong_number_is_refused() -> None:
    with pytest.raises(BreedingError, match="call tell"):
        begun().ask()
    breeding = begun()
    tell_all(breeding)
    with pytest.raises(BreedingError, match=r"^count: expected none or 10"):
        breeding.ask(3)
    steady = begun(method="steady")
    tell_all(steady)
    with pytest.raises(BreedingError, match=r"^count: expected a whole number from 1 to 10, got 0"):
        steady.ask(0)


def test_no_population_begins_from_nothing() -> None:
    with pytest.raises(BreedingError, match=r"^genomes: expected at least one"):
        Breeding.begin(BreedingSettings(), FRAME, [], seed=0)
    with pytest.raises(BreedingError, match=r"^seed: expected a whole number"):
        Breeding.begin(BreedingSettings(), FRAME, phrases(2), seed=-1)
    with pytest.raises(BreedingError, match=r"^operators: expected 2"):
        Breeding.begin(BreedingSettings(), FRAME, phrases(2), seed=0, operators=["sample"])
