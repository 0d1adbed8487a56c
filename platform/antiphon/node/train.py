"""A `train` job: fetch the pieces, train, hand in each better checkpoint, report the end."""

import io
import json
import logging
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import JobImpossible
from antiphon.node.lease import LeaseHolder
from generation.presets import ConfigRefused, NetworkConfig
from generation.progress import Progress
from generation.score.midi import MidiRefused, read
from generation.score.notes import Score

if TYPE_CHECKING:
    from generation.training import TrainingResult

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
CHECKPOINT = "checkpoint"


def run_train_job(
    client: NodeClient, claim: Claim, lease: LeaseHolder, *, is_stopping: Callable[[], bool]
) -> dict[str, Any]:
    """Train as the job says and return its result. Raises JobImpossible where trying again would not help."""
    scores = unpack(client.archive(claim))
    try:
        config = NetworkConfig.from_json(claim.specification["config"])
    except ConfigRefused as error:
        raise JobImpossible(str(error)) from error
    earlier = client.latest_artefact(claim)  # of a node that fell silent or was switched off
    log.info("job %s: training %r on %s pieces", claim.job_id, claim.specification["name"], len(scores))
    result = _train(client, claim, lease, scores, config, earlier, is_stopping)
    return {
        "is_stopped": result.reason == "asked",
        "ended_by": result.reason,
        "epoch": result.best.epoch,
        "loss": result.best.loss,
        "held_out_loss": result.best.held_out_loss,
    }


def unpack(archive: bytes) -> list[Score]:
    """The scores in a run's archive, in the manifest's order. Raises JobImpossible where there is none."""
    scores = []
    with zipfile.ZipFile(io.BytesIO(archive)) as pieces:
        for entry in json.loads(pieces.read(MANIFEST)):
            try:
                scores.append(read(pieces.read(entry["path"])))
            except MidiRefused as error:
                log.warning("%s is left out: %s", entry["name"], error)
    if not scores:
        raise JobImpossible("None of the run's files can be read any more. Upload MIDI to its datasets.")
    return scores


def _train(
    client: NodeClient,
    claim: Claim,
    lease: LeaseHolder,
    scores: list[Score],
    config: NetworkConfig,
    earlier: bytes | None,
    is_stopping: Callable[[], bool],
) -> "TrainingResult":
    from generation.checkpoint import CheckpointRefused  # with TensorFlow: seconds, and only where it is needed
    from generation.training import TrainingRefused, train

    def hand_in(data: bytes, progress: Progress) -> None:
        if not lease.is_lost:
            client.artefact(claim, CHECKPOINT, data, checkpoint_facts(progress))

    try:
        return train(
            scores,
            config,
            seed=int(claim.specification["seed"]),
            on_progress=Epochs(lease).note,
            on_checkpoint=hand_in,
            should_stop=lambda: lease.should_stop or is_stopping(),
            resume_from=earlier,
        )
    except CheckpointRefused as error:
        log.warning("job %s begins anew: %s", claim.job_id, error)
        return _train(client, claim, lease, scores, config, None, is_stopping)
    except TrainingRefused as error:
        raise JobImpossible(str(error)) from error


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
