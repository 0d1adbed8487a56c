"""A web process of its own with limits that are soon reached, as a program: `web_process.py FD LIMITS`.

FD is a listening socket. LIMITS is JSON: how many pages a listener may have, how long one is kept unless it is renewed,
and by name the limits of messages and openings, tokens a second and at once.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from antiphon.core.limits import Buckets, Limit
from antiphon.embedded.ports import LOOPBACK
from antiphon.embedded.table import FRAME_MAX_BYTES
from antiphon.listening.rehearsal.doors import Door

ROOT = Path(__file__).resolve().parents[4]


class WebProcess:
    """One that runs, and the door to knock at."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self._process = process
        self.door = Door(LOOPBACK, port, is_secure=False, origin=settings.BASE_URL)

    def kill(self) -> None:
        """End it with no chance to say goodbye."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@contextmanager
def web_process(**limits: Any) -> Iterator[WebProcess]:
    """One on the tests' database and Valkey; it takes connections from the start, and answers once it has loaded."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with socket.create_server((LOOPBACK, 0)) as listening:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(listening.fileno()), json.dumps(limits)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database},
            pass_fds=[listening.fileno()],
        )
        port = listening.getsockname()[1]
    try:
        yield WebProcess(process, port)
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Serve until killed."""
    import uvicorn

    from antiphon.config.asgi import application
    from antiphon.listening.live import hub, limits, pages

    told = json.loads(sys.argv[2])
    for name in ("messages", "openings"):
        setattr(limits, name, Buckets(f"{told['name']} {name}", Limit(*told[name])))
    config = uvicorn.Config(application, lifespan="off", log_level="error", ws_max_size=FRAME_MAX_BYTES)
    with (
        patch.object(limits, "PAGES_MAX", told["pages"]),
        patch.object(pages, "EXPIRY_SECONDS", told["kept_seconds"]),
        patch.object(hub, "RENEW_SECONDS", told["kept_seconds"] / 3),
        socket.socket(fileno=int(sys.argv[1])) as listening,
    ):
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
