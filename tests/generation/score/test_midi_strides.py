"""Events read with arrays: the same as byte by byte, wherever the arrays dare."""

from pathlib import Path

import pytest

from generation.score.midi import read, strides
from generation.score.midi.careful import read_careful
from generation.score.midi.container import open_container
from generation.score.midi.events import TrackEvents, read_events
from generation.score.midi.limits import MidiRefused, ReadLimits
from tests.generation.score.floods import midi_file

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "platform/antiphon/datasets/starter").rglob("*.mid"), key=lambda path: path.stat().st_size)[:30]
TORTURE = sorted(path for path in (ROOT / "tests/data/torture").rglob("*.mid") if path.stat().st_size < 4000)
LIMITS = ReadLimits()
NOTE = b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x40"  # middle C, a quarter long


def test_events_read_with_arrays_are_those_read_byte_by_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [path.read_bytes() for path in [*FILES, *TORTURE]]
    with_arrays = [_events_of(data) for data in files]
    monkeypatch.setattr(strides, "BYTES_MAX", 0)
    assert with_arrays == [_events_of(data) for data in files]


def test_most_tracks_are_read_with_arrays() -> None:
    n_tracks = n_regular = 0
    for path in FILES:
        container = open_container(path.read_bytes(), LIMITS)
        for span in container.tracks:
            end = -1 if span.end is None else span.end - span.begin
            body = container.data[span.begin : span.latest_end]
            n_tracks += 1
            n_regular += strides.walk_regular(body, end, LIMITS.max_events) is not None
    assert n_regular > 0.8 * n_tracks


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\x3c\x40\x00\xff\x2f\x00",
        b"\x00\xc0\x05\x00\x06\x00\xff\x2f\x00",
        b"\x00\x90\x3c\x80\x00\xff\x2f\x00",
        NOTE,
    ],
    ids=["no status yet", "one data byte again", "a data byte of 128", "no end of track"],
)
def test_a_track_out_of_the_ordinary_is_left_to_the_byte_by_byte_reader(body: bytes) -> None:
    assert strides.walk_regular(body, -1, LIMITS.max_events) is None


def test_a_pedal_holds_though_the_program_is_chosen_without_a_status_byte() -> None:
    programs = b"\x00\xc0\x05\x00\x07"  # the second has no status byte
    pedal = b"\x00\xb0\x40\x7f" + NOTE + b"\x83\x60\xb0\x40\x00"
    data = midi_file(programs + pedal)
    score = read(data)
    assert score.notes["duration_quarters"].tolist() == [2.0]
    assert score.parts[0].program == 7
    careful = read_careful(open_container(data, LIMITS), LIMITS, needs_pedal=True)
    assert (careful.lines.parts[0].program, careful.lines.ends.tolist()) == (7, [960])


def _events_of(data: bytes) -> list[object]:
    """All tracks' events, or the reason why there are none."""
    try:
        container = open_container(data, LIMITS)
        return [_content(read_events(container.data, span, LIMITS.max_events)) for span in container.tracks]
    except MidiRefused as refused:
        return [refused.code, str(refused)]


def _content(events: TrackEvents) -> list[object]:
    columns = (events.ticks, events.statuses, events.firsts, events.lasts)
    return [*(column.tolist() for column in columns), events.metas, events.end_tick]
