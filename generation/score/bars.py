"""Where the bars of a score lie, by its meters. A change of meter cuts a bar short."""

from dataclasses import dataclass

import numpy as np

from generation.score.grid import SLOTS_PER_QUARTER
from generation.score.notes import Meter, Score

COMMON_METER = Meter(0.0, 4, 4)  # before the first mark, and where there is none
QUARTERS_IN_WHOLE = 4.0
BARS_MAX = 20_000  # more is not music
NEARLY = 1e-6


def bar_quarters(meter: Meter) -> float:
    """How long a bar of this meter is, in quarters."""
    return QUARTERS_IN_WHOLE * meter.numerator / meter.denominator


def metered_bars(score: Score, *, n_bars: int | None = None) -> tuple[list[float], list[Meter]]:
    """Where each bar begins, in quarters, and last where the last one ends; and each bar's meter, one fewer.

    As many bars as the notes fill, a begun one counted and at least one; or `n_bars`.
    """
    marks = sorted(score.meters, key=lambda meter: meter.onset_quarters)
    end = score.end_quarters
    wanted = BARS_MAX if n_bars is None else min(n_bars, BARS_MAX)
    starts, meters = [0.0], list[Meter]()
    meter, following = COMMON_METER, 0
    while len(meters) < wanted and (n_bars is not None or not meters or starts[-1] < end - NEARLY):
        while following < len(marks) and marks[following].onset_quarters <= starts[-1] + NEARLY:
            meter, following = marks[following], following + 1
        change = marks[following].onset_quarters if following < len(marks) else float("inf")
        starts.append(min(starts[-1] + bar_quarters(meter), change))
        meters.append(meter)
    return starts, meters


def bar_starts(score: Score, *, n_bars: int | None = None) -> list[float]:
    """Where each bar begins, in quarters, and last where the last one ends; see `metered_bars`."""
    return metered_bars(score, n_bars=n_bars)[0]


@dataclass(frozen=True, slots=True)
class BarPlace:
    """A bar in the stretch of a score whose bars are all as long, and lie end to end."""

    number: int  # in its stretch, from 0
    bar_quarters: float
    meter: str  # as people say it: "3/4"
    stretch_begin_quarters: float
    stretch_end_quarters: float  # infinite for the last stretch

    @property
    def begin_quarters(self) -> float:
        """Where the bar begins."""
        return self.stretch_begin_quarters + self.number * self.bar_quarters

    @property
    def bar_slots(self) -> int:
        """Slots in the bar."""
        return round(self.bar_quarters * SLOTS_PER_QUARTER)


def find_bar(score: Score, bar: int) -> BarPlace | None:
    """The bar of that number, counted from 0; None where there is none before the score's end, or not a whole one."""
    passed = 0
    for begin, end, meter in _stretches(score):
        quarters = bar_quarters(meter)
        last = min(end, score.end_quarters)
        n_bars = int(np.ceil((last - begin) / quarters - NEARLY)) if last > begin else 0
        if 0 <= bar - passed < n_bars:
            place = BarPlace(bar - passed, quarters, f"{meter.numerator}/{meter.denominator}", begin, end)
            return place if place.begin_quarters + quarters <= end + NEARLY else None
        passed += n_bars
    return None


def _stretches(score: Score) -> list[tuple[float, float, Meter]]:
    """(begin, end, meter) of stretches of equal bars end to end; the last has no end."""
    meters = score.meters or (COMMON_METER,)
    if meters[0].onset_quarters > 0:
        meters = (COMMON_METER, *meters)
    begins: list[tuple[float, Meter]] = []
    for meter in meters:
        if begins:
            since, quarters = meter.onset_quarters - begins[-1][0], bar_quarters(begins[-1][1])
            is_on_line = abs(since / quarters - round(since / quarters)) < NEARLY
            if is_on_line and bar_quarters(meter) == quarters:
                continue
        begins.append((meter.onset_quarters, meter))
    ends = [begin for begin, _ in begins[1:]] + [float("inf")]
    return [(begin, end, meter) for (begin, meter), end in zip(begins, ends, strict=True)]
