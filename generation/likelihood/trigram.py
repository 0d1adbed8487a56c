"""A trigram of notes, the model that a network has to beat: smoothed counts of what follows what. Numpy only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.codecs.codec import Field

NOTES_BEFORE = 2
DISCOUNT = 0.8  # taken from every count, and given to the shorter context
STRENGTHS = (2.0, 8.0, 32.0, 128.0)  # notes that a shorter context counts for in a longer one
MAX_CAUSES = 6
SMALLEST_GAIN_NATS = 0.003  # a cause that brings less is not worth its counts
JUDGES = 4  # every fourth piece judges what the others' counts say, while causes are chosen
NOTES_TO_CHOOSE_BY = 20_000

Tokens = NDArray[np.integer[Any]]
History = NDArray[np.int64]  # (n, 3, fields): each note, the note before, the one before that
Cause = tuple[int, int]  # what a field may depend on: how many notes ago (0: this note), and which field


class TrigramRefused(ValueError):
    """Notes that no trigram can be counted from; the message says what to do."""

    code = "trigram_refused"


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How surprised a model is by notes: nats a note in all (lower is better), and each field's share of them."""

    nats_per_note: float
    fields: dict[str, float]
    n_notes: int

    @classmethod
    def of(cls, nats: NDArray[np.float64], fields: Sequence[Field]) -> "Likelihood":
        """The mean of (notes, fields); nan for no notes."""
        means = nats.mean(axis=0) if len(nats) else np.full(len(fields), np.nan)
        by_field = {field.name: float(mean) for field, mean in zip(fields, means, strict=True)}
        return cls(float(means.sum()), by_field, len(nats))


@dataclass(frozen=True, slots=True)
class _Level:
    """Counts of one field's values in contexts of one length."""

    contexts: NDArray[np.int64]  # sorted keys: place of the shorter context, value of the added cause
    totals: NDArray[np.int64]  # (contexts,) notes counted
    kinds: NDArray[np.int64]  # (contexts,) different values counted
    pairs: NDArray[np.int64]  # sorted keys: place of the context, value
    counts: NDArray[np.int64]  # (pairs,)


@dataclass(frozen=True, slots=True)
class _FieldModel:
    """One field's values, given contexts that grow by one cause from level to level."""

    field: int
    causes: tuple[Cause | None, ...]  # None, the empty context, first
    levels: tuple[_Level, ...]
    strengths: tuple[float, ...]


class Trigram:
    """The probability of each field of a note, given the two notes before it and its own fields said so far.

    Every field has a chain of causes, the weightiest first, and probabilities by interpolated absolute discounting with
    a strength: (max(0, count - d) + (s + d kinds) shorter) / (total + s), the predictive rule of the hierarchical
    Pitman-Yor model with one table a dish (Teh, ACL 2006), of which interpolated Kneser-Ney is s = 0; the shortest
    context stands on the uniform distribution. Causes and strengths are those that say unseen pieces of the training
    pieces best, chosen one after the other (a factored language model: Bilmes and Kirchhoff, NAACL 2003).
    """

    def __init__(self, fields: Sequence[Field], models: Sequence[_FieldModel]) -> None:
        self.fields, self._models = tuple(fields), tuple(models)

    @classmethod
    def fit(
        cls, pieces: Sequence[Tokens | Sequence[Tokens]], fields: Sequence[Field], *, n_given: int = 0
    ) -> "Trigram":
        """Count tokens, a piece each: (n, fields), or (lines, n, fields) or a list of lines, each of which begins anew.

        The first `n_given` rows of each line only stand before the others. Raises TrigramRefused for no notes.
        """
        sizes = _sizes(fields)
        lines = [[piece] if isinstance(piece, np.ndarray) else piece for piece in pieces]
        histories = [history for piece in lines if len(history := _history(piece, sizes, n_given))]
        if not histories:
            raise TrigramRefused("expected at least one note to count, got none; add pieces with notes")
        everything = np.concatenate(histories)
        judges, counted = _choosing_split(histories)
        models = []
        for field in range(len(fields)):
            causes, strengths = _choose_causes(counted, judges, field, sizes)
            models.append(_count(everything, field, causes, strengths, sizes))
        return cls(fields, models)

    @property
    def causes(self) -> dict[str, list[str]]:
        """What each field is said from, as `field` (of this note), `field-1`, `field-2` (of the notes before)."""
        return {
            self.fields[model.field].name: [
                self.fields[field].name + (f"-{ago}" if ago else "") for ago, field in filter(None, model.causes)
            ]
            for model in self._models
        }

    def nats(self, tokens: Tokens, *, n_given: int = 0) -> NDArray[np.float64]:
        """Negative log-likelihood of each field of each note but those given, (..., n - n_given, fields).

        The first notes of a line, (..., n, fields), are said from the start token, as a network says them.
        """
        sizes = _sizes(self.fields)
        history = _history([tokens], sizes, n_given)
        said = [-np.log(_probabilities(history, model, sizes)) for model in self._models]
        *lines, n, fields = np.shape(tokens)
        return np.stack(said, axis=-1).reshape(*lines, n - n_given, fields)

    def nats_per_note(self, tokens: Tokens | Sequence[Tokens]) -> Likelihood:
        """The mean over notes: (n, fields), (lines, n, fields) or a list of such. nan for no notes."""
        arrays = [tokens] if isinstance(tokens, np.ndarray) else tokens
        rows = [self.nats(array).reshape(-1, len(self.fields)) for array in arrays if array.size]
        return Likelihood.of(np.concatenate([np.zeros((0, len(self.fields))), *rows]), self.fields)


