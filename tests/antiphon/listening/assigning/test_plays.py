"""Sealed handles: one for each play and listener, and no other spelling of it."""

from string import ascii_letters, digits
from uuid import UUID

import pytest

from antiphon.listening.assigning.plays import DuelPair, Kind, Play, unseal_duel, unseal_play

LISTENER, OTHER = UUID(int=1), UUID(int=2)
LETTERS = f"{ascii_letters}{digits}-_"


@pytest.mark.parametrize("individual_id", range(1, 9))
def test_a_handle_has_one_spelling(individual_id: int) -> None:
    play = Play(individual_id, 7, Kind.REPEAT, 3)
    handle = play.seal(LISTENER)
    assert unseal_play(LISTENER, handle) == play
    assert [last for last in LETTERS if unseal_play(LISTENER, handle[:-1] + last)] == [handle[-1]]


def test_a_handle_is_of_its_listener_and_its_kind_alone() -> None:
    play, duel = Play(5, 7).seal(LISTENER), DuelPair(7, 5, 6).seal(LISTENER)
    assert unseal_play(OTHER, play) is None
    assert unseal_duel(LISTENER, play) is None
    assert unseal_play(LISTENER, duel) is None
    assert unseal_duel(LISTENER, duel) == DuelPair(7, 5, 6)
