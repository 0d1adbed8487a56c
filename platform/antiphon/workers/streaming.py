"""Files for nodes, read piece by piece: a training state may be larger than what a web process should hold."""

from collections.abc import AsyncIterator
from typing import BinaryIO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

CHUNK_BYTES = 1024 * 1024
CONTENT_TYPE = "application/octet-stream"


def stream(request: HttpRequest, file: BinaryIO) -> HttpResponseBase:
    """The file as a response, closed once it has been sent. Django reads a plain file whole where it serves ASGI."""
    if not isinstance(request, ASGIRequest):
        return FileResponse(file, content_type=CONTENT_TYPE)
    return StreamingHttpResponse(_pieces(file), content_type=CONTENT_TYPE)


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    try:
        while piece := await sync_to_async(file.read, thread_sensitive=False)(CHUNK_BYTES):
            yield piece
    finally:
        await sync_to_async(file.close, thread_sensitive=False)()
