"""What the tests of rooms begin with: a host, a population with its first generation, a room."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from antiphon.accounts.models import User
from antiphon.listening import services as listening
from antiphon.listening.models import Room
from antiphon.populations import breeding, services
from antiphon.populations.models import Generation, Population
from antiphon.populations.services import PopulationOrder

_numbers = count(1)


@dataclass(frozen=True)
class World:
    """A room that is ready for listeners."""

    host: User
    population: Population
    room: Room

    @property
    def newest(self) -> Generation:
        """The newest generation."""
        generation = self.population.generations.order_by("-number").first()
        assert generation is not None
        return generation


def make_host() -> User:
    """A host with an account."""
    return User.objects.create_user(f"host{next(_numbers)}@example.org", None)


def make_population(
    host: User, *, size: int = 4, quorum: int = 2, is_seeded: bool = True, **changes: Any
) -> Population:
    """A population at random in the scale; `changes` are further fields of its order."""
    order = PopulationOrder(
        name="Evening",
        checkpoint_id=None,
        frame={"bars": 1, "notes_per_bar": 4},
        settings={"size": size},
        quorum=quorum,
        seed=7,
        **changes,
    )
    population = services.create_population(owner_id=host.pk, order=order)
    if is_seeded:
        breeding.seed(population_id=population.pk, sample_job_id=None)
        population.refresh_from_db()
    return population


def make_world(*, size: int = 4, quorum: int = 2, is_seeded: bool = True, **changes: Any) -> World:
    """A host, a population and a room; `changes` are further fields of the population's order."""
    host = make_host()
    population = make_population(host, size=size, quorum=quorum, is_seeded=is_seeded, **changes)
    room = listening.open_room(owner_id=host.pk, population_id=population.pk, name="The kitchen")
    return World(host=host, population=population, room=room)
