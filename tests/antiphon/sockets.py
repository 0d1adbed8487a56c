"""A websocket into the whole ASGI application, without a server in between."""

from typing import Any

from asgiref.testing import ApplicationCommunicator

from antiphon.config.asgi import application

PATIENCE_SECONDS = 5.0
LOOPBACK = "http://127.0.0.1"


class Socket:
    """One websocket: open, say, hear, close."""

    def __init__(self, path: str, *, cookies: dict[str, str] | None = None, origin: str = LOOPBACK) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        headers = [(b"host", b"127.0.0.1"), (b"origin", origin.encode()), (b"cookie", cookie.encode())]
        scope: dict[str, Any] = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "subprotocols": [],
        }
        communicator: Any = ApplicationCommunicator  # asgiref leaves it untyped
        self._application = communicator(application, scope)

    async def open(self) -> bool:
        """Shake hands; whether the server took the connection."""
        await self._application.send_input({"type": "websocket.connect"})
        answer = await self._application.receive_output(PATIENCE_SECONDS)
        return bool(answer["type"] == "websocket.accept")

    async def say(self, frame: str | bytes) -> None:
        """Send one frame, text or binary."""
        fields = {"text": frame} if isinstance(frame, str) else {"bytes": frame}
        await self._application.send_input({"type": "websocket.receive", **fields})

    async def hear(self, patience_seconds: float = PATIENCE_SECONDS) -> str:
        """The next text frame. Raises TimeoutError, or EOFError with the code where the server closes."""
        answer = await self._application.receive_output(patience_seconds)
        if answer["type"] == "websocket.close":
            raise EOFError(answer.get("code", 1000))
        text: str = answer["text"]
        return text

    async def close(self) -> None:
        """Lose the connection, and wait until the server has noticed."""
        await self._application.send_input({"type": "websocket.disconnect", "code": 1006})
        await self._application.wait(PATIENCE_SECONDS)
