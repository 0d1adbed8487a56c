"""Who made what comes with the product: the starter datasets' files and the SoundFont, from the packaged notices."""

from dataclasses import dataclass
from functools import lru_cache

from antiphon.datasets.starter import LICENCES_FOLDER, STARTERS, manifest
from generation.score.soundfont import NOTICE


@dataclass(frozen=True)
class Track:
    """One file of a starter dataset."""

    name: str
    licence: str
    attribution: str
    source: str


@dataclass(frozen=True)
class DatasetCredits:
    """A starter dataset with its files."""

    name_key: str  # in the catalogues of words
    about_key: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True)
class Licence:
    """A licence's full text."""

    name: str
    text: str


@dataclass(frozen=True)
class Credits:
    """Everything that the credits page shows."""

    datasets: tuple[DatasetCredits, ...]
    licences: tuple[Licence, ...]
    soundfont: str


@lru_cache(maxsize=1)
def packaged_credits() -> Credits:
    """The notices, read once: they change only with the package."""
    rows = list(manifest())
    datasets = tuple(
        DatasetCredits(
            name_key=f"credits.{starter.folder}.name",
            about_key=f"credits.{starter.folder}.about",
            tracks=tuple(
                Track(
                    name=row.path.removeprefix(f"{starter.folder}/"),
                    licence=row.licence,
                    attribution=row.attribution,
                    source="; ".join(part for part in (row.source, row.note) if part),
                )
                for row in rows
                if row.path.startswith(f"{starter.folder}/")
            ),
        )
        for starter in STARTERS
    )
    texts = sorted(LICENCES_FOLDER.glob("*.txt"))
    licences = tuple(Licence(text.stem.replace("_", " "), text.read_text("utf-8", errors="replace")) for text in texts)
    return Credits(datasets, licences, NOTICE.read_text("utf-8", errors="replace"))
