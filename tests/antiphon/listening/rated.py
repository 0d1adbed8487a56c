"""Ratings given to phrases of a world's newest generation, for tests of what follows from them."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from antiphon.accounts.models import Listener
from antiphon.listening.assigning.plays import Play
from antiphon.listening.keeping.ratings import NewRating, Outcome, write_ratings
from antiphon.populations.models import Generation, Individual
from tests.antiphon.listening.worlds import World


def new_in(generation: Generation) -> list[Individual]:
    """The individuals of a generation that are to be heard."""
    return list(generation.individuals.filter(first=None).order_by("index"))


def rate(world: World, listener: Listener, individuals: Iterable[Individual], values: Sequence[int]) -> list[Outcome]:
    """One listener gives these values to these individuals."""
    return write_ratings(
        [
            NewRating(
                room_id=world.room.pk,
                population_id=world.population.pk,
                listener_id=listener.pk,
                play=Play(individual.pk, individual.generation_id),
                value=value,
                client_id=uuid4(),
                heard_ms=1000,
            )
            for individual, value in zip(individuals, values, strict=True)
        ]
    )
