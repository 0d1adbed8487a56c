"""What the `rooms` benchmark serves: Antiphon itself, and beside it a bare websocket echo in the same process.

As a program (`python -m tests.benchmarks.rooms_server ORDER`) it makes rooms and their listeners in the database that
the environment names, and prints a room's code and a cookie for each listener. The order is the arguments of `prepare`.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from antiphon.config.asgi import application as antiphon
from antiphon.core.limits import Buckets, Limit
from antiphon.listening.live import limits
from tests.benchmarks.rooms import ECHO_PATH

if TYPE_CHECKING:
    from antiphon.accounts.models import Listener

SIZE = 200  # phrases in the generation: the most that there may be, so that nobody runs out
# One listener stands for many here, and all come from one address: the limits are looked at, and never reached.
limits.MESSAGES = limits.OPENINGS = Limit(per_second=1e6, at_once=1e6)
limits.messages, limits.openings = Buckets("messages", limits.MESSAGES), Buckets("openings", limits.OPENINGS)
QUORUM = 1000  # out of reach: the generation stays open

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Antiphon, except under ECHO_PATH."""
    if scope["type"] == "websocket" and scope["path"] == ECHO_PATH:
        await echo(receive, send)
    else:
        await antiphon(scope, receive, send)


async def echo(receive: Receive, send: Send) -> None:
    """Say what is heard, until the connection ends."""
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})
        else:
            return


def prepare(
    n_listeners: int, n_rooms: int = 1, size: int = SIZE, quorum: int = QUORUM, is_rated: bool = False
) -> list[tuple[str, str]]:
    """Listeners who have agreed to the text, in turn in rooms whose generations are open: code and cookie of each.

    With `is_rated` nearly everybody but the first has rated all but two phrases, and the first one's answers complete
    the generation (see `_rate_nearly_all`); it is for one room.
    """
    from antiphon.accounts.consent import asked
    from antiphon.accounts.models import Consent, ConsentText, Listener, User
    from antiphon.accounts.services import cookie_for

    host, _ = User.objects.get_or_create(email="benchmark@example.org")
    if is_rated:
        quorum = _rated_by(n_listeners, size) * (size - 2) // size + 1
    codes = [_open_room(host.pk, size, quorum) for _ in range(n_rooms)]
    listeners = Listener.objects.bulk_create(Listener(name=f"Listener {number}") for number in range(n_listeners))
    wanted = asked("")
    text, _ = ConsentText.objects.get_or_create(version=wanted.version, language="en", text=wanted.texts["en"])
    Consent.objects.bulk_create(Consent(listener=listener, text=text) for listener in listeners)
    if is_rated:
        _rate_nearly_all(codes[0], listeners[1 : 1 + _rated_by(n_listeners, size)])
    return [(codes[number % n_rooms], cookie_for(listener)) for number, listener in enumerate(listeners)]


def _rated_by(n_listeners: int, size: int) -> int:
    """How many have rated before: a multiple of the phrases, so that all of these have as many ratings."""
    return (n_listeners - 1) // size * size


def _rate_nearly_all(code: str, listeners: "list[Listener]") -> None:
    """Each of them rates all phrases but two, in turn, as a crowd does that has biases and noise."""
    from antiphon.listening.models import Rating, Room

    room = Room.objects.get(code=code)
    individuals = list(room.population.generations.get(number=0).individuals.order_by("index"))
    rng = np.random.default_rng(1)
    appeal, bias = rng.normal(0, 0.8, len(individuals)), rng.normal(0, 0.7, len(listeners))
    Rating.objects.bulk_create(
        Rating(
            room=room,
            listener=listener,
            individual=individual,
            value=int(np.clip(np.rint(2.5 + appeal[place] + bias[number] + rng.normal()), 0, 5)),
            client_id=uuid4(),
            heard_ms=1500,
        )
        for number, listener in enumerate(listeners)
        for place, individual in enumerate(individuals)
        if (place - number) % len(individuals) > 1
    )


def _open_room(host_id: int, size: int, quorum: int) -> str:
    from antiphon.listening.services import open_room
    from antiphon.populations.breeding import seed
    from antiphon.populations.services import PopulationOrder, create_population

    order = PopulationOrder(
        name="Benchmark",
        checkpoint_id=None,
        frame={"bars": 4, "notes_per_bar": 8},
        settings={"size": size},
        quorum=quorum,
        seed=1,
    )
    population = create_population(owner_id=host_id, order=order)
    seed(population_id=population.pk, sample_job_id=None)
    return open_room(owner_id=host_id, population_id=population.pk).code


if __name__ == "__main__":
    print(json.dumps(prepare(**json.loads(sys.argv[1]))))
