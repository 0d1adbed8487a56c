"""Files on their way out: a name that a person recognises, and no name that harms."""

import re
import unicodedata

from django.http import HttpResponse
from django.utils.http import content_disposition_header

NAME_MAX = 120
UNSAFE = re.compile(r"[^\w.\- ()#+,]", re.ASCII)


def file_name(name: str, extension: str) -> str:
    """A name for a download: plain characters, one extension, never empty, never a path."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = UNSAFE.sub("_", plain.replace("\\", "/").rsplit("/", 1)[-1]).strip(" ._")
    if stem.lower().endswith(extension):
        stem = stem[: -len(extension)]
    return f"{stem[:NAME_MAX] or 'antiphon'}{extension}"


def download(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """The bytes as an attachment."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def midi_download(content: bytes, *, name: str) -> HttpResponse:
    """MIDI bytes as an attachment called `name`.mid."""
    return download(content, name=file_name(name, ".mid"), content_type="audio/midi")
