"""Phrases as messages carry them."""

import json
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from pydantic_core import to_json

from antiphon.core.phrase import phrase
from antiphon.listening.protocol.told import NamedPhrase
from antiphon.populations.models import Individual
from antiphon.populations.selectors import phrase_of
from evolution.frame import Frame
from generation.score.notes import Score

KEPT_MAX = 10_000  # phrases that a process keeps for rooms that are left and entered again, at some 6 kB each


class EncodedPhrases(Mapping[int, str]):
    """Phrases of an open generation by individual, each an encoded `told.Phrase`: what is heard, not which one it is.

    Each is encoded when it is first wanted, or in between, for a room opens at once, and after a restart many rooms do.
    No message is built first, which would cost several times as much. May be used from several threads.
    """

    def __init__(self, frame: Frame, scores: Mapping[int, str]) -> None:
        self._frame = frame
        self._scores = dict(scores)  # as JSON
        self._encoded: dict[int, str] = {}

    def __getitem__(self, individual_id: int) -> str:
        encoded = self._encoded.get(individual_id)
        if encoded is None:
            encoded = self._encoded[individual_id] = _encode(self._scores[individual_id], self._frame.bars)
        return encoded

    def encode_some(self, count: int) -> float:
        """Encode so many of those that nobody has wanted yet; seconds that it took, 0 where there are none left."""
        began = time.monotonic()
        waiting = list(islice((one for one in tuple(self._scores) if one not in self._encoded), count))
        for individual_id in waiting:
            self[individual_id]
        return time.monotonic() - began if waiting else 0.0

    def __iter__(self) -> Iterator[int]:
        return iter(self._scores)

    def __len__(self) -> int:
        return len(self._scores)

    def __contains__(self, individual_id: object) -> bool:
        return individual_id in self._scores

    def __or__(self, other: "EncodedPhrases") -> "EncodedPhrases":
        """These and others of the same population."""
        both = EncodedPhrases(self._frame, self._scores | other._scores)
        both._encoded = self._encoded | other._encoded
        return both


@lru_cache(maxsize=KEPT_MAX)
def _encode(score: str, bars: int) -> str:
    return to_json(phrase(Score.from_json(json.loads(score)), bars=bars)).decode()


def named_phrase(individual: Individual, frame: Frame) -> NamedPhrase:
    """A phrase of a closed generation; its generation must have been selected."""
    fields: dict[str, Any] = dict(phrase_of(individual, frame))
    return NamedPhrase(
        individual=individual.pk, generation=individual.generation.number, number=individual.index + 1, **fields
    )
