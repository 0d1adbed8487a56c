"""The clock of a generation that has a time limit: when it begins, when it stands still, and whose time is up.

It begins with the first rating and not with the opening, so that nobody's minutes run out before anybody has come. It
stands still while no room of the population is open: nobody can rate then.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from antiphon.listening.models import Rating, Room
from antiphon.populations.closing import closes_at
from antiphon.populations.models import Generation

_RATED = Exists(Rating.objects.filter(individual__generation=OuterRef("pk"), occasion=0))


def begin(generation_id: int | None = None) -> None:
    """Start the clocks that are to run (or one of them) from the first rating on; whose clock runs keeps its time."""
    waiting = _limited().filter(_RATED, clock_began_at=None)
    if generation_id is not None:
        waiting = waiting.filter(pk=generation_id)
    for generation in waiting.values("pk", "population_id"):
        first = Rating.objects.filter(individual__generation=generation["pk"], occasion=0).aggregate(
            at=Min("created_at")
        )
        if first["at"] is not None:
            _start(generation["pk"], first["at"], is_running=has_open_room(generation["population_id"]))


def begin_now(generation: Generation) -> None:
    """Start the clock of a generation that is given a limit while it is rated; not before somebody has rated it.

    The caller holds its row.
    """
    generation.clock_began_at = generation.clock_stopped_at = None
    generation.save(update_fields=["clock_began_at", "clock_stopped_at"])
    if Rating.objects.filter(individual__generation=generation, occasion=0).exists():
        _start(generation.pk, timezone.now(), is_running=has_open_room(generation.population_id))


@transaction.atomic
def follow_rooms(population_id: int) -> None:
    """Let the clock of a population's open generation run while one of its rooms is open, and else stand still."""
    running = Generation.objects.select_for_update(of=("self",)).filter(population=population_id, closed_at=None)
    generation = running.exclude(clock_began_at=None).first()
    if generation is None or generation.clock_began_at is None:
        return
    now, stopped_at = timezone.now(), generation.clock_stopped_at
    is_open = has_open_room(population_id)
    if is_open and stopped_at is not None:
        generation.clock_began_at, generation.clock_stopped_at = generation.clock_began_at + (now - stopped_at), None
    elif not is_open and stopped_at is None:
        generation.clock_stopped_at = now
    generation.save(update_fields=["clock_began_at", "clock_stopped_at"])


def has_open_room(population_id: int) -> bool:
    """Whether a population is rated anywhere just now."""
    return Room.objects.filter(population=population_id, state=Room.State.OPEN).exists()


def due(now: datetime) -> list[int]:
    """The open generations whose time is up. Where every rating was taken back the clock begins anew, with the next."""
    running = _limited().exclude(clock_began_at=None).select_related("population")
    up = [one.pk for one in running if (end := closes_at(one)) is not None and end <= now]
    rated = set(Generation.objects.filter(_RATED, pk__in=up).values_list("pk", flat=True))
    Generation.objects.filter(pk__in=set(up) - rated).update(clock_began_at=None)
    return sorted(rated)


def _limited() -> QuerySet[Generation]:
    """Open generations that have a time limit."""
    return Generation.objects.filter(closed_at=None).exclude(minutes=None, population__minutes=None)


def _start(generation_id: int, at: datetime, *, is_running: bool) -> None:
    Generation.objects.filter(pk=generation_id, closed_at=None, clock_began_at=None).update(
        clock_began_at=at, clock_stopped_at=None if is_running else at
    )
