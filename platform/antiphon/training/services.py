"""What a host does with training runs, checkpoints and samples."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from antiphon.accounts.models import User
from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.enqueue import cancel, enqueue
from antiphon.core.errors import Conflict, Invalid
from antiphon.core.events import TrainingChanged
from antiphon.core.jobs import Kind, Payload
from antiphon.datasets.models import Dataset, MidiFile
from antiphon.training.models import Checkpoint, Sample, TrainingRun
from generation.presets import PRESETS, ConfigRefused

SEED_BITS = 31
LISTEN = "listen"  # the purpose of samples that a host asked to hear


@dataclass(frozen=True)
class SamplePurpose:
    """Who waits for samples drawn for one purpose. Both are called within the transaction that ends the job."""

    drawn: Callable[[Payload, Sequence[Sample]], None]  # the job's payload (with job_id), its samples by index
    failed: Callable[[Payload, str], None]  # the job's payload, the reason


_purposes: dict[str, SamplePurpose] = {}


def on_samples(
    purpose: str, drawn: Callable[[Payload, Sequence[Sample]], None], failed: Callable[[Payload, str], None]
) -> None:
    """Be told when samples drawn for `purpose` have come or will not come; called once from AppConfig.ready."""
    _purposes[purpose] = SamplePurpose(drawn, failed)


def purpose_of(payload: Payload) -> SamplePurpose | None:
    """Who waits for the samples of a job, if anybody does."""
    return _purposes.get(str(payload.get("purpose", LISTEN)))


def new_seed() -> int:
    """A seed for someone who did not choose one."""
    return secrets.randbits(SEED_BITS)


@transaction.atomic
def start_run(
    *,
    owner: User,
    name: str,
    datasets: Sequence[Dataset],
    preset: str,
    epochs: int | None = None,
    max_seconds: float | None = None,
    seed: int | None = None,
) -> TrainingRun:
    """Order the training of a network on the accepted files of some datasets. Raises Invalid, Conflict."""
    if preset not in PRESETS:
        raise Invalid(f"Expected a preset among {', '.join(PRESETS)}; got {preset!r}. Choose one of these.")
    if not MidiFile.objects.filter(dataset__in=datasets, state=MidiFile.State.ACCEPTED).exists():
        raise Conflict("These datasets have no accepted file to train on. Upload MIDI, or wait until it has been read.")
    changes: dict[str, Any] = {}
    if epochs is not None:
        changes["epochs"] = epochs
    if max_seconds is not None:
        changes["max_seconds"] = max_seconds
    try:
        config = PRESETS[preset].config.with_changes(**changes)
    except ConfigRefused as error:
        raise Invalid(str(error)) from error
    run = TrainingRun.objects.create(
        owner=owner,
        name=name,
        preset=preset,
        config=config.to_json(),
        seed=new_seed() if seed is None else seed,
    )
    run.datasets.set(datasets)
    run.job_id = enqueue(Kind.TRAIN, owner_id=owner.pk, run_id=run.pk)
    run.save(update_fields=["job_id"])
    broadcast(host_group(owner.pk), TrainingChanged(run=run.pk, state=run.state))
    return run


@transaction.atomic
def stop_run(*, run: TrainingRun) -> None:
    """Ask for a run to stop; what it has learned so far is kept. Raises Conflict where it is over."""
    if run.state not in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING} or run.job_id is None:
        raise Conflict(f"This run is {run.state}: there is nothing to stop.")
    cancel(run.job_id)


@transaction.atomic
def delete_run(*, run: TrainingRun) -> None:
    """Delete a run with its checkpoints and samples, stopping it first. Populations bred from it live on."""
    if run.job_id is not None and run.state in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}:
        cancel(run.job_id)
    for checkpoint in run.checkpoints.all():
        transaction.on_commit(partial(checkpoint.file.storage.delete, str(checkpoint.file.name)))
    run.delete()


@dataclass(frozen=True)
class SampleSettings:
    """How samples are drawn: told to the node, and kept with each sample."""

    count: int
    length: int = 128  # notes
    temperature: float = 1.0
    top_p: float = 0.95
    seed: int = 0
    tempo_bpm: float | None = None  # the training pieces' where not said

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "count": self.count,
            "length": self.length,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
            "tempo_bpm": self.tempo_bpm,
        }


@transaction.atomic
def order_samples(
    *, checkpoint: Checkpoint, owner_id: int, settings: SampleSettings, purpose: str = LISTEN, **payload: Any
) -> int:
    """Order samples of a checkpoint and return the job's id. `payload` comes back to whoever waits for the purpose."""
    if not settings.count >= 1:
        raise Invalid(f"Expected at least one sample; got {settings.count}.")
    Checkpoint.objects.filter(pk=checkpoint.pk).update(is_kept=True)
    return enqueue(
        Kind.SAMPLE,
        owner_id=owner_id,
        checkpoint_id=checkpoint.pk,
        purpose=purpose,
        settings=settings.to_json(),
        **payload,
    )
