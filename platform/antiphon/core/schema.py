"""How the OpenAPI document speaks of hosts' sign-in."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class HostScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "antiphon.core.api.HostAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
