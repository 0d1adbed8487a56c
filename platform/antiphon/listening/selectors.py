"""What rooms and ratings look like, for the host's API and for the processes that serve a room."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from redis.client import Redis

from antiphon.core.errors import NotFound
from antiphon.listening.models import Rating, Room
from antiphon.listening.presence import count_here
from antiphon.listening.protocol import Progress
from antiphon.populations.models import Generation, Individual, Population


@dataclass(frozen=True)
class RoomView:
    """A room as its host sees it."""

    code: str
    name: str
    state: str
    population: Population
    link: str
    here: int
    listeners: int
    ratings: int
    progress: Progress | None
    created_at: object


def rooms_of(*, owner_id: int) -> QuerySet[Room]:
    """A host's rooms, newest first, with their population and how many listeners gave how many ratings."""
    return (
        Room.objects.filter(owner_id=owner_id)
        .select_related("population")
        .annotate(n_ratings=Count("ratings"), n_listeners=Count("ratings__listener", distinct=True))
    )


def view_rooms(rooms: Iterable[Room]) -> list[RoomView]:
    """Rooms with who is here and how far their generations are; two queries for all of them."""
    shown = list(rooms)
    with Redis.from_url(settings.REDIS_URL) as valkey:
        here = count_here(valkey, [room.code for room in shown])
    progress = _progress_of_populations({room.population_id: room.population for room in shown})
    return [
        RoomView(
            code=room.code,
            name=room.name,
            state=room.state,
            population=room.population,
            link=room_link(room.code),
            here=here[room.code],
            listeners=room.n_listeners,  # type: ignore[attr-defined]  # annotated by rooms_of
            ratings=room.n_ratings,  # type: ignore[attr-defined]
            progress=progress.get(room.population_id),
            created_at=room.created_at,
        )
        for room in shown
    ]


def room_of(*, owner_id: int, code: str) -> Room:
    """One of a host's rooms, with figures. Raises NotFound."""
    room = rooms_of(owner_id=owner_id).filter(code=code).first()
    if room is None:
        raise NotFound(f"There is no room {code} of yours.")
    return room


def room_by_code(code: str) -> Room | None:
    """The room that anybody can enter with its code."""
    return Room.objects.filter(code=code).first()


def room_link(code: str) -> str:
    """The address to share."""
    return f"{settings.BASE_URL}/r/{code}/"


def individual_ids(*, generation_id: int) -> list[int]:
    """The individuals of a generation that are to be heard, in order; elites were heard before."""
    individuals = Individual.objects.filter(generation_id=generation_id, first=None).order_by("index")
    return list(individuals.values_list("pk", flat=True))


def rated_pairs(*, generation_id: int) -> list[tuple[UUID, int]]:
    """Who has rated what in a generation."""
    ratings = Rating.objects.filter(individual__generation_id=generation_id)
    return list(ratings.values_list("listener_id", "individual_id"))


def rated_by(*, generation_id: int, listener_id: UUID) -> set[int]:
    """What one listener has rated in a generation."""
    ratings = Rating.objects.filter(individual__generation_id=generation_id, listener_id=listener_id)
    return set(ratings.values_list("individual_id", flat=True))


def progress_of(generation: Generation, *, quorum: int) -> Progress:
    """How far a generation is, from the ratings in the database; elites are not asked for again. One query."""
    counts = Individual.objects.filter(generation=generation, first=None).order_by().annotate(given=Count("ratings"))
    return measure(generation.number, counts.values_list("given", flat=True), quorum=quorum)


def current_progress(*, generation_id: int, quorum: int) -> Progress:
    """How far a generation is now; two queries."""
    return progress_of(Generation.objects.get(pk=generation_id), quorum=quorum)


def measure(number: int, given: Iterable[int], *, quorum: int) -> Progress:
    """Progress of generation `number` from the count of ratings of each of its individuals."""
    counts = list(given)
    return Progress(
        generation=number,
        size=len(counts),
        complete=sum(count >= quorum for count in counts),
        quorum=quorum,
        ratings=sum(min(count, quorum) for count in counts),
        needed=quorum * len(counts),
    )


def _progress_of_populations(populations: dict[int, Population]) -> dict[int, Progress]:
    open_generations = Generation.objects.filter(population__in=populations, closed_at=None)
    rows = (
        Individual.objects.filter(generation__in=open_generations, first=None)
        .order_by()
        .annotate(given=Count("ratings"))
        .values_list("generation__population_id", "generation__number", "given")
    )
    given: dict[int, list[int]] = {}
    numbers = Counter[int]()
    for population_id, number, count in rows:
        given.setdefault(population_id, []).append(count)
        numbers[population_id] = number
    return {
        population_id: measure(numbers[population_id], counts, quorum=populations[population_id].quorum)
        for population_id, counts in given.items()
    }
