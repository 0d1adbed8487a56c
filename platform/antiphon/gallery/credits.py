"""From a rating back to the pieces: which networks a population comes from, and whose music they learned from."""

from dataclasses import dataclass

from django.db.models import Count, Q

from antiphon.datasets.models import Dataset, MidiFile
from antiphon.populations.models import Population
from antiphon.training.models import Checkpoint

PIECES_MAX = 200  # of a dataset that a page names; of more it says how many
DATASETS_MAX = 12


@dataclass(frozen=True)
class Piece:
    """A piece that a network learned from: who is to be named for it, and under which licence it may be passed on."""

    name: str
    attribution: str
    licence: str
    source: str


@dataclass(frozen=True)
class DatasetCredits:
    """A dataset, its own credit, and its pieces."""

    name: str
    attribution: str
    licence: str
    pieces: tuple[Piece, ...]
    n_pieces: int

    @property
    def n_more(self) -> int:
        """Pieces that are not named one by one."""
        return max(0, self.n_pieces - len(self.pieces))


@dataclass(frozen=True)
class Network:
    """A network, by its training run, as far as it is known after the checkpoint."""

    name: str
    epoch: int
    is_rewriter: bool  # it wrote bars anew, and did not sing the first generation
    datasets: tuple[DatasetCredits, ...]


def networks_of(population: Population) -> tuple[Network, ...]:
    """The network that the first generation was drawn from, and the one that re-writes bars.

    Checkpoints and their runs are expected to be selected. One query a network and one a dataset, of which there are at
    most DATASETS_MAX.
    """
    found = [one for one in (population.checkpoint, population.rewriter) if one is not None]
    return tuple(_network(one, is_rewriter=one.pk != population.checkpoint_id) for one in found)


def _network(checkpoint: Checkpoint, *, is_rewriter: bool) -> Network:
    run = checkpoint.run
    is_learned = Count("files", filter=Q(files__state=MidiFile.State.ACCEPTED))
    datasets = run.datasets.annotate(n_learned=is_learned).order_by("name", "pk")[:DATASETS_MAX]
    return Network(
        name=run.name,
        epoch=checkpoint.epoch,
        is_rewriter=is_rewriter,
        datasets=tuple(_credits(dataset, n_learned=dataset.n_learned) for dataset in datasets),
    )


def _credits(dataset: Dataset, *, n_learned: int) -> DatasetCredits:
    files = dataset.files.filter(state=MidiFile.State.ACCEPTED).order_by("name", "pk")[:PIECES_MAX]
    return DatasetCredits(
        name=dataset.name,
        attribution=dataset.attribution,
        licence=dataset.licence,
        pieces=tuple(
            Piece(
                name=file.name,
                attribution=file.attribution or dataset.attribution,
                licence=file.licence or dataset.licence,
                source=file.source,
            )
            for file in files
        ),
        n_pieces=n_learned,
    )
