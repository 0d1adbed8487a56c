"""Phrases as messages carry them."""

from typing import Any

from antiphon.listening.protocol.told import NamedPhrase, Phrase
from antiphon.populations.models import Individual
from antiphon.populations.selectors import phrase_of
from evolution.frame import Frame


def nameless_phrase(individual: Individual, frame: Frame) -> Phrase:
    """A phrase of an open generation: what is heard, and not which one it is."""
    fields: dict[str, Any] = dict(phrase_of(individual, frame))
    return Phrase(**fields)


def named_phrase(individual: Individual, frame: Frame) -> NamedPhrase:
    """A phrase of a closed generation; its generation must have been selected."""
    fields: dict[str, Any] = dict(phrase_of(individual, frame))
    return NamedPhrase(
        individual=individual.pk, generation=individual.generation.number, number=individual.index + 1, **fields
    )
