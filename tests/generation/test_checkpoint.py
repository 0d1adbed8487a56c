import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from generation.checkpoint import CheckpointRefused, load, save
from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.copies.passages import Passages
from generation.network import build_network
from generation.progress import Progress
from tests.generation.pieces import melody, pieces_of, tiny

PROGRESS = Progress(
    epoch=3, epochs=9, loss=1.5, held_out_loss=None, seconds_elapsed=2.0, seconds_left=4.0, fraction=0.3
)


def saved(preset: str = "quick") -> bytes:
    config = tiny(preset)
    codec: Codec = ExpressiveCodec() if preset == "quick" else ClassicCodec.fit([melody(40)])
    return save(build_network(config, codec), config, codec, progress=PROGRESS, about={"seed": 7})


@pytest.fixture(scope="module")
def data() -> bytes:
    return saved()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(contents: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def changed(data: bytes, name: str, content: bytes | None) -> bytes:
    contents = members(data)
    if content is None:
        del contents[name]
    else:
        contents[name] = content
    return zipped(contents)


def with_config(data: bytes, **changes: Any) -> bytes:
    config = {**json.loads(members(data)["config.json"]), **changes}
    return changed(data, "config.json", json.dumps(config).encode())


def with_arrays(data: bytes, alter: Callable[[dict[str, Any]], None]) -> bytes:
    arrays: dict[str, Any] = dict(np.load(io.BytesIO(members(data)["weights.npz"])))
    alter(arrays)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return changed(data, "weights.npz", buffer.getvalue())


@pytest.mark.parametrize("preset", ["quick", "paper"])
def test_a_checkpoint_comes_back_as_it_was_saved(preset: str) -> None:
    data = saved(preset)
    checkpoint = load(data)
    assert checkpoint.config == tiny(preset)
    assert checkpoint.facts == {"seed": 7, **PROGRESS.to_json()}
    again = save(checkpoint.model, checkpoint.config, checkpoint.codec, progress=PROGRESS, about={"seed": 7})
    assert again == data


def test_passages_come_back_with_a_checkpoint_and_one_without_has_none(data: bytes) -> None:
    without = load(data)
    assert without.passages is None
    passages = Passages.of(pieces_of([melody(60)]))
    settings = without.model, without.config, without.codec
    again = load(save(*settings, progress=PROGRESS, passages=passages)).passages
    assert again is not None
    assert (again.n_notes, again.hashes.tolist()) == (passages.n_notes, passages.hashes.tolist())
    assert len(passages.hashes) > 20


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 8])
def test_a_checkpoint_with_damaged_passages_is_refused(data: bytes, content: bytes) -> None:
    with pytest.raises(CheckpointRefused, match=r"passages\.bin: expected"):
        load(changed(data, "passages.bin", content))


def test_the_vocabulary_lies_beside_the_codec() -> None:
    contents = members(saved("paper"))
    assert sorted(contents) == ["codec.json", "config.json", "facts.json", "vocabulary.json", "weights.npz"]
    assert json.loads(contents["vocabulary.json"]) == list(ClassicCodec.fit([melody(40)]).vocabulary)
    assert "vocabulary" not in json.loads(contents["codec.json"])


@pytest.mark.parametrize("name", ["codec.json", "config.json", "facts.json", "vocabulary.json", "weights.npz"])
def test_a_missing_member_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(CheckpointRefused, match="members"):
        load(changed(data, name, None))


@pytest.mark.parametrize("broken", [b"", b"PK", b"no zip at all", bytes(1000)])
def test_what_is_no_zip_is_refused(broken: bytes) -> None:
    with pytest.raises(CheckpointRefused, match="zip"):
        load(broken)


def test_a_truncated_file_is_refused_wherever_it_ends(data: bytes) -> None:
    for end in range(0, len(data), len(data) // 23):
        with pytest.raises(CheckpointRefused):
            load(data[:end])


def test_a_zip_bomb_is_refused_before_it_is_unpacked(data: bytes) -> None:
    bomb = zipped({**members(data), "facts.json": b" " * 50_000_000}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 1_000_000
    with pytest.raises(CheckpointRefused, match="compressed"):
        load(bomb)
    with pytest.raises(CheckpointRefused, match="at most"):
        load(changed(data, "facts.json", b" " * 9_000_000))


def test_a_configuration_that_asks_for_more_memory_than_the_file_has_is_refused(data: bytes) -> None:
    with pytest.raises(CheckpointRefused, match="bytes of weights"):
        load(with_config(data, lstm_units=100_000))


@pytest.mark.parametrize(
    "changes",
    [
        {"lstm_units": -1},
        {"lstm_units": 8.0},
        {"lstm_units": "8"},
        {"lstm_layers": 1_000_000},
        {"window": 10**9},
        {"embedding_units": -4},
        {"dropout": 2},
        {"dropout": None},
        {"codec": "classic"},
        {"architecture": "last_step"},
        {"architecture": "sideways"},
        {"window_after": 10**9},
        {"surprise": 1},
    ],
)
def test_an_odd_configuration_is_refused(data: bytes, changes: dict[str, Any]) -> None:
    with pytest.raises(CheckpointRefused):
        load(with_config(data, **changes))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"name": "nothing"}', b"[" * 100_000])
@pytest.mark.parametrize("name", ["codec.json", "config.json"])
def test_odd_texts_are_refused(data: bytes, name: str, content: bytes) -> None:
    with pytest.raises(CheckpointRefused):
        load(changed(data, name, content))


def test_pickled_arrays_are_refused(data: bytes) -> None:
    def alter(arrays: dict[str, Any]) -> None:
        arrays["000"] = np.array([f"{i:018d}" for i in range(160)], dtype=object)  # as long as the plain one

    with pytest.raises(CheckpointRefused, match=r"000\.npy"):
        load(with_arrays(data, alter))


def test_arrays_of_another_shape_kind_or_number_are_refused(data: bytes) -> None:
    def drop(arrays: dict[str, Any]) -> None:
        del arrays["001"]

    def turn(arrays: dict[str, Any]) -> None:
        arrays["001"] = arrays["001"].T

    def widen(arrays: dict[str, Any]) -> None:
        arrays["001"] = arrays["001"].astype(np.int32)

    def poison(arrays: dict[str, Any]) -> None:
        arrays["001"][0, 0] = np.nan

    for alter in (drop, turn, widen, poison):
        with pytest.raises(CheckpointRefused, match=r"weights\.npz"):
            load(with_arrays(data, alter))
