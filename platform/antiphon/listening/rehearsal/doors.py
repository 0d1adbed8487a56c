"""Where rooms are entered: the address of a web process, and the origin by which the site is known."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from antiphon.core.errors import Forbidden, Invalid

SCHEMES = {"ws": 80, "http": 80, "wss": 443, "https": 443}


@dataclass(frozen=True)
class Door:
    """A web process at `host` and `port`, which believes itself to be reached by `origin`."""

    host: str
    port: int
    is_secure: bool
    origin: str  # scheme://host[:port], as a browser sends it

    def room(self, code: str) -> str:
        """The address of a room's websocket, by the site's own name."""
        return f"{'wss' if self.is_secure else 'ws'}://{urlsplit(self.origin).netloc}/ws/rooms/{code}/"


def door_at(address: str, *, origin: str = "") -> Door:
    """The door at an address such as ws://127.0.0.1:8000; `origin` is the site's public one unless told.

    Raises Invalid where it is no such address.
    """
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in SCHEMES or not parts.hostname or port == -1:
        raise Invalid(f"address: expected one such as ws://127.0.0.1:8000, got {address!r}.")
    return Door(
        host=parts.hostname,
        port=port or SCHEMES[parts.scheme],
        is_secure=SCHEMES[parts.scheme] == SCHEMES["wss"],
        origin=origin or settings.BASE_URL,
    )


def own_door() -> Door:
    """The door of this platform's own web process, as configured."""
    return door_at(settings.WEB_URL)


def check_loopback(door: Door) -> None:
    """Raises Forbidden where the address is not this machine's own."""
    if door.host == "localhost":
        return
    try:
        is_own = ip_address(door.host).is_loopback
    except ValueError:
        is_own = False
    if not is_own:
        raise Forbidden(
            f"Expected an address of this machine, such as ws://127.0.0.1:8000, got {door.host}. A crowd is load, and "
            "is let loose on no other machine; run the command where the web process runs."
        )
