import keras
import numpy as np
import pytest

from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.network import (
    PRESETS,
    ConfigRefused,
    NetworkConfig,
    build_network,
    field_sizes,
    lstm_layers,
    previous_notes,
    scaled_tokens,
    weight_shapes,
)
from tests.generation.pieces import melody, tiny

CLASSIC = ClassicCodec.fit([melody(40)])


def test_the_paper_preset_is_the_papers_network() -> None:
    config = PRESETS["paper"].config
    codec = ClassicCodec.fit([melody(40)])
    model = build_network(config, codec)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["InputLayer", "LSTM", "Dropout", "LSTM", "Dropout", "LSTM", "Dense", "Dropout", "Dense"]
    assert [layer.units for layer in lstm_layers(model)] == [512, 512, 512]
    assert {layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)} == {0.3}
    assert model.layers[-3].units == 256
    assert model.layers[-1].activation is keras.activations.softmax
    assert model.input_shape == (None, 30, 1)
    assert (config.batch_size, config.optimizer, config.epochs, config.is_every_step) == (64, "rmsprop", 1000, False)


@pytest.mark.parametrize(
    ("config", "codec"),
    [
        (tiny("quick", lstm_layers=2), ExpressiveCodec()),
        (tiny("quick", codec="classic"), CLASSIC),
        (tiny("paper", lstm_layers=2), CLASSIC),
    ],
)
def test_weight_shapes_are_known_without_building_the_network(config: NetworkConfig, codec: Codec) -> None:
    built = [array.shape for array in build_network(config, codec).get_weights()]
    assert weight_shapes(config, codec) == built


def test_the_quick_network_answers_each_note_with_logits_of_all_fields() -> None:
    codec = ExpressiveCodec()
    notes = np.zeros((3, 8, 9), dtype=np.int32)
    logits = build_network(tiny("quick"), codec)([previous_notes(notes, field_sizes(codec)), notes])
    assert logits.shape == (3, 8, sum(field_sizes(codec)))


def test_a_field_hears_the_earlier_fields_of_its_note_and_none_of_the_later_ones() -> None:
    codec = ExpressiveCodec()
    sizes = field_sizes(codec)
    model = build_network(tiny("quick"), codec)
    notes = np.zeros((1, 8, 9), dtype=np.int32)
    other = notes.copy()
    other[0, 5, 2] = 3  # the degree of one note
    previous = previous_notes(notes, sizes)
    before, after = (np.array(model([previous, told])) for told in (notes, other))
    changed = np.flatnonzero(np.any(before != after, axis=(0, 1)))
    assert changed.min() == sum(sizes[:3])
    assert np.flatnonzero(np.any(before != after, axis=(0, 2))).tolist() == [5]


def test_the_future_is_not_heard() -> None:
    codec = ExpressiveCodec()
    model = build_network(tiny("quick"), codec)
    notes = np.zeros((1, 8, 9), dtype=np.int32)
    later = notes.copy()
    later[0, 6:] = 1
    sizes = field_sizes(codec)
    before, after = (np.array(model([previous_notes(n, sizes), n])) for n in (notes, later))
    assert (before[0, :6] == after[0, :6]).all()
    assert (before[0, 7] != after[0, 7]).any()


def test_the_first_note_of_a_window_follows_the_start_token() -> None:
    windows = np.arange(2 * 3 * 2, dtype=np.int32).reshape(2, 3, 2) % 5
    previous = previous_notes(windows, (5, 7))
    assert previous[:, 0].tolist() == [[5, 7], [5, 7]]
    assert (previous[:, 1:] == windows[:, :-1]).all()


def test_the_papers_input_is_index_by_vocabulary() -> None:
    scaled = scaled_tokens(np.array([[[0], [1], [3]]], dtype=np.int32), 4)
    assert scaled.tolist() == [[[0.0], [0.25], [0.75]]]


def test_the_loss_at_the_last_step_is_refused_for_notes_of_several_fields() -> None:
    with pytest.raises(ConfigRefused, match="is_every_step"):
        build_network(tiny("quick", is_every_step=False), ExpressiveCodec())
