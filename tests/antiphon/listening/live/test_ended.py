"""A connection that the server beneath has closed: what is still said to it is said to nobody, and nothing fails."""

from collections.abc import MutableMapping
from typing import Any

import pytest

from antiphon.listening.consumers import RoomConsumer


@pytest.mark.parametrize("error", [RuntimeError("after sending 'websocket.close'"), OSError("connection lost")])
async def test_what_is_said_to_a_connection_that_has_ended_fails_in_no_task(error: Exception) -> None:
    tried = []

    async def send(message: MutableMapping[str, Any]) -> None:
        tried.append(message["type"])
        raise error

    consumer = RoomConsumer()
    consumer.base_send = send
    await consumer._send_text("{}")
    await consumer.close(1013, "silent")
    consumer._drop()
    assert consumer._ending is not None
    await consumer._ending
    assert tried == ["websocket.send", "websocket.close", "websocket.close"]
