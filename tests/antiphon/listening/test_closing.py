"""A generation closes once, takes no rating afterwards, and its fitness comes from the model."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import numpy as np
import pytest
from django.db import connections

from antiphon.accounts.models import Listener
from antiphon.listening import services
from antiphon.listening.assigning.plays import Play
from antiphon.listening.judging.fitness import CrowdEstimator, draws_for
from antiphon.listening.keeping.ratings import NewRating, Outcome, Verdict, write_ratings
from antiphon.listening.live.snapshots import room_snapshot
from antiphon.listening.models import Rating
from antiphon.listening.selectors import individual_ids, progress_of
from antiphon.populations import breeding
from antiphon.populations.models import Generation, Individual, Lineage
from antiphon.populations.services import GenerationAlreadyClosed
from antiphon.workers.models import Job
from tests.antiphon.listening.worlds import World, make_world


def new_rating(world: World, listener: Listener, individual: Individual, value: int = 3) -> NewRating:
    return NewRating(
        room_id=world.room.pk,
        population_id=world.population.pk,
        listener_id=listener.pk,
        play=Play(individual.pk, individual.generation_id),
        value=value,
        client_id=uuid4(),
        heard_ms=1000,
    )


def rate_all(world: World, *, n_listeners: int) -> list[NewRating]:
    """Everybody rates everything: the first individual best."""
    listeners = [Listener.objects.create(name=f"Listener {number}") for number in range(n_listeners)]
    individuals = list(world.newest.individuals.order_by("index"))
    ratings = [
        new_rating(world, listener, individual, max(0, 5 - individual.index))
        for listener in listeners
        for individual in individuals
    ]
    write_ratings(ratings)
    return ratings


@pytest.mark.django_db(transaction=True)
def test_many_at_once_close_a_generation_once() -> None:
    world = make_world()
    rate_all(world, n_listeners=2)
    generation_id = world.newest.pk

    def close(_: int) -> bool:
        try:
            return services.close_if_complete(generation_id=generation_id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(close, range(8))) == 1
    assert Job.objects.filter(kind="breed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_ratings_and_closing_at_once_lose_and_miscount_nothing() -> None:
    world = make_world(size=10, quorum=1000)
    individuals = list(world.newest.individuals.all())
    listeners = [Listener.objects.create(name="Listener") for _ in range(40)]
    batches = [[new_rating(world, listener, individual) for individual in individuals] for listener in listeners]

    def write(batch: list[NewRating]) -> list[Outcome]:
        try:
            if batch is batches[20]:
                services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=0)
            return write_ratings(batch)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        outcomes = [outcome for answers in threads.map(write, batches) for outcome in answers]
    kept = sum(outcome.verdict is Verdict.KEPT for outcome in outcomes)
    closed_at = world.newest.closed_at
    assert closed_at is not None
    assert kept == Rating.objects.count()
    assert kept < len(outcomes)
    assert {outcome.verdict for outcome in outcomes} == {Verdict.KEPT, Verdict.CLOSED}


@pytest.mark.django_db
def test_a_resend_after_closing_is_acknowledged_and_a_new_rating_is_not() -> None:
    world = make_world()
    ratings = rate_all(world, n_listeners=2)
    assert services.close_if_complete(generation_id=world.newest.pk)
    again = write_ratings(ratings)
    assert [outcome.verdict for outcome in again] == [Verdict.KEPT] * len(ratings)
    assert not any(outcome.is_new for outcome in again)
    late = Listener.objects.create(name="Late")
    individual = world.newest.individuals.all()[0]
    assert write_ratings([new_rating(world, late, individual)])[0].verdict is Verdict.CLOSED


@pytest.mark.django_db(transaction=True)
def test_one_rating_that_cannot_be_kept_does_not_take_others_along() -> None:
    world = make_world()
    individual = world.newest.individuals.all()[0]
    gone, here = Listener(name="Gone"), Listener.objects.create(name="Here")
    outcomes = write_ratings([new_rating(world, gone, individual), new_rating(world, here, individual)])
    assert [outcome.verdict for outcome in outcomes] == [Verdict.UNKNOWN, Verdict.KEPT]
    assert Rating.objects.count() == 1


@pytest.mark.django_db
def test_each_rating_of_a_mixed_batch_gets_its_own_answer() -> None:
    world, other = make_world(), make_world()
    first, second, third, fourth = (Listener.objects.create(name="Listener") for _ in range(4))
    individual, stranger = world.newest.individuals.all()[0], other.newest.individuals.all()[0]
    resent = new_rating(world, first, individual, 5)
    write_ratings([resent, new_rating(world, second, individual, 4)])
    outcomes = write_ratings(
        [
            new_rating(world, fourth, stranger, 1),
            new_rating(world, second, individual, 2),
            resent,
            new_rating(world, third, individual, 1),
        ]
    )
    assert outcomes == [
        Outcome(Verdict.UNKNOWN),
        Outcome(Verdict.KEPT, value=2, is_revision=True),
        Outcome(Verdict.KEPT, value=5),
        Outcome(Verdict.KEPT, value=1, is_new=True),
    ]
    assert sorted(Rating.objects.values_list("value", flat=True)) == [1, 2, 5]


@pytest.mark.django_db
def test_without_the_quorum_nothing_closes() -> None:
    world = make_world(quorum=3)
    rate_all(world, n_listeners=2)
    assert not services.close_if_complete(generation_id=world.newest.pk)
    assert not world.newest.is_closed


@pytest.mark.django_db
def test_a_host_closes_by_hand_once_and_only_with_ratings() -> None:
    world = make_world(quorum=9)
    ours = {"owner_id": world.host.pk, "population_id": world.population.pk, "number": 0}
    with pytest.raises(services.NothingRated, match="Nobody has rated"):
        services.close_by_hand(**ours)
    rate_all(world, n_listeners=1)
    services.close_by_hand(**ours)
    with pytest.raises(GenerationAlreadyClosed, match="closed already"):
        services.close_by_hand(**ours)


@pytest.mark.django_db
def test_closing_orders_a_job_that_estimates_and_breeds_once() -> None:
    world = make_world(size=6)
    rate_all(world, n_listeners=2)
    services.close_if_complete(generation_id=world.newest.pk)
    first = Generation.objects.get(number=0)
    assert breeding.breed(generation_id=first.pk) == breeding.breed(generation_id=first.pk)
    assert Generation.objects.count() == 2
    parents = list(first.individuals.order_by("index"))
    fitness = [parent.fitness for parent in parents if parent.fitness is not None]
    assert len(fitness) == 6
    assert fitness[0] == max(fitness)
    assert all(parent.n_ratings == 2 and (parent.standard_error or 0) > 0 for parent in parents)
    children = Individual.objects.filter(generation__number=1)
    assert children.count() == 6
    assert Lineage.objects.filter(child__in=children, parent__in=parents).exists()
    assert children.filter(operator="elite").count() == 2


@pytest.mark.django_db
def test_the_live_estimate_follows_the_ratings_and_the_final_one_is_repeatable() -> None:
    world = make_world(size=5)
    estimator = CrowdEstimator()
    assert estimator.live(world.newest).fitness == {}
    rate_all(world, n_listeners=4)
    live = estimator.live(world.newest).fitness
    order = [individual.pk for individual in world.newest.individuals.order_by("index")]
    assert sorted(order, key=lambda pk: -live[pk].mean) == order
    assert all(0 < live[pk].standard_error < 2 and live[pk].n_ratings == 4 for pk in order)
    first, second = estimator.final(world.newest), estimator.final(world.newest)
    assert first == second
    assert np.corrcoef([live[pk].mean for pk in order], [first.fitness[pk].mean for pk in order])[0, 1] > 0.95


@pytest.mark.django_db
def test_an_elite_keeps_its_ratings_and_is_not_asked_again() -> None:
    world = make_world(size=6)
    rate_all(world, n_listeners=2)
    services.close_if_complete(generation_id=world.newest.pk)
    breeding.breed(generation_id=world.newest.pk)

    second = world.newest
    elites = list(second.individuals.filter(operator="elite").order_by("index"))
    best = Individual.objects.get(generation__number=0, index=0)
    assert elites[0].first == best
    new = set(second.individuals.filter(first=None).values_list("pk", flat=True))
    assert set(individual_ids(generation_id=second.pk)) == new
    assert len(new) == 4
    assert progress_of(second).needed == 8
    snapshot = room_snapshot(world.room.code)
    assert snapshot is not None
    assert snapshot.generation is not None
    assert set(snapshot.generation.phrases) == new

    # Before anybody has heard the new ones, only the elites are known; and what is said later of others moves them too.
    known = CrowdEstimator().live(second).fitness
    assert set(known) == {elite.pk for elite in elites}
    assert known[elites[0].pk].n_ratings == 2

    listener = Listener.objects.create(name="New")
    write_ratings([new_rating(world, listener, child, 1) for child in Individual.objects.filter(pk__in=new)])
    services.close_by_hand(owner_id=world.host.pk, population_id=world.population.pk, number=1)
    breeding.breed(generation_id=second.pk)
    elites[0].refresh_from_db()
    assert elites[0].n_ratings == 2
    third = world.newest.individuals.filter(operator="elite").order_by("index")[0]
    assert third.first == best
    assert third.lineage.get().parent == elites[0]


def test_a_full_room_does_not_wait_longer_for_draws_than_it_must() -> None:
    assert [draws_for(n_ratings) for n_ratings in (0, 10, 2_000, 4_000, 8_000, 100_000)] == [
        400, 400, 400, 200, 100, 100,
    ]  # fmt: skip
