"""What a node is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from antiphon.node.errors import Misconfigured


@dataclass(frozen=True)
class Configuration:
    """Where wake-ups come from, where the platform is, and the token to show there."""

    redis_url: str = field(repr=False)
    api_url: str
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Configuration":
        """REDIS_URL, ANTIPHON_API_URL and ANTIPHON_NODE_TOKEN. Raises Misconfigured."""
        given = os.environ if environment is None else environment
        missing = [name for name in ("REDIS_URL", "ANTIPHON_API_URL", "ANTIPHON_NODE_TOKEN") if not given.get(name)]
        if missing:
            raise Misconfigured(
                f"{', '.join(missing)} not set. A node needs the broker's address, the platform's address and the "
                "token that `manage.py create_node NAME` printed there."
            )
        api_url = given["ANTIPHON_API_URL"].rstrip("/")
        if not api_url.startswith(("http://", "https://")):
            raise Misconfigured(f"ANTIPHON_API_URL should begin with http:// or https://, not {api_url!r}.")
        return cls(redis_url=given["REDIS_URL"], api_url=api_url, token=given["ANTIPHON_NODE_TOKEN"])
