"""What the database says, asked in an interpreter beside the platform. What is answered can be said in JSON."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from antiphon.populations.models import Population

SIZE = 12  # individuals in a generation
CLOSED_SECONDS = 20.0


def make(*n_listeners: int) -> list[dict[str, Any]]:
    """Rooms for so many listeners each, and their cookies; a generation closes when all have rated everything."""
    from tests.e2e.seeded import seeded

    frame, settings = {"bars": 1, "notes_per_bar": 4}, {"size": SIZE}
    orders = [{"name": "Faults", "frame": frame, "settings": settings, "quorum": count} for count in n_listeners]
    return [
        {
            "population": population.pk,
            "code": _plain_room(population),
            "cookies": [_agreeing_listener(number) for number in range(population.quorum)],
        }
        for population in seeded("faults@example.org", *orders)
    ]


def look(population_id: int) -> dict[str, Any]:
    """Ratings with their messages' ids, whether the generation closed (waited for), how often it is bred."""
    from antiphon.core.jobs import Kind
    from antiphon.listening.models import Rating
    from antiphon.populations.models import Generation
    from antiphon.workers.models import Job

    first = Generation.objects.get(population=population_id, number=0)
    _wait(lambda: Generation.objects.get(pk=first.pk).is_closed, CLOSED_SECONDS)
    ratings = Rating.objects.filter(individual__generation=first)
    return {
        "ratings": [
            [str(client_id), individual_id, value, revised_at is not None]
            for client_id, individual_id, value, revised_at in ratings.values_list(
                "client_id", "individual_id", "value", "revised_at"
            )
        ],
        "is_closed": Generation.objects.get(pk=first.pk).is_closed,
        "orders": [job.payload.get("generation_id") for job in Job.objects.filter(kind=Kind.BREED)].count(first.pk),
    }


def _plain_room(population: "Population") -> str:
    """The code of a room where nothing is heard twice: everybody rates each phrase once, and is done."""
    from antiphon.listening.models import Room
    from antiphon.listening.services import open_room

    room = open_room(owner_id=population.owner_id, population_id=population.pk)
    Room.objects.filter(pk=room.pk).update(has_anchors=False, has_repeats=False)
    return room.code


def _agreeing_listener(number: int) -> str:
    """The cookie of a new listener who has agreed to the standard text."""
    from antiphon.accounts.consent import accept, asked
    from antiphon.accounts.services import issue_listener

    listener, cookie = issue_listener(name=f"Listener {number}")
    wanted = asked("")
    accept(listener_id=listener.pk, wanted=wanted, version=wanted.version, language="en")
    return cookie


def _wait(is_there: Callable[[], bool], seconds: float) -> None:
    """Wait for something; where it does not come in time, whoever looks will see that."""
    deadline = time.monotonic() + seconds
    while not is_there() and time.monotonic() < deadline:
        time.sleep(0.1)
