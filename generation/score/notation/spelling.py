"""How a pitch is spelled: C sharp or D flat, by the key."""

from generation.score.notes import Score
from generation.score.scales import KEYS
from generation.score.tonality import find_tonality

LETTERS = "FCGDAEB"  # along the line of fifths, from one below C
FLATTEST = -3  # fifths below the key's own first degree still spelled as flats: in C major E flat, but G sharp


def spell(pitch: int, fifths: int) -> tuple[str, int, int]:
    """Letter, sharps (flats negative) and octave, middle C's being 4, of a MIDI pitch in a key of so many sharps.

    Of the names a pitch has, the one is taken that lies nearest to the key on the line of fifths (Temperley, The
    Cognition of Basic Musical Structures, 2001, chapter 5).
    """
    lowest = fifths + FLATTEST
    place = lowest + (7 * pitch - lowest) % 12
    sharps, letter = divmod(place + 1, 7)
    return LETTERS[letter], sharps, (pitch - sharps) // 12 - 1


def key_fifths(score: Score) -> int:
    """How many sharps the score's key has, flats negative: as its first signature says, else as its notes do."""
    if score.keys:
        return score.keys[0].fifths
    found = find_tonality(score)
    if found is None:
        return 0
    major = KEYS[found.tonic] + (3 if found.is_minor else 0)
    return (7 * major + 5) % 12 - 5
