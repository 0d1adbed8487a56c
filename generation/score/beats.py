"""Drum patterns to lay under a phrase, as data, for the meters that are common."""

from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from generation.score.bars import bar_quarters
from generation.score.notes import Meter

KICK, STICK, SNARE, CLOSED_HAT, OPEN_HAT, RIDE = 36, 37, 38, 42, 46, 51

Hit = tuple[float, int, int]  # quarters from the bar's start, General MIDI percussion key, velocity


@dataclass(frozen=True, slots=True)
class Beat:
    """A pattern for the meters that it knows; `hits_in` fits it to any other."""

    title: str
    four: tuple[Hit, ...]  # a bar of 4/4
    three: tuple[Hit, ...]  # a bar of 3/4
    six: tuple[Hit, ...]  # a bar of 6/8, three quarters long
    swing: float = 0.5  # where the second eighth of a quarter falls; 2/3 is a triplet

    def hits_in(self, meter: Meter) -> list[Hit]:
        """The hits in one bar of a meter. A meter of its own goes on with the nearest pattern until the bar is full."""
        length = bar_quarters(meter)
        pattern, span = self.four, 4.0
        if meter.denominator >= 8 and meter.numerator % 3 == 0:
            pattern, span = self.six, 3.0
        elif length == 3.0:
            pattern, span = self.three, 3.0
        starts = [span * turn for turn in range(ceil(length / span))]
        hits = [(start + onset, key, velocity) for start in starts for onset, key, velocity in pattern]
        return [hit for hit in hits if hit[0] < length - 1e-6]


def _every(step: float, end: float, key: int, velocities: tuple[int, ...]) -> tuple[Hit, ...]:
    """Hits of one key at even steps up to `end`, their velocities by turns."""
    return tuple((n * step, key, velocities[n % len(velocities)]) for n in range(round(end / step)))


def _at(onsets: tuple[float, ...], key: int, velocity: int) -> tuple[Hit, ...]:
    return tuple((onset, key, velocity) for onset in onsets)


BEATS = MappingProxyType(
    {
        "four_on_the_floor": Beat(
            title="Four on the floor",
            four=(
                *_at((0, 1, 2, 3), KICK, 84),
                *_at((1, 3), SNARE, 72),
                *_at((0.5, 1.5, 2.5, 3.5), OPEN_HAT, 58),
                *_every(0.25, 4, CLOSED_HAT, (45, 31, 51, 34)),
            ),
            three=(
                *_at((0, 1, 2), KICK, 84),
                *_at((1, 2), SNARE, 66),
                *_at((0.5, 1.5, 2.5), OPEN_HAT, 58),
                *_every(0.25, 3, CLOSED_HAT, (45, 31, 51, 34)),
            ),
            six=(*_at((0, 1.5), KICK, 84), *_at((1.5,), SNARE, 72), *_every(0.5, 3, CLOSED_HAT, (55, 37, 44))),
        ),
        "rock": Beat(
            title="Rock",
            four=(
                *_at((0, 2, 2.5), KICK, 85),
                *_at((1, 3), SNARE, 87),
                *_every(0.5, 4, CLOSED_HAT, (67, 51)),
            ),
            three=(*_at((0, 2.5), KICK, 85), *_at((1, 2), SNARE, 80), *_every(0.5, 3, CLOSED_HAT, (67, 51))),
            six=(
                *_at((0, 2.5), KICK, 85),
                *_at((1.5,), SNARE, 87),
                *_every(0.5, 3, CLOSED_HAT, (69, 49, 54)),
            ),
        ),
        "bossa": Beat(
            title="Bossa nova",
            four=(
                *_at((0, 2), KICK, 77),
                *_at((1.5, 3.5), KICK, 64),
                *_at((0, 1.5, 3), STICK, 74),
                *_every(0.5, 4, CLOSED_HAT, (48, 40, 52, 40)),
            ),
            three=(*_at((0,), KICK, 77), *_at((1, 2.5), STICK, 72), *_every(0.5, 3, CLOSED_HAT, (48, 40))),
            six=(*_at((0, 1.5), KICK, 74), *_at((1, 2.5), STICK, 70), *_every(0.5, 3, CLOSED_HAT, (50, 39, 42))),
        ),
        "half_time": Beat(
            title="Half time",
            four=(
                *_at((0, 2.75), KICK, 89),
                *_at((2,), SNARE, 91),
                *_at((1.75, 3.25), SNARE, 29),
                *_every(0.5, 4, CLOSED_HAT, (64, 45)),
            ),
            three=(*_at((0,), KICK, 89), *_at((2,), SNARE, 87), *_every(0.5, 3, CLOSED_HAT, (64, 45))),
            six=(*_at((0,), KICK, 89), *_at((1.5,), SNARE, 89), *_every(0.5, 3, RIDE, (59, 40, 44))),
        ),
        "brush_swing": Beat(
            title="Swing, softly",
            four=(
                *_at((0, 1, 2, 3), RIDE, 81),
                *_at((1.5, 3.5), RIDE, 65),
                *_at((1, 3), CLOSED_HAT, 75),
                *_at((0, 2), KICK, 60),
                *_at((1, 3), SNARE, 49),
                *_at((3.5,), SNARE, 36),
            ),
            three=(
                *_at((0, 1, 2), RIDE, 78),
                *_at((1.5,), RIDE, 62),
                *_at((1, 2), CLOSED_HAT, 70),
                *_at((0,), KICK, 62),
                *_at((2,), SNARE, 47),
            ),
            six=(*_every(0.5, 3, RIDE, (81, 57, 65)), *_at((0,), KICK, 62), *_at((1.5,), SNARE, 55)),
            swing=2 / 3,
        ),
    }
)
