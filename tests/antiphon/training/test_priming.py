"""Samples that go on from bars of a file, and networks that cannot play by themselves."""

import pytest

from antiphon.accounts.models import User
from antiphon.core.errors import Conflict, DomainError, Invalid, NotFound
from antiphon.datasets.models import MidiFile
from antiphon.training import services
from antiphon.training.models import Checkpoint, TrainingRun
from antiphon.training.sample_settings import Prime, SampleSettings
from antiphon.workers import services as workers
from antiphon.workers.errors import JobGone
from antiphon.workers.models import Job
from antiphon.workers.nodes import create_node
from generation.score.notes import Score
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.training.runs import make_checkpoint, make_dataset, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def checkpoint(host: User) -> Checkpoint:
    return make_checkpoint(make_run(host))


@pytest.fixture
def midi_file(host: User) -> MidiFile:
    """Four bars of quarters up a scale."""
    return make_dataset(host, n_files=1).files.get()


def order(checkpoint: Checkpoint, prime: Prime) -> int:
    wish = SampleSettings(count=1, prime=prime)
    return services.order_samples(checkpoint=checkpoint, owner_id=checkpoint.run.owner_id, settings=wish)


def test_a_node_gets_the_notes_of_the_bars_that_were_asked_for(checkpoint: Checkpoint, midi_file: MidiFile) -> None:
    job_id = order(checkpoint, Prime(file=midi_file.pk, first_bar=2, last_bar=2))
    claim = workers.claim(job_id=job_id, node=create_node(name="attic")[0])
    prime = Score.from_json(claim.specification["prime"])
    assert prime.notes["pitch"].tolist() == [67, 69, 71, 72]
    assert prime.notes["onset_quarters"].tolist() == pytest.approx([0, 1, 2, 3], abs=0.01)


@pytest.mark.parametrize(
    ("bars", "error"), [((3, 2), Invalid), ((1, 17), Invalid), ((9, 9), Invalid), ((0, 1), Invalid)]
)
def test_bars_that_are_none_are_refused(
    checkpoint: Checkpoint, midi_file: MidiFile, bars: tuple[int, int], error: type[DomainError]
) -> None:
    with pytest.raises(error):
        order(checkpoint, Prime(midi_file.pk, *bars))
    assert not Job.objects.filter(kind="sample").exists()


def test_a_file_that_was_refused_or_deleted_cannot_be_gone_on_from(checkpoint: Checkpoint, midi_file: MidiFile) -> None:
    job_id = order(checkpoint, Prime(midi_file.pk, 1, 1))
    MidiFile.objects.filter(pk=midi_file.pk).update(state=MidiFile.State.REFUSED)
    with pytest.raises(Conflict, match="accepted"):
        order(checkpoint, Prime(midi_file.pk, 1, 1))
    midi_file.delete()
    with pytest.raises(NotFound):
        order(checkpoint, Prime(midi_file.pk or 0, 1, 1))
    with pytest.raises(JobGone):
        workers.claim(job_id=job_id, node=create_node(name="attic")[0])


def test_nobody_goes_on_from_anothers_file(checkpoint: Checkpoint, host: User) -> None:
    others = make_dataset(make_host(), n_files=1).files.get()
    wish = {"count": 1, "prime": {"file": others.pk, "first_bar": 1, "last_bar": 1}}
    address = f"/api/v1/training/checkpoints/{checkpoint.pk}/samples/"
    assert signed_in(host).post(address, wish, format="json").status_code == 404


def test_a_network_that_re_writes_bars_is_not_asked_to_play(checkpoint: Checkpoint, host: User) -> None:
    TrainingRun.objects.update(config={**checkpoint.run.config, "window_after": 16, "architecture": "bidirectional"})
    address = f"/api/v1/training/checkpoints/{checkpoint.pk}/samples/"
    answer = signed_in(host).post(address, {"count": 1}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "network_rewrites")
    assert "re-writes a bar" in answer.json()["message"]
    wish = {"name": "x", "checkpoint": checkpoint.pk}
    assert signed_in(host).post("/api/v1/populations/", wish, format="json").status_code == 409


def test_a_network_of_chord_names_is_not_moved_to_a_key(checkpoint: Checkpoint, host: User) -> None:
    TrainingRun.objects.update(config={**checkpoint.run.config, "codec": "classic"})
    address = f"/api/v1/training/checkpoints/{checkpoint.pk}/samples/"
    assert signed_in(host).post(address, {"count": 1, "key": "D"}, format="json").status_code == 400
    assert signed_in(host).post(address, {"count": 1, "key": "D", "scale": "major"}, format="json").status_code == 202
