"""What an installed product holds beside its code."""

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from generation.score.audio_renderer import PROGRAM
from generation.score.soundfont import NOTICE, SOUNDFONT

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_holds_the_soundfont_the_renderer_and_their_licences() -> None:
    builder = WheelBuilder(str(ROOT))
    shipped = {file.distribution_path for file in builder.recurse_included_files()}
    licences = [PROGRAM.parent / f"{name}_LICENSE.txt" for name in ("spessasynth_core", "stb-vorbis")]
    for path in (SOUNDFONT, NOTICE, PROGRAM, *licences):
        assert path.is_file()
        assert path.relative_to(ROOT).as_posix() in shipped
    assert "MIT" in NOTICE.read_text()
