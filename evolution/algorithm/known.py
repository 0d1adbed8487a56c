"""Who was born already: no phrase is put before the crowd twice."""

from collections.abc import Iterable

from evolution.genes import Expression, Genome
from evolution.playing import sounds_alike


class Known:
    """Genomes that exist. The same notes are somebody else's only where they are audibly played otherwise."""

    def __init__(self, genomes: Iterable[Genome] = ()) -> None:
        self._played: dict[bytes, list[Expression]] = {}
        for genome in genomes:
            self.add(genome)

    def __contains__(self, genome: object) -> bool:
        if not isinstance(genome, Genome):
            return False
        others = self._played.get(genome.notes.tobytes(), [])
        return any(sounds_alike(genome.expression, other) for other in others)

    def has_notes(self, genome: Genome) -> bool:
        """Whether the notes are known, however they are played."""
        return genome.notes.tobytes() in self._played

    def add(self, genome: Genome) -> None:
        """From now on it exists."""
        self._played.setdefault(genome.notes.tobytes(), []).append(genome.expression)
