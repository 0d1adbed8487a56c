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


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    phrases._encode.cache_clear()


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
        assert more.encode_some(9) == 0.0, "all were wanted"
    assert more.get(-1) is None


def test_what_nobody_has_wanted_is_encoded_in_between_some_at_a_time() -> None:
    world = make_world()
    frame = Frame.from_json(world.population.frame)
    some = EncodedPhrases(frame, {one.pk: json.dumps(one.score) for one in world.newest.individuals.all()})
    with patch.object(phrases, "phrase", side_effect=phrase) as encoded:
        assert some.encode_some(3) > 0
        assert encoded.call_count == 3
        assert some.encode_some(3) > 0
        assert encoded.call_count == 4
        assert some.encode_some(3) == 0.0


def test_a_room_that_is_entered_again_finds_its_phrases_encoded() -> None:
    world = make_world()
    frame = Frame.from_json(world.population.frame)
    scores = {one.pk: json.dumps(one.score) for one in world.newest.individuals.all()}
    before = dict(EncodedPhrases(frame, scores))
    with patch.object(phrases, "phrase", side_effect=phrase) as encoded:
        assert dict(EncodedPhrases(frame, scores)) == before
    assert encoded.call_count == 0
