"""A phrase as a picture for link previews: its piano roll as a PNG, drawn without a browser."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from antiphon.core.phrase import Phrase

WIDTH, HEIGHT = 1200, 630  # pixels; what previews are cut to
MARGIN = 90
LEAST_ROWS = 14
ROWS_AROUND = 2  # pitches above and below those of the phrase, as on the pages
# The paper theme's colours (frontend/src/styles/tokens.css) in sRGB.
GROUND, BAR_LINE, SOFT, LOUD = (249, 247, 243), (221, 216, 208), (176, 184, 240), (58, 46, 181)

Pixels = NDArray[np.uint8]


def roll_png(phrase: Phrase) -> bytes:
    """The roll of a phrase, 1200 x 630 pixels: bar lines, and a bar for each note whose tone is its velocity."""
    pixels = np.full((HEIGHT, WIDTH, 3), GROUND, dtype=np.uint8)
    inside = pixels[MARGIN : HEIGHT - MARGIN, MARGIN : WIDTH - MARGIN]
    _draw_bars(inside, phrase)
    _draw_notes(inside, phrase)
    return _png(pixels)


def _draw_bars(area: Pixels, phrase: Phrase) -> None:
    width = area.shape[1]
    for bar in range(phrase["bars"] + 1):
        x = min(width - 2, round(bar * width / max(phrase["bars"], 1)))
        area[:, x : x + 2] = BAR_LINE


def _draw_notes(area: Pixels, phrase: Phrase) -> None:
    notes = phrase["notes"]
    if not notes:
        return
    height, width = area.shape[:2]
    pitches = [note["pitch"] for note in notes]
    low, high = min(pitches) - ROWS_AROUND, max(pitches) + ROWS_AROUND
    missing = max(0, LEAST_ROWS - (high - low + 1))
    low, high = low - -(-missing // 2), high + missing // 2
    row = height / (high - low + 1)
    per_second = width / max(phrase["duration_seconds"], 1e-6)
    for note in notes:
        left = round(note["onset_seconds"] * per_second)
        right = max(left + 3, round((note["onset_seconds"] + note["duration_seconds"]) * per_second) - 2)
        top = round((high - note["pitch"]) * row)
        area[top : top + max(3, round(row * 0.86)), left:right] = _tone(note["velocity"])


def _tone(velocity: int) -> tuple[int, int, int]:
    """From soft to loud; music lives between velocities 30 and 115, so that range is spread out."""
    part = min(1.0, max(0.0, (velocity - 30) / 85))
    red, green, blue = (round(soft + (loud - soft) * part) for soft, loud in zip(SOFT, LOUD, strict=True))
    return red, green, blue


def _png(pixels: Pixels) -> bytes:
    """Pixels (height, width, 3) as a PNG of 8-bit RGB (W3C PNG, 5.2 and 11.2)."""
    height, width = pixels.shape[:2]
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, width * 3)], axis=1)  # filter 0
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
