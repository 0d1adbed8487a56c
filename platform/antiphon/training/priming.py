"""Bars of a host's own file, for samples to go on from."""

from antiphon.core.errors import Conflict, Invalid, NotFound
from antiphon.datasets.ingest import read_score
from antiphon.datasets.models import MidiFile
from antiphon.training.sample_settings import PRIME_BARS_MAX, Prime
from generation.score.arrangement import slice_bars
from generation.score.midi import MidiRefused
from generation.score.notes import Score


def check_prime(prime: Prime) -> None:
    """See to it that the bars can be gone on from. Raises NotFound, Conflict, Invalid."""
    prime_score(prime)


def prime_score(prime: Prime) -> Score:
    """The bars as a score of their own. Raises NotFound, Conflict, Invalid."""
    if not 0 <= prime.last_bar - prime.first_bar < PRIME_BARS_MAX:
        raise Invalid(f"Expected 1 to {PRIME_BARS_MAX} bars, the first before the last.")
    midi_file = MidiFile.objects.filter(pk=prime.file).first()
    if midi_file is None:
        raise NotFound("The file to go on from was deleted.")
    if midi_file.state != MidiFile.State.ACCEPTED:
        raise Conflict(f"Only an accepted file can be gone on from; {midi_file.name!r} is {midi_file.state}.")
    try:
        score = slice_bars(read_score(midi_file), prime.first_bar - 1, prime.last_bar)
    except (MidiRefused, OSError) as error:
        raise NotFound(f"{midi_file.name!r} cannot be read any more: {error}.") from error
    except ValueError as error:
        raise Invalid(f"{midi_file.name!r}: {error}.") from error
    if len(score.notes) == 0:
        raise Invalid(
            f"Bars {prime.first_bar} to {prime.last_bar} of {midi_file.name!r} hold no notes. Choose bars with music."
        )
    return score
