"""One hearing of one phrase by one listener, and the sealed handle by which the page names it.

Some hearings are of anchors and some are hidden repeats, and a listener who knew which would answer otherwise. So a
page is told a handle only: the play, encrypted and authenticated for its listener under keys derived from the secret
key (a synthetic initialisation vector, the construction of RFC 5297, here over keyed BLAKE2b). Handles need no store:
the same play has the same handle after a reconnection and after a loss of Valkey, and nobody can make one up.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

from django.conf import settings

TAG_BYTES = 8
PLAY = struct.Struct(">BIQQ")  # kind, occasion, generation, individual
DUEL = struct.Struct(">QQQ")  # generation, left, right


class Kind(StrEnum):
    """Why a phrase is heard."""

    NEW = "new"
    ANCHOR = "anchor"  # one of a few that are heard again through the whole run
    REPEAT = "repeat"  # heard before by this listener: how alike are their answers?


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Play:
    """A phrase heard in a generation. `occasion` is 0 for one of the generation's own, heard for the first time;

    for any other hearing it is 1 + the number of the generation in which it is heard.
    """

    individual_id: int
    generation_id: int
    kind: Kind = Kind.NEW
    occasion: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """What a listener gives one answer to."""
        return self.individual_id, self.occasion

    def seal(self, listener_id: UUID) -> str:
        """The handle of this play for its listener."""
        return _seal(
            listener_id, PLAY.pack(KINDS.index(self.kind), self.occasion, self.generation_id, self.individual_id)
        )


@dataclass(frozen=True, slots=True)
class DuelPair:
    """Two phrases of one generation, as they stand before a listener."""

    generation_id: int
    left_id: int
    right_id: int

    def seal(self, listener_id: UUID) -> str:
        """The handle of this duel for its listener."""
        return _seal(listener_id, DUEL.pack(self.generation_id, self.left_id, self.right_id))


def unseal_play(listener_id: UUID, handle: str) -> Play | None:
    """The play that a handle stands for; None where it is no such handle, or another listener's."""
    plain = _unseal(listener_id, handle, PLAY.size)
    if plain is None:
        return None
    kind, occasion, generation_id, individual_id = PLAY.unpack(plain)
    return Play(individual_id, generation_id, KINDS[kind], occasion)


def unseal_duel(listener_id: UUID, handle: str) -> DuelPair | None:
    """The duel that a handle stands for; None where it is no such handle, or another listener's."""
    plain = _unseal(listener_id, handle, DUEL.size)
    return None if plain is None else DuelPair(*DUEL.unpack(plain))


def _seal(listener_id: UUID, plain: bytes) -> str:
    sealing, hiding = _keys()
    tag = blake2b(listener_id.bytes + plain, key=sealing, digest_size=TAG_BYTES).digest()
    return _encoded(tag + _mix(plain, tag, hiding))


def _encoded(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _unseal(listener_id: UUID, handle: str, size: int) -> bytes | None:
    try:
        sealed = urlsafe_b64decode(handle + "=" * (-len(handle) % 4))
    except ValueError:
        return None
    if len(sealed) != TAG_BYTES + size or _encoded(sealed) != handle:  # its last letter has bits that say nothing
        return None
    sealing, hiding = _keys()
    tag = sealed[:TAG_BYTES]
    plain = _mix(sealed[TAG_BYTES:], tag, hiding)
    expected = blake2b(listener_id.bytes + plain, key=sealing, digest_size=TAG_BYTES).digest()
    return plain if compare_digest(tag, expected) else None


def _mix(text: bytes, tag: bytes, key: bytes) -> bytes:
    """Text and a stream of bytes that follows from its tag, exclusive or; the same again gives the text back."""
    stream = blake2b(tag, key=key, digest_size=len(text)).digest()
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))


@cache
def _keys() -> tuple[bytes, bytes]:
    secret = settings.SECRET_KEY.encode()
    sealing, hiding = (blake2b(secret, person=purpose, digest_size=32).digest() for purpose in (b"sealing", b"hiding"))
    return sealing, hiding
