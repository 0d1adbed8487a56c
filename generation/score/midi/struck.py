"""The notes of symusic's tracks in columns: all tracks' at once, so that few calls serve a whole file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.score.midi.endings import EMPTY_NOTE, FAR_TICKS

LAST_TICK = (1 << 31) - 1  # of symusic's numbers


@dataclass(frozen=True)
class Struck:
    """Notes as they were struck, shape (n,) each; track by track, and in order of time within a track."""

    counts: list[int]  # of each track
    onsets: NDArray[np.int32]
    lengths: NDArray[np.int32]
    pitches: NDArray[np.int8]
    velocities: NDArray[np.int8]

    @classmethod
    def of(cls, tracks: Sequence[Any]) -> "Struck":
        """The notes of tracks."""
        if not tracks:
            return NOTHING_STRUCK
        tables = [track.notes.numpy() for track in tracks]
        columns = [np.concatenate([table[name] for table in tables]) for name in tables[0]]
        return cls([len(table["time"]) for table in tables], *columns)

    @property
    def is_sound(self) -> bool:
        """Whether each note begins from 0 on and was switched off; as unsigned, negative ticks are large."""
        if len(self.onsets) == 0:
            return True
        onsets, lengths = self.onsets.view(np.uint32), self.lengths.view(np.uint32)
        return bool(lengths.max() < FAR_TICKS and onsets.max() <= LAST_TICK)

    def without_empty_notes(self, end_ticks: Sequence[int]) -> "Struck":
        """All but the notes that `tags_of` gave the tracks where they end."""
        pitch, velocity = EMPTY_NOTE
        is_empty = (self.pitches == pitch) & (self.velocities == velocity)
        if not is_empty.any():
            return self
        is_empty &= (self.lengths == 0) & (self.onsets == np.repeat(end_ticks, self.counts))
        kept = ~is_empty
        tracks = np.repeat(np.arange(len(self.counts)), self.counts)
        counts = np.bincount(tracks[kept], minlength=len(self.counts)).tolist()
        return Struck(counts, self.onsets[kept], self.lengths[kept], self.pitches[kept], self.velocities[kept])


NO_TICKS, NO_VALUES = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int8)
NOTHING_STRUCK = Struck([], NO_TICKS, NO_TICKS, NO_VALUES, NO_VALUES)
