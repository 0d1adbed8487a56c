"""Reads of datasets and files: a host sees their own, and the starter datasets."""

from django.db.models import Count, FloatField, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from antiphon.accounts.models import User
from antiphon.core.errors import Forbidden, NotFound
from antiphon.datasets.models import Dataset, MidiFile

ACCEPTED = Q(files__state=MidiFile.State.ACCEPTED)


def visible_datasets(user: User) -> QuerySet[Dataset]:
    """A host's datasets and the starters, without counts."""
    return Dataset.objects.filter(Q(owner=user) | Q(owner=None))


def datasets_with_counts(user: User) -> QuerySet[Dataset]:
    """The same with `n_waiting`, `n_accepted`, `n_refused`, `n_notes` and `n_seconds`; one query."""
    return visible_datasets(user).annotate(
        n_waiting=Count("files", filter=Q(files__state=MidiFile.State.WAITING)),
        n_accepted=Count("files", filter=ACCEPTED),
        n_refused=Count("files", filter=Q(files__state=MidiFile.State.REFUSED)),
        n_notes=_sum_of_fact("n_notes"),
        n_seconds=_sum_of_fact("duration_seconds"),
    )


def get_dataset(user: User, dataset_id: int) -> Dataset:
    """A dataset that this host may see, with counts. Raises NotFound."""
    dataset = datasets_with_counts(user).filter(pk=dataset_id).first()
    if dataset is None:
        raise NotFound(f"There is no dataset {dataset_id} of yours.")
    return dataset


def get_own_dataset(user: User, dataset_id: int) -> Dataset:
    """A dataset that this host may change. Raises NotFound, or Forbidden for a starter dataset."""
    dataset = get_dataset(user, dataset_id)
    if dataset.is_starter:
        raise Forbidden("A starter dataset is everybody's and stays as it is. Make a dataset of your own.")
    return dataset


def get_datasets(user: User, dataset_ids: list[int]) -> list[Dataset]:
    """Several datasets that this host may see, in no order. Raises NotFound naming the first that is missing."""
    found = list(visible_datasets(user).filter(pk__in=dataset_ids))
    missing = sorted(set(dataset_ids) - {dataset.pk for dataset in found})
    if missing:
        raise NotFound(f"There is no dataset {missing[0]} of yours.")
    return found


def get_file(user: User, file_id: int) -> MidiFile:
    """A file that this host may see. Raises NotFound."""
    midi_file = (
        MidiFile.objects.select_related("dataset")
        .filter(Q(dataset__owner=user) | Q(dataset__owner=None), pk=file_id)
        .first()
    )
    if midi_file is None:
        raise NotFound(f"There is no file {file_id} of yours.")
    return midi_file


def get_own_file(user: User, file_id: int) -> MidiFile:
    """A file that this host may delete. Raises NotFound, or Forbidden for one of a starter dataset."""
    midi_file = get_file(user, file_id)
    if midi_file.dataset.is_starter:
        raise Forbidden("A starter dataset is everybody's and stays as it is.")
    return midi_file


def accepted_files(datasets: QuerySet[Dataset]) -> QuerySet[MidiFile]:
    """The files that can be trained on, in a fixed order."""
    return MidiFile.objects.filter(dataset__in=datasets, state=MidiFile.State.ACCEPTED).order_by("dataset_id", "pk")


def _sum_of_fact(name: str) -> Coalesce:
    value = Cast(KeyTextTransform(name, "files__facts"), FloatField())
    return Coalesce(Sum(value, filter=ACCEPTED), 0.0, output_field=FloatField())
