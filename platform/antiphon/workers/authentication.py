"""`Authorization: Node TOKEN`: who a node is, and that only nodes come in."""

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from antiphon.workers.models import Node
from antiphon.workers.nodes import authenticate

KEYWORD = "node"
TOKEN_MAX = 200


class NodeAuthentication(BaseAuthentication):
    """A node by its token; the node is `request.auth`."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Node] | None:
        keyword, _, token = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != KEYWORD:
            return None
        node = authenticate(token.strip()[:TOKEN_MAX])
        if node is None:
            raise AuthenticationFailed("This node token is not known or its node is disabled. Ask the operator.")
        return AnonymousUser(), node

    def authenticate_header(self, request: Request) -> str:
        return "Node"


class IsNode(BasePermission):
    """Only a node."""

    message = "This address is for nodes. Send their token as `Authorization: Node TOKEN`."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Node)
