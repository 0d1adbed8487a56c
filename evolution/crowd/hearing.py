"""What simulated listeners hear in a phrase: twenty numbers, each about something that is known to move liking.

They serve as grounds for hidden tastes and are made from sound alone: no genome, no scale or key that was meant.
The facts behind them: Krumhansl and Kessler, Psychological Review 89(4), 1982 (key profiles); Huron, Music
Perception 11(3), 1994 (consonance of interval classes); Huron, Computing in Musicology 10, 1996 (the melodic arch);
von Hippel and Huron, Music Perception 18(1), 2000 (melodies move in small steps); Longuet-Higgins and Lee, Music
Perception 1(4), 1984, and Witek et al., PLoS ONE 9(4), 2014 (syncopation, and that a medium degree of it moves people
most); Patel and Daniele, Cognition 87(1), 2003 (nPVI); Margulis, On Repeat, 2014 (repetition); Hennig et al., PLoS ONE
6(10), 2011 (human timing).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evolution.crowd.sounding import Floats, Sounding, deviation_of, mean_of, sound
from generation.score.notes import Score

FEATURES = (
    "melodic consonance",  # of successive top notes, -1.4 to 1.3
    "step size",  # semitones between successive top notes
    "harmonic consonance",  # of what sounds together, 0 where nothing does
    "thickness",  # notes sounding at a time, weighed by how long
    "arch",  # -1 to 1: rises and falls
    "closure",  # how much firmer in the key the end is than the rest
    "last length",  # log2 of the last stroke's length against the usual one
    "key clarity",  # 0 to 1
    "surprise",  # bits a pitch class
    "syncopation",  # 0 to about 1
    "unevenness",  # nPVI
    "rhythm repeated",  # 0 to 1
    "melody repeated",  # 0 to 1
    "pace",  # log2 of strokes a second
    "register",  # MIDI pitch
    "loudness",  # MIDI velocity
    "loudness deviation",
    "timing",  # ms, standard deviation about where strokes are meant to fall
    "legato",  # how much of the gap to the next stroke sounds
    "range",  # semitones of the top notes
)
INTERVAL_CLASS_CONSONANCE = np.array([0.0, -1.428, -0.582, 0.594, 0.386, 1.240, -0.453])  # unison to tritone
MAJOR_PROFILE = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR_PROFILE = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
PROFILES = np.array([np.roll(profile, shift) for profile in (MAJOR_PROFILE, MINOR_PROFILE) for shift in range(12)])
LONGEST_MEMORY_SECONDS = 2.0  # a note held longer weighs no more
SLOTS_PER_QUARTER = 12
SEMITONES_ALIKE = 1.5


def hear(scores: Sequence[Score]) -> Floats:
    """What is heard in each score, shape (n, len(FEATURES)), in the units that FEATURES are described with."""
    if len(scores) == 0:
        return np.zeros((0, len(FEATURES)))
    heard = sound(scores)
    columns = [*_melody(heard), *_harmony(heard), *_shape(heard), *_key(heard), *_rhythm(heard)]
    columns += [*_repetition(heard), *_mood(heard), *_playing(heard)]
    return np.stack(columns, axis=1)


def interval_consonance(semitones: NDArray[np.floating]) -> Floats:
    """Huron's consonance of intervals in semitones, any sign, folded into interval classes; same shape."""
    folded = np.abs(np.rint(semitones)).astype(np.int64) % 12
    consonance: Floats = INTERVAL_CLASS_CONSONANCE[np.minimum(folded, 12 - folded)]
    return consonance


def _successive(heard: Sounding) -> tuple[Floats, NDArray[np.bool_]]:
    """Semitones from each stroke's top note to the next one's, shape (n, S - 1), and which are real."""
    return np.diff(heard.top, axis=1), heard.stroke[:, 1:]


def _melody(heard: Sounding) -> tuple[Floats, Floats]:
    steps, real = _successive(heard)
    return mean_of(interval_consonance(steps), real), mean_of(np.abs(steps), real)


def _harmony(heard: Sounding) -> tuple[Floats, Floats]:
    """Consonance of each pair of notes weighed by how long both sound, and how many notes sound on average."""
    ends = heard.onset + heard.length
    both = np.minimum(ends[:, :, None], ends[:, None, :]) - np.maximum(heard.onset[:, :, None], heard.onset[:, None, :])
    size = heard.note.shape[1]
    pair = heard.note[:, :, None] & heard.note[:, None, :] & np.triu(np.ones((size, size), dtype=bool), 1)
    # What rings on for a moment under legato is no chord.
    both = np.where(pair, np.maximum(both - 0.06, 0.0), 0.0)
    consonance = interval_consonance(heard.pitch[:, :, None] - heard.pitch[:, None, :])
    total = both.sum(axis=(1, 2))
    harmonic = (both * consonance).sum(axis=(1, 2)) / np.maximum(total, 1e-9)
    sounding = np.where(heard.note, heard.length, 0.0).sum(axis=1)
    span = np.where(heard.note, ends, 0.0).max(axis=1)
    return np.where(total > 0.05, harmonic, 0.0), sounding / np.maximum(span, 1e-9)


