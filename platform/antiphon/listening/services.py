"""What happens to rooms, and when a generation closes."""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from antiphon.core.broadcast import broadcast, population_group, room_group
from antiphon.core.errors import Conflict, NotFound
from antiphon.listening.codes import new_code
from antiphon.listening.events import ProgressCame, RoomMoved
from antiphon.listening.hosting import deadlines
from antiphon.listening.models import Rating, Room
from antiphon.listening.progress import Standing, progress_of, standing_of, standings_of
from antiphon.listening.protocol.told import Progress
from antiphon.populations import services as populations
from antiphon.populations.closing import rule_of
from antiphon.populations.models import Generation, Population

CODE_TRIES = 20


class NothingRated(Conflict):
    """There is nothing to breed from."""

    code = "nothing_rated"


def open_room(*, owner_id: int, population_id: int, name: str = "") -> Room:
    """Open a room on one of the host's populations. Raises NotFound where it is not theirs."""
    population = Population.objects.filter(pk=population_id, owner_id=owner_id).first()
    if population is None:
        raise NotFound(f"There is no population {population_id} of yours.")
    for _ in range(CODE_TRIES):
        try:
            with transaction.atomic():
                room = Room.objects.create(
                    owner_id=owner_id, population=population, code=new_code(), name=name or population.name
                )
                deadlines.follow_rooms(population.pk)
                return room
        except IntegrityError:  # the code is taken
            continue
    raise Conflict("No free room code was found. Try again.")


@transaction.atomic
def set_room_state(*, room: Room, state: str) -> Room:
    """Open, pause or close a room, and tell everyone in it."""
    room.state = state
    room.save(update_fields=["state"])
    deadlines.follow_rooms(room.population_id)
    tell_progress(room.population)
    broadcast(room_group(room.code), RoomMoved())
    return room


@transaction.atomic
def change_settings(*, room: Room, changes: dict[str, Any]) -> Room:
    """Change fields of a room that are its host's to choose, and tell everyone in it.

    Another consent text is another version: who agreed to the one before is asked again.
    """
    for name, value in changes.items():
        setattr(room, name, value)
    room.save(update_fields=list(changes))
    broadcast(room_group(room.code), RoomMoved())
    return room


def take_stock(*, generation_ids: Collection[int]) -> dict[int, Standing]:
    """How far generations are, and whether that is enough; with its first rating the clock of a time limit begins."""
    standings = standings_of(generation_ids)
    unbegun = [pk for pk, standing in standings.items() if _waits_for_its_clock(standing.progress)]
    for generation_id in unbegun:
        deadlines.begin(generation_id)
    return standings | standings_of(unbegun) if unbegun else standings


def keep_time() -> None:
    """Start the clocks that are to run, and close whatever has had its time. Done with every sweep, and safe twice."""
    deadlines.begin()
    for generation_id in deadlines.due(timezone.now()):
        close_if_complete(generation_id=generation_id)


def close_if_complete(*, generation_id: int) -> bool:
    """Close a generation when enough has been said of it. Whether this call closed it.

    What is enough is found out before the row lock is taken: ratings only grow more, and none waits for an estimate.
    """
    if not Generation.objects.filter(pk=generation_id, closed_at=None).exists():
        return False
    standing = standing_of(generation_id=generation_id, is_patient=False)
    if not standing.is_enough:
        return False
    with transaction.atomic():
        generation = _locked(generation_id)
        if generation is None or generation.is_closed:
            return False
        if rule_of(generation) != standing.rule:  # extended meanwhile: what was enough may be no more
            return False
        populations.close_generation(generation_id=generation.pk)
    return True


@transaction.atomic
def close_by_hand(*, owner_id: int, population_id: int, number: int) -> Generation:
    """Close a generation with the ratings that there are. Raises NotFound, NothingRated, GenerationAlreadyClosed."""
    generation = Generation.objects.filter(
        population_id=population_id, population__owner_id=owner_id, number=number
    ).first()
    if generation is None:
        raise NotFound(f"There is no generation {number} of a population {population_id} of yours.")
    if not generation.is_closed and not Rating.objects.filter(individual__generation=generation).exists():
        raise NothingRated(
            "Nobody has rated this generation yet. Share a room's link, and close it after a few ratings."
        )
    return populations.close_generation(generation_id=generation.pk)


def tell_progress(population: Population) -> None:
    """Tell everybody who rates a population how far its open generation is, once the open transaction commits."""
    generation = population.generations.select_related("population").filter(closed_at=None).first()
    if generation is not None:
        broadcast(population_group(population.pk), ProgressCame(progress=progress_of(generation)))


def _waits_for_its_clock(progress: Progress) -> bool:
    return progress.minutes is not None and progress.closes_at is None and progress.ratings > 0


def _locked(generation_id: int) -> Generation | None:
    return (
        Generation.objects.select_for_update(of=("self",)).select_related("population").filter(pk=generation_id).first()
    )
