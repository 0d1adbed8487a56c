"""Telling a host's pages that files of a dataset have a verdict."""

from django.db.models import Count

from antiphon.core.broadcast import broadcast, host_group
from antiphon.core.events import DatasetChanged
from antiphon.datasets.models import Dataset, MidiFile


def tell(dataset: Dataset) -> None:
    """Broadcast a dataset's counts to its owner; a starter dataset is nobody's news."""
    if dataset.owner_id is None:
        return
    counts = dict(MidiFile.objects.filter(dataset=dataset).order_by().values_list("state").annotate(n=Count("pk")))
    broadcast(
        host_group(dataset.owner_id),
        DatasetChanged(
            dataset=dataset.pk,
            waiting=counts.get(MidiFile.State.WAITING, 0),
            accepted=counts.get(MidiFile.State.ACCEPTED, 0),
            refused=counts.get(MidiFile.State.REFUSED, 0),
        ),
    )
