"""Which staff a note is written on: one staff a part, or two for the hands of a keyboard player."""

from itertools import groupby

from generation.score.notes import Part

# General MIDI programs, from the first up to the last but one: pianos, celesta to tubular bells, organs, the harp.
KEYBOARDS = (range(8), range(8, 10), range(16, 21), range(46, 47))
MIDDLE = 60
LOW, HIGH = 57, 64  # a part that goes below the first and above the second needs both staves
WIDEST_HAND = 16  # semitones
CROSSING_COST = 1.0  # for each semitone that a hand reaches over middle C
STRETCH_COST = 4.0  # for each semitone wider than a hand
LEAP_COST = 0.4  # for each semitone from where the hand was

WrittenNote = tuple[int, int, int, int]  # slot, slots, pitch, velocity


def is_on_two_staves(part: Part, notes: list[WrittenNote]) -> bool:
    """Whether a part is a keyboard's, and its notes lie on both sides of middle C."""
    if part.is_drum or not notes or not any(part.program in programs for programs in KEYBOARDS):
        return False
    pitches = [pitch for _, _, pitch, _ in notes]
    return min(pitches) < LOW and max(pitches) > HIGH


def split_hands(notes: list[WrittenNote]) -> tuple[list[WrittenNote], list[WrittenNote]]:
    """The right hand's notes and the left's. Each chord is divided where the hands reach, stretch and leap least."""
    right: list[WrittenNote] = []
    left: list[WrittenNote] = []
    right_at, left_at = float(MIDDLE + 12), float(MIDDLE - 12)
    for _, group in groupby(sorted(notes, key=lambda note: (note[0], note[2])), key=lambda note: note[0]):
        chord = list(group)
        pitches = [pitch for _, _, pitch, _ in chord]
        costs = [_cost(pitches[:cut], left_at, is_left=True) + _cost(pitches[cut:], right_at, is_left=False)
                 for cut in range(len(pitches) + 1)]  # fmt: skip
        cut = costs.index(min(costs))
        left += chord[:cut]
        right += chord[cut:]
        left_at = _centre(pitches[:cut], left_at)
        right_at = _centre(pitches[cut:], right_at)
    return right, left


def _cost(pitches: list[int], hand_at: float, *, is_left: bool) -> float:
    if not pitches:
        return 0.0
    reach = sum(max(0, pitch - MIDDLE if is_left else MIDDLE - pitch) for pitch in pitches)
    stretch = max(0, pitches[-1] - pitches[0] - WIDEST_HAND)
    leap = abs(_centre(pitches, hand_at) - hand_at)
    return CROSSING_COST * reach + STRETCH_COST * stretch + LEAP_COST * leap


def _centre(pitches: list[int], otherwise: float) -> float:
    return (pitches[0] + pitches[-1]) / 2 if pitches else otherwise
