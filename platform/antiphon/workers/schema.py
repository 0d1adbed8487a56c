"""How the OpenAPI document speaks of a node's token."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class NodeScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "antiphon.workers.authentication.NodeAuthentication"
    name = "node"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Node TOKEN`, the token shown once when an operator made the node.",
        }
