"""Secrets that are made once and kept in files that only their owner can read."""

import os
import secrets
from collections.abc import Callable

from antiphon.embedded.home import Home

SECRET_BYTES = 32
CLEAR = "abcdefghjkmnpqrstuvwxyz"  # without the ones that look like others


def secret(home: Home, name: str) -> str:
    """The secret of this name, made on first use: 64 hexadecimal characters, mode 0600."""
    return _kept(home, name, lambda: secrets.token_hex(SECRET_BYTES))


def password(home: Home, name: str) -> str:
    """A secret that a person types, made on first use: three groups of five letters, about 68 bits."""
    return _kept(home, name, lambda: "-".join("".join(secrets.choice(CLEAR) for _ in range(5)) for _ in range(3)))


def _kept(home: Home, name: str, make: Callable[[], str]) -> str:
    home.prepare()
    path = home.secret(name)
    if not path.exists():
        aside = path.with_suffix(f".{os.getpid()}")
        aside.touch(mode=0o600)
        aside.write_text(make())
        aside.rename(path)  # whole or not at all
    path.chmod(0o600)
    return path.read_text().strip()
