"""Files for nodes leave piece by piece, also where Django serves ASGI."""

import io

from django.core.handlers.asgi import ASGIRequest
from django.test import AsyncRequestFactory, RequestFactory

from antiphon.workers.streaming import CHUNK_BYTES, stream

CONTENT = bytes(range(256)) * (CHUNK_BYTES // 256 * 2) + b"end"


async def test_an_asgi_server_sends_a_file_in_pieces_and_closes_it() -> None:
    request = AsyncRequestFactory().get("/")
    assert isinstance(request, ASGIRequest)
    file = io.BytesIO(CONTENT)
    response = stream(request, file)
    pieces = [piece async for piece in response]  # type: ignore[attr-defined]
    assert [len(piece) for piece in pieces] == [CHUNK_BYTES, CHUNK_BYTES, 3]
    assert b"".join(pieces) == CONTENT
    assert file.closed


def test_a_plain_server_sends_the_same_bytes() -> None:
    response = stream(RequestFactory().get("/"), io.BytesIO(CONTENT))
    assert b"".join(response) == CONTENT
    response.close()
