"""Samples: ordered, drawn by a node, checked, kept."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from antiphon.core.errors import Invalid
from antiphon.core.jobs import Payload
from antiphon.training import borrowing, drawing, services
from antiphon.training.models import Checkpoint, Sample
from antiphon.training.playing import heard_score
from antiphon.training.sample_settings import SampleSettings
from antiphon.workers import services as workers
from antiphon.workers.errors import JobGone
from antiphon.workers.models import Job, Node
from antiphon.workers.nodes import create_node
from generation.score.expression import timing_deviations_of
from tests.antiphon.hosts import make_host
from tests.antiphon.pieces import melody
from tests.antiphon.training.runs import make_checkpoint, make_run

pytestmark = pytest.mark.django_db
SETTINGS = SampleSettings(count=2, length=16, temperature=0.9, seed=5)


@pytest.fixture
def checkpoint() -> Checkpoint:
    return make_checkpoint(make_run(make_host()))


@pytest.fixture
def node() -> Node:
    return create_node(name="attic")[0]


class Waiting:
    """Somebody who waits for samples."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drawn: list[tuple[Payload, Sequence[Sample]]] = []
        self.failed: list[tuple[Payload, str]] = []
        monkeypatch.setitem(services._purposes, "test", services._purposes.get("test"))
        services.on_samples(
            "test",
            lambda payload, samples: self.drawn.append((payload, samples)),
            lambda payload, reason: self.failed.append((payload, reason)),
        )


def ordered(checkpoint: Checkpoint, **payload: Any) -> int:
    return services.order_samples(checkpoint=checkpoint, owner_id=checkpoint.run.owner_id, settings=SETTINGS, **payload)


def scores(n: int = 2) -> dict[str, Any]:
    return {"scores": [melody(8, shift=index).to_json() for index in range(n)]}


def test_a_node_is_told_how_to_draw_and_from_what(checkpoint: Checkpoint, node: Node) -> None:
    claim = workers.claim(job_id=ordered(checkpoint), node=node)
    assert claim.specification == {
        "checkpoint_sha256": checkpoint.sha256,
        "count": 2,
        "length": 16,
        "seed": 5,
        "tempo_bpm": None,
        "sampling": {
            "temperature": 0.9,
            "temperatures": {},
            "top_k": 0,
            "top_p": 0.98,
            "key": None,
            "scale": None,
        },
        "prime": None,
    }
    assert borrowing.checkpoint_archive(claim.payload) == b"weights"


def test_drawn_scores_are_kept_and_told_to_whoever_waits(
    checkpoint: Checkpoint, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Waiting(monkeypatch)
    job_id = ordered(checkpoint, purpose="test", population_id=9)
    claim = workers.claim(job_id=job_id, node=node)
    for _ in range(2):
        workers.finish(job_id=job_id, lease=claim.lease, result=scores())
    samples = list(Sample.objects.order_by("index"))
    assert [sample.score for sample in samples] == scores()["scores"]
    assert samples[0].settings == {key: value for key, value in SETTINGS.to_json().items() if key != "count"}
    ((payload, drawn),) = waiting.drawn
    assert (payload["population_id"], payload["job_id"], list(drawn)) == (9, job_id, samples)
    assert Job.objects.get(pk=job_id).result == {}


def test_samples_are_heard_with_human_timing_and_written_as_they_were_drawn(checkpoint: Checkpoint, node: Node) -> None:
    job_id = ordered(checkpoint)
    claim = workers.claim(job_id=job_id, node=node)
    drawn = melody(64)
    workers.finish(job_id=job_id, lease=claim.lease, result={"scores": [drawn.to_json()]})
    sample = Sample.objects.get()
    assert heard_score(sample, is_written=True) == drawn
    heard = heard_score(sample)
    assert len(heard.notes) == 64
    assert timing_deviations_of(heard).std() > 3.0  # ms; as drawn it is none
    assert np.ptp(heard.notes["velocity"]) > np.ptp(drawn.notes["velocity"])


def test_whoever_waits_is_told_when_nothing_will_come(
    checkpoint: Checkpoint, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Waiting(monkeypatch)
    job_id = ordered(checkpoint, purpose="test")
    claim = workers.claim(job_id=job_id, node=node)
    workers.fail(job_id=job_id, lease=claim.lease, reason="damaged", is_final=True)
    workers.cancel(job_id=ordered(checkpoint, purpose="test"))
    gone = ordered(checkpoint, purpose="test")
    checkpoint.delete()
    with pytest.raises(JobGone):
        workers.claim(job_id=gone, node=node)
    assert [reason for _, reason in waiting.failed] == [
        "damaged",
        drawing.CANCELLED,
        "The checkpoint to sample from was deleted.",
    ]


def broken(**changes: Any) -> dict[str, Any]:
    return {**melody(4).to_json(), **changes}


@pytest.mark.parametrize(
    "score",
    [
        None,
        {},
        [],
        broken(notes=[[0, 1, 60]]),
        broken(notes=[[0, 1, 128, 80, 0]]),
        broken(notes=[[0, 1, 99_999, 80, 0]]),
        broken(notes=[[-1, 1, 60, 80, 0]]),
        broken(notes=[[0, 1, 60, 0, 0]]),
        broken(notes=[[0, 1, 60, 80, 3]]),
        broken(notes=[[0, 1e9, 60, 80, 0]]),
        broken(tempos=[]),
        broken(tempos=[[0, 0]]),
        broken(meters=[[0, 4, 0]]),
    ],
)
def test_what_is_no_score_is_refused_and_the_job_stays_open(checkpoint: Checkpoint, node: Node, score: Any) -> None:
    claim = workers.claim(job_id=ordered(checkpoint), node=node)
    with pytest.raises(Invalid):
        workers.finish(job_id=claim.job.pk, lease=claim.lease, result={"scores": [score]})
    assert Job.objects.get(pk=claim.job.pk).state == Job.State.RUNNING
    assert not Sample.objects.exists()


@pytest.mark.parametrize("result", [{}, {"scores": []}, {"scores": "many"}])
def test_a_result_without_scores_is_refused(checkpoint: Checkpoint, node: Node, result: dict[str, Any]) -> None:
    claim = workers.claim(job_id=ordered(checkpoint), node=node)
    with pytest.raises(Invalid, match="scores"):
        workers.finish(job_id=claim.job.pk, lease=claim.lease, result=result)


def test_no_samples_cannot_be_ordered(checkpoint: Checkpoint) -> None:
    with pytest.raises(Invalid):
        services.order_samples(checkpoint=checkpoint, owner_id=1, settings=SampleSettings(count=0))
