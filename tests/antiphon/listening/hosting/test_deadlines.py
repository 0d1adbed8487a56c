"""A time limit: its clock begins with the first rating, stands still in a pause, and closes a generation once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.hosting.ruling import change_rule
from antiphon.listening.models import Rating
from antiphon.listening.progress import progress_of
from antiphon.populations.models import Generation, Population
from antiphon.workers.models import Job
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.worlds import World, make_world

MINUTES = 10


def timed_world(**changes: Any) -> World:
    """A world whose generations close by time alone."""
    return make_world(closing=Population.Closing.TIME, minutes=MINUTES, **changes)


def rate_one(world: World) -> Rating:
    """One listener rates one phrase."""
    rate(world, Listener.objects.create(name="Ada"), new_in(world.newest)[:1], [4])
    return Rating.objects.get()


def let_pass(minutes: float) -> None:
    """Have everything that a clock is read from lie further back."""
    shift = timedelta(minutes=minutes)
    for generation in Generation.objects.exclude(clock_began_at=None):
        assert generation.clock_began_at is not None
        generation.clock_began_at -= shift
        if generation.clock_stopped_at is not None:
            generation.clock_stopped_at -= shift
        generation.save()


def end_of(world: World) -> datetime | None:
    """When the newest generation's time is up, as everybody is told."""
    return progress_of(world.newest).closes_at


@pytest.mark.django_db
def test_the_minutes_run_from_the_first_rating_and_not_from_the_opening() -> None:
    world = timed_world()
    services.keep_time()
    assert end_of(world) is None
    first = rate_one(world)
    services.keep_time()
    assert end_of(world) == first.created_at + timedelta(minutes=MINUTES)
    rate(world, Listener.objects.create(name="Ben"), new_in(world.newest)[:1], [1])
    services.keep_time()
    assert end_of(world) == first.created_at + timedelta(minutes=MINUTES)


@pytest.mark.django_db
def test_taking_stock_begins_the_clock_without_a_sweep() -> None:
    world = timed_world()
    newest = world.newest.pk
    assert services.take_stock(generation_ids=[newest])[newest].progress.closes_at is None
    first = rate_one(world)
    standing = services.take_stock(generation_ids=[newest])[newest]
    assert standing.progress.closes_at == first.created_at + timedelta(minutes=MINUTES)
    assert not standing.is_enough
    left = standing.next_look_seconds(3600)
    assert left is not None
    assert MINUTES * 60 - 60 < left <= MINUTES * 60
    assert standing.next_look_seconds(5) is None


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_close_a_generation_whose_time_is_up_once() -> None:
    world = timed_world()
    rate_one(world)
    services.keep_time()
    let_pass(MINUTES)

    def keep_time(_: int) -> None:
        try:
            services.keep_time()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(keep_time, range(8)))
    assert world.newest.is_closed
    assert Job.objects.filter(kind="breed").count() == 1


@pytest.mark.django_db
def test_the_sweep_command_closes_what_no_web_process_is_there_to_close() -> None:
    world = timed_world()
    rate_one(world)
    call_command("sweep")
    assert not world.newest.is_closed
    let_pass(MINUTES)
    call_command("sweep")
    assert world.newest.is_closed


@pytest.mark.django_db
def test_a_quorum_does_not_close_a_generation_that_closes_by_time_alone() -> None:
    world = timed_world(quorum=1)
    rate(world, Listener.objects.create(name="Ada"), new_in(world.newest), [4, 3, 2, 1])
    services.keep_time()
    assert not services.close_if_complete(generation_id=world.newest.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("closing", ["quorum", "certainty"])
def test_with_another_rule_a_limit_closes_what_the_rule_has_not_closed_by_then(closing: str) -> None:
    world = make_world(closing=closing, minutes=MINUTES, quorum=9)
    rate_one(world)
    services.keep_time()
    assert not world.newest.is_closed
    let_pass(MINUTES)
    services.keep_time()
    assert world.newest.is_closed


@pytest.mark.django_db
def test_a_generation_of_which_everything_was_taken_back_waits_for_the_next_rating() -> None:
    world = timed_world()
    rate_one(world).delete()
    world_generation = world.newest
    world_generation.clock_began_at = timezone.now() - timedelta(minutes=MINUTES + 1)
    world_generation.save()
    services.keep_time()
    assert not world.newest.is_closed
    assert world.newest.clock_began_at is None
    first = rate_one(world)
    services.keep_time()
    assert end_of(world) == first.created_at + timedelta(minutes=MINUTES)


@pytest.mark.django_db
def test_the_clock_stands_still_while_no_room_is_open() -> None:
    world = timed_world()
    first = rate_one(world)
    services.keep_time()
    services.set_room_state(room=world.room, state="paused")
    assert end_of(world) is None
    let_pass(MINUTES)
    services.keep_time()
    assert not world.newest.is_closed
    generation = world.newest
    assert generation.clock_stopped_at is not None
    stood_since = generation.clock_stopped_at
    services.set_room_state(room=world.room, state="open")
    end = end_of(world)
    assert end is not None
    stood = timezone.now() - stood_since
    expected = first.created_at - timedelta(minutes=MINUTES) + timedelta(minutes=MINUTES) + stood
    assert abs(end - expected) < timedelta(seconds=5)


@pytest.mark.django_db
def test_one_open_room_of_two_keeps_the_clock_running() -> None:
    world = timed_world()
    services.open_room(owner_id=world.host.pk, population_id=world.population.pk)
    rate_one(world)
    services.keep_time()
    end = end_of(world)
    services.set_room_state(room=world.room, state="closed")
    assert end_of(world) == end is not None


@pytest.mark.django_db
def test_a_limit_that_is_set_while_a_generation_is_rated_runs_from_then() -> None:
    world = make_world(quorum=9)
    rate_one(world)
    Rating.objects.update(created_at=timezone.now() - timedelta(hours=3))
    change_rule(owner_id=world.host.pk, population_id=world.population.pk, changes={"minutes": MINUTES})
    world.population.refresh_from_db()
    end = end_of(world)
    assert end is not None
    assert abs(end - timezone.now() - timedelta(minutes=MINUTES)) < timedelta(seconds=10)
    services.keep_time()
    assert not world.newest.is_closed


@pytest.mark.django_db
def test_time_is_kept_of_many_generations_in_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(4):
        rate(world := timed_world(), Listener.objects.create(name="Ada"), new_in(world.newest)[:1], [4])
    services.keep_time()
    with django_assert_num_queries(2):
        services.keep_time()
