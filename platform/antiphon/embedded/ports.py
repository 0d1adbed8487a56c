"""Free TCP ports, remembered so that addresses stay the same from one start to the next."""

import socket
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from antiphon.embedded.errors import StartFailed

LOOPBACK = "127.0.0.1"
# Below the ranges from which Linux (32768) and macOS (49152) take ports for outgoing connections.
FIRST_PORT, LAST_PORT = 20_000, 30_000
WEB_PORT = 8000


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server can listen on this port: nobody answers there and it can be bound."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((LOOPBACK if host in {"0.0.0.0", ""} else host, port)) == 0:  # noqa: S104
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Whether somebody listens on this port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def remembered(path: Path) -> int | None:
    """The port written down in a file, or None."""
    with suppress(OSError, ValueError):
        port = int(path.read_text())
        if 0 < port < 65_536:
            return port
    return None


def claim(path: Path, candidates: Iterator[int], host: str = LOOPBACK) -> int:
    """The remembered port if it is still free, else the first free candidate; written to `path`."""
    last = remembered(path)
    if last is not None and is_free(last, host):
        return last
    for port in candidates:
        if is_free(port, host):
            path.write_text(f"{port}\n")
            return port
    raise StartFailed(
        f"No free port was found on {host}. Close a program that listens there, or name a port: PORT=9000."
    )


def own_ports(root: Path, name: str) -> Iterator[int]:
    """Ports to try for a server of this home: each home starts somewhere else, so neighbours rarely meet."""
    span = LAST_PORT - FIRST_PORT
    start = zlib.crc32(f"{root}:{name}".encode()) % span
    return (FIRST_PORT + (start + step * 7) % span for step in range(500))


def web_ports() -> Iterator[int]:
    """Ports to try for the web process: 8000 and the next ones."""
    return iter(range(WEB_PORT, WEB_PORT + 100))
