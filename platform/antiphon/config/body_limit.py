"""How much one request may bring, counted while it comes: Django would first put all of it on the disk."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]  # scope, receive, send

WRAPPING_BYTES = 1024 * 1024  # what multipart puts around the files
NODE_PATH = "/api/v1/node/"


class BodyTooLarge(Exception):
    """More came than this address takes."""


class BodyLimit:
    """Answers 413 once more bytes have come than the address takes, whatever Content-Length said."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        limit = limit_of(scope["path"])
        has_answered = False
        received = 0

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise BodyTooLarge
            return message

        async def watched_send(message: Message) -> None:
            nonlocal has_answered
            has_answered = True
            await send(message)

        try:
            if declared_bytes(scope) > limit:
                raise BodyTooLarge
            await self.application(scope, counted_receive, watched_send)
        except BodyTooLarge:
            if not has_answered:
                await refuse(send, limit)


def limit_of(path: str) -> int:
    """The most bytes that a request to a path may bring: checkpoints from nodes, uploads from everybody else."""
    most = settings.CHECKPOINT_MAX_BYTES if path.startswith(NODE_PATH) else settings.UPLOAD_MAX_BYTES
    return int(most) + WRAPPING_BYTES


def declared_bytes(scope: Message) -> int:
    """What Content-Length says, 0 where it says nothing readable."""
    value = dict(scope["headers"]).get(b"content-length", b"")
    return int(value) if value.isdigit() else 0


async def refuse(send: Send, limit: int) -> None:
    """The same error as the API's own, and the end of the connection."""
    said = f"Expected at most {limit // 1024**2} MiB in one request; more came. Send it in several."
    body = json.dumps({"code": "too_large", "message": said}).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
