"""A request that brings too much is refused while it comes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from antiphon.config.body_limit import WRAPPING_BYTES, BodyLimit, Message, Receive, Send

LIMIT = 1000


@pytest.fixture(autouse=True)
def small_limits(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = LIMIT
    settings.CHECKPOINT_MAX_BYTES = 10 * LIMIT


async def echo_length(scope: Message, receive: Receive, send: Send) -> None:
    """An application that reads its whole body before it answers, as Django does."""
    length, is_more = 0, True
    while is_more:
        message = await receive()
        length, is_more = length + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


async def post(path: str, chunks: list[bytes], headers: list[tuple[bytes, bytes]]) -> list[dict[str, Any]]:
    left: Iterator[bytes] = iter(chunks)
    sent: list[dict[str, Any]] = []

    async def receive() -> Message:
        chunk = next(left)
        return {"type": "http.request", "body": chunk, "more_body": chunk is not chunks[-1]}

    async def send(message: Message) -> None:
        sent.append(dict(message))

    await BodyLimit(echo_length)({"type": "http", "path": path, "headers": headers}, receive, send)
    return sent


async def test_a_body_within_the_limit_is_let_through() -> None:
    start, body = await post("/api/v1/datasets/1/files/", [b"x" * LIMIT, b"y"], [])
    assert (start["status"], body["body"]) == (200, b"1001")


async def test_a_body_that_grows_past_the_limit_is_refused_whatever_was_declared() -> None:
    chunks = [b"x" * (WRAPPING_BYTES // 2 + LIMIT) for _ in range(4)]
    start, body = await post("/api/v1/datasets/1/files/", chunks, [(b"content-length", b"3")])
    assert start["status"] == 413
    assert json.loads(body["body"])["code"] == "too_large"


async def test_a_body_that_is_declared_too_large_is_refused_unread() -> None:
    start, _ = await post("/", [b""], [(b"content-length", str(2 * WRAPPING_BYTES).encode())])
    assert start["status"] == 413


async def test_a_node_may_bring_a_checkpoint() -> None:
    chunks = [b"x" * (WRAPPING_BYTES + 5 * LIMIT)]
    start, _ = await post("/api/v1/node/jobs/1/artefacts", chunks, [])
    assert start["status"] == 200
