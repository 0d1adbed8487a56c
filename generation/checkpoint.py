"""One file for a trained network: configuration, codec, vocabulary, weights and facts. No pickle, no code."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from generation.archive import (
    Array,
    CheckpointRefused,
    dump,
    member_names,
    pack,
    pack_arrays,
    parse,
    unpack,
    unpack_arrays,
)
from generation.codecs import Codec, CodecError, codec_from_json
from generation.copies.passages import Passages
from generation.network import build_network, weight_shapes
from generation.presets import ConfigRefused, NetworkConfig
from generation.progress import Progress

__all__ = ["Checkpoint", "CheckpointRefused", "load", "network_members", "network_of", "save"]

NETWORK_LIMITS_BYTES = {"config.json": 1 << 16, "codec.json": 1 << 20, "vocabulary.json": 1 << 23}
FACTS, FACTS_LIMIT_BYTES = "facts.json", 1 << 23
WEIGHTS = "weights.npz"
PASSAGES, PASSAGES_LIMIT_BYTES = "passages.bin", 1 << 28  # not in every checkpoint
MAX_BYTES = 1 << 30
MAX_WINDOW = 4096
MAX_LAYERS = 12
WHOLE = (
    "lstm_units",
    "lstm_layers",
    "dense_units",
    "embedding_units",
    "window",
    "window_after",
    "batch_size",
    "epochs",
    "transpositions",
)


@dataclass(frozen=True)
class Checkpoint:
    """A network with its weights, and what it needs to be understood."""

    model: Any  # keras.Model
    config: NetworkConfig
    codec: Codec
    facts: dict[str, Any]  # the Progress when it was saved, and what the trainer knew of the corpus
    passages: Passages | None = None  # of the pieces learnt from, not to be played again
    loops: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # compiled sampling loops


def save(
    model: Any,
    config: NetworkConfig,
    codec: Codec,
    *,
    progress: Progress,
    about: dict[str, Any] | None = None,
    passages: Passages | None = None,
) -> bytes:
    """The checkpoint's bytes; `about` adds to its facts."""
    weights = pack_arrays([np.asarray(array, dtype=np.float32) for array in model.get_weights()])
    members = {WEIGHTS: weights, FACTS: dump({**(about or {}), **progress.to_json()})}
    if passages is not None:
        members[PASSAGES] = passages.to_bytes()
    return pack({**network_members(config, codec), **members})


def load(data: bytes) -> Checkpoint:
    """The checkpoint in these bytes, its network built. Raises CheckpointRefused, and nothing else, for a bad file."""
    config, codec, facts, weights, passages = _read(data)
    model = build_network(config, codec)
    model.set_weights(weights)
    return Checkpoint(model, config, codec, facts, passages)


def network_members(config: NetworkConfig, codec: Codec) -> dict[str, bytes]:
    """What says which network weights belong to, as members of a zip; the vocabulary apart, for people to read."""
    codec_json = codec.to_json()
    vocabulary = codec_json.pop("vocabulary", [])
    values = (config.to_json(), codec_json, vocabulary)
    return {name: dump(value) for name, value in zip(NETWORK_LIMITS_BYTES, values, strict=True)}


def network_of(members: dict[str, bytes]) -> tuple[NetworkConfig, Codec]:
    """The network that `network_members` wrote, checked. Raises CheckpointRefused."""
    config_json, codec_json, vocabulary = (parse(name, members[name]) for name in NETWORK_LIMITS_BYTES)
    if not isinstance(codec_json, dict) or not isinstance(vocabulary, list):
        raise CheckpointRefused(
            "codec.json and vocabulary.json: expected an object and a list; save the checkpoint again"
        )
    try:
        config = NetworkConfig.from_json(config_json)
        codec = codec_from_json({**codec_json, "vocabulary": vocabulary} if vocabulary else codec_json)
    except (ConfigRefused, CodecError, TypeError, AttributeError) as error:
        raise CheckpointRefused(f"config.json or codec.json: {error}") from None
    _check_config(config, codec)
    return config, codec


def _read(data: bytes) -> tuple[NetworkConfig, Codec, dict[str, Any], list[Array], Passages | None]:
    if len(data) > MAX_BYTES:
        raise CheckpointRefused(
            f"checkpoint: expected at most {MAX_BYTES} bytes, got {len(data)}; train a smaller network"
        )
    limits = {**NETWORK_LIMITS_BYTES, FACTS: FACTS_LIMIT_BYTES, WEIGHTS: MAX_BYTES}
    if PASSAGES in member_names(data):
        limits[PASSAGES] = PASSAGES_LIMIT_BYTES
    members = unpack(data, limits, "checkpoint")
    facts = parse(FACTS, members[FACTS])
    if not isinstance(facts, dict):
        raise CheckpointRefused(f"{FACTS}: expected an object, got {type(facts).__name__}; save the checkpoint again")
    config, codec = network_of(members)
    forms = [(shape, "float32") for shape in weight_shapes(config, codec)]
    weights = unpack_arrays(members[WEIGHTS], forms, WEIGHTS)
    return config, codec, facts, weights, _passages(members.get(PASSAGES))


def _passages(content: bytes | None) -> Passages | None:
    try:
        return None if content is None else Passages.from_bytes(content)
    except ValueError as error:
        raise CheckpointRefused(f"{PASSAGES}: {error}; upload the file again") from None


def _check_config(config: NetworkConfig, codec: Codec) -> None:
    """What would otherwise fail, or take endless memory, while the network is being built."""
    odd = [name for name in WHOLE if type(getattr(config, name)) is not int]
    odd += [name for name in ("dropout", "learning_rate") if type(getattr(config, name)) not in (int, float)]
    odd += [name for name in ("window", "window_after") if getattr(config, name) > MAX_WINDOW]
    odd += [name for name in ("lstm_layers",) if config.lstm_layers > MAX_LAYERS]
    if odd:
        raise CheckpointRefused(f"config.json: {odd[0]} is {getattr(config, odd[0])!r}, out of range; train anew")
    if config.codec != codec.name or not isinstance(config.preset, str):
        raise CheckpointRefused(f"config.json: expected codec {codec.name!r}, got {config.codec!r}; train anew")
    if config.architecture == "last_step" and len(codec.fields) != 1:
        raise CheckpointRefused("config.json: expected another architecture for a codec of several fields; train anew")
