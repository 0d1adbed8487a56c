"""Memorisation: the longest passage that each sample and phrase shares with the pieces its network learned from."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.enqueue import enqueue
from antiphon.core.events import MemorisationKnown
from antiphon.core.jobs import Kind, Payload
from antiphon.datasets.ingest import read_score
from antiphon.datasets.models import MidiFile
from antiphon.datasets.selectors import accepted_files
from antiphon.training.models import Checkpoint, Sample, TrainingRun
from generation.copies.memorisation import Baseline, MemorisationIndex
from generation.pieces import Piece
from generation.score.midi import MidiRefused
from generation.score.notes import Score

Compare = Callable[[Score], dict[str, Any]]

SAMPLES = "samples"
INDEXES_MAX = 4  # of runs, in one worker process
SHORTEST_NOTES = 2  # less has no passage

_subjects: dict[str, Callable[[Payload, Compare], None]] = {}
_indexes: OrderedDict[tuple[tuple[int, str], ...], "Index"] = OrderedDict()
_indexing = threading.Lock()


class Index:
    """The passages of a run's pieces, and what those share among themselves, for each length asked about so far."""

    def __init__(self, passages: MemorisationIndex) -> None:
        self.passages = passages
        self._baselines: dict[int, Baseline] = {}

    def compare(self, score: Score) -> dict[str, Any]:
        """The longest passage that a score shares, beside what excerpts as long as it share; plain values."""
        n_notes = max(SHORTEST_NOTES, len(score.notes))
        if n_notes not in self._baselines:
            self._baselines[n_notes] = self.passages.baseline(n_notes)
        people = self._baselines[n_notes]
        found = self.passages.longest_shared(score)
        return {
            "n_notes": found.n_notes if found else 0,
            "piece": found.piece if found else None,
            "piece_bars": list(found.piece_bars) if found else None,
            "bars": list(found.bars) if found else None,
            "people_notes": people.longest,
        }


def on_memorise(subject: str, compare_all: Callable[[Payload, Compare], None]) -> None:
    """Compare what is called `subject` when a job says so; called once from AppConfig.ready."""
    _subjects[subject] = compare_all


def order_for_samples(*, checkpoint: Checkpoint, sample_job_id: int) -> None:
    """Order the samples of one job to be compared with the pieces of their run."""
    run = checkpoint.run
    payload = {"subject": SAMPLES, "run_id": run.pk, "sample_job_id": sample_job_id}
    enqueue(Kind.MEMORISE, owner_id=run.owner_id, **payload)


def memorise(payload: Payload) -> Payload:
    """Compare what a job names with the pieces of a run; nothing to do where the run or its pieces are gone."""
    run = TrainingRun.objects.filter(pk=payload["run_id"]).first()
    files = [] if run is None else _learned_from(run)
    if not files:
        return {}
    index = _index_of(files)
    _subjects[payload["subject"]](payload, index.compare)
    return {"n_pieces": len(files)}


def compare_samples(payload: Payload, compare: Compare) -> None:
    """Keep with each sample of a job what it shares, and tell its host."""
    samples = list(Sample.objects.filter(job_id=payload["sample_job_id"]).select_related("checkpoint__run"))
    for sample in samples:
        sample.memorisation = compare(Score.from_json(sample.score))
    with transaction.atomic():
        Sample.objects.bulk_update(samples, ["memorisation"])
        for checkpoint in {sample.checkpoint for sample in samples}:
            event = MemorisationKnown(checkpoint=checkpoint.pk, population=None, generation=None)
            broadcast(host_group(checkpoint.run.owner_id), event)


def _learned_from(run: TrainingRun) -> list[MidiFile]:
    """The files that the network has heard: not those that were held out, or of no use to it."""
    unheard = {*run.corpus.get("held_out", []), *run.corpus.get("left_out", [])}
    return [midi_file for midi_file in accepted_files(run.datasets.all()) if midi_file.name not in unheard]


def _index_of(files: Iterable[MidiFile]) -> "Index":
    """The passages of some files, from memory where they were compared with lately."""
    key = tuple((midi_file.pk, midi_file.sha256) for midi_file in files)
    with _indexing:  # a worker has several threads, and an index is worth waiting for
        if key not in _indexes:
            _indexes[key] = Index(MemorisationIndex.build(list(_pieces(files))))
        _indexes.move_to_end(key)
        while len(_indexes) > INDEXES_MAX:
            _indexes.popitem(last=False)
        return _indexes[key]


def _pieces(files: Iterable[MidiFile]) -> Iterable[Piece]:
    for midi_file in files:
        try:
            yield Piece(midi_file.name, read_score(midi_file))
        except (MidiRefused, OSError):
            continue  # gone or damaged since it was accepted: nothing to compare with
