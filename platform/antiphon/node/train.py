"""A `train` job: fetch the pieces, train, hand in each better checkpoint and the states between, report the end."""

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.courier import STATE, StateCourier
from antiphon.node.errors import JobImpossible
from antiphon.node.lease import LeaseHolder
from antiphon.node.pieces import unpack
from generation.pieces import Piece
from generation.presets import ConfigRefused, NetworkConfig
from generation.progress import Progress

if TYPE_CHECKING:
    from generation.training import TrainingResult

log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint"
CHECKPOINT_PAUSE_SECONDS = 5.0  # between two that are handed in: each is an upload that training waits for
CORPUS_FACTS = ("n_scores", "n_held_out", "n_left_out", "held_out", "left_out", "left_out_because")


def run_train_job(
    client: NodeClient, claim: Claim, lease: LeaseHolder, *, is_stopping: Callable[[], bool]
) -> dict[str, Any]:
    """Train as the job says and return its result. Raises JobImpossible where trying again would not help."""
    pieces = unpack(client.archive(claim))
    try:
        config = NetworkConfig.from_json(claim.specification["config"])
    except ConfigRefused as error:
        raise JobImpossible(str(error)) from error
    log.info("job %s: training %r on %s pieces", claim.job_id, claim.specification["name"], len(pieces))
    with StateCourier(client, claim) as courier:
        result = _Training(client, claim, lease, courier, is_stopping).go_on(pieces, config)
    return {
        "is_stopped": result.reason == "asked",
        "ended_by": result.reason,
        "epoch": result.best.epoch,
        "loss": result.best.loss,
        "held_out_loss": result.best.held_out_loss,
    }


class _Training:
    """One training under a lease: what it hands in, and where it begins."""

    def __init__(
        self,
        client: NodeClient,
        claim: Claim,
        lease: LeaseHolder,
        courier: StateCourier,
        is_stopping: Callable[[], bool],
    ) -> None:
        self.client = client
        self.claim = claim
        self.lease = lease
        self.courier = courier
        self.is_stopping = is_stopping

    def go_on(self, pieces: list[Piece], config: NetworkConfig) -> "TrainingResult":
        """Train from the last state, or from the last checkpoint, or anew: whichever first can be gone on from."""
        from generation.checkpoint import CheckpointRefused  # with TensorFlow: seconds, and only where it is needed
        from generation.training import TrainingRefused

        for earlier in self._beginnings():
            try:
                return self._train(pieces, config, earlier)
            except CheckpointRefused as error:
                log.warning("job %s cannot go on from what there is: %s", self.claim.job_id, error)
            except TrainingRefused as error:
                raise JobImpossible(str(error)) from error
        raise AssertionError("a training that begins anew refuses no checkpoint")

    def _beginnings(self) -> Iterator[bytes | None]:
        for name in (STATE, CHECKPOINT):
            earlier = self.client.latest_artefact(self.claim, name)
            if earlier is not None:
                yield earlier
        yield None

    def _train(self, pieces: list[Piece], config: NetworkConfig, earlier: bytes | None) -> "TrainingResult":
        from generation.training import train

        return train(
            pieces,
            config,
            seed=int(self.claim.specification["seed"]),
            on_progress=Epochs(self.lease).note,
            on_checkpoint=self._hand_in,
            on_state=self._hand_over,
            should_stop=lambda: self.lease.should_stop or self.is_stopping(),
            resume_from=earlier,
            checkpoint_pause_seconds=CHECKPOINT_PAUSE_SECONDS,
        )

    def _hand_in(self, data: bytes, progress: Progress) -> None:
        if not self.lease.is_lost:
            facts = {**checkpoint_facts(progress), "corpus": corpus_facts(data)}
            self.client.artefact(self.claim, CHECKPOINT, data, facts)

    def _hand_over(self, data: bytes, progress: Progress) -> None:
        if not self.lease.is_lost:
            self.courier.send(data, {"epoch": progress.epoch})


class Epochs:
    """Tells a lease of progress, and once of each epoch's losses."""

    def __init__(self, lease: LeaseHolder) -> None:
        self.lease = lease
        self.epoch: int | None = None

    def note(self, progress: Progress) -> None:
        """Take up one moment of a training run."""
        has_ended = self.epoch is not None and progress.epoch > self.epoch and progress.loss is not None
        loss = {**checkpoint_facts(progress), "seconds": progress.seconds_elapsed} if has_ended else None
        self.epoch = progress.epoch
        self.lease.note(progress.to_json(), loss)


def checkpoint_facts(progress: Progress) -> dict[str, Any]:
    """Epoch and losses."""
    return {"epoch": progress.epoch, "loss": progress.loss, "held_out_loss": progress.held_out_loss}


def corpus_facts(checkpoint: bytes) -> dict[str, Any]:
    """What training made of the pieces: how many it learns from, and which it holds out or leaves out."""
    with zipfile.ZipFile(io.BytesIO(checkpoint)) as archive:
        facts = json.loads(archive.read("facts.json"))
    return {name: facts[name] for name in CORPUS_FACTS if name in facts}
