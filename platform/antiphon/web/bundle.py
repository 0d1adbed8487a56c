"""The built bundle: which files a page needs, as Vite's manifest says."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

FOLDER = "antiphon"  # under the static files
TYPE_OF_PAGES = "-latin-wght-normal-"  # in the file name of the font that English and German are set in


@dataclass(frozen=True)
class Assets:
    """Addresses of one entry's files."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]  # modules that the script imports
    fonts: tuple[str, ...]  # what is read is set in: fetched with the styles, or lines break anew once it comes


class BundleMissing(Exception):
    """The pages' scripts and styles have not been built."""


def assets_of(entry: str) -> Assets:
    """What a page with this entry (as `src/room/main.ts`) links to. Raises BundleMissing."""
    path = Path(settings.VITE_MANIFEST)
    try:
        chunks = _read(str(path), path.stat().st_mtime_ns)
    except OSError:
        raise BundleMissing(f"{path} is not there.") from None
    if entry not in chunks:
        raise BundleMissing(f"{path} has no entry {entry}.")
    return _collect(chunks, entry)


def bundle_folder() -> Path:
    """Where the built files lie."""
    return Path(settings.VITE_MANIFEST).parents[1]


@lru_cache(maxsize=4)
def _read(path: str, _mtime_ns: int) -> dict[str, Any]:
    """The manifest, read again only when it was written anew."""
    chunks: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return chunks


def _collect(chunks: dict[str, Any], entry: str) -> Assets:
    """The entry's own files and, however deep, those of the chunks that it imports; styles of imports come first."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        for imported in chunks[name].get("imports", ()):
            visit(imported)
        if name not in order:
            order.append(name)

    visit(entry)
    styles = dict.fromkeys(style for name in order for style in chunks[name].get("css", ()))
    fonts = [file for name in order for file in chunks[name].get("assets", ()) if TYPE_OF_PAGES in file]
    preloads = [chunks[name]["file"] for name in order if name != entry]
    return Assets(
        script=_address(chunks[entry]["file"]),
        styles=tuple(_address(style) for style in styles),
        preloads=tuple(_address(file) for file in preloads),
        fonts=tuple(_address(file) for file in fonts),
    )


def _address(file: str) -> str:
    return static(f"{FOLDER}/{file}")
