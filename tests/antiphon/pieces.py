"""Small pieces of music and small files, for tests that need some."""

import io
import zipfile

import numpy as np

from generation.score.midi import write
from generation.score.notes import NOTE, Meter, Part, Score, Tempo, sort_notes

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def melody(n_notes: int = 16, *, shift: int = 0, tempo_bpm: float = 120.0, meter: tuple[int, int] = (4, 4)) -> Score:
    """Quarters up and down a scale, `shift` semitones higher."""
    notes = np.zeros(n_notes, dtype=NOTE)
    notes["onset_quarters"] = np.arange(n_notes)
    notes["duration_quarters"] = 1.0
    notes["pitch"] = [SCALE[i % len(SCALE)] + shift for i in range(n_notes)]
    notes["velocity"] = 80
    return Score(
        notes=sort_notes(notes), parts=(Part(),), tempos=(Tempo(0.0, tempo_bpm),), meters=(Meter(0.0, *meter),)
    )


def midi_bytes(n_notes: int = 16, *, shift: int = 0) -> bytes:
    """The melody as a MIDI file."""
    return write(melody(n_notes, shift=shift))


def zip_bytes(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
