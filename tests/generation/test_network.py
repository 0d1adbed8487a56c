from typing import Any

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
    has_gpu,
    hole_context,
    lstm_layers,
    previous_notes,
    scaled_tokens,
    weight_shapes,
)
from tests.generation.pieces import melody, tiny

CLASSIC = ClassicCodec.fit([melody(40)])
CODECS: dict[str, Codec] = {"classic": CLASSIC, "expressive": ExpressiveCodec()}


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
        (tiny("studio"), ExpressiveCodec()),
        (tiny("bars"), ExpressiveCodec()),
        (tiny("bars", lstm_layers=2), ExpressiveCodec()),
        (tiny("bars", lstm_layers=3), ExpressiveCodec()),
        (tiny("paper-bidirectional", lstm_layers=2), CLASSIC),
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
    other[0, 7, 2] = 3  # the degree of the last note
    previous = previous_notes(notes, sizes)
    before, after = (np.array(model([previous, told])) for told in (notes, other))
    changed = np.flatnonzero(np.any(before != after, axis=(0, 1)))
    assert changed.min() == sum(sizes[:3])
    assert np.flatnonzero(np.any(before != after, axis=(0, 2))).tolist() == [7]


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
    with pytest.raises(ConfigRefused, match="architecture"):
        build_network(tiny("quick", architecture="last_step"), ExpressiveCodec())


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_is_called_by_its_name_and_described(name: str) -> None:
    preset = PRESETS[name]
    assert preset.config.preset == name
    assert preset.title
    assert preset.description.endswith(".")
    assert NetworkConfig.from_json(preset.config.to_json()) == preset.config


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": "sideways"},
        {"embedding_units": 0},
        {"window_after": 4},
        {"window": 0},
        {"transpositions": -1},
        {"dropout": 1.0},
        {"max_seconds": 0},
        {"learning_rate": 0},
    ],
)
def test_an_impossible_config_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigRefused, match=next(iter(changes))):
        PRESETS["quick"].config.with_changes(**changes)


def test_networks_of_bars_that_learnt_one_note_a_window_are_refused_with_a_reason() -> None:
    earlier = PRESETS["bars"].config.to_json() | {"architecture": "bidirectional", "window": 32, "window_after": 16}
    with pytest.raises(ConfigRefused, match=r"earlier networks of the preset bars .* Train bars anew"):
        NetworkConfig.from_json(earlier)


@pytest.mark.parametrize("changes", [{"window_after": 0}, {"codec": "classic"}])
def test_what_writes_bars_has_notes_after_them(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigRefused, match="infilling"):
        PRESETS["bars"].config.with_changes(**changes)


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_lstm_is_one_that_cudnn_takes(name: str) -> None:
    for config in lstm_configs(build_network(tiny(name), CODECS[PRESETS[name].config.codec])):
        assert (config["activation"], config["recurrent_activation"]) == ("tanh", "sigmoid")
        assert (config["use_bias"], config["recurrent_dropout"], config["go_backwards"]) == (True, 0.0, False)


@pytest.mark.parametrize("sees_card", [True, False])
def test_where_a_card_is_seen_cudnn_is_a_must_and_steps_are_not_unrolled(
    monkeypatch: pytest.MonkeyPatch, sees_card: bool
) -> None:
    monkeypatch.setattr("generation.network.has_gpu", lambda: sees_card)
    asked: list[dict[str, Any]] = []

    class Asked(keras.layers.LSTM):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            asked.append(dict(kwargs))
            super().__init__(*args, **{**kwargs, "use_cudnn": "auto"})

    monkeypatch.setattr("keras.layers.LSTM", Asked)
    build_network(tiny("quick"), CODECS["expressive"])
    build_network(tiny("quick", window=128), CODECS["expressive"])
    assert [one["use_cudnn"] for one in asked] == [True if sees_card else "auto"] * 2
    assert [one["unroll"] for one in asked] == [not sees_card, False]


@pytest.mark.gpu
@pytest.mark.skipif(not has_gpu(), reason="needs an NVIDIA card")
def test_a_card_runs_the_studio_network_with_cudnn() -> None:
    config, codec = tiny("studio"), ExpressiveCodec()
    notes = np.zeros((2, config.window, 9), dtype=np.int32)
    # Where cuDNN does not take the layer, `use_cudnn=True` raises.
    build_network(config, codec)([previous_notes(notes, field_sizes(codec)), notes])


def test_a_holes_context_leads_the_heads_to_the_networks_own_logits() -> None:
    config = tiny("paper-bidirectional")
    model = build_network(config, CLASSIC)
    before = np.arange(config.window, dtype=np.int32)[None, :, None] % 3
    heads = model.get_layer("heads")
    said = heads.logits(heads.begin(hole_context(model, before)), 0)
    hole = np.zeros((1, 1, 1), dtype=np.int32)
    assert np.array(said) == pytest.approx(np.array(model([before, hole]))[:, 0], abs=1e-5)


def test_the_papers_bidirectional_network_attends_to_all_that_came_before() -> None:
    config = tiny("paper-bidirectional")
    model = build_network(config, CLASSIC)
    before = np.zeros((1, config.window, 1), dtype=np.int32)
    heard = np.array(hole_context(model, before))
    half = heard.shape[1] // 2
    first_changed = before.copy()
    first_changed[0, 0, 0] = 3
    assert (np.array(hole_context(model, first_changed))[:, half:] != heard[:, half:]).any()


def lstm_configs(model: keras.Model) -> list[dict[str, Any]]:
    """The settings of every LSTM of a network, both directions of a bidirectional one."""
    found = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.Bidirectional):
            found.append(layer.forward_layer.get_config())
        elif isinstance(layer, keras.layers.LSTM):
            found.append(layer.get_config())
    assert found
    return found
