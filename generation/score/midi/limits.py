"""How much one MIDI file may hold, and the error for a file that is not taken in."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


class MidiRefused(ValueError):
    """A file that is not taken in; `code` names the reason, the message says in one line what to do about it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """The most that one file may hold."""

    max_bytes: int = 4 * MEBIBYTE
    max_notes: int = 100_000
    max_tracks: int = 512
    max_marks: int = 100_000  # tempo, meter and key marks and bends together
    max_seconds: float = 4 * 3600.0
    max_quarters: float = 100_000.0
    max_events: int = 500_000  # of all kinds, silent ones too


def check_events(limits: ReadLimits, *, n_notes: int, n_others: int) -> None:
    """Raise MidiRefused for more notes, or more events of all kinds, than the limits allow."""
    if n_notes > limits.max_notes:
        message = f"expected at most {limits.max_notes} notes, got {n_notes} or more: split the piece"
        raise MidiRefused("too_many_notes", message)
    n_events = 2 * n_notes + n_others
    if n_events > limits.max_events:
        message = f"expected at most {limits.max_events} events, got {n_events} or more: thin them out"
        raise MidiRefused("too_many_events", message)
