"""Phrases on their way to a page."""

import json
from unittest.mock import patch

import pytest

from antiphon.core.phrase import phrase
from antiphon.listening import phrases
from antiphon.listening.phrases import EncodedPhrases
from antiphon.listening.protocol.told import Phrase
from antiphon.populations.selectors import phrase_of
from evolution.frame import Frame
from tests.antiphon.listening.worlds import make_world

pytestmark = pytest.mark.django_db


def test_each_phrase_is_encoded_once_and_when_it_is_wanted() -> None:
    world = make_world()
    frame = Frame.from_json(world.population.frame)
    individuals = list(world.newest.individuals.order_by("index"))
    with patch.object(phrases, "phrase", side_effect=phrase) as encoded:
        some = EncodedPhrases(frame, {one.pk: json.dumps(one.score) for one in individuals[:2]})
        assert (len(some), individuals[0].pk in some, individuals[2].pk in some) == (2, True, False)
        assert encoded.call_count == 0
        assert json.loads(some[individuals[0].pk]) == phrase_of(individuals[0], frame)
        Phrase.model_validate_json(some[individuals[0].pk])
        more = some | EncodedPhrases(frame, {one.pk: json.dumps(one.score) for one in individuals[2:]})
        assert [json.loads(more[one.pk]) for one in individuals] == [phrase_of(one, frame) for one in individuals]
        assert list(more) == [one.pk for one in individuals]
        assert encoded.call_count == 4, "the first of them was encoded before"
    assert more.get(-1) is None
