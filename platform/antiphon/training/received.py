"""What comes from nodes, before it is believed: facts in their form, files by their hash."""

import hashlib
from typing import BinaryIO, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from antiphon.core.errors import Invalid
from antiphon.core.jobs import Payload

CHUNK_BYTES = 1024 * 1024


class Received(BaseModel):
    """The base of what a node says: finite numbers; what this version does not know is ignored."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


Form = TypeVar("Form", bound=Received)


def parsed(form: type[Form], data: Payload) -> Form:
    """The facts in their form. Raises Invalid, naming the first that is not."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{where}: {first['msg']}.") from None


def digest(file: BinaryIO) -> tuple[str, int]:
    """SHA-256 and bytes of a file, read in pieces; the file stands at its beginning again."""
    found = hashlib.sha256()
    n_bytes = 0
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        found.update(chunk)
        n_bytes += len(chunk)
    file.seek(0)
    return found.hexdigest(), n_bytes
