"""The machines that may ask for work, and the tokens by which they are known."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from antiphon.core.errors import Conflict, Invalid
from antiphon.workers.models import Node

TOKEN_PREFIX = "antiphon_node_"  # noqa: S105  (the public part of a token, so that a leaked one is recognised)
TOKEN_BYTES = 32
TOKEN_MIN = 24
SEEN_EVERY = timedelta(seconds=5)


def hash_token(token: str) -> str:
    """What is kept of a token. Tokens are long and random, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_node(*, name: str) -> tuple[Node, str]:
    """A new node and its token, which is shown now and never again. Raises Conflict where the name is taken."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with transaction.atomic():
            return Node.objects.create(name=name, token_sha256=hash_token(token)), token
    except IntegrityError:
        raise Conflict(f"There is a node called {name!r} already. Choose another name, or renew its token.") from None


def ensure_node(*, name: str, token: str) -> Node:
    """The node of this name, enabled, with this token; made where it is missing. Raises Invalid for a short token."""
    if len(token) < TOKEN_MIN:
        raise Invalid(f"Expected a token of at least {TOKEN_MIN} characters; got {len(token)}. Use a random one.")
    node, _ = Node.objects.update_or_create(name=name, defaults={"token_sha256": hash_token(token), "is_enabled": True})
    return node


def renew_token(*, node: Node) -> str:
    """A new token for a node; the old one is refused from now on."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    node.token_sha256 = hash_token(token)
    node.save(update_fields=["token_sha256"])
    return token


def authenticate(token: str) -> Node | None:
    """The enabled node that holds this token, marked as seen."""
    wanted = hash_token(token)
    node = Node.objects.filter(token_sha256=wanted, is_enabled=True).first()
    if node is None or not hmac.compare_digest(node.token_sha256, wanted):
        return None
    now = timezone.now()
    if node.seen_at is None or now - node.seen_at > SEEN_EVERY:
        Node.objects.filter(pk=node.pk).update(seen_at=now)
    return node


def note_facts(*, node: Node, facts: dict[str, Any]) -> None:
    """Keep what a node says of itself."""
    node.facts = facts
    node.seen_at = timezone.now()
    node.save(update_fields=["facts", "seen_at"])
