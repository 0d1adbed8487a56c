import numpy as np
import pytest
from keras import ops

from generation.codecs import ExpressiveCodec
from generation.drawing.lstm_steps import LstmSteps
from generation.drawing.note import HeadsAnswers, RecallAnswers
from generation.layers.recall import KEY_UNITS, WAYS, Recall, recall_shapes
from generation.network import field_sizes, previous_notes, start_tokens
from tests.generation.networks import untrained

SIZES = (5, 4)
STEPS, SPAN, HIDDEN = 6, 5, 3


@pytest.fixture
def recall() -> Recall:
    """A layer that compares its input's units, and hears all distances alike."""
    layer = Recall(SIZES, SPAN)
    layer.build((None, STEPS, HIDDEN))
    keys = np.zeros((HIDDEN, WAYS * KEY_UNITS), dtype=np.float32)
    keys[:, :HIDDEN] = np.eye(HIDDEN) * 20  # of the first way only
    layer.keys.assign(keys)
    layer.distance.assign(np.zeros((WAYS, SPAN)))
    layer.weight.assign(np.eye(WAYS)[:, :1] * np.ones((1, len(SIZES))))
    return layer


def shares(layer: Recall, hidden: list[int], notes: list[tuple[int, int]]) -> list[np.ndarray]:
    """The shares of each field's values that the layer answers, (steps, size) each, for one-hot places."""
    said = np.array(layer(np.eye(HIDDEN, dtype=np.float32)[hidden][None], np.array([notes], dtype=np.int32)))[0]
    return [np.exp(said[:, : SIZES[0]]), np.exp(said[:, SIZES[0] :])]


def test_what_followed_when_the_music_was_last_there_is_the_answer(recall: Recall) -> None:
    first, second = shares(recall, [0, 1, 2, 0, 1, 2], [(4, 1), (2, 3), (1, 0), (4, 1), (2, 3), (1, 0)])
    assert first[3:].argmax(axis=1).tolist() == [4, 2, 1]
    assert second[3:].argmax(axis=1).tolist() == [1, 3, 0]
    assert (first[3:].max(axis=1) > 0.9).all()


def test_where_nothing_was_heard_all_values_are_alike(recall: Recall) -> None:
    first, second = shares(recall, [0, 1, 2, 0, 1, 2], [(4, 1)] * STEPS)
    assert np.ptp(first[0]) < 1e-6
    assert np.ptp(second[0]) < 1e-6


def test_notes_that_differ_in_a_field_said_before_count_for_less(recall: Recall) -> None:
    recall.unlike.assign(np.full((WAYS, len(SIZES)), -8.0))
    notes = [(4, 1), (2, 3), (4, 0), (2, 0), (4, 0), (2, 0)]
    _, second = shares(recall, [0] * STEPS, notes)
    assert second[2].argmax() == 1  # as after the other 4, not as after the 2
    assert second[3].argmax() == 3


def test_no_later_note_is_heard_and_of_its_own_only_the_fields_said(recall: Recall) -> None:
    recall.weight.assign(np.ones((WAYS, len(SIZES))))
    places = [0, 1, 2, 0, 1, 2]
    notes = [(4, 1), (2, 3), (1, 0), (4, 1), (2, 3), (1, 0)]
    other = [*notes[:4], (3, 2), (0, 2)]
    before, after = (shares(recall, places, said) for said in (notes, other))
    assert (before[0][:5] == after[0][:5]).all()
    assert (before[1][:4] == after[1][:4]).all()
    assert (before[1][4] != after[1][4]).any()


def test_shapes_are_known_without_building() -> None:
    layer = Recall(SIZES, SPAN)
    layer.build((None, STEPS, HIDDEN))
    assert [tuple(array.shape) for array in layer.get_weights()] == recall_shapes(HIDDEN, SIZES, SPAN)


def test_heard_note_by_note_a_network_answers_as_for_the_whole_window() -> None:
    checkpoint = untrained("quick", lstm_layers=2)
    codec, model = checkpoint.codec, checkpoint.model
    sizes = field_sizes(codec)
    window = checkpoint.config.window
    rng = np.random.default_rng(1)
    notes = np.stack([rng.integers(0, min(size, 3), (2, window)) for size in sizes], axis=-1).astype(np.int32)
    expected = np.array(model([previous_notes(notes, sizes), notes]))
    steps = LstmSteps(model)
    answers = steps.answers(model)
    assert isinstance(answers, RecallAnswers)
    assert isinstance(answers.heads, HeadsAnswers)
    answers.scale(np.ones(sum(sizes), dtype=np.float32), np.zeros(sum(sizes), dtype=np.float32))
    memory = steps.silence(2)
    heard = np.tile(start_tokens(field_sizes(ExpressiveCodec())), (2, 1))
    for step in range(window):
        memory, context = steps.hear(ops.convert_to_tensor(heard), memory)
        said = []
        for field in range(len(sizes)):
            said.append(np.array(answers.logits(context, field)))
            context = answers.choose(context, field, ops.convert_to_tensor(notes[:, step, field]))
        assert np.allclose(np.concatenate(said, axis=-1), expected[:, step], atol=2e-4)
        heard = notes[:, step]
