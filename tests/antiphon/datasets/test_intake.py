"""What is taken from an upload, and what is not."""

import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from antiphon.core.errors import TooLarge
from antiphon.datasets.intake import Incoming, Limits, clean_name, take
from tests.antiphon.pieces import midi_bytes, zip_bytes

LIMITS = Limits(max_files=10, max_bytes=1_000_000, max_unpacked_bytes=500_000, max_file_bytes=100_000)


def taken(*uploads: tuple[str, bytes], limits: Limits = LIMITS) -> list[Incoming]:
    return list(take([SimpleUploadedFile(name, data) for name, data in uploads], limits))


def test_files_and_members_of_zips_come_out_alike() -> None:
    one, two = midi_bytes(shift=0), midi_bytes(shift=2)
    found = taken(("one.mid", one), ("more.zip", zip_bytes({"folder/two.mid": two})))
    assert [(file.name, file.data, file.reason) for file in found] == [
        ("one.mid", one, ""),
        ("folder/two.mid", two, ""),
    ]


def test_what_desktops_put_into_a_zip_is_no_file_of_anybody() -> None:
    members = {"__MACOSX/._a.mid": b"x", ".DS_Store": b"x", "music/Thumbs.db": b"x", "a.mid": b"MThd"}
    assert [file.name for file in taken(("a.zip", zip_bytes(members)))] == ["a.mid"]


def test_an_empty_file_is_refused() -> None:
    assert taken(("a.mid", b""))[0].reason == "The file is empty."


def test_a_zip_without_files_is_refused() -> None:
    assert taken(("a.zip", zip_bytes({})))[0].reason == "The zip has no files in it."


def test_a_damaged_zip_is_refused_and_the_rest_goes_on() -> None:
    found = taken(("a.zip", zip_bytes({"a.mid": b"MThd"})[:30]), ("b.mid", b"MThd"))
    assert found[0].reason.startswith("Expected a zip, got a damaged one")
    assert found[1].reason == ""


def test_a_damaged_member_is_refused_and_the_rest_goes_on() -> None:
    whole = zip_bytes({"a.mid": b"A" * 1000, "b.mid": b"B" * 1000}, compression=zipfile.ZIP_STORED)
    found = taken(("a.zip", whole.replace(b"A" * 1000, b"A" * 999 + b"C")))
    assert found[0].reason.startswith("It is damaged in the zip")
    assert found[1].data == b"B" * 1000


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_cannot_be_unpacked_is_refused(packing: int) -> None:
    whole = bytearray(zip_bytes({"a.mid": bytes(range(256)) * 8}, compression=packing))
    start = 30 + len("a.mid")
    whole[start : start + 12] = b"\xff" * 12
    assert taken(("a.zip", bytes(whole)))[0].reason.startswith("It is damaged in the zip")


def test_an_encrypted_member_is_refused() -> None:
    whole = bytearray(zip_bytes({"a.mid": b"MThd"}))
    directory = whole.index(b"PK\x01\x02")
    whole[directory + 8] |= 1
    assert "encrypted" in taken(("a.zip", bytes(whole)))[0].reason


def test_a_zip_inside_a_zip_is_refused() -> None:
    assert "inside a zip" in taken(("a.zip", zip_bytes({"b.zip": zip_bytes({"c.mid": b"MThd"})})))[0].reason


def test_a_file_that_is_too_big_is_refused_by_itself() -> None:
    found = taken(("a.mid", b"x" * 100_001), ("b.zip", zip_bytes({"c.mid": b"x" * 100_001, "d.mid": b"MThd"})))
    assert [bool(file.reason) for file in found] == [True, True, False]
    assert found[0].data == b""
    assert "Expected at most 100,000 bytes; got 100,001." in found[0].reason


def test_a_member_that_lies_about_its_size_is_read_no_further_than_a_file_may_be() -> None:
    whole = bytearray(zip_bytes({"a.mid": b"\0" * 400_000}))
    directory = whole.index(b"PK\x01\x02")
    whole[directory + 24 : directory + 28] = struct.pack("<I", 10)
    found = taken(("a.zip", bytes(whole)))
    assert found[0].reason
    assert found[0].data == b""


def test_too_many_bytes_at_once_are_refused_as_a_whole() -> None:
    with pytest.raises(TooLarge, match="1,000,000 bytes at once"):
        taken(*[(f"{i}.mid", b"x" * 300_000) for i in range(4)])


def test_too_many_files_at_once_are_refused_as_a_whole() -> None:
    with pytest.raises(TooLarge, match="10 files at once"):
        taken(("a.zip", zip_bytes({f"{i}.mid": b"x" for i in range(11)})))


def test_a_zip_bomb_is_refused_as_a_whole() -> None:
    bomb = zip_bytes({f"{i}.mid": b"\0" * 99_000 for i in range(8)})
    assert len(bomb) < 5_000
    with pytest.raises(TooLarge, match="500,000 bytes when unpacked"):
        taken(("a.zip", bomb))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.mid", "a.mid"),
        ("../../etc/passwd", "etc/passwd"),
        ("/absolute/a.mid", "absolute/a.mid"),
        ("C:\\music\\a.mid", "C:/music/a.mid"),
        ("a\x00b\r\n\x1b[31m.mid", "ab[31m.mid"),
        ("gnp.\u202edim", "gnp.dim"),
        ("", "unnamed"),
        ("../..", "unnamed"),
        ("e\u0301.mid", "\u00e9.mid"),
        ("x" * 300 + ".mid", "x" * 251 + ".mid"),
    ],
)
def test_a_name_does_no_harm(name: str, expected: str) -> None:
    assert clean_name(name) == expected


def test_a_zip_is_known_by_its_bytes_not_its_name() -> None:
    buffer = io.BytesIO(zip_bytes({"a.mid": b"MThd"}))
    assert [file.name for file in taken(("music.mid", buffer.getvalue()))] == ["a.mid"]
