"""How much script a listener's browser fetches, gzipped as it is served."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

KB = 1_000
# Until a phrase is on the screen and can be joined, read and answered.
PAGE_MAX_BYTES = 75 * KB
# With the synthesiser, which is fetched with the press that joins, in its own thread: the target of `page`.
WITH_SOUND_MAX_BYTES = 150 * KB

FOLDER = Path(settings.VITE_MANIFEST).parents[1]


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """What was built last."""
    path = Path(settings.VITE_MANIFEST)
    if not path.exists():
        pytest.fail(f"Expected the pages' bundle at {path}, found none: run `make setup`.")
    chunks: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return chunks


def gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


def scripts_of(manifest: dict[str, Any], entry: str) -> set[str]:
    """The files of an entry and of what it imports at once."""
    chunk = manifest[entry]
    return {chunk["file"]}.union(*(scripts_of(manifest, name) for name in chunk.get("imports", ())))


def test_the_rooms_scripts_stay_small(manifest: dict[str, Any]) -> None:
    page = sum(gzipped(FOLDER / file) for file in scripts_of(manifest, "src/room/main.ts"))
    assert page <= PAGE_MAX_BYTES
    engine = scripts_of(manifest, "src/player/worklet-engine.ts") - scripts_of(manifest, "src/room/main.ts")
    worklets = list((FOLDER / "assets").glob("worklet-*.js"))
    own = [file for file in worklets if f"assets/{file.name}" not in engine]
    assert len(own) == 1, "expected one file for the synthesiser's thread"
    with_sound = page + sum(gzipped(FOLDER / file) for file in engine) + gzipped(own[0])
    assert with_sound <= WITH_SOUND_MAX_BYTES


def test_the_decoder_is_a_file_of_its_own_that_nothing_imports_at_once(manifest: dict[str, Any]) -> None:
    decoders = {f"assets/{file.name}" for file in (FOLDER / "assets").glob("decoder-*.js")}
    assert decoders
    for entry in (
        "src/room/main.ts",
        "src/gallery/main.ts",
        "src/player/worklet-engine.ts",
        "src/player/page-engine.ts",
    ):
        assert not decoders & scripts_of(manifest, entry), entry


def test_the_gallerys_script_is_built_and_smaller_than_the_rooms(manifest: dict[str, Any]) -> None:
    gallery, room = (scripts_of(manifest, f"src/{entry}/main.ts") for entry in ("gallery", "room"))
    assert sum(gzipped(FOLDER / file) for file in gallery) < sum(gzipped(FOLDER / file) for file in room)


def test_the_service_worker_names_only_files_that_were_built(manifest: dict[str, Any]) -> None:
    first = (FOLDER / "service-worker.js").read_text("utf-8").splitlines()[0]
    named = json.loads(first.split("PRECACHED=")[1].rstrip(";"))
    assert manifest["src/room/main.ts"]["file"] in {name.removeprefix("/static/antiphon/") for name in named}
    for name in named:
        assert (FOLDER / name.removeprefix("/static/antiphon/")).exists(), name
