"""A listener's page as the room sees it: somebody who is told things."""

from typing import Protocol
from uuid import UUID

from antiphon.listening.live.presence import Place


class RoomPage(Protocol):
    """What a hub and those who tell all pages of something need of a seat."""

    place: Place
    listener_id: UUID
    has_consented: bool

    @property
    def has_phrases(self) -> bool:
        """Whether the page has something to play."""

    def push(self, text: str) -> None:
        """Queue an encoded message."""

    def ask_for_offers(self) -> None:
        """Have offers sent after what is queued already."""
