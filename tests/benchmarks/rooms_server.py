"""What the `rooms` benchmark serves: Antiphon itself, and beside it a bare websocket echo in the same process.

As a program (`python -m tests.benchmarks.rooms_server ORDER`) it makes rooms and their listeners in the database that
the environment names, and prints a room's code and a cookie for each listener. The order is the arguments of `prepare`.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from antiphon.config.asgi import application as antiphon
from antiphon.listening import limits
from tests.benchmarks.rooms import ECHO_PATH

SIZE = 200  # phrases in the generation: the most that there may be, so that nobody runs out
# One listener stands for many here, and all come from one address: the limits are looked at, and never reached.
limits.MESSAGES = limits.Limit(per_second=1e6, at_once=1e6)
limits.openings = limits.Buckets(limits.Limit(per_second=1e6, at_once=1e6))
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


def prepare(n_listeners: int, n_rooms: int = 1, size: int = SIZE, quorum: int = QUORUM) -> list[tuple[str, str]]:
    """Listeners who have agreed to the text, in turn in rooms whose generations are open: code and cookie of each."""
    from antiphon.accounts.consent import asked
    from antiphon.accounts.models import Consent, ConsentText, Listener, User
    from antiphon.accounts.services import cookie_for

    host, _ = User.objects.get_or_create(email="benchmark@example.org")
    codes = [_open_room(host.pk, size, quorum) for _ in range(n_rooms)]
    listeners = Listener.objects.bulk_create(Listener(name=f"Listener {number}") for number in range(n_listeners))
    wanted = asked("")
    text, _ = ConsentText.objects.get_or_create(version=wanted.version, language="en", text=wanted.texts["en"])
    Consent.objects.bulk_create(Consent(listener=listener, text=text) for listener in listeners)
    return [(codes[number % n_rooms], cookie_for(listener)) for number, listener in enumerate(listeners)]


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