def _sizes(fields: Sequence[Field]) -> NDArray[np.int64]:
    return np.array([field.size for field in fields], dtype=np.int64)


def _history(lines: Sequence[Tokens], sizes: NDArray[np.int64], n_given: int) -> History:
    """Lines of (n, fields), or of (lines, n, fields) -> (notes, 3, fields); a field's size stands for no note."""
    found = [np.zeros((0, NOTES_BEFORE + 1, len(sizes)), np.int64)]
    for line in lines:
        notes = np.asarray(line, dtype=np.int64)
        notes = notes[None] if notes.ndim == 2 else notes
        n = notes.shape[1]
        start = np.broadcast_to(sizes, (len(notes), NOTES_BEFORE, len(sizes)))
        padded = np.concatenate([start, notes], axis=1)
        recent = [padded[:, NOTES_BEFORE - ago : NOTES_BEFORE - ago + n] for ago in range(NOTES_BEFORE + 1)]
        found.append(np.stack(recent, axis=2)[:, n_given:].reshape(-1, NOTES_BEFORE + 1, len(sizes)))
    return np.concatenate(found)


def _choosing_split(histories: list[History]) -> tuple[History, History]:
    """(notes that judge, notes counted), from different pieces where there are two; both thinned evenly to a bound."""
    if len(histories) == 1:
        histories = np.array_split(histories[0], JUDGES)
    judges, counted = histories[::JUDGES], [h for i, h in enumerate(histories) if i % JUDGES]
    share = min(1.0, NOTES_TO_CHOOSE_BY / sum(map(len, histories)))
    # A run of each piece, not scattered notes: counts of neighbours repeat, as in the whole piece.
    thin = [[history[: max(1, round(share * len(history)))] for history in side] for side in (judges, counted)]
    return np.concatenate(thin[0]), np.concatenate(thin[1] or thin[0])


@dataclass(slots=True)
class _Growth:
    """A chain of causes while it is chosen: where the notes stand in it, and how likely it says the judges to be."""

    places: NDArray[np.int64]  # of the counted notes, in the last level's contexts
    judged: NDArray[np.int64]  # of the judges; -1 where their context was not counted
    said: NDArray[np.float64]  # probabilities of the judges' values
    strength: float = 0.0

    @property
    def nats(self) -> float:
        return float(-np.mean(np.log(self.said)))


