"""Which living phrases descend from what a listener liked, and who liked their parents: generations, later lives."""

from typing import Any
from uuid import uuid4

import pytest

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.plays import Kind
from antiphon.listening.credit import credit_of, credited, parentage_of
from antiphon.listening.models import Rating
from antiphon.populations.ancestry import ancestry_of
from antiphon.populations.models import Individual, Lineage
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world
from tests.antiphon.populations.bred import breed_on

pytestmark = pytest.mark.django_db


def rated_once(world: World, listener: Listener, liked: Individual) -> None:
    """The listener rates everybody new in the newest generation: one of them 5, the others 1."""
    everybody = new_in(world.newest)
    rate(world, listener, everybody, [5 if one == liked else 1 for one in everybody])


def lines_up(individual: Individual) -> dict[int, float]:
    """By hand: what part of an individual's ancestry each of its ancestors of generation 0 has."""
    lines = list(Lineage.objects.filter(child=individual).select_related("parent"))
    if not lines:
        return {individual.pk: 1.0}
    found: dict[int, float] = {}
    for line in lines:
        for founder, part in lines_up(line.parent).items():
            found[founder] = found.get(founder, 0.0) + part / len(lines)
    return found


def test_credit_is_the_part_of_the_ancestry_that_goes_back_to_what_was_liked() -> None:
    world, ada = make_world(size=6), Listener.objects.create(name="Ada")
    founders = list(world.newest.individuals.values_list("pk", flat=True))
    breed_on(world.population, 3)
    # The founder from whom most descends, found by hand, so that there is something to be credited with.
    wholes: dict[int, float] = dict.fromkeys(founders, 0.0)
    by_hand = {one.index + 1: lines_up(one) for one in world.newest.individuals.all()}
    for parts in by_hand.values():
        for founder, part in parts.items():
            wholes[founder] += part
    favourite = max(wholes, key=lambda pk: wholes[pk])
    give(world, ada, Individual.objects.get(pk=favourite), 4)
    found = credit_of(listener_id=ada.pk, population_id=world.population.pk)
    assert found is not None
    assert (found.generation, found.size, found.liked) == (3, 6, 1)
    expected = {number: parts[favourite] for number, parts in by_hand.items() if parts.get(favourite, 0) > 0}
    assert {one.number: one.share for one in found.descendants} == pytest.approx(expected, abs=1e-4)
    assert found.share == pytest.approx(sum(expected.values()) / 6, abs=1e-4)


def test_one_that_lives_on_is_wholly_its_listeners_who_liked_it_before() -> None:
    world, ada = make_world(size=6), Listener.objects.create(name="Ada")
    breed_on(world.population, 2)
    elite = world.newest.individuals.exclude(first=None).select_related("first").order_by("index")[0]
    assert elite.first is not None
    give(world, ada, elite.first, 5)
    found = credit_of(listener_id=ada.pk, population_id=world.population.pk)
    assert found is not None
    assert {one.number: (one.share, one.lives_on) for one in found.descendants}[elite.index + 1] == (1.0, True)
    assert all(not one.lives_on for one in found.descendants if one.number != elite.index + 1)


def test_what_is_liked_in_the_newest_generation_has_no_descendants_yet() -> None:
    world, ada = make_world(), Listener.objects.create(name="Ada")
    everybody = new_in(world.newest)
    rate(world, ada, everybody, [5] * len(everybody))
    found = credit_of(listener_id=ada.pk, population_id=world.population.pk)
    assert found is not None
    assert (found.liked, found.share, found.descendants) == (0, 0.0, ())


def test_what_was_rated_below_three_was_not_liked_and_the_first_answer_is_the_one_that_counts() -> None:
    world, ada = make_world(size=6), Listener.objects.create(name="Ada")
    breed_on(world.population, 1)
    parent = Lineage.objects.filter(child__generation=world.newest)[0].parent
    give(world, ada, parent, 2)
    give(world, ada, parent, 5, occasion=2, kind=Kind.REPEAT)
    found = credit_of(listener_id=ada.pk, population_id=world.population.pk)
    assert found is not None
    assert (found.liked, found.descendants) == (0, ())
    (told,) = credited(listener_ids=[ada.pk], generation_id=world.newest.pk, gallery=None)
    assert (told.descendants, told.parents_liked, told.parents_liked_by) == (0, 0, 0)


def test_what_was_rated_three_was_liked() -> None:
    world, ada = make_world(size=6), Listener.objects.create(name="Ada")
    breed_on(world.population, 1)
    give(world, ada, Lineage.objects.filter(child__generation=world.newest)[0].parent, 3)
    found = credit_of(listener_id=ada.pk, population_id=world.population.pk)
    assert found is not None
    assert found.liked == 1
    assert found.descendants


