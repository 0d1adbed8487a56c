"""What a node tells the platform when its work is cut short or turns out to be impossible."""

from typing import Any, cast
from uuid import uuid4

import pytest

from antiphon.node import worker as node
from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import JobImpossible


class Platform:
    """Grants one job and keeps what is said of it."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def claim(self, job_id: int) -> Claim:
        return Claim(job_id, "train", uuid4(), 60, 1, specification={}, has_archive=True)

    def progress(self, claim: Claim, progress: dict[str, Any]) -> bool:
        return False

    def failure(self, claim: Claim, reason: str, **how: bool) -> None:
        self.said.append({"reason": reason, **how})


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def worker(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> node.NodeWorker:
    """A node whose training learns nothing."""

    def learn_nothing(*_args: Any, **_hooks: Any) -> dict[str, Any]:
        raise JobImpossible("expected a finite loss, got none")

    monkeypatch.setattr(node, "run_train_job", learn_nothing)
    return node.NodeWorker(cast(NodeClient, platform))


def test_what_is_impossible_is_given_up(worker: node.NodeWorker, platform: Platform) -> None:
    worker.work(1)
    assert platform.said == [{"reason": "expected a finite loss, got none", "is_final": True, "is_stopping": False}]


def test_a_run_cut_short_before_its_first_checkpoint_is_given_to_another_node(
    worker: node.NodeWorker, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_switched_off(*_args: Any, **_hooks: Any) -> dict[str, Any]:
        worker.stopping.set()
        raise JobImpossible("expected a finite loss, got none")

    monkeypatch.setattr(node, "run_train_job", be_switched_off)
    worker.work(1)
    assert platform.said == [{"reason": node.STOPPING, "is_final": False, "is_stopping": True}]
