"""What a host does with rehearsals: order one for a room, stop it, delete it with all that was made for it."""

from secrets import randbits

from django.db import connection, transaction

from antiphon.accounts.models import Listener
from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.enqueue import cancel, enqueue
from antiphon.core.errors import Conflict, Invalid, NotFound, Unavailable
from antiphon.core.events import RehearsalProgressed
from antiphon.core.jobs import Kind
from antiphon.listening.models import Rating, Rehearsal, Room
from antiphon.listening.services import open_room
from antiphon.populations.cloning import Phrases, clone_population
from antiphon.populations.models import Population

LISTENERS_MIN, LISTENERS_MAX = 5, 200
MINUTES_MIN, MINUTES_MAX = 1.0, 10.0
PACE_MIN_SECONDS, PACE_MAX_SECONDS = 0.5, 60.0
AT_ONCE = 2  # on the whole platform: a worker has four threads, and has to breed meanwhile
SEED_BITS = 31
NAME_MAX = 120
ORDER_LOCK = 7_206_034  # any number that nothing else locks
SAME_FIELDS = ("consent_text", "tags", "has_anchors", "has_repeats", "has_duels")  # of the rehearsed room
UNFINISHED = (Rehearsal.State.WAITING, Rehearsal.State.RUNNING)


class RehearsalUnderWay(Conflict):
    """A host has one rehearsal at a time."""

    code = "rehearsal_under_way"


class RatedByPeople(Conflict):
    """What simulated listeners say is never mixed with what people say."""

    code = "rated_by_people"


@transaction.atomic
def order_rehearsal(*, room: Room, n_listeners: int, minutes: float, pace_seconds: float | None) -> Rehearsal:
    """Clone the room's population with its newest phrases, open a room on it, and send simulated listeners there.

    Raises Invalid where a bound is passed, RehearsalUnderWay, Unavailable where others rehearse, and NotCloned.
    """
    _check("listeners", n_listeners, LISTENERS_MIN, LISTENERS_MAX)
    _check("minutes", minutes, MINUTES_MIN, MINUTES_MAX)
    if pace_seconds is not None:
        _check("pace_seconds", pace_seconds, PACE_MIN_SECONDS, PACE_MAX_SECONDS)
    _check_free(room.owner_id)
    clone = clone_population(
        owner_id=room.owner_id, population_id=room.population_id, phrases=Phrases.NEWEST, is_rehearsal=True
    )
    stage = open_room(owner_id=room.owner_id, population_id=clone.pk, name=f"Rehearsal of {room.name}"[:NAME_MAX])
    Room.objects.filter(pk=stage.pk).update(**{field: getattr(room, field) for field in SAME_FIELDS})
    rehearsal = Rehearsal.objects.create(
        for_room=room,
        room=stage,
        n_listeners=n_listeners,
        minutes=minutes,
        pace_seconds=pace_seconds,
        seed=randbits(SEED_BITS),
    )
    rehearsal.job_id = enqueue(Kind.REHEARSE, owner_id=room.owner_id, rehearsal_id=rehearsal.pk)
    rehearsal.save(update_fields=["job_id"])
    return rehearsal


def rehearsal_of(*, room: Room, rehearsal_id: int) -> Rehearsal:
    """One of a room's rehearsals. Raises NotFound."""
    rehearsal = (
        Rehearsal.objects.select_related("room__population", "for_room").filter(pk=rehearsal_id, for_room=room).first()
    )
    if rehearsal is None:
        raise NotFound(f"There is no rehearsal {rehearsal_id} of room {room.code}.")
    return rehearsal


@transaction.atomic
def stop_rehearsal(*, rehearsal: Rehearsal) -> None:
    """Have the listeners finish what they say and leave; one that is over stays as it is."""
    if Rehearsal.objects.filter(pk=rehearsal.pk, state__in=UNFINISHED).update(is_stop_asked=True):
        _cancel(rehearsal)


@transaction.atomic
def delete_rehearsal(*, rehearsal: Rehearsal) -> None:
    """Delete a rehearsal, its room, its population with all ratings, and its listeners; its listeners leave."""
    _cancel(rehearsal)
    population_id, listener_ids = rehearsal.room.population_id, rehearsal.listener_ids
    Population.objects.filter(pk=population_id, is_rehearsal=True).delete()
    Listener.objects.filter(pk__in=listener_ids, is_simulated=True).delete()


@transaction.atomic
def take_over(*, population_id: int) -> bool:
    """Make a population that nobody has rated a rehearsal, for good; whether it was none before.

    Raises RatedByPeople where people have said something of it.
    """
    population = Population.objects.select_for_update().get(pk=population_id)
    if population.is_rehearsal:
        return False
    if Rating.objects.filter(individual__generation__population=population, listener__is_simulated=False).exists():
        raise RatedByPeople(
            f"Expected a population that no people have rated, got “{population.name}”. Rehearse it from its room's "
            "page in the studio, which clones it, or open a room on a clone."
        )
    population.is_rehearsal = True
    population.save(update_fields=["is_rehearsal"])
    return True


def tell(rehearsal: Rehearsal) -> None:
    """Tell the host's pages how a rehearsal stands."""
    figures = rehearsal.figures
    event = RehearsalProgressed(
        rehearsal=rehearsal.pk,
        room=rehearsal.for_room.code,
        state=rehearsal.state,
        seconds=figures.get("seconds", 0.0),
        here=figures.get("here", 0),
        ratings=figures.get("ratings", 0),
        generations=figures.get("generations", 0),
    )
    broadcast(host_group(rehearsal.for_room.owner_id), event)


def _cancel(rehearsal: Rehearsal) -> None:
    if rehearsal.job_id is not None:
        cancel(rehearsal.job_id)


def _check_free(owner_id: int) -> None:
    """Let one order in at a time, so that two cannot both see the last place free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])
    owners = list(Rehearsal.objects.filter(state__in=UNFINISHED).values_list("for_room__owner_id", flat=True))
    if owner_id in owners:
        raise RehearsalUnderWay("A rehearsal of yours is under way. Stop it, or wait until it is over.")
    if len(owners) >= AT_ONCE:
        raise Unavailable(f"{len(owners)} rehearsals are under way here. Try again in a few minutes.", 60)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise Invalid(f"{name}: expected {low:g} to {high:g}, got {value:g}.")
