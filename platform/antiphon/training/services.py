"""What a host does with training runs, checkpoints and samples."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypedDict

from django.db import transaction

from antiphon.accounts.models import User
from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.enqueue import cancel, enqueue
from antiphon.core.errors import Conflict, Invalid
from antiphon.core.events import TrainingChanged
from antiphon.core.jobs import Kind, Payload
from antiphon.datasets.models import Dataset, MidiFile
from antiphon.training.models import Checkpoint, Sample, TrainingRun
from antiphon.training.priming import check_prime
from antiphon.training.resuming import epoch_to_resume, forget_state
from antiphon.training.sample_settings import SampleSettings
from generation.presets import PRESETS, ConfigRefused, NetworkConfig

SEED_BITS = 31
CLASSIC = "classic"
LISTEN = "listen"  # the purpose of samples that a host asked to hear


class NetworkRewrites(Conflict):
    """Samples were asked of a network that only fills a bar between others."""

    code = "network_rewrites"


class Limits(TypedDict, total=False):
    """When a training ends at the latest, whichever comes first; what is left out stays as it was."""

    epochs: int
    max_seconds: float | None  # None: whenever the epochs are done


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
    limits: Limits | None = None,
    seed: int | None = None,
) -> TrainingRun:
    """Order the training of a network on the accepted files of some datasets. Raises Invalid, Conflict.

    It ends by the preset's limits where none are given.
    """
    if preset not in PRESETS:
        raise Invalid(f"Expected a preset among {', '.join(PRESETS)}; got {preset!r}. Choose one of these.")
    _check_has_pieces(datasets)
    config = _limited(PRESETS[preset].config.to_json(), limits)
    run = TrainingRun.objects.create(
        owner=owner,
        name=name,
        preset=preset,
        config=config,
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
def resume_run(*, run: TrainingRun, limits: Limits | None = None) -> None:
    """Let a run that is over go on from where it stands, as the same run under a new job. Raises Conflict, Invalid.

    Limits are for all of the run, what is behind it included: a finished run goes on only with others.
    """
    run = TrainingRun.objects.select_for_update().get(pk=run.pk)
    _check_resumable(run, is_longer=bool(limits))
    _check_has_pieces(run.datasets.all())
    run.config = _limited(run.config, limits)
    run.state, run.reason, run.ended_by, run.finished_at = TrainingRun.State.QUEUED, "", "", None
    run.job_id = enqueue(Kind.TRAIN, owner_id=run.owner_id, run_id=run.pk)
    run.save()
    broadcast(host_group(run.owner_id), TrainingChanged(run=run.pk, state=run.state))


@transaction.atomic
def delete_run(*, run: TrainingRun) -> None:
    """Delete a run with its checkpoints and samples, stopping it first. Populations bred from it live on."""
    if run.job_id is not None and run.state in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}:
        cancel(run.job_id)
    for checkpoint in run.checkpoints.all():
        transaction.on_commit(partial(checkpoint.file.storage.delete, str(checkpoint.file.name)))
    forget_state(run)
    run.delete()


def _check_has_pieces(datasets: Iterable[Dataset]) -> None:
    if not MidiFile.objects.filter(dataset__in=datasets, state=MidiFile.State.ACCEPTED).exists():
        raise Conflict("These datasets have no accepted file to train on. Upload MIDI, or wait until it has been read.")


def _check_resumable(run: TrainingRun, *, is_longer: bool) -> None:
    state = TrainingRun.State(run.state)
    if state in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}:
        raise Conflict(f"This run is {run.state}: it goes on by itself.")
    if state == TrainingRun.State.FINISHED and not is_longer:
        raise Conflict("This run has finished. Give it more epochs or more time to train on.")
    if state == TrainingRun.State.FAILED and epoch_to_resume(run) == 0:
        raise Conflict("This run failed before it had learned anything to go on from. Start a new one.")


def _limited(config: dict[str, Any], limits: Limits | None) -> dict[str, Any]:
    """The network's config with these limits. Raises Invalid."""
    try:
        return NetworkConfig.from_json(config).with_changes(**(limits or {})).to_json()
    except ConfigRefused as error:
        raise Invalid(str(error)) from error


@transaction.atomic
def order_samples(
    *, checkpoint: Checkpoint, owner_id: int, settings: SampleSettings, purpose: str = LISTEN, **payload: Any
) -> int:
    """Order samples of a checkpoint and return the job's id. `payload` comes back to whoever waits for the purpose.

    Raises Invalid, and NetworkRewrites for a network that cannot play by itself.
    """
    if not settings.count >= 1:
        raise Invalid(f"Expected at least one sample; got {settings.count}.")
    if checkpoint.run.is_rewriting:
        raise NetworkRewrites(
            f"The network of {checkpoint.run.name!r} re-writes a bar between its neighbours and cannot play by itself. "
            "Choose a checkpoint of another preset."
        )
    if settings.key and not settings.scale and checkpoint.run.codec == CLASSIC:
        raise Invalid("This network says chords by name and cannot be moved to a key. Choose a scale as well.")
    if settings.prime is not None:
        check_prime(settings.prime)
    Checkpoint.objects.filter(pk=checkpoint.pk).update(is_kept=True)
    return enqueue(
        Kind.SAMPLE,
        owner_id=owner_id,
        checkpoint_id=checkpoint.pk,
        purpose=purpose,
        settings=settings.to_json(),
        **payload,
    )