def _shape(heard: Sounding) -> tuple[Floats, Floats, Floats]:
    """Likeness of the melody to an arch; how much firmer its end is than its middle; and how long its last stroke."""
    span = np.where(heard.stroke, heard.stroke_onset, 0.0).max(axis=1)[:, None]
    time = 2 * heard.stroke_onset / np.maximum(span, 1e-9) - 1
    arch = _correlation(1 - time**2, heard.top, heard.stroke)
    firmness = _firmness(heard)
    here = np.maximum(heard.n_strokes.astype(np.int64) - 1, 0)[:, None]
    last = np.take_along_axis(firmness, here, axis=1)[:, 0]
    closure = np.where(heard.stroke.any(axis=1), last - mean_of(firmness, heard.stroke), 0.0)
    usual = mean_of(heard.gap, heard.stroke)
    final = np.take_along_axis(heard.gap, here, axis=1)[:, 0]
    length = np.where(heard.stroke.any(axis=1), np.log2((final + 0.05) / (usual + 0.05)), 0.0)
    return arch, closure, length


def _pitch_classes(heard: Sounding) -> Floats:
    """How long each pitch class sounds, shape (n, 12)."""
    held = np.where(heard.note, np.minimum(heard.length, LONGEST_MEMORY_SECONDS), 0.0)
    classes = heard.pitch.astype(np.int64) % 12
    flat = np.arange(len(classes))[:, None] * 12 + classes
    sums = np.bincount(flat.ravel(), held.ravel(), minlength=len(classes) * 12).astype(np.float64)
    return sums.reshape(-1, 12)


def _best_key(heard: Sounding) -> tuple[NDArray[np.int64], Floats]:
    """Index of the profile each phrase fits best, and the correlation, shape (n,) each."""
    classes = _pitch_classes(heard)
    centred = classes - classes.mean(axis=1, keepdims=True)
    profiles = PROFILES - PROFILES.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(centred, axis=1)[:, None] * np.linalg.norm(profiles, axis=1)[None, :]
    fits = centred @ profiles.T / np.maximum(norms, 1e-9)
    return np.argmax(fits, axis=1), fits.max(axis=1)


def _firmness(heard: Sounding) -> Floats:
    """How firmly each stroke's top note stands in the key that the phrase is heard in, shape (n, S), 0 to 1."""
    key, _ = _best_key(heard)
    profile = PROFILES[key]
    classes = heard.top.astype(np.int64) % 12
    firmness: Floats = (np.take_along_axis(profile, classes, axis=1) - 2.0) / 4.5
    return firmness


def _key(heard: Sounding) -> tuple[Floats, Floats]:
    """How clear the key is; and the mean surprise of a stroke in bits, by the profile taken as shares."""
    key, clarity = _best_key(heard)
    profile = PROFILES[key]
    bits = -np.log2(profile / profile.sum(axis=1, keepdims=True))
    surprise = np.take_along_axis(bits, heard.top.astype(np.int64) % 12, axis=1)
    return clarity, mean_of(surprise, heard.stroke)


def _rhythm(heard: Sounding) -> tuple[Floats, Floats]:
    """Syncopation: strokes on weak places held over the next stronger one. Unevenness: nPVI of the gaps, 0 to 200."""
    slot = np.rint(heard.place * SLOTS_PER_QUARTER).astype(np.int64)
    depth = _depth(slot, heard.quarters_per_bar)
    following = np.full_like(heard.place, np.inf)
    following[:, :-1] = np.where(heard.stroke[:, 1:], heard.place[:, 1:], np.inf)
    # A place of depth d leads to a stronger one after 4 / 2^d quarters; silence or a held note there is a syncopation.
    to_stronger = np.minimum(2.0 ** (2.0 - depth), heard.quarters_per_bar[:, None] / 2)
    held_over = (following - heard.place > to_stronger + 1e-6) & (depth >= 3)
    syncopation = mean_of(held_over * (depth - 2), heard.stroke)
    first, second = heard.gap[:, :-2], heard.gap[:, 1:-1]
    real = heard.stroke[:, 2:]  # the last gap is a length, not a gap
    contrast = np.abs(first - second) / np.maximum((first + second) / 2, 1e-9)
    return syncopation, 100 * mean_of(contrast, real)


