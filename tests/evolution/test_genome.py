"""Genomes, frames, and the way to a score and back."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evolution.genes import UNALTERED, arrange, genes
from evolution.genome import Expression, Frame, FrameError, Genome, GenomeError, decode, encode, express, pitches_of
from evolution.invention import random_expression, random_genome
from evolution.seeding import seed_population
from generation.score import midi
from generation.score.grid import ARTICULATION_RATIOS, DURATION_SLOTS, SLOTS_PER_QUARTER, TIMING_CENTRE
from generation.score.notes import Part, Score, sort_notes
from generation.score.scales import SCALES
from tests.evolution.strategies import assert_fits, frames, frames_with_genomes, generators

MIDDLE_C = (0, 0, 0, 0, UNALTERED, 10, 8, TIMING_CENTRE, 3)


@given(frames_with_genomes())
def test_what_a_genome_decodes_to_encodes_to_the_same_notes(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    again = encode(decode(genome, frame), frame, genome.expression)
    assert decode(again, frame) == decode(genome, frame)
    assert encode(decode(again, frame), frame, genome.expression) == again


@given(frames(), generators())
def test_a_random_genome_survives_decoding_and_encoding_exactly(frame: Frame, rng: np.random.Generator) -> None:
    genome = random_genome(frame, rng)
    assert encode(decode(genome, frame), frame, genome.expression) == genome


@given(frames_with_genomes())
def test_json_gives_back_an_equal_genome_and_frame(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    assert Genome.from_json(json.loads(json.dumps(genome.to_json()))) == genome
    assert Frame.from_json(json.loads(json.dumps(frame.to_json()))) == frame


@settings(max_examples=60, deadline=None)
@given(frames_with_genomes())
def test_a_genome_comes_back_from_a_midi_file_as_it_came_from_its_score(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    assume(len(genome.notes))
    score = decode(genome, frame)
    read = midi.read(midi.write(score))
    assert encode(read, frame, genome.expression) == encode(score, frame, genome.expression)
    assert (read.parts, read.meters, read.keys) == (score.parts, score.meters, score.keys)
    assert read.tempos[0].tempo_bpm == pytest.approx(score.tempos[0].tempo_bpm, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(frames(), generators())
def test_a_sample_becomes_genomes_scores_files_and_the_same_genomes_again(
    frame: Frame, rng: np.random.Generator
) -> None:
    pitches = 60 + np.cumsum(rng.integers(-2, 3, size=48))
    sample = sort_notes([(at / 2, 0.45, int(pitch), int(rng.integers(40, 120)), 0) for at, pitch in enumerate(pitches)])
    for seed in seed_population([Score(sample)], frame, size=3, rng=rng):
        read = midi.read(midi.write(decode(seed.genome, frame)))
        again = encode(read, frame, seed.genome.expression)
        assert decode(again, frame) == decode(seed.genome, frame)
        assert Genome.from_json(json.loads(json.dumps(again.to_json()))) == again


@settings(max_examples=40, deadline=None)
@given(frames_with_genomes())
def test_a_performance_survives_a_midi_file_to_the_tick(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    assume(len(genome.notes))
    played = express(genome, frame)
    read = midi.read(midi.write(played))
    ours, theirs = (np.sort(score.notes, order=["pitch", "onset_quarters"]) for score in (played, read))
    assert np.array_equal(ours["pitch"], theirs["pitch"])
    assert np.array_equal(ours["velocity"], theirs["velocity"])
    for name in ("onset_quarters", "duration_quarters"):
        assert np.abs(ours[name] - theirs[name]).max() <= 1 / 960 + 1e-9


@settings(max_examples=60)
@given(frames_with_genomes())
def test_a_pitch_is_let_go_before_it_is_struck_again_in_the_written_phrase_too(
    case: tuple[Frame, list[Genome]],
) -> None:
    frame, (genome,) = case
    notes = decode(genome, frame).notes
    for pitch in np.unique(notes["pitch"]):
        one = notes[notes["pitch"] == pitch]
        ends = one["onset_quarters"] + one["duration_quarters"]
        assert (ends[:-1] <= one["onset_quarters"][1:] + 1e-9).all()


def test_a_late_note_and_an_early_one_of_its_pitch_leave_room_for_each_other() -> None:
    tied = [(0, slot, 0, 0, UNALTERED, 14, 8, timing, 4) for slot, timing in ((0, 8), (1, 0), (12, 8), (24, 0))]
    arranged = arrange(genes(tied), Frame())
    assert arranged["timing"].tolist() == [4, 0, 8, 0]
    assert arranged["articulation"].tolist() == [1, 4, 3, 4]
    assert arranged["duration"].tolist() == [0, 6, 7, 14]
    assert arrange(arranged, Frame()).tobytes() == arranged.tobytes()


@settings(max_examples=50)
@given(frames_with_genomes())
def test_a_phrase_sounds_the_same_each_time(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    assert express(genome, frame) == express(genome, frame)


@settings(max_examples=50)
@given(frames_with_genomes())
def test_no_pitch_is_struck_while_it_sounds(case: tuple[Frame, list[Genome]]) -> None:
    frame, (genome,) = case
    notes = express(genome, frame).notes
    assert (notes["duration_quarters"] > 0).all()
    for pitch in np.unique(notes["pitch"]):
        one = notes[notes["pitch"] == pitch]
        ends = one["onset_quarters"] + one["duration_quarters"]
        assert (ends[:-1] <= one["onset_quarters"][1:] + 1e-9).all()


@given(frames_with_genomes(), frames())
def test_any_genome_can_be_played_in_any_frame(case: tuple[Frame, list[Genome]], other: Frame) -> None:
    _, (genome,) = case
    score = express(genome, other)
    assert ((score.notes["pitch"] >= 0) & (score.notes["pitch"] <= 127)).all()


def test_root_octave_four_holds_middle_c() -> None:
    genome = Genome(genes([MIDDLE_C]))
    assert pitches_of(genome.notes, Frame()).tolist() == [60]
    assert pitches_of(genome.notes, Frame(root_octave=3, key="D")).tolist() == [50]


def test_a_new_scale_keeps_the_degrees() -> None:
    third = Genome(genes([(0, 0, 2, 0, UNALTERED, 10, 8, TIMING_CENTRE, 3)]))
    assert pitches_of(third.notes, Frame(scale="major")).tolist() == [64]
    assert pitches_of(third.notes, Frame(scale="dorian")).tolist() == [63]


@given(frames(), generators())
def test_a_random_genome_is_a_phrase_in_the_scale_that_comes_to_rest(frame: Frame, rng: np.random.Generator) -> None:
    genome = random_genome(frame, rng)
    assert_fits(genome, frame)
    chroma = (pitches_of(genome.notes, frame) - pitches_of(genes([MIDDLE_C]), frame)) % 12
    assert set(chroma.tolist()) <= set(SCALES[frame.scale])
    top = genome.notes[genome.notes["bar"] * frame.slots_per_bar + genome.notes["position"] ==
                       (genome.notes["bar"] * frame.slots_per_bar + genome.notes["position"]).max()]  # fmt: skip
    assert {0, 2, 4} & set(top["degree"].tolist())


def test_random_genomes_have_about_the_notes_asked_for_mostly_in_steps() -> None:
    frame, rng = Frame(bars=4, notes_per_bar=6), np.random.default_rng(5)
    phrases = [random_genome(frame, rng) for _ in range(200)]
    counts = [len(np.unique(p.notes[["bar", "position"]])) / frame.bars for p in phrases]
    assert 5.5 <= np.mean(counts) <= 6.5
    melody = [np.diff(pitches_of(p.notes, frame)) for p in phrases]
    assert np.mean(np.abs(np.concatenate(melody)) <= 4) > 0.7


def test_a_score_between_the_slots_comes_back_within_half_a_bin() -> None:
    rng, frame = np.random.default_rng(1), Frame()
    slots = np.sort(rng.choice(frame.slots, size=20, replace=False))
    rows = [
        (slot / SLOTS_PER_QUARTER + rng.uniform(0, 0.4) / SLOTS_PER_QUARTER, 0.5, 60 + i, int(rng.integers(1, 128)), 0)
        for i, slot in enumerate(slots.tolist())
    ]
    played = sort_notes(rows)
    back = decode(encode(Score(played), frame), frame).notes
    assert np.array_equal(back["pitch"], played["pitch"])
    assert np.abs(back["onset_quarters"] - played["onset_quarters"]).max() <= 0.5 / 9 / SLOTS_PER_QUARTER + 1e-9
    assert np.abs(back["velocity"] - played["velocity"].astype(int)).max() <= 4


def test_every_length_the_grid_can_write_is_read_back_as_itself() -> None:
    frame = Frame(bars=8)
    for duration in range(len(DURATION_SLOTS)):
        for articulation in range(len(ARTICULATION_RATIOS)):
            genome = Genome(genes([(0, 0, 0, 0, UNALTERED, duration, 8, TIMING_CENTRE, articulation)]))
            assert encode(decode(genome, frame), frame) == genome


def test_drums_are_left_out_of_a_genome() -> None:
    notes = sort_notes([(0.0, 1.0, 60, 90, 0), (0.0, 1.0, 36, 90, 1)])
    genome = encode(Score(notes, parts=(Part("Piano"), Part("Kit", 0, True))), Frame())
    assert pitches_of(genome.notes, Frame()).tolist() == [60]


def test_expression_shapes_time_and_loudness_and_bends() -> None:
    genome = random_genome(Frame(), np.random.default_rng(2))
    plain = replace(random_expression(np.random.default_rng(0)), deviation_ms=0.0, swing=0.0, bend_cents=0.0)
    human = replace(plain, deviation_ms=15.0, bend_cents=5.0)
    straight, played = (express(Genome(genome.notes, genes_), Frame()) for genes_ in (plain, human))
    late_ms = (played.notes["onset_quarters"] - straight.notes["onset_quarters"]) * 60_000 / played.tempos[0].tempo_bpm
    assert 3 < late_ms.std() < 30
    assert len(straight.bends) == 0
    assert len(played.bends) > 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bars", 0), ("bars", 4.0), ("bars", True), ("beats_per_bar", 99), ("beat_unit", 3), ("notes_per_bar", 17),
        ("key", "H"), ("scale", "blue"), ("root_octave", 9), ("tempo_bpm", 5), ("tempo_bpm", "fast"),
        ("tempo_bpm", float("nan")), ("program", 128),
    ],
)  # fmt: skip
def test_a_frame_outside_what_can_be_played_is_refused_by_field(field: str, value: object) -> None:
    with pytest.raises(FrameError, match=f"^{field}: expected .* got"):
        Frame.from_json({field: value})


def test_a_genome_of_before_there_were_versions_still_reads_and_one_of_a_later_version_does_not() -> None:
    genome = random_genome(Frame(), np.random.default_rng(0))
    written = genome.to_json()
    assert written["version"] == 1
    older = {name: value for name, value in written.items() if name != "version"}
    assert Genome.from_json(older) == genome
    with pytest.raises(GenomeError, match=r"^version: expected a genome of version 1, got 2"):
        Genome.from_json(written | {"version": 2})


def test_an_unknown_frame_field_is_refused() -> None:
    with pytest.raises(FrameError, match=r"^colour: expected"):
        Frame.from_json({"colour": "red"})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "genome: expected"),
        ({"notes": [[0]], "expression": {}}, "genome: expected"),
        ({"notes": [[0] * 3 + [99] + [0] * 5], "expression": {}}, "octave: expected classes from -10 to 10"),
        ({"notes": [[1] + [0] * 8, [0] * 9], "expression": {}}, "notes: expected them sorted"),
        ({"notes": [], "expression": {"swing": 2}}, "swing: expected a number from 0 to 1"),
        ({"notes": [], "expression": {"seed": 0.5}}, "seed: expected"),
        ({"notes": [], "expression": {"reverb": 1}}, "expression: expected"),
    ],
)
def test_genes_no_phrase_can_be_made_of_are_refused(data: dict[str, object], reason: str) -> None:
    with pytest.raises(GenomeError, match=reason):
        Genome.from_json(data)


@given(st.sampled_from(["C", "F#", "Ab", "A#"]), st.sampled_from(sorted(SCALES)))
def test_every_key_and_scale_has_a_signature_that_can_be_written(key: str, scale: str) -> None:
    assert abs(Frame(key=key, scale=scale).key_signature().fifths) <= 7


def test_a_genome_cannot_be_changed_behind_its_back() -> None:
    genome = Genome(genes([MIDDLE_C]), Expression())
    with pytest.raises(ValueError, match="read-only"):
        genome.notes["degree"] = 1
