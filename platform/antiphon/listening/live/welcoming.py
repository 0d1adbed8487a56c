"""The answer to `join`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

from antiphon.listening.keeping.pasts import Said
from antiphon.listening.live.presence import Here
from antiphon.listening.live.snapshots import RoomSnapshot
from antiphon.listening.protocol.terms import (
    HEARTBEAT_SECONDS,
    PROTOCOL_VERSION,
    SILENCE_SECONDS,
    Headphones,
    Language,
    SkipReason,
)
from antiphon.listening.protocol.told import ConsentAsked, ConsentText, Progress, Welcome


@dataclass(frozen=True)
class Arrival:
    """Somebody who has just joined, and where they stand."""

    message_id: UUID  # of their `join`
    listener_id: UUID
    name: str  # empty where they are told of by none
    has_consented: bool
    headphones: str
    history: Sequence[Said]
    answered: int
    left: int


def welcome(arrival: Arrival, room: RoomSnapshot, progress: Progress | None, here: Here) -> Welcome:
    """Where things stand, for somebody who has just joined."""
    return Welcome(
        id=arrival.message_id,
        protocol=PROTOCOL_VERSION,
        listener=arrival.listener_id,
        name=arrival.name or None,
        room_name=room.name,
        room_state=room.state,
        stage=room.stage,
        progress=progress,
        answered=arrival.answered,
        left=arrival.left,
        history=[said.given(arrival.listener_id) for said in arrival.history],
        here=here.here,
        names=list(here.names),
        consent=consent_asked(room, is_accepted=arrival.has_consented),
        headphones=next((one for one in get_args(Headphones) if one == arrival.headphones), None),
        tags=list(room.tags),
        skip_reasons=list(get_args(SkipReason)),
        server_time=datetime.now(UTC),
        heartbeat_seconds=HEARTBEAT_SECONDS,
        silence_seconds=SILENCE_SECONDS,
    )


def consent_asked(room: RoomSnapshot, *, is_accepted: bool) -> ConsentAsked:
    """What a room asks a listener to agree to, and whether they have."""
    wanted = room.consent
    return ConsentAsked(
        version=wanted.version,
        texts=[ConsentText(language=_language(key), text=text) for key, text in wanted.texts.items()],
        is_accepted=is_accepted,
    )


def _language(key: str) -> Language | None:
    return next((language for language in get_args(Language) if language == key), None)
