"""How far many generations are, counted together."""

import pytest
from pytest_django import DjangoAssertNumQueries

from antiphon.accounts.models import Listener
from antiphon.listening.judging import certainty
from antiphon.listening.models import SetAside
from antiphon.listening.progress import progress_of, progress_of_populations, standing_of, standings_of
from antiphon.populations.models import Population
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

pytestmark = pytest.mark.django_db


def rate_all(world: World, *, n_listeners: int) -> None:
    for number in range(n_listeners):
        phrases = new_in(world.newest)
        rate(world, Listener.objects.create(name=f"Listener {number}"), phrases, [3] * len(phrases))


def rated_worlds() -> list[World]:
    """A room whose generation is complete, one with a few ratings, one with none."""
    worlds = [make_world(size=size) for size in (4, 5, 6)]
    rate_all(worlds[0], n_listeners=2)
    rate(worlds[1], Listener.objects.create(name="Ben"), new_in(worlds[1].newest)[:3], [1, 2, 3])
    return worlds


def test_each_generation_stands_as_it_does_by_itself(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    worlds = rated_worlds()
    newest = [world.newest.pk for world in worlds]
    with django_assert_num_queries(2):
        standings = standings_of(newest)
    assert standings == {pk: standing_of(generation_id=pk) for pk in newest}
    assert [standings[pk].progress.ratings for pk in newest] == [8, 3, 0]
    assert [standings[pk].progress.complete for pk in newest] == [4, 0, 0]
    assert [standings[pk].progress.size for pk in newest] == [4, 5, 6]
    assert [standings[pk].is_enough for pk in newest] == [True, False, False]
    found = progress_of_populations([world.population.pk for world in worlds])
    assert found == {world.population.pk: progress_of(world.newest) for world in worlds}


def test_who_is_set_aside_in_one_population_counts_in_another() -> None:
    worlds = [make_world(), make_world()]
    both = Listener.objects.create(name="Cem")
    for world in worlds:
        rate(world, both, new_in(world.newest), [3, 3, 3, 3])
    SetAside.objects.create(population=worlds[0].population, listener=both)
    standings = standings_of([world.newest.pk for world in worlds])
    assert [standings[world.newest.pk].progress.ratings for world in worlds] == [0, 4]


def test_a_generation_that_was_deleted_meanwhile_is_left_out() -> None:
    gone, kept = make_world(), make_world()
    newest = [gone.newest.pk, kept.newest.pk]
    Population.objects.get(pk=gone.population.pk).delete()
    assert list(standings_of(newest)) == [newest[1]]


def test_an_estimate_that_fails_is_the_matter_of_its_own_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    sure, plain = make_world(closing="certainty"), make_world()
    for world in (sure, plain):
        rate_all(world, n_listeners=2)
    late = Listener.objects.create(name="Dora")  # has not heard all there is, or no estimate would be wanted
    rate(sure, late, new_in(sure.newest)[:1], [3])

    def fails(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(certainty, "look", fails)
    standings = standings_of([sure.newest.pk, plain.newest.pk])
    assert standings[plain.newest.pk].is_enough
    assert not standings[sure.newest.pk].is_enough
    assert standings[sure.newest.pk].is_stale, "it is looked at again"
    with pytest.raises(ArithmeticError):
        standing_of(generation_id=sure.newest.pk, is_patient=False)
