"""What the database says, asked in an interpreter beside the platform. What is answered can be said in JSON."""

import time
from collections.abc import Callable
from typing import Any

SIZE = 12  # individuals in a generation
SEEDED_SECONDS = 30.0
CLOSED_SECONDS = 20.0


def make(*n_listeners: int) -> list[dict[str, Any]]:
    """Rooms for so many listeners each, and their cookies; a generation closes when all have rated everything."""
    from antiphon.accounts.models import User
    from antiphon.populations.services import PopulationOrder, create_population

    host, _ = User.objects.get_or_create(email="faults@example.org")
    orders = [
        PopulationOrder(
            name="Faults",
            checkpoint_id=None,
            frame={"bars": 1, "notes_per_bar": 4},
            settings={"size": SIZE},
            quorum=count,
            seed=1,
        )
        for count in n_listeners
    ]
    populations = [create_population(owner_id=host.pk, order=order) for order in orders]
    for population in populations:
        _wait(population.generations.exists, SEEDED_SECONDS)
    return [
        {
            "population": population.pk,
            "code": _plain_room(host.pk, population.pk),
            "cookies": [_agreeing_listener(number) for number in range(population.quorum)],
        }
        for population in populations
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


def _plain_room(host_id: int, population_id: int) -> str:
    """The code of a room where nothing is heard twice: everybody rates each phrase once, and is done."""
    from antiphon.listening.models import Room
    from antiphon.listening.services import open_room

    room = open_room(owner_id=host_id, population_id=population_id)
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
