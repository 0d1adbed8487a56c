"""A websocket may be opened only by our own pages: browsers send cookies along with anybody's."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class OwnOriginOnly:
    """Lets a handshake through when its Origin is the host that it was sent to, or one that settings trust.

    The host itself is checked as Django checks it, so that a page opened by another name of this machine works where
    ALLOWED_HOSTS says so. A handshake without an Origin is refused: every browser sends one.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if is_own_origin(headers.get(b"origin", ""), headers.get(b"host", "")):
            await self.application(scope, receive, send)
        else:
            await WebsocketDenier()(scope, receive, send)


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page from `origin` (scheme://host:port) is ours, given the Host header of the handshake."""
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return parts.netloc == host and validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)
