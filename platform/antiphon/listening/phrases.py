"""Phrases as messages carry them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import to_json

from antiphon.core.phrase import phrase
from antiphon.listening.protocol.told import NamedPhrase
from antiphon.populations.models import Individual
from antiphon.populations.selectors import phrase_of
from evolution.frame import Frame
from generation.score.notes import Score


class EncodedPhrases(Mapping[int, str]):
    """Phrases of an open generation by individual, each an encoded `told.Phrase`: what is heard, not which one it is.

    Each is encoded when it is first wanted, for a room opens at once, and after a restart many rooms do; without
    building the message first, which would cost several times as much.
    """

    def __init__(self, frame: Frame, scores: Mapping[int, str]) -> None:
        self._frame = frame
        self._scores = dict(scores)  # as JSON; "" once its phrase is encoded
        self._encoded: dict[int, str] = {}

    def __getitem__(self, individual_id: int) -> str:
        encoded = self._encoded.get(individual_id)
        if encoded is None:
            score = Score.from_json(json.loads(self._scores[individual_id]))
            encoded = self._encoded[individual_id] = to_json(phrase(score, bars=self._frame.bars)).decode()
            self._scores[individual_id] = ""
        return encoded

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


def named_phrase(individual: Individual, frame: Frame) -> NamedPhrase:
    """A phrase of a closed generation; its generation must have been selected."""
    fields: dict[str, Any] = dict(phrase_of(individual, frame))
    return NamedPhrase(
        individual=individual.pk, generation=individual.generation.number, number=individual.index + 1, **fields
    )
