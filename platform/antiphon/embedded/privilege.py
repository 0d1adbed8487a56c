"""PostgreSQL refuses to run as root. When root starts it, it runs as an ordinary user instead."""

import os
import pwd
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from antiphon.embedded.errors import StartFailed

UNPRIVILEGED_USERS = ("nobody", "daemon")
LAUNCHER = Path(__file__).with_name("become.py")


@dataclass(frozen=True)
class Owner:
    """The user and group that a server runs as."""

    uid: int
    gid: int


def server_owner(data: Path) -> Owner | None:
    """Who PostgreSQL should run as: None for whoever asks, an ordinary user when root asks.

    Data that an ordinary user made earlier keeps its owner.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Owner(data.stat().st_uid, data.stat().st_gid)
    for name in UNPRIVILEGED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid)
    raise StartFailed("PostgreSQL cannot run as root, and there is no user 'nobody' here. Run as an ordinary user.")


def can_reach(path: Path) -> bool:
    """Whether every user may pass through all folders on the way to this path."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def as_owner(owner: Owner | None, command: Sequence[str], *, reaching: Sequence[Path]) -> list[str]:
    """The command, to be run as `owner`, who must reach these folders.

    A checkout in a folder that only root may enter (/root itself, most often) is not opened to everyone for
    this: on Linux the server keeps the one capability that lets it pass.
    """
    if owner is None:
        return list(command)
    how = "plain" if all(can_reach(path) for path in reaching) else "passing"
    return [sys.executable, "-I", "-S", str(LAUNCHER), str(owner.uid), str(owner.gid), how, *command]
