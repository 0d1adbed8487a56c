"""What this process is told by its environment; the only reader of `os.environ` on the platform."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """A variable that must be set. Raises ImproperlyConfigured with what to do."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. `make demo` and `python -m antiphon.embedded run -- COMMAND` set it; "
            "docs/guide/operators.md lists what a server of your own needs."
        )
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A variable that is 1, true, yes or on; 0, false, no or off."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} should be 1 or 0, not {value!r}.")
    return default


def words(name: str) -> list[str]:
    """A comma-separated variable as a list without blanks."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def text(name: str, default: str) -> str:
    """A variable with a default."""
    return os.environ.get(name, "") or default


def folder(name: str, default: Path) -> Path:
    """A folder, absolute."""
    return Path(os.environ.get(name, "") or default).resolve()


def database(url: str) -> dict[str, object]:
    """A postgresql:// URL as Django's DATABASES entry; `?host=/folder` names a unix socket's folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL should begin with postgresql://, not {parts.scheme}://.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    host = unquote(query.pop("host", "")) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": query.pop("port", "") or str(parts.port or ""),
        # A server that was restarted leaves dead connections in the pool: each is tried before it is given out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**{key: unquote(value) for key, value in query.items()}, "pool": {"min_size": 1, "max_size": 16}},
    }
