"""The SoundFont that comes along: 13 presets cut from FluidR3Mono, for the server's renderer and for browsers alike."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "soundfonts"
SOUNDFONT = FOLDER / "fluidr3mono_13presets.sf3"
NOTICE = FOLDER / "FluidR3Mono_LICENSE.txt"  # its licence (MIT), to be shown wherever it sounds
