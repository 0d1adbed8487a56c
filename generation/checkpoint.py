"""One file for a trained network: configuration, codec, vocabulary, weights and facts. No pickle, no code."""

import io
import json
import math
import zipfile
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.codecs import Codec, CodecError, codec_from_json
from generation.network import build_network, weight_shapes
from generation.presets import ConfigRefused, NetworkConfig
from generation.progress import Progress

TEXT_LIMITS_BYTES = {
    "config.json": 1 << 16,
    "codec.json": 1 << 20,
    "vocabulary.json": 1 << 23,
    "facts.json": 1 << 20,
}
WEIGHTS = "weights.npz"
MAX_BYTES = 1 << 30
MAX_WINDOW = 4096
MAX_LAYERS = 12
EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same checkpoint is the same bytes


class CheckpointRefused(ValueError):
    """A file that is not a checkpoint as `save` writes it, or that would need more memory than it has bytes."""

    code = "checkpoint_refused"


@dataclass(frozen=True)
class Checkpoint:
    """A network with its weights, and what it needs to be understood."""

    model: Any  # keras.Model
    config: NetworkConfig
    codec: Codec
    facts: dict[str, Any]  # the Progress when it was saved, and what the trainer knew of the corpus
    loops: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # compiled sampling loops


def save(
    model: Any, config: NetworkConfig, codec: Codec, *, progress: Progress, about: dict[str, Any] | None = None
) -> bytes:
    """The checkpoint's bytes; `about` adds to its facts. Nothing is compressed: a file is as large as what it holds."""
    codec_json = codec.to_json()
    vocabulary = codec_json.pop("vocabulary", [])
    weights = io.BytesIO()
    arrays = {f"{i:03d}": np.asarray(array, dtype=np.float32) for i, array in enumerate(model.get_weights())}
    np.savez(weights, allow_pickle=False, **arrays)
    members = {
        "config.json": _dump(config.to_json()),
        "codec.json": _dump(codec_json),
        "vocabulary.json": _dump(vocabulary),
        WEIGHTS: weights.getvalue(),
        "facts.json": _dump({**(about or {}), **progress.to_json()}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH_OF_ZIP), content)
    return buffer.getvalue()


def load(data: bytes) -> Checkpoint:
    """The checkpoint in these bytes, its network built. Raises CheckpointRefused, and nothing else, for a bad file."""
    config, codec, facts, weights = _read(data)
    model = build_network(config, codec)
    model.set_weights(weights)
    return Checkpoint(model, config, codec, facts)


def _read(data: bytes) -> tuple[NetworkConfig, Codec, dict[str, Any], list[NDArray[np.float32]]]:
    members = _members(data, {**TEXT_LIMITS_BYTES, WEIGHTS: MAX_BYTES}, "checkpoint")
    texts = {name: _parse(name, members[name]) for name in TEXT_LIMITS_BYTES}
    facts, codec_json, vocabulary = texts["facts.json"], texts["codec.json"], texts["vocabulary.json"]
    if not isinstance(facts, dict) or not isinstance(codec_json, dict) or not isinstance(vocabulary, list):
        raise CheckpointRefused(
            "codec.json and facts.json: expected objects and a list in vocabulary.json; save the checkpoint again"
        )
    try:
        config = NetworkConfig.from_json(texts["config.json"])
        codec = codec_from_json({**codec_json, "vocabulary": vocabulary} if vocabulary else codec_json)
    except (ConfigRefused, CodecError, TypeError, AttributeError) as error:
        raise CheckpointRefused(f"config.json or codec.json: {error}") from None
    _check_config(config, codec)
    return config, codec, facts, _weights(members[WEIGHTS], weight_shapes(config, codec))


