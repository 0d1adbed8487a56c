"""Pitch as singers and strings have it: tuning that wavers, notes entered from below, vibrato. Written as bends."""

import numpy as np
from numpy.typing import NDArray

from generation.score.expression.performance import Performance
from generation.score.expression.timing import onset_groups
from generation.score.notes import Bend, Score
from generation.score.playback import to_quarters, to_seconds

STEP_SECONDS = 0.026  # between two bends of a part: at most 39 a second
GLIDE_SECONDS = 0.12  # after which a note has reached its pitch
GLIDE_LEFT = 0.03  # of the glide, heard as none
SWELL_SECONDS = 0.3  # in which vibrato comes to its full depth
SHORTEST_BENT_SECONDS = 0.06


def bends_of(score: Score, performance: Performance, rng: np.random.Generator) -> tuple[Bend, ...]:
    """Bends in cents for a score's played notes: tuning, glide and vibrato, back at 0 when a part falls silent.

    A part's bends move all that sounds in it, so a chord bends as one. Drums, and parts that bring bends of their own,
    have none. Onset glides are slides up to the note; vibrato sets in late and swells, as Prame found of singers
    (Journal of the Acoustical Society of America 96(4), 1994, and 102(1), 1997).
    """
    if not (performance.bend_cents or performance.glide_cents or performance.vibrato_cents):
        return ()
    bent = {bend.part for bend in score.bends}
    found = []
    for index, part in enumerate(score.parts):
        if not part.is_drum and index not in bent:
            found += _part_bends(score, index, performance, rng)
    return tuple(sorted(found, key=lambda bend: (bend.onset_quarters, bend.part)))


def _part_bends(score: Score, part: int, performance: Performance, rng: np.random.Generator) -> list[Bend]:
    starts, ends = _sounding_spans(score, part)
    tunings = rng.normal(0.0, 1.0, len(starts)) * performance.bend_cents
    following = np.append(starts[1:], np.inf)
    times: list[NDArray[np.float64]] = []
    cents: list[NDArray[np.float64]] = []
    last_bend = -np.inf
    for start, end, after, tuning in zip(starts, np.minimum(ends, following), following, tunings, strict=True):
        if start - last_bend < STEP_SECONDS or end - start < SHORTEST_BENT_SECONDS:
            continue  # too fast a note to be tuned
        moment = np.arange(start, end - STEP_SECONDS, STEP_SECONDS)
        wave = np.round(tuning + _gesture(moment - start, performance, end - start), 1)
        is_new = np.append(True, np.diff(wave) != 0)
        times.append(moment[is_new])
        cents.append(wave[is_new])
        last_bend = float(moment[-1])
        if after - end > STEP_SECONDS and wave[-1] != 0:
            times.append(np.array([max(end, last_bend + STEP_SECONDS)]))
            cents.append(np.zeros(1))
            last_bend = float(times[-1][0])
    if not times:
        return []
    quarters = to_quarters(score, np.concatenate(times))
    rows = zip(quarters.tolist(), np.concatenate(cents).tolist(), strict=True)
    return [Bend(part, onset, value) for onset, value in rows]


def _gesture(seconds: NDArray[np.float64], performance: Performance, length_seconds: float) -> NDArray[np.float64]:
    """Cents away from a note's own tuning, shape (n,), some seconds after its start: glide, then vibrato."""
    reach = min(GLIDE_SECONDS, length_seconds / 3)
    glide = -performance.glide_cents * GLIDE_LEFT ** (seconds / reach)
    glide = np.where(seconds <= reach, glide, 0.0)
    late = seconds - performance.vibrato_delay_ms / 1000
    swell = np.clip(late / SWELL_SECONDS, 0.0, 1.0)
    vibrato = performance.vibrato_cents * swell * np.sin(2 * np.pi * performance.vibrato_hz * late)
    return glide + np.where(late > 0, vibrato, 0.0)


def _sounding_spans(score: Score, part: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When each stroke of a part begins and when its last note ends, in seconds, shape (strokes,) each."""
    notes = score.notes[score.notes["part"] == part]
    if len(notes) == 0:
        return np.zeros(0), np.zeros(0)
    groups = onset_groups(notes["onset_quarters"])
    starts, ends = np.full(int(groups.max()) + 1, np.inf), np.zeros(int(groups.max()) + 1)
    np.minimum.at(starts, groups, to_seconds(score, notes["onset_quarters"]))
    np.maximum.at(ends, groups, to_seconds(score, notes["onset_quarters"] + notes["duration_quarters"]))
    return starts, ends
