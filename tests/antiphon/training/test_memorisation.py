"""Each sample is told what it shares with the pieces of its run, beside what those share among themselves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from antiphon.accounts.models import User
from antiphon.core.jobs import Kind
from antiphon.datasets.ingest import ingest
from antiphon.datasets.models import Dataset, MidiFile
from antiphon.datasets.services import create_dataset, upload_files, upload_limits
from antiphon.training import drawing, memorisation
from antiphon.training.models import Checkpoint, Sample
from antiphon.training.services import start_run
from antiphon.workers.actors import work
from antiphon.workers.models import Job
from generation.score.midi import write
from generation.score.notes import Score, sort_notes
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.training.runs import make_checkpoint

pytestmark = pytest.mark.django_db
TUNES = {"minuet": (60, 64, 67, 65, 62, 71, 72, 69, 66, 74, 61, 70), "march": (60, 61, 60, 72, 48, 55, 54, 66, 59, 58)}


def tune(pitches: tuple[int, ...], *, shift: int = 0) -> Score:
    """Quarters, one after the other."""
    return Score(sort_notes([(float(at), 1.0, pitch + shift, 80, 0) for at, pitch in enumerate(pitches)]))


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def dataset(host: User) -> Dataset:
    dataset = create_dataset(owner=host, name="Tunes")
    uploads = [SimpleUploadedFile(f"{name}.mid", write(tune(pitches))) for name, pitches in TUNES.items()]
    upload_files(dataset=dataset, uploads=uploads, limits=upload_limits())
    ingest(dataset_id=dataset.pk)
    return dataset


@pytest.fixture
def checkpoint(host: User, dataset: Dataset) -> Checkpoint:
    return make_checkpoint(start_run(owner=host, name="Evening", datasets=[dataset], preset="quick"))


def drawn(checkpoint: Checkpoint, *scores: Score) -> Job:
    """The job that compares samples which have just come."""
    payload = {"checkpoint_id": checkpoint.pk, "settings": {"count": len(scores), "seed": 1}, "job_id": 77}
    drawing.samples_drawn(payload, {"scores": [score.to_json() for score in scores]})
    return Job.objects.get(kind=Kind.MEMORISE)


def test_a_sample_is_told_the_passage_that_it_shares_in_another_key(checkpoint: Checkpoint, host: User) -> None:
    stolen = tune((40, *(pitch + 5 for pitch in TUNES["minuet"][4:]), 90))
    own = tune((60, 90, 31, 88))
    job = drawn(checkpoint, stolen, own)
    assert {sample.memorisation for sample in Sample.objects.all()} == {None}
    work(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"n_pieces": 2})
    first, second = signed_in(host).get("/api/v1/training/samples/").json()
    assert first["memorisation"] == {
        "n_notes": 8,
        "piece": "minuet.mid",
        "piece_bars": [2, 3],
        "bars": [1, 3],
        "people_notes": first["memorisation"]["people_notes"],
    }
    assert first["memorisation"]["people_notes"] < 8
    assert second["memorisation"]["n_notes"] < 8


def test_an_index_is_kept_while_its_pieces_stay_the_same(checkpoint: Checkpoint, dataset: Dataset) -> None:
    work(drawn(checkpoint, tune((60, 62, 64))).pk)
    files = list(MidiFile.objects.filter(dataset=dataset).order_by("pk"))
    kept = memorisation._index_of(files)
    assert memorisation._index_of(files) is kept
    assert memorisation._index_of(files[:1]) is not kept


def test_without_its_pieces_a_sample_stays_as_it_is(checkpoint: Checkpoint, dataset: Dataset) -> None:
    job = drawn(checkpoint, tune((60, 62, 64)))
    dataset.delete()
    work(job.pk)
    job.refresh_from_db()
    assert (job.state, Sample.objects.get().memorisation) == ("done", None)
