"""The sustain pedal as longer notes."""

from pathlib import Path

import numpy as np
import pytest

from generation.score.facts import describe
from generation.score.midi import read
from generation.score.midi.pedals import LONGEST_RING_QUARTERS
from generation.score.notes import Score
from tests.generation.score.floods import midi_file

STARTER = Path(__file__).parents[3] / "platform/antiphon/datasets/starter"
KRUEGER = sorted((STARTER / "dataset1/classical_expressive").glob("*.mid"))
QUARTER = b"\x83\x60"  # as a MIDI time at 480 ticks
NOW = b"\x00"


def on(pitch: int, channel: int = 0) -> bytes:
    return bytes([0x90 | channel, pitch, 80])


def off(pitch: int, channel: int = 0) -> bytes:
    return bytes([0x80 | channel, pitch, 0])


def pedal(value: int, channel: int = 0) -> bytes:
    return bytes([0xB0 | channel, 64, value])


def lengths(score: Score) -> dict[tuple[float, int], float]:
    notes = score.notes
    keys = zip(notes["onset_quarters"].tolist(), notes["pitch"].tolist(), strict=True)
    return dict(zip(keys, notes["duration_quarters"].tolist(), strict=True))


def test_a_note_let_go_under_the_pedal_sounds_until_it_rises() -> None:
    track = (
        NOW + pedal(127) + NOW + on(60) + QUARTER + off(60) + QUARTER + on(64) + QUARTER + pedal(0) + QUARTER + off(64)
    )
    assert lengths(read(midi_file(track))) == {(0.0, 60): 3.0, (2.0, 64): 2.0}
    assert lengths(read(midi_file(track), sustain="ignore")) == {(0.0, 60): 1.0, (2.0, 64): 2.0}


def test_a_key_struck_again_under_the_pedal_ends_its_note() -> None:
    track = (
        NOW + pedal(127) + NOW + on(60) + QUARTER + off(60) + QUARTER + on(60) + QUARTER + off(60) + QUARTER + pedal(0)
    )
    assert lengths(read(midi_file(track))) == {(0.0, 60): 2.0, (2.0, 60): 2.0}


@pytest.mark.parametrize(("value", "length"), [(63, 1.0), (64, 2.0)])
def test_half_a_pedal_holds_from_64_on(value: int, length: float) -> None:
    track = NOW + pedal(value) + NOW + on(60) + QUARTER + off(60) + QUARTER + pedal(0)
    assert lengths(read(midi_file(track))) == {(0.0, 60): length}


def test_a_pedal_changed_as_a_chord_ends_does_not_carry_it_over() -> None:
    change = NOW + pedal(0) + NOW + pedal(127)
    track = (
        NOW + pedal(127) + NOW + on(60) + QUARTER + off(60) + change + NOW + on(64) + QUARTER + off(64) + NOW + pedal(0)
    )
    assert lengths(read(midi_file(track))) == {(0.0, 60): 1.0, (1.0, 64): 1.0}


def test_the_pedal_in_a_track_of_its_own_holds_the_hands_on_its_channel() -> None:
    right = NOW + on(72) + QUARTER + off(72)
    left = NOW + on(48) + QUARTER + off(48)
    flute = NOW + bytes([0xC0, 73]) + NOW + on(80) + QUARTER + off(80)
    bass = NOW + on(36, 1) + QUARTER + off(36, 1)
    pedals = NOW + pedal(127) + QUARTER + pedal(127) + QUARTER + pedal(0)
    score = read(midi_file(right, left, flute, bass, pedals))
    assert lengths(score) == {(0.0, 72): 2.0, (0.0, 48): 2.0, (0.0, 80): 1.0, (0.0, 36): 1.0}


def test_drums_have_no_pedal() -> None:
    track = NOW + pedal(127, 9) + NOW + on(38, 9) + QUARTER + off(38, 9) + QUARTER + pedal(0, 9)
    assert lengths(read(midi_file(track))) == {(0.0, 38): 1.0}


def test_a_pedal_that_never_rises_holds_no_longer_than_a_string_rings() -> None:
    track = (
        NOW
        + pedal(127)
        + NOW
        + on(60)
        + QUARTER
        + off(60)
        + QUARTER * 1
        + b"\xff\x01\x00"
        + b"\x86\x80\x00\xff\x01\x00"
    )
    assert lengths(read(midi_file(track))) == {(0.0, 60): 1.0 + LONGEST_RING_QUARTERS}


@pytest.mark.parametrize("path", KRUEGER, ids=lambda path: path.stem)
def test_played_pieces_ring_longer_but_do_not_pile_up(path: Path) -> None:
    dry, wet = read(path.read_bytes(), sustain="ignore"), read(path.read_bytes())
    assert np.array_equal(
        dry.notes[["onset_quarters", "pitch", "part"]], wet.notes[["onset_quarters", "pitch", "part"]]
    )
    assert np.all(wet.notes["duration_quarters"] >= dry.notes["duration_quarters"])
    assert describe(wet).polyphony < 3 * describe(dry).polyphony
    assert np.median(wet.notes["duration_quarters"]) < 4.0