def test_who_liked_one_of_the_parents_is_counted_once_and_who_liked_others_only_is_not() -> None:
    world = make_world(size=6)
    ada, bela, clara = (Listener.objects.create(name=name) for name in ("Ada", "Béla", "Clara"))
    breed_on(world.population, 1)
    parents, others = parents_and_others(world)
    for parent in parents:
        give(world, ada, parent, 5)
    give(world, bela, parents[0], 3)
    give(world, clara, parents[0], 2)
    for other in others:
        give(world, clara, other, 5)
    found = credited(listener_ids=[ada.pk, bela.pk, clara.pk], generation_id=world.newest.pk, gallery=None)
    assert [told.parents_liked for told in found] == [len(parents), 1, 0]
    assert {told.parents_liked_by for told in found} == {2}


def test_a_parent_that_lives_on_was_liked_in_its_first_life() -> None:
    world, ada = make_world(size=6), Listener.objects.create(name="Ada")
    breed_on(world.population, 3)
    parents, _ = parents_and_others(world)
    elite = next(parent for parent in parents if parent.first is not None)
    assert elite.first is not None
    give(world, ada, elite.first, 4)
    (found,) = credited(listener_ids=[ada.pk], generation_id=world.newest.pk, gallery=None)
    assert (found.parents_liked, found.parents_liked_by) == (1, 1)


def test_a_room_is_told_as_many_descendants_as_the_gallery_shows() -> None:
    world, listeners = make_world(size=6), [Listener.objects.create(name=name) for name in ("Ada", "Béla", "Clara")]
    for listener, liked in zip(listeners[:2], new_in(world.newest), strict=False):
        rated_once(world, listener, liked)
    breed_on(world.population, 3)
    told = credited(listener_ids=[one.pk for one in listeners], generation_id=world.newest.pk, gallery="/gallery/1/")
    known = [credit_of(listener_id=one.pk, population_id=world.population.pk) for one in listeners]
    assert [one.descendants for one in told] == [len(one.descendants) for one in known if one]
    assert told[2].descendants == 0
    assert {(one.generation, one.size, one.gallery) for one in told} == {(3, 6, "/gallery/1/")}


def test_nobody_is_credited_with_what_others_liked() -> None:
    world, ada, bela = make_world(), Listener.objects.create(name="Ada"), Listener.objects.create(name="Béla")
    rated_once(world, ada, new_in(world.newest)[0])
    breed_on(world.population, 1)
    found = credit_of(listener_id=bela.pk, population_id=world.population.pk)
    assert found is not None
    assert (found.liked, found.descendants) == (0, ())


def test_a_population_without_a_generation_has_no_credit() -> None:
    world, ada = make_world(is_seeded=False), Listener.objects.create(name="Ada")
    assert credit_of(listener_id=ada.pk, population_id=world.population.pk) is None


@pytest.mark.parametrize("generations", [1, 5])
def test_it_takes_as_many_queries_for_five_generations_as_for_one(
    generations: int, django_assert_num_queries: Any
) -> None:
    world, ada = make_world(size=6), Listener.objects.create(name="Ada")
    rated_once(world, ada, new_in(world.newest)[0])
    breed_on(world.population, generations)
    ancestry_of.cache_clear()
    parentage_of.cache_clear()
    newest = world.newest.pk
    with django_assert_num_queries(6):
        credited(listener_ids=[ada.pk, uuid4()], generation_id=newest, gallery=None)
    with django_assert_num_queries(2):  # others of the same generation
        credited(listener_ids=[uuid4() for _ in range(20)], generation_id=newest, gallery=None)
    with django_assert_num_queries(2):
        credit_of(listener_id=ada.pk, population_id=world.population.pk)


def parents_and_others(world: World) -> tuple[list[Individual], list[Individual]]:
    """Of the generation before the newest: whom its newborn come from, and the rest."""
    before = world.population.generations.order_by("-number")[1].individuals.select_related("first").order_by("index")
    lines = Lineage.objects.filter(child__generation=world.newest, child__first=None)
    parent_ids = set(lines.values_list("parent", flat=True))
    parents = [one for one in before if one.pk in parent_ids]
    return parents, [one for one in before if one.pk not in parent_ids]


def give(
    world: World, listener: Listener, individual: Individual, value: int, *, occasion: int = 0, kind: Kind = Kind.NEW
) -> None:
    """One rating, of a generation that may have closed."""
    Rating.objects.create(
        room=world.room, listener=listener, individual=individual, value=value, occasion=occasion, kind=kind,
        client_id=uuid4(),
    )  # fmt: skip
