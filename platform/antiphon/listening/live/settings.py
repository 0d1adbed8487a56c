"""What listeners who are in a room are told when its host changes its settings."""

from collections.abc import Sequence

from antiphon.accounts.consent import accepted_by
from antiphon.listening.live.page import RoomPage
from antiphon.listening.live.snapshots import RoomSnapshot
from antiphon.listening.live.welcoming import consent_asked
from antiphon.listening.protocol.told import RoomSettingsChanged
from antiphon.listening.threads import in_thread


async def tell_settings(seats: Sequence[RoomPage], before: RoomSnapshot, now: RoomSnapshot) -> None:
    """Tell of another name, other tags or another text to agree to; `now` is what the seats' room has become.

    Who has not agreed to the new text is asked again, and is offered nothing before. One query for all of them.
    """
    if now.consent.version != before.consent.version:
        listeners = [seat.listener_id for seat in seats]
        agreed = await in_thread(accepted_by, listener_ids=listeners, version=now.consent.version)
        for seat in seats:
            seat.has_consented = seat.listener_id in agreed
    elif (now.name, now.tags) == (before.name, before.tags):
        return
    texts = {
        is_accepted: RoomSettingsChanged(
            room_name=now.name, tags=list(now.tags), consent=consent_asked(now, is_accepted=is_accepted)
        ).model_dump_json()
        for is_accepted in (False, True)
    }
    for seat in seats:
        seat.push(texts[seat.has_consented])
