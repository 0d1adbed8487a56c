"""Names of downloads."""

import pytest

from antiphon.core.downloads import file_name, midi_download


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Evening", "Evening.mid"),
        ("a/b/c.mid", "c.mid"),
        ("..\\..\\boot.ini", "boot.ini.mid"),
        ('x"; filename="y', "x__ filename__y.mid"),
        ("line\r\nbreak", "line__break.mid"),
        ("Für Elise", "Fur Elise.mid"),
        ("夜", "antiphon.mid"),
        ("", "antiphon.mid"),
        ("a" * 500, "a" * 120 + ".mid"),
    ],
)
def test_a_download_has_a_plain_name(name: str, expected: str) -> None:
    assert file_name(name, ".mid") == expected


def test_a_download_is_an_attachment_of_its_type() -> None:
    response = midi_download(b"MThd", name='a"b')
    assert response["Content-Disposition"] == 'attachment; filename="a_b.mid"'
    assert response["Content-Type"] == "audio/midi"
