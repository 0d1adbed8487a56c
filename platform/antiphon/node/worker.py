"""What a node does with a wake-up: claim, work under the lease, report."""

import logging
import platform
import threading
from typing import Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import JobImpossible, NodeError, Refused, Unreachable
from antiphon.node.lease import LeaseHolder
from antiphon.node.likelihood import run_likelihood_job
from antiphon.node.report import run_report_job
from antiphon.node.rewrite import run_rewrite_job
from antiphon.node.sample import Sampler
from antiphon.node.train import run_train_job

log = logging.getLogger(__name__)

STOPPING = "The node was switched off."


class NodeWorker:
    """The jobs of one node process."""

    def __init__(self, client: NodeClient) -> None:
        self.client = client
        self.sampler = Sampler()
        self._sampling = threading.Lock()
        self.stopping = threading.Event()

    def work(self, job_id: int) -> None:
        """Do a job, if it is there to be done. Whatever happens, the platform is told or finds out by the lease."""
        if self.stopping.is_set():
            return
        claim = self.client.claim(job_id)
        if claim is None:
            return
        try:
            self._hold(claim)
        except JobImpossible as error:
            # What is cut short may look impossible: a run that was stopped before its first checkpoint, say.
            is_cut_short = self.stopping.is_set()
            reason = STOPPING if is_cut_short else str(error)
            self._give_back(claim, reason, is_final=not is_cut_short, is_stopping=is_cut_short)
        except Refused as error:
            self._give_back(claim, error.message)
        except Unreachable as error:
            log.error("job %s is left to its lease: %s", claim.job_id, error)
        except Exception as error:
            log.exception("job %s (%s) went wrong", claim.job_id, claim.kind)
            self._give_back(claim, f"{type(error).__name__}: {error}"[:400])

    def _hold(self, claim: Claim) -> None:
        with LeaseHolder(self.client, claim) as lease:
            result = self._run(claim, lease)
        if lease.is_lost:
            log.warning("job %s went on without this node", claim.job_id)
        elif self.stopping.is_set() and result.get("is_stopped") and not lease.is_cancelled:
            self.client.failure(claim, STOPPING, is_stopping=True)
        else:
            self.client.result(claim, result)

    def _run(self, claim: Claim, lease: LeaseHolder) -> dict[str, Any]:
        if claim.kind == "train":
            return run_train_job(self.client, claim, lease, is_stopping=self.stopping.is_set)
        if claim.kind == "report":
            return run_report_job(self.client, claim)
        if claim.kind == "sample":
            with self._sampling:  # one compiled loop at a time
                return self.sampler.run(self.client, claim)
        if claim.kind == "rewrite":
            with self._sampling:
                return run_rewrite_job(self.client, claim, self.sampler)
        if claim.kind == "likelihood":
            with self._sampling:
                return run_likelihood_job(self.client, claim, self.sampler)
        known = "`train`, `report`, `sample`, `rewrite` and `likelihood`"
        raise JobImpossible(f"This node knows {known} jobs, not {claim.kind!r}. Update it.")

    def _give_back(self, claim: Claim, reason: str, *, is_final: bool = False, is_stopping: bool = False) -> None:
        try:
            self.client.failure(claim, reason, is_final=is_final, is_stopping=is_stopping)
        except NodeError as error:
            log.warning("job %s could not be given back: %s", claim.job_id, error)


def warm_up() -> dict[str, Any]:
    """Load TensorFlow, so that the first job does not wait for it, and return the facts of this node."""
    import keras
    import tensorflow as tf

    devices = tf.config.list_physical_devices("GPU")
    for device in devices:
        tf.config.experimental.set_memory_growth(device, True)
    import generation.sampling
    import generation.training  # noqa: F401  (loaded for later)

    return {
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "devices": [tf.config.experimental.get_device_details(device).get("device_name", "GPU") for device in devices]
        or ["CPU"],
    }
