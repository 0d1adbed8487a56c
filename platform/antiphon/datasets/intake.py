"""What is taken from an upload: files and zips as they come, within limits, each file with a name that does no harm."""

import lzma
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.core.files.uploadedfile import UploadedFile

from antiphon.core.errors import TooLarge

NAME_MAX = 255
CHUNK_BYTES = 64 * 1024
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
ENCRYPTED = 0x1
# All that unpacking a damaged member, or one packed in a way unknown here, may raise (also lzma's and bz2's errors).
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
JUNK_FOLDERS = {"__MACOSX"}  # what desktops add to a zip by themselves; nobody misses it
JUNK_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Limits:
    """How much is taken at once."""

    max_files: int
    max_bytes: int  # of the request
    max_unpacked_bytes: int  # of everything in it
    max_file_bytes: int  # of one MIDI file


@dataclass(frozen=True)
class Incoming:
    """One file that came: its bytes, or the reason why they are not even looked at."""

    name: str
    n_bytes: int
    data: bytes = b""
    reason: str = ""


def take(uploads: "Iterable[UploadedFile[bytes]]", limits: Limits) -> Iterator[Incoming]:
    """Every file of an upload, zips unpacked, one at a time. Raises TooLarge where the whole is too much."""
    budget = _Budget(limits)
    for upload in uploads:
        budget.receive(upload.size or 0)
        stream = upload.file
        assert stream is not None
        name = clean_name(upload.name or "")
        if _is_zip(stream):
            yield from _unpack(stream, name, budget)
        else:
            budget.count_files(1)
            yield _read(stream, name, upload.size or 0, budget)


def clean_name(name: str) -> str:
    """A name as it may be shown and kept: no path upwards, no control or direction characters, at most 255 long."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8")).replace("\\", "/")
    text = "".join(letter for letter in text if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    parts = [part.strip() for part in PurePosixPath(text).parts if part.strip() not in {"", "/", ".", ".."}]
    return "/".join(parts)[-NAME_MAX:].lstrip("/") or "unnamed"


class _Budget:
    """What is left of the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.n_files = 0
        self.n_bytes = 0
        self.n_unpacked = 0

    def receive(self, n_bytes: int) -> None:
        self.n_bytes += n_bytes
        self._check("bytes", self.n_bytes, self.limits.max_bytes, "Send the files in smaller portions.")

    def count_files(self, n_files: int) -> None:
        self.n_files += n_files
        self._check("files", self.n_files, self.limits.max_files, "Send them in several portions.")

    def unpack(self, n_bytes: int) -> None:
        self.n_unpacked += n_bytes
        self._check("bytes when unpacked", self.n_unpacked, self.limits.max_unpacked_bytes, "Split the zip.")

    def _check(self, what: str, n: int, n_max: int, advice: str) -> None:
        if n > n_max:
            raise TooLarge(f"Expected at most {n_max:,} {what} at once; got {n:,} or more. {advice}")


def _is_zip(stream: IO[bytes]) -> bool:
    stream.seek(0)
    magic = stream.read(4)
    stream.seek(0)
    return magic in ZIP_MAGIC


def _unpack(stream: IO[bytes], name: str, budget: _Budget) -> Iterator[Incoming]:
    try:
        archive = zipfile.ZipFile(stream)
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_junk(member.filename)]
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError) as error:
        budget.count_files(1)
        yield Incoming(name, 0, reason=f"Expected a zip, got a damaged one ({error}). Make it again.")
        return
    budget.count_files(max(1, len(members)))
    if not members:
        yield Incoming(name, 0, reason="The zip has no files in it.")
    with archive:
        for member in members:
            yield _member(archive, member, budget)


def _is_junk(path: str) -> bool:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return bool(parts) and (parts[0] in JUNK_FOLDERS or parts[-1] in JUNK_FILES)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget) -> Incoming:
    name = clean_name(member.filename)
    if member.flag_bits & ENCRYPTED:
        return Incoming(name, member.file_size, reason="It is encrypted in the zip. Zip it without a password.")
    if member.file_size > budget.limits.max_file_bytes:
        return _too_big(name, member.file_size, budget)
    try:
        with archive.open(member) as stream:
            incoming = _read(stream, name, member.file_size, budget)
    except DAMAGE as error:
        return Incoming(name, member.file_size, reason=f"It is damaged in the zip ({error}). Make the zip again.")
    if incoming.data.startswith(ZIP_MAGIC):
        return Incoming(name, incoming.n_bytes, reason="It is a zip inside a zip. Upload the inner one by itself.")
    return incoming


def _read(stream: IO[bytes], name: str, n_bytes: int, budget: _Budget) -> Incoming:
    """The bytes of one file, of which no more are read than one file may have, whatever was promised of its size."""
    most = budget.limits.max_file_bytes
    chunks: list[bytes] = []
    n_read = 0
    while chunk := stream.read(min(CHUNK_BYTES, most + 1 - n_read)):
        chunks.append(chunk)
        n_read += len(chunk)
        budget.unpack(len(chunk))
        if n_read > most:
            return _too_big(name, max(n_bytes, n_read), budget)
    if n_read == 0:
        return Incoming(name, 0, reason="The file is empty.")
    return Incoming(name, n_read, data=b"".join(chunks))


def _too_big(name: str, n_bytes: int, budget: _Budget) -> Incoming:
    most = budget.limits.max_file_bytes
    return Incoming(name, n_bytes, reason=f"Expected at most {most:,} bytes; got {n_bytes:,}. Split the piece.")
