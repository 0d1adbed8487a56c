"""What the fitness model is told beside the ratings: parents, the taste as a prior, and who shares a mean."""

import numpy as np
import pytest

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.judging.fitness import CrowdEstimator
from antiphon.listening.judging.gathering import gather
from antiphon.populations import breeding
from antiphon.populations.models import Individual
from evolution.taste import Belief, prior_of
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db


def rate_by(world: World, individuals: list[Individual], values: list[int], *, n_listeners: int) -> None:
    """So many new listeners give these values to these individuals."""
    for _ in range(n_listeners):
        rate(world, Listener.objects.create(name="Listener"), individuals, values)


def bred_world(**settings: object) -> World:
    """A world in its second generation, the first of which was rated: the earlier the better."""
    world = make_world(size=8)
    world.population.settings |= settings
    world.population.save()
    first = new_in(world.newest)
    rate_by(world, first, [max(0, 5 - one.index) for one in first], n_listeners=3)
    services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=0)
    breeding.breed(generation_id=world.newest.pk)
    return world


def test_what_the_taste_expected_is_a_prior_only_where_the_settings_say_so() -> None:
    for is_on in (False, True):
        world = bred_world(taste_prior=is_on)
        individual = new_in(world.newest)[0]
        Individual.objects.filter(pk=individual.pk).update(predicted=5.0, predicted_error=0.3)
        said = gather(world.newest)
        place = said.place[individual.pk]
        parents = [one.fitness or 0.0 for one in individual.parents.all()]
        error = [one.standard_error or 0.0 for one in individual.parents.all()]
        mean, variance = np.array([np.mean(parents)]), np.array([np.sum(np.square(error)) / len(error) ** 2])
        if is_on:
            mean, variance = prior_of(Belief(np.array([5.0]), np.array([0.3])), mean, variance)
        assert said.prior[place] == pytest.approx(mean[0])
        assert said.prior_variance[place] == pytest.approx(variance[0])
        of_first = [said.place[one.pk] for one in world.population.generations.get(number=0).individuals.all()]
        assert np.isnan(said.prior[of_first]).all()


def fitness_of(world: World, individual: Individual) -> float:
    return CrowdEstimator().live(world.newest).fitness[individual.pk].mean


def test_a_prior_moves_what_few_have_rated_and_hardly_what_many_have() -> None:
    moved = {}
    for n_listeners in (1, 20):
        world = bred_world(taste_prior=True)
        newborn = new_in(world.newest)
        rate_by(world, newborn, [2, 4, 1, 3, 2, 5][: len(newborn)], n_listeners=n_listeners)
        found = []
        for predicted in (0.5, 4.5):
            Individual.objects.filter(pk=newborn[0].pk).update(predicted=predicted, predicted_error=0.2)
            found.append(fitness_of(world, newborn[0]))
        moved[n_listeners] = found[1] - found[0]
    assert moved[1] > 0.5
    assert 0 <= moved[20] < moved[1] / 3


def test_newborns_of_steady_rounds_share_a_mean_with_as_many_others_as_a_generation_has() -> None:
    world = make_world(size=8)
    world.population.settings["method"], world.population.births = "steady", 3
    world.population.save()
    world.population.breeding.content["settings"]["method"] = "steady"
    world.population.breeding.save()
    for number in range(4):
        newborn = new_in(world.newest)
        rate_by(world, newborn, [one.index % 6 for one in newborn], n_listeners=2)
        services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=number)
        breeding.breed(generation_id=world.newest.pk)
    said = gather(world.newest)
    assert said.born_in.tolist() == [0] * 8 + [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert said.generation_of.tolist() == [0] * 8 + [1] * 8 + [2] * 4
    living = world.newest.individuals.order_by("index")
    assert len({said.place[one.pk] for one in living}) == 8
    assert {said.place[one.pk] for one in living if one.first_id} == {
        said.place[one.first_id] for one in living if one.first_id
    }