def _depth(slot: NDArray[np.int64], quarters_per_bar: Floats) -> Floats:
    """Metrical depth: 0 the downbeat, 1 the middle of the bar, 2 another beat, 3 an eighth, 4 anything else."""
    bar = np.maximum(np.rint(quarters_per_bar * SLOTS_PER_QUARTER).astype(np.int64), 1)[:, None]
    within = slot % bar
    depth = np.where(within % 6 == 0, 3.0, 4.0)
    depth = np.where(within % SLOTS_PER_QUARTER == 0, 2.0, depth)
    depth = np.where((2 * within == bar) & (bar % 24 == 0), 1.0, depth)
    return np.where(within == 0, 0.0, depth)


def _repetition(heard: Sounding) -> tuple[Floats, Floats]:
    """How far bars take up earlier ones, 0 to 1 each: the rhythm, and the melody whatever its height.

    Mean over the bars from the second on of the likeness to the earlier bar that is most alike.
    """
    n = len(heard.note)
    bar = np.floor(heard.place / heard.quarters_per_bar[:, None] + 1e-6).astype(np.int64)
    bars = max(int(np.where(heard.stroke, bar, 0).max(initial=0)) + 1, 2)
    within = np.rint((heard.place - bar * heard.quarters_per_bar[:, None]) * 4).astype(np.int64)  # sixteenths
    cells = int(np.ceil(float(heard.quarters_per_bar.max()) * 4)) + 1
    struck, pitch = np.zeros((n, bars, cells), dtype=bool), np.zeros((n, bars, cells))
    row, column = np.nonzero(heard.stroke)
    index = (row, np.clip(bar[row, column], 0, bars - 1), np.clip(within[row, column], 0, cells - 1))
    struck[index], pitch[index] = True, heard.top[row, column]
    rhythm, melody = _likeness(struck, pitch)
    later: NDArray[np.bool_] = np.any(struck, axis=2)[:, 1:]
    return mean_of(rhythm[:, 1:], later), mean_of(melody[:, 1:], later)


def _likeness(struck: NDArray[np.bool_], pitch: Floats) -> tuple[Floats, Floats]:
    """For each bar the likeness to the most alike earlier one, shape (n, bars) each: of rhythm, and of melody."""
    shared = struck[:, :, None, :] & struck[:, None, :, :]  # (n, bar, earlier bar, cells)
    either = struck[:, :, None, :] | struck[:, None, :, :]
    n_shared = shared.sum(axis=3)
    rhythm = n_shared / np.maximum(either.sum(axis=3), 1)
    apart = np.where(shared, pitch[:, :, None, :] - pitch[:, None, :, :], 0.0)
    shift = apart.sum(axis=3) / np.maximum(n_shared, 1)
    alike = shared & (np.abs(apart - np.rint(shift)[..., None]) <= SEMITONES_ALIKE)
    melody = alike.sum(axis=3) / np.maximum(either.sum(axis=3), 1)
    bars = struck.shape[1]
    earlier = np.tril(np.ones((bars, bars), dtype=bool), -1)[None]
    return np.where(earlier, rhythm, 0.0).max(axis=2), np.where(earlier, melody, 0.0).max(axis=2)


def _mood(heard: Sounding) -> tuple[Floats, Floats, Floats, Floats]:
    """Pace in log2 strokes a second, register, loudness, and how much the loudness varies."""
    span = np.where(heard.stroke, heard.stroke_onset + heard.gap, 0.0).max(axis=1)
    pace = np.log2((heard.n_strokes + 0.5) / np.maximum(span, 0.5))
    held = np.minimum(heard.length, LONGEST_MEMORY_SECONDS)
    register = mean_of(heard.pitch, heard.note, held)
    return pace, register, mean_of(heard.velocity, heard.note), deviation_of(heard.velocity, heard.note)


def _playing(heard: Sounding) -> tuple[Floats, Floats, Floats]:
    """Deviation of the timing in ms, how much of each gap sounds, and the melody's range in semitones."""
    timing = deviation_of(heard.late_ms, heard.stroke)
    legato = mean_of(np.minimum(heard.stroke_length / heard.gap, 1.5), heard.stroke)
    highest = np.where(heard.stroke, heard.top, -np.inf).max(axis=1)
    lowest = np.where(heard.stroke, heard.top, np.inf).min(axis=1)
    return timing, legato, np.where(heard.stroke.any(axis=1), highest - lowest, 0.0)


def _correlation(first: Floats, second: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Correlation of the masked entries of each row, shape (n,), 0 where either doesn't vary."""
    one, other = first - mean_of(first, mask)[:, None], second - mean_of(second, mask)[:, None]
    norm = np.sqrt(mean_of(one**2, mask) * mean_of(other**2, mask))
    found: Floats = np.where(norm > 1e-9, mean_of(one * other, mask) / np.maximum(norm, 1e-9), 0.0)
    return found
