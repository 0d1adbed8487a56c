"""Zips of JSON and plain arrays, as checkpoints and training states are: read with bounds, without pickle."""

import io
import json
import math
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same contents are the same bytes
HEADER_BYTES = 4096  # more than an array's header takes

Array = NDArray[Any]
Form = tuple[tuple[int, ...], str]  # an array's shape and dtype


class CheckpointRefused(ValueError):
    """A file that is not a checkpoint or state as written here, or that would need more memory than it has bytes."""

    code = "checkpoint_refused"


def pack(members: dict[str, bytes]) -> bytes:
    """A zip of these members. Nothing is compressed: a file is as large as what it holds."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH_OF_ZIP), content)
    return buffer.getvalue()


def unpack(data: bytes, limits_bytes: dict[str, int], what: str) -> dict[str, bytes]:
    """Contents of exactly the named members, in that order, of a zip without compression. Raises CheckpointRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive, limits_bytes, what)
            return {name: archive.read(name) for name in limits_bytes}
    except CheckpointRefused:
        raise
    except Exception as error:  # zipfile raises a dozen kinds for broken archives, struct.error among them
        raise CheckpointRefused(f"{what}: expected a zip file, got {type(error).__name__}; upload it again") from None


def member_names(data: bytes) -> frozenset[str]:
    """The names in a zip; none where it is no zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except Exception:  # as above
        return frozenset()


def dump(value: Any) -> bytes:
    """A value as JSON text. Raises ValueError for numbers that are not finite."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()


def parse(name: str, content: bytes) -> Any:
    """The value that `dump` wrote. Raises CheckpointRefused."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CheckpointRefused(f"{name}: expected JSON, got {type(error).__name__}; upload the file again") from None


def pack_arrays(arrays: Sequence[Array]) -> bytes:
    """Arrays in order, as an `npz` file."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **{f"{i:03d}": array for i, array in enumerate(arrays)})
    return buffer.getvalue()


def unpack_arrays(data: bytes, forms: Sequence[Form], what: str) -> list[Array]:
    """The arrays that `pack_arrays` wrote, which should have these forms and be finite. Raises CheckpointRefused."""
    expected_bytes = sum(_n_bytes(form) for form in forms)
    if expected_bytes > len(data):
        raise CheckpointRefused(
            f"{what}: expected {expected_bytes} bytes of weights for this network, got {len(data)}; upload it again"
        )
    limits = {f"{i:03d}.npy": len(data) for i in range(len(forms))}
    contents = unpack(data, limits, what)
    return [_array(f"{what}: {name}", contents[name], form) for name, form in zip(contents, forms, strict=True)]


def _n_bytes(form: Form) -> int:
    shape, dtype = form
    return np.dtype(dtype).itemsize * math.prod(shape)


def _array(name: str, content: bytes, form: Form) -> Array:
    shape, dtype = form
    if len(content) > _n_bytes(form) + HEADER_BYTES:
        raise CheckpointRefused(f"{name} has more bytes than its shape {shape} needs; upload it again")
    try:
        array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError, MemoryError, SyntaxError, TypeError, OverflowError, RecursionError) as error:
        raise CheckpointRefused(f"{name} is no plain array ({type(error).__name__}); upload it again") from None
    if array.shape != shape or array.dtype != np.dtype(dtype):
        raise CheckpointRefused(
            f"{name}: expected {dtype} of shape {shape}, got {array.dtype} of {array.shape}; train anew"
        )
    if not np.isfinite(array).all():
        raise CheckpointRefused(f"{name}: expected finite numbers; train anew with a lower learning rate")
    return array


def _check_members(archive: zipfile.ZipFile, limits_bytes: dict[str, int], what: str) -> None:
    infos = archive.infolist()
    if sorted(info.filename for info in infos) != sorted(limits_bytes):
        raise CheckpointRefused(f"{what}: expected {len(limits_bytes)} members by their names; upload it again")
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED:
            raise CheckpointRefused(f"{what}: {info.filename} is compressed; save the checkpoint again")
        if info.file_size > limits_bytes[info.filename]:
            raise CheckpointRefused(
                f"{what}: {info.filename}: expected at most {limits_bytes[info.filename]} bytes, got {info.file_size}"
            )
