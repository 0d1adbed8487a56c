"""The environment of the processes: what each may know, and nothing more."""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from antiphon.embedded.home import Home
from antiphon.embedded.ports import LOOPBACK
from antiphon.embedded.secret_files import password, secret

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - the host asked for it: phones on the same network
NODE_NAME = "local"
PLATFORM_ONLY = (
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "ANTIPHON_SECRET_KEY",
    "ANTIPHON_MEDIA_ROOT",
    "ANTIPHON_DEBUG",
    "ANTIPHON_ALLOWED_HOSTS",
    "ANTIPHON_BASE_URL",
    "ANTIPHON_WEB_URL",
)
NODE_ONLY = ("ANTIPHON_API_URL", "ANTIPHON_NODE_TOKEN")


@dataclass(frozen=True)
class Address:
    """Where the web process listens."""

    host: str
    port: int

    @property
    def local_url(self) -> str:
        """The origin for processes on this machine."""
        return f"http://{LOOPBACK if self.host in EVERYWHERE else _bracketed(self.host)}:{self.port}"

    @property
    def public_url(self) -> str:
        """The origin to put into links: with --host 0.0.0.0 the one that phones on the network can open."""
        return f"http://{lan_host() if self.host in EVERYWHERE else _bracketed(self.host)}:{self.port}"


def lan_host() -> str:
    """This machine's address on its network, or the loopback address when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation; connecting a datagram socket sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK


def platform_environment(
    home: Home, *, database_url: str, redis_url: str, address: Address, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """For web, worker, sweep and management commands. What the caller's environment sets wins."""
    base = os.environ if base is None else base
    environment = {
        "DJANGO_SETTINGS_MODULE": "antiphon.config.settings",
        "ANTIPHON_DEBUG": "0",
        "ANTIPHON_MEDIA_ROOT": str(home.media),
        "ANTIPHON_BASE_URL": address.public_url,
        "ANTIPHON_WEB_URL": address.local_url,
        **_ours(base, drop=NODE_ONLY),
    }
    if not environment.get("ANTIPHON_SECRET_KEY"):
        environment["ANTIPHON_SECRET_KEY"] = secret(home, "django_secret_key")
    hosts = {"localhost", LOOPBACK, lan_host(), _host_of(environment["ANTIPHON_BASE_URL"]), address.host}
    environment.setdefault("ANTIPHON_ALLOWED_HOSTS", ",".join(sorted(hosts - {*EVERYWHERE, ""})))
    return {**environment, "DATABASE_URL": database_url, "REDIS_URL": redis_url}


def node_environment(
    home: Home, *, redis_url: str, address: Address, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """For the node: a broker, an address to call and a token. No database, no secret key."""
    base = os.environ if base is None else base
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **_ours(base, drop=PLATFORM_ONLY),
        "REDIS_URL": redis_url,
        "ANTIPHON_API_URL": address.local_url,
        "ANTIPHON_NODE_TOKEN": secret(home, "node_token"),
    }


def demo_environment(home: Home, platform: Mapping[str, str]) -> dict[str, str]:
    """For the demo and for commands of a person at this terminal: the platform's, and the demo host's password."""
    return {"ANTIPHON_DEMO_PASSWORD": password(home, "demo_password"), **platform}


def _ours(base: Mapping[str, str], *, drop: tuple[str, ...]) -> dict[str, str]:
    kept = {name: value for name, value in base.items() if name not in drop}
    return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": base.get("PYTHONDONTWRITEBYTECODE", "")}


def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def python() -> str:
    """The interpreter that children run on: this one."""
    return sys.executable
