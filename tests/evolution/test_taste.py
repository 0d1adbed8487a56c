"""The taste on phrases whose appeal is known: what it learns, how sure it is, and what it does to the order."""

import numpy as np
import pytest

from evolution.algorithm import Breeding, BreedingSettings, Candidates, Experience
from evolution.algorithm.events import Asked
from evolution.algorithm.screening import by_taste, ordered
from evolution.features import NAMES, features
from evolution.fitness import Ratings, estimate
from evolution.frame import Frame
from evolution.invention import random_genome
from evolution.taste import Belief, Taste, TasteError, calibration, described, prior_of

FRAME = Frame()
GENOMES = [random_genome(FRAME, np.random.default_rng(seed)) for seed in range(260)]
TABLE = features(GENOMES, FRAME)
ERROR = 0.4


def appeal() -> np.ndarray:
    """A liking for small steps and for few notes off the beat, with standard deviation 1."""
    steps, off = (TABLE[:, NAMES.index(name)] for name in ("step size", "off the beat"))
    likes: np.ndarray = -((steps - steps.mean()) / steps.std() + (off - off.mean()) / off.std()) / np.sqrt(2) + 2.5
    return likes


def noisy(seed: int, error: float = ERROR) -> np.ndarray:
    return appeal() + error * np.random.default_rng(seed).normal(size=len(GENOMES))


def learned(heard: int, seed: int) -> Taste:
    return Taste.fit(TABLE[:heard], noisy(seed)[:heard], np.full(heard, ERROR))


def test_taste_foretells_unheard_phrases_better_than_the_mean_does() -> None:
    for seed in range(3):
        off = learned(120, seed).predict(TABLE[160:]).mean - appeal()[160:]
        by_mean = noisy(seed)[:120].mean() - appeal()[160:]
        assert np.mean(off**2) < 0.7 * np.mean(by_mean**2)


def test_more_heard_makes_a_better_taste() -> None:
    errors = [
        np.mean([np.mean((learned(heard, seed).predict(TABLE[160:]).mean - appeal()[160:]) ** 2) for seed in range(4)])
        for heard in (10, 40, 160)
    ]
    assert errors[0] > errors[1] > errors[2]


def test_intervals_hold_what_phrases_are_given() -> None:
    covered = [
        calibration(learned(120, seed).predict(TABLE[160:]), noisy(seed)[160:], np.full(100, ERROR)).coverage
        for seed in range(5)
    ]
    assert 0.90 <= np.mean(covered) <= 0.985


def test_calibration_tells_a_good_taste_from_a_false_one() -> None:
    given, error = noisy(0)[160:], np.full(100, ERROR)
    belief = learned(120, 0).predict(TABLE[160:])
    good = calibration(belief, given, error)
    assert good.correlation > 0.5
    assert 0.6 < good.slope < 1.6
    false = calibration(Belief(given[::-1].copy(), np.full(100, 0.05)), given, np.zeros(100))
    assert abs(false.correlation) < 0.35
    assert false.coverage < 0.5


def test_taste_shrinks_to_silence_where_features_tell_nothing() -> None:
    rng = np.random.default_rng(5)
    belief = Taste.fit(TABLE[:150], 2.5 + 0.6 * rng.normal(size=150), np.full(150, 0.6)).predict(TABLE[160:])
    assert belief.mean.std() < 0.15


def test_likelihood_is_one_more_thing_to_learn_from() -> None:
    likelihood = np.random.default_rng(3).normal(size=len(GENOMES))
    table = described(GENOMES, FRAME, likelihood)
    assert table.shape[1] == len(NAMES) + 1
    belief = Taste.fit(table[:120], 2.5 + likelihood[:120], np.full(120, 0.3)).predict(table[160:])
    assert np.corrcoef(belief.mean, likelihood[160:])[0, 1] > 0.7


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(TasteError, match="fitness: expected"):
        Taste.fit(TABLE[:3], np.zeros(2), np.zeros(3))


def experience(heard: int) -> Experience:
    return Experience(
        GENOMES[:heard], noisy(1)[:heard], np.full(heard, ERROR), np.full(heard, np.nan), np.zeros(heard, np.int64)
    )


def screened(heard: int = 60, exploratory: int = 2) -> list[int] | None:
    candidates = Candidates(GENOMES[160:], np.full(100, 2.5), np.full(100, np.nan))
    order = by_taste(
        experience(heard), candidates, frame=FRAME, places=12, exploratory=exploratory, rng=np.random.default_rng(7)
    )
    return None if order is None else list(order)


def test_those_shown_first_are_truly_better_than_the_rest() -> None:
    order = screened()
    assert order is not None
    true = appeal()[160:]
    assert true[order[:12]].mean() > true.mean() + 0.4


def test_every_candidate_stands_once_and_the_same_seed_gives_the_same_order() -> None:
    order = screened()
    assert order is not None
    assert sorted(order) == list(range(100))
    assert order == screened()


def test_exploratory_places_go_to_promising_phrases_the_taste_knows_least() -> None:
    belief = Belief(np.linspace(1, 0, 20), np.where(np.arange(20) == 15, 2.0, 0.1))
    rng = np.random.default_rng(0)
    assert 15 in ordered(belief, 4, 1, rng)[:4]
    assert ordered(belief, 4, 0, rng)[:4] == [0, 1, 2, 3]


def test_there_is_no_taste_before_anything_was_heard() -> None:
    assert screened(heard=3) is None


@pytest.mark.parametrize("taste", [True, False])
def test_taste_works_by_default_and_is_off_by_a_switch(taste: bool) -> None:
    breeding = Breeding.begin(BreedingSettings(taste=taste, surplus=4), FRAME, GENOMES[:10], seed=1)
    breeding.tell(range(10), noisy(1)[:10], np.full(10, ERROR))
    breeding.ask()
    event = breeding.events[-1]
    assert isinstance(event, Asked)
    assert (event.order is not None) is taste
    assert Breeding.replay(breeding.events).state == breeding.state


def test_prior_lies_between_parents_and_taste_and_is_no_surer_than_the_parents() -> None:
    belief = Belief(np.array([3.0, 3.0, 3.0]), np.array([0.4, 2.0, 0.5]))
    mean, variance = prior_of(belief, np.array([2.0, 2.0, np.nan]), np.array([0.1, 0.1, 0.0]))
    assert 2.0 < mean[1] < mean[0] < 3.0
    assert mean[2] == 3.0
    assert variance[:2].tolist() == [0.1, 0.1]
    assert variance[2] == pytest.approx(0.25)


def test_a_false_prior_moves_who_was_heard_often_by_less_than_a_quarter_point() -> None:
    rng = np.random.default_rng(2)
    listener, individual = (axis.ravel() for axis in np.meshgrid(np.arange(20), np.arange(8), indexing="ij"))
    value = np.clip(np.round(2.5 + 0.2 * individual - 0.7 + rng.normal(size=160)), 0, 5)
    ratings = Ratings(listener, individual, value)
    plain, prior = np.full(8, 2.5), np.full(8, 2.5)
    prior[0] += 2.0
    fits = [estimate(ratings, n_listeners=20, n_individuals=8, prior=one) for one in (plain, prior)]
    assert abs(fits[1].mean[0] - fits[0].mean[0]) < 0.25