def _choose_causes(
    counted: History, judges: History, field: int, sizes: NDArray[np.int64]
) -> tuple[list[Cause | None], list[float]]:
    """The causes, from none on, and each one's strength, by which the counted notes say the judges best."""
    start = _Growth(np.zeros(len(counted), np.int64), np.zeros(len(judges), np.int64), np.ones(len(judges)))
    start.said /= sizes[field]
    grown = _grow(start, None, counted, judges, field, sizes)
    causes: list[Cause | None] = [None]
    strengths = [grown.strength]
    left = [(ago, of) for ago in range(NOTES_BEFORE + 1) for of in range(field if ago == 0 else len(sizes))]
    while left and len(causes) <= MAX_CAUSES:
        options = [_grow(grown, cause, counted, judges, field, sizes) for cause in left]
        best = int(np.argmin([option.nats for option in options]))
        if grown.nats - options[best].nats < SMALLEST_GAIN_NATS:
            break
        grown = options[best]
        causes.append(left.pop(best))
        strengths.append(grown.strength)
    return causes, strengths


def _grow(
    chain: _Growth, cause: Cause | None, counted: History, judges: History, field: int, sizes: NDArray[np.int64]
) -> _Growth:
    """The chain with one cause more, at the strength that says the judges best."""
    size = int(sizes[field])
    level, places = _count_level(_keys(counted, chain.places, cause, sizes), counted[:, 0, field], size)
    judged = _find(level.contexts, _keys(judges, chain.judged, cause, sizes))
    ways = [
        _Growth(places, judged, _say(level, strength, judged, judges[:, 0, field], size, chain.said), strength)
        for strength in STRENGTHS
    ]
    return min(ways, key=lambda way: way.nats)


def _count(
    history: History, field: int, causes: list[Cause | None], strengths: list[float], sizes: NDArray[np.int64]
) -> _FieldModel:
    places = np.zeros(len(history), np.int64)
    levels = []
    for cause in causes:
        level, places = _count_level(_keys(history, places, cause, sizes), history[:, 0, field], int(sizes[field]))
        levels.append(level)
    return _FieldModel(field, tuple(causes), tuple(levels), tuple(strengths))


def _probabilities(history: History, model: _FieldModel, sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of the field's true value in each note, (n,)."""
    size, values = int(sizes[model.field]), history[:, 0, model.field]
    places, said = np.zeros(len(history), np.int64), np.full(len(history), 1.0 / size)
    for cause, level, strength in zip(model.causes, model.levels, model.strengths, strict=True):
        places = _find(level.contexts, _keys(history, places, cause, sizes))
        said = _say(level, strength, places, values, size, said)
    return said


def _keys(
    history: History, places: NDArray[np.int64], cause: Cause | None, sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One number for each note's context and what the cause adds to it; -1 where the context was not counted."""
    if cause is None:
        return places
    ago, field = cause
    keys: NDArray[np.int64] = np.where(places < 0, -1, places * (sizes[field] + 1) + history[:, ago, field])
    return keys


def _count_level(keys: NDArray[np.int64], values: NDArray[np.int64], size: int) -> tuple[_Level, NDArray[np.int64]]:
    """The counts of values in contexts, and each note's place among the contexts."""
    contexts, places = np.unique(keys, return_inverse=True)
    pairs, counts = np.unique(places * size + values, return_counts=True)
    kinds = np.bincount(pairs // size, minlength=len(contexts))
    return _Level(contexts, np.bincount(places), kinds, pairs, counts), places


def _find(sorted_keys: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each key stands; -1 where it does not."""
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == keys, at, -1)


def _say(
    level: _Level,
    strength: float,
    places: NDArray[np.int64],
    values: NDArray[np.int64],
    size: int,
    shorter: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Probabilities of values in their contexts, (n,), given those in the contexts one cause shorter."""
    pairs = _find(level.pairs, places * size + values)
    counts = np.where(pairs < 0, 0, level.counts[pairs])
    back = strength + DISCOUNT * level.kinds[places]
    said = (np.maximum(counts - DISCOUNT, 0.0) + back * shorter) / (level.totals[places] + strength)
    return np.where(places < 0, shorter, said)
