"""Tempo as players bend it: phrases that slow at their ends, and a last ritardando. Written as tempo marks."""

import numpy as np
from numpy.typing import NDArray

from generation.score.expression.performance import Performance
from generation.score.expression.phrasing import bar_lines, beat_quarters, phrase_arch
from generation.score.notes import Score, Tempo
from generation.score.playback import tempo_at

RUBATO_DEPTH = 0.16  # of the tempo, that the arch's unit changes at full rubato
RITARD_BARS = 2  # at most; a short piece slows over its last quarter
RITARD_CURVATURE = 3.0  # q of Friberg and Sundberg
RITARD_END = 0.65  # how much of the tempo a full ritardando takes away
STEPS_PER_BEAT = 2  # tempo marks within a ritardando
SHAPED_MARKS_PER_BAR = 1.0  # more than these, and someone has shaped the tempo already
MARKS_MAX = 4000  # a long piece gets its marks further apart


def tempo_curve(score: Score, performance: Performance) -> tuple[Tempo, ...]:
    """The score's tempo marks with those of rubato and the final ritardando, a mark for each beat at most.

    Marks and not moved onsets: notes stay on their bars in a sequencer and in notation. Rubato leaves the duration of
    the whole as it was. The ritardando follows v(x) = (1 + (w^q - 1) x)^(1/q), by which runners stop and players end
    (Friberg and Sundberg, Journal of the Acoustical Society of America 105(3), 1999). A score whose tempo marks are
    denser than its bars is played as it is.
    """
    factor = performance.tempo_factor
    plain = tuple(Tempo(mark.onset_quarters, mark.tempo_bpm * factor) for mark in score.tempos)
    lines = bar_lines(score)
    is_shaped = len(score.tempos) > 1 + SHAPED_MARKS_PER_BAR * (len(lines) - 1)
    if is_shaped or not (performance.rubato or performance.final_ritard):
        return plain
    marks, middles = _marks(score, lines, performance)
    bend = 1 + RUBATO_DEPTH * performance.rubato * phrase_arch(score, middles, phrase_bars=performance.phrase_bars)
    lasting = np.diff(np.append(marks, max(lines[-1], marks[-1] + 1e-6))) / tempo_at(score, marks)
    bend *= np.sum(lasting / bend) / np.sum(lasting)
    curve = tempo_at(score, marks) * factor * bend * _ritardando(middles, lines, performance.final_ritard)
    return tuple(Tempo(onset, round(tempo, 3)) for onset, tempo in zip(marks.tolist(), curve.tolist(), strict=True))


def _marks(
    score: Score, lines: NDArray[np.float64], performance: Performance
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where tempo marks stand, and the middle of the stretch that each rules, in quarters, shape (n,) each."""
    beat = float(beat_quarters(score, np.zeros(1))[0])
    step = max(beat, (lines[-1] - lines[0]) / MARKS_MAX)
    places = [np.arange(0.0, lines[-1], step)] if performance.rubato else [np.zeros(1)]
    if performance.final_ritard:
        places.append(np.arange(_ritard_start(lines), lines[-1], beat / STEPS_PER_BEAT))
    places.append(np.array([mark.onset_quarters for mark in score.tempos]))
    marks = np.unique(np.round(np.concatenate(places), 6))
    return marks, (marks + np.append(marks[1:], max(lines[-1], marks[-1]))) / 2


def _ritard_start(lines: NDArray[np.float64]) -> float:
    """When the last ritardando begins, in quarters: two bars before the end, or its last quarter."""
    n_bars = len(lines) - 1
    bars = max(1, min(RITARD_BARS, n_bars // 4))
    return float(lines[-1 - bars]) if n_bars > 1 else float(lines[0] + (lines[1] - lines[0]) / 2)


def _ritardando(quarters: NDArray[np.float64], lines: NDArray[np.float64], depth: float) -> NDArray[np.float64]:
    """Factor on the tempo at times in quarters, same shape: 1 up to the ritardando's start, then down to its end."""
    start = _ritard_start(lines)
    place = np.clip((quarters - start) / (lines[-1] - start), 0.0, 1.0)
    end = 1 - RITARD_END * depth
    slowed: NDArray[np.float64] = (1 + (end**RITARD_CURVATURE - 1) * place) ** (1 / RITARD_CURVATURE)
    return slowed
