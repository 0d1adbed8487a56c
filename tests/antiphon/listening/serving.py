"""The whole application behind a real socket, in a thread of the test's process: uvicorn as it runs in production."""

import faulthandler
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.conf import settings
from django.db import connections

from antiphon.config.asgi import application
from antiphon.embedded.ports import LOOPBACK
from antiphon.embedded.table import FRAME_MAX_BYTES
from antiphon.listening.rehearsal.doors import Door

STARTED_SECONDS = 20.0


@contextmanager
def serving() -> Iterator[Door]:
    """Serve until the block ends; gives the door to knock at."""
    config = uvicorn.Config(
        application, lifespan="off", log_level="error", ws_max_size=FRAME_MAX_BYTES, ws_per_message_deflate=False,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.create_server((LOOPBACK, 0)) as listening:
        thread = threading.Thread(target=_serve, args=(server, listening), daemon=True)
        thread.start()
        deadline = time.monotonic() + STARTED_SECONDS
        while not server.started:
            assert thread.is_alive(), "the server ended before it answered"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.01)
        try:
            yield Door(LOOPBACK, listening.getsockname()[1], is_secure=False, origin=settings.BASE_URL)
        finally:
            server.should_exit = True
            thread.join(STARTED_SECONDS)
            if thread.is_alive():
                faulthandler.dump_traceback(all_threads=True)
            assert not thread.is_alive(), "the server did not stop; what its threads do is written above"


def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    try:
        server.run(sockets=[listening])
    finally:
        connections.close_all()
