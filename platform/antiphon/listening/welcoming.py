"""The answer to `join`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from antiphon.listening.history import Said
from antiphon.listening.presence import Here
from antiphon.listening.protocol import (
    HEARTBEAT_SECONDS,
    PROTOCOL_VERSION,
    SILENCE_SECONDS,
    ConsentAsked,
    ConsentText,
    Headphones,
    Language,
    SkipReason,
    Welcome,
)
from antiphon.listening.snapshots import RoomSnapshot

if TYPE_CHECKING:
    from antiphon.listening.seat import Seat


def welcome(seat: "Seat", message_id: UUID, history: Sequence[Said], here: Here) -> Welcome:
    """Where things stand for somebody who has just joined."""
    snapshot = seat.snapshot
    return Welcome(
        id=message_id,
        protocol=PROTOCOL_VERSION,
        listener=seat.listener_id,
        name=seat.place.name or None,
        room_name=snapshot.name,
        room_state=snapshot.state,
        stage=snapshot.stage,
        progress=seat.hub.progress,
        answered=len(seat.standing.answered),
        left=seat.left,
        history=[said.given(seat.listener_id) for said in history],
        here=here.here,
        names=list(here.names),
        consent=consent_asked(snapshot, is_accepted=seat.has_consented),
        headphones=next((one for one in get_args(Headphones) if one == seat.headphones), None),
        tags=list(snapshot.tags),
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