def _check_config(config: NetworkConfig, codec: Codec) -> None:
    """What would otherwise fail, or take endless memory, while the network is being built."""
    whole = ("lstm_units", "lstm_layers", "dense_units", "embedding_units", "window", "batch_size", "epochs")
    odd = [name for name in whole if type(getattr(config, name)) is not int or getattr(config, name) < 0]
    odd += [name for name in ("is_every_step",) if not isinstance(getattr(config, name), bool)]
    odd += [name for name in ("dropout", "learning_rate") if type(getattr(config, name)) not in (int, float)]
    odd += [name for name in ("window",) if config.window > MAX_WINDOW]
    odd += [name for name in ("lstm_layers",) if config.lstm_layers > MAX_LAYERS]
    if odd:
        raise CheckpointRefused(f"config.json: {odd[0]} is {getattr(config, odd[0])!r}, out of range; train anew")
    if config.codec != codec.name or not isinstance(config.preset, str):
        raise CheckpointRefused(f"config.json: expected codec {codec.name!r}, got {config.codec!r}; train anew")
    if not config.is_every_step and len(codec.fields) != 1:
        raise CheckpointRefused("config.json: expected is_every_step true for a codec of several fields; train anew")


def _weights(data: bytes, shapes: list[tuple[int, ...]]) -> list[NDArray[np.float32]]:
    expected_bytes = sum(4 * math.prod(shape) for shape in shapes)
    if expected_bytes > len(data):
        raise CheckpointRefused(
            f"{WEIGHTS}: expected {expected_bytes} bytes of weights for this network, got {len(data)}; upload it again"
        )
    limits = {f"{i:03d}.npy": len(data) for i in range(len(shapes))}
    arrays = []
    for (name, content), shape in zip(_members(data, limits, WEIGHTS).items(), shapes, strict=True):
        arrays.append(_array(name, content, shape))
    return arrays


def _array(name: str, content: bytes, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if len(content) > 4 * math.prod(shape) + 4096:
        raise CheckpointRefused(f"{WEIGHTS}: {name} has more bytes than its shape {shape} needs; upload it again")
    try:
        array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError, MemoryError, SyntaxError, TypeError, OverflowError, RecursionError) as error:
        raise CheckpointRefused(
            f"{WEIGHTS}: {name} is no plain array ({type(error).__name__}); upload it again"
        ) from None
    if array.shape != shape or array.dtype != np.float32:
        raise CheckpointRefused(
            f"{WEIGHTS}: {name}: expected float32 of shape {shape}, got {array.dtype} of {array.shape}; train anew"
        )
    if not np.isfinite(array).all():
        raise CheckpointRefused(f"{WEIGHTS}: {name}: expected finite numbers; train anew with a lower learning rate")
    return array


def _members(data: bytes, limits_bytes: dict[str, int], what: str) -> dict[str, bytes]:
    """Contents of exactly the named members, in that order, of a zip without compression."""
    if len(data) > MAX_BYTES:
        raise CheckpointRefused(f"{what}: expected at most {MAX_BYTES} bytes, got {len(data)}; train a smaller network")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive, limits_bytes, what)
            return {name: archive.read(name) for name in limits_bytes}
    except CheckpointRefused:
        raise
    except Exception as error:  # zipfile raises a dozen kinds for broken archives, struct.error among them
        raise CheckpointRefused(f"{what}: expected a zip file, got {type(error).__name__}; upload it again") from None


def _check_members(archive: zipfile.ZipFile, limits_bytes: dict[str, int], what: str) -> None:
    infos = archive.infolist()
    if sorted(info.filename for info in infos) != sorted(limits_bytes):
        raise CheckpointRefused(f"{what}: expected {len(limits_bytes)} members by their names; upload it again")
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED:
            raise CheckpointRefused(f"{what}: {info.filename} is compressed; save the checkpoint again")
        if info.file_size > limits_bytes[info.filename]:
            raise CheckpointRefused(
                f"{what}: {info.filename}: expected at most {limits_bytes[info.filename]} bytes, got {info.file_size}"
            )


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _parse(name: str, content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CheckpointRefused(f"{name}: expected JSON, got {type(error).__name__}; upload the file again") from None
