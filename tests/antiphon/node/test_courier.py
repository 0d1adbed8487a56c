"""Training states on their way: only the latest counts, the last one always arrives, and training never waits."""

import threading
from typing import Any, cast
from uuid import uuid4

from antiphon.node.client import Claim, NodeClient
from antiphon.node.courier import StateCourier
from antiphon.node.errors import Unreachable


class SlowPlatform:
    """Takes each artefact only when it is let."""

    def __init__(self, *, is_away: bool = False) -> None:
        self.is_away = is_away
        self.arrived: list[tuple[bytes, int]] = []
        self.has_begun, self.may_end = threading.Event(), threading.Event()

    def artefact(self, claim: Claim, name: str, data: bytes, facts: dict[str, Any]) -> None:
        self.has_begun.set()
        assert self.may_end.wait(5)
        if self.is_away:
            raise Unreachable("nobody answers")
        self.arrived.append((data, facts["epoch"]))


def courier_to(platform: SlowPlatform) -> StateCourier:
    claim = Claim(
        job_id=1, kind="train", lease=uuid4(), lease_seconds=60, attempt=1, specification={}, has_archive=True
    )
    return StateCourier(cast(NodeClient, platform), claim)


def test_of_states_that_wait_only_the_latest_is_sent_and_the_end_waits_for_it() -> None:
    platform = SlowPlatform()
    with courier_to(platform) as courier:
        courier.send(b"one", {"epoch": 1})
        assert platform.has_begun.wait(5)
        courier.send(b"two", {"epoch": 2})
        courier.send(b"three", {"epoch": 3})
        assert platform.arrived == []
        platform.may_end.set()
    assert platform.arrived == [(b"one", 1), (b"three", 3)]


def test_a_platform_that_is_away_costs_a_state_and_not_the_training() -> None:
    platform = SlowPlatform(is_away=True)
    platform.may_end.set()
    with courier_to(platform) as courier:
        courier.send(b"one", {"epoch": 1})
    assert platform.has_begun.is_set()
    assert platform.arrived == []
