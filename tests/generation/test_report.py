import json
import typing
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from generation.checkpoint import Checkpoint
from generation.copies.memorisation import Baseline, Passage
from generation.corpus import fit_codec
from generation.corpus.lines import piece_lines
from generation.network import build_network
from generation.overlap import Overlap
from generation.pieces import Piece
from generation.report import shape
from generation.report.building import ReportRefused, build_report, split_as_trained
from generation.report.measurements import Drawn, Measurements, cut, draw, measure
from generation.report.rows import form_rows, memorisation_rows, overlap_rows, row, timing_rows
from generation.report.shape import Report
from generation.score.expression import HUMAN
from generation.score.notes import Score
from tests.generation.pieces import melody, tiny


def uneven(score: Score, seed: int) -> Score:
    """The score with notes of different lengths."""
    notes = score.notes.copy()
    lengths = np.random.default_rng(seed).choice([0.25, 0.5, 1.0], len(notes))
    notes["onset_quarters"], notes["duration_quarters"] = np.cumsum(lengths) - lengths, lengths
    return replace(score, notes=notes)


PIECES = [Piece(f"piece {index}", uneven(melody(70, seed=index), index)) for index in range(7)]
FACTS = {
    "held_out": ["piece 2", "piece 5"],
    "left_out": ["piece 6"],
    "left_out_because": ["too odd"],
    "history": [[1, 9.0, 9.5], [2, 8.0, 9.1]],
    "epoch": 2,
    "seconds_elapsed": 12.0,
    "terms_per_second": 100.0,
}


def checkpoint_of(preset: str, facts: dict[str, Any], **changes: Any) -> Checkpoint:
    """A network as it is before training."""
    keras.utils.set_random_seed(1)
    config = tiny(preset, **changes)
    codec = fit_codec(config.codec, PIECES)
    return Checkpoint(build_network(config, codec), config, codec, facts)


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return checkpoint_of("quick", FACTS)


@pytest.fixture(scope="module")
def report(checkpoint: Checkpoint) -> Report:
    return build_report(checkpoint, PIECES, seed=1, n_samples=3, length=130)


def rows_of(report: Report) -> dict[str, shape.Row]:
    return {row["id"]: row for row in report["rows"]}


def assert_has_shape(value: Any, shape: Any, path: str) -> None:
    if typing.is_typeddict(shape):
        assert set(value) == set(shape.__annotations__), path
        for name, inner in typing.get_type_hints(shape).items():
            assert_has_shape(value[name], inner, f"{path}.{name}")
    elif typing.get_origin(shape) is list:
        for index, item in enumerate(value):
            assert_has_shape(item, typing.get_args(shape)[0], f"{path}[{index}]")
    elif typing.get_origin(shape) is typing.Literal:
        assert value in typing.get_args(shape), path
    else:
        kinds = typing.get_args(shape) or (shape,)
        assert isinstance(value, int | float if float in kinds and value is not None else kinds), path


def test_a_report_is_plain_json_of_the_shape_that_it_promises(report: Report) -> None:
    assert_has_shape(report, Report, "report")
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["version"] == 1


def test_everything_that_is_asked_of_music_has_a_row(report: Report) -> None:
    rows = rows_of(report)
    fields = {f"likelihood.{field}" for field in ("bar_step", "degree", "timing")}
    overlaps = {"overlap.pitch_classes", "overlap.intervals", "overlap.inter-onset_intervals", "overlap.durations"}
    form = {"form.pitch_class_entropy", "form.pitch_in_key", "form.groove", "form.empty_beats", "form.polyphony"}
    others = {"likelihood", "overlap.velocities", "form.longest_run", "memorisation.percentile_90"}
    assert fields | overlaps | form | others | {"timing.deviation", "timing.exponent"} <= set(rows)
    assert all(one["verdict"] in ("met", "missed") for one in rows.values())


def test_a_network_that_has_learnt_nothing_misses_the_trigram(report: Report) -> None:
    row = rows_of(report)["likelihood"]
    assert row["verdict"] == "missed"
    assert row["value"] == pytest.approx(
        sum(nats or 0.0 for nats in report["charts"]["likelihood"]["network"]), rel=1e-3
    )


def test_pieces_are_split_as_training_split_them(report: Report) -> None:
    learnt, held_out = split_as_trained(PIECES, FACTS)
    assert [piece.name for piece in held_out] == ["piece 2", "piece 5"]
    assert [piece.name for piece in learnt] == ["piece 0", "piece 1", "piece 3", "piece 4"]
    assert report["about"]["left_out"] == [{"name": "piece 6", "reason": "too odd"}]
    assert (report["about"]["n_learnt"], report["about"]["n_held_out"]) == (4, 2)
    assert report["charts"]["loss"]["held_out_loss"] == [9.5, 9.1]


def test_the_same_seed_gives_the_same_report(checkpoint: Checkpoint, report: Report) -> None:
    again = build_report(checkpoint, PIECES, seed=1, n_samples=3, length=130)
    again["about"]["report_seconds"] = report["about"]["report_seconds"]
    assert again == report


def test_an_older_checkpoint_that_names_no_pieces_has_no_likelihood(checkpoint: Checkpoint) -> None:
    old = replace(checkpoint, facts={"epoch": 3})
    report = build_report(old, PIECES, seed=1, n_samples=2, length=64)
    row = rows_of(report)["likelihood"]
    assert (row["value"], row["verdict"]) == (None, "not measured")
    assert "kept from training" in row["note"]
    assert report["charts"]["loss"]["epochs"] == []


def test_a_network_that_writes_bars_anew_is_judged_by_likelihood_alone() -> None:
    bars = checkpoint_of("bars", FACTS, window_after=4, embedding_units=4)
    report = build_report(bars, PIECES, seed=1, n_samples=2, length=64)
    assert rows_of(report)["likelihood"]["value"] is not None
    others = [row for row in report["rows"] if row["group"] != "likelihood"]
    assert all(row["verdict"] == "not measured" and "bars anew" in row["note"] for row in others)
    assert report["passages"] == []


def test_what_a_codec_does_not_say_is_no_merit() -> None:
    paper = checkpoint_of("paper", FACTS)
    learnt, held_out = split_as_trained(PIECES, FACTS)
    spoken = [Piece(piece.name, paper.codec.decode(paper.codec.encode(piece.score))) for piece in learnt]
    found = measure(paper, learnt, held_out, copies(paper, spoken), length=70, seed=1)
    verdicts = {row["id"]: row["verdict"] for row in overlap_rows(found.distributions, "overlap")}
    assert verdicts["overlap.velocities"] == verdicts["overlap.durations"] == "no target"
    assert verdicts["overlap.pitch_classes"] == "met"
    assert [passage.n_notes_repeated for passage in found.passages if passage] == [len(p.score.notes) for p in spoken]


def test_pieces_that_were_not_learnt_from_are_refused(checkpoint: Checkpoint) -> None:
    with pytest.raises(ReportRefused, match="learnt from"):
        build_report(checkpoint, [PIECES[2]], seed=1)


def copies(checkpoint: Checkpoint, pieces: list[Piece]) -> Drawn:
    """As if the network had drawn its training pieces."""
    scores: list[Score] = [piece.score for piece in pieces]
    lines = [[line.tokens for line in piece_lines(piece, checkpoint.codec, window=64)] for piece in pieces]
    return Drawn(scores, scores, cut(lines, checkpoint.codec))


def measured(checkpoint: Checkpoint) -> Measurements:
    learnt, held_out = split_as_trained(PIECES, FACTS)
    return measure(checkpoint, learnt, held_out, copies(checkpoint, learnt), length=70, seed=1)


def test_samples_that_are_copies_are_caught_however_well_they_overlap(checkpoint: Checkpoint) -> None:
    found = measured(checkpoint)
    assert all(overlap.samples >= overlap.halves for overlap in found.distributions.values())
    assert [passage.n_notes_repeated for passage in found.passages if passage] == [70] * 4
    assert [passage.piece for passage in found.passages if passage] == ["piece 0", "piece 1", "piece 3", "piece 4"]
    assert all(row["verdict"] == "missed" for row in memorisation_rows(found.passages, found.baseline))


def test_samples_are_those_that_sampling_gives_and_are_played_by_a_person(checkpoint: Checkpoint) -> None:
    from generation.sampling import sample

    drawn = draw(checkpoint, 2, 100, seed=4, performance=HUMAN)
    written = sample(checkpoint, count=2, length=100, seed=4)
    assert [score.notes.tolist() for score in drawn.written] == [score.notes.tolist() for score in written]
    assert all(not np.array_equal(a.notes, b.notes) for a, b in zip(drawn.written, drawn.played, strict=True))


@pytest.mark.parametrize(
    ("value", "bounds", "verdict"),
    [
        (1.0, {"high": 1.0}, "met"),
        (1.1, {"high": 1.0}, "missed"),
        (0.5, {"low": 0.4, "high": 0.6}, "met"),
        (0.3, {"low": 0.4}, "missed"),
        (0.3, {}, "no target"),
        (float("nan"), {"low": 0.4}, "not measured"),
        (None, {"low": 0.4}, "not measured"),
    ],
)
def test_the_verdict_follows_from_the_bounds(value: float | None, bounds: dict[str, float], verdict: str) -> None:
    assert row("a.b", "name", value, **bounds)["verdict"] == verdict  # type: ignore[arg-type]


def test_form_is_judged_by_how_far_apart_halves_of_the_pieces_are() -> None:
    def piece(seed: int) -> list[Score]:
        return [uneven(melody(32, seed=100 * seed + part, tonic=60 + seed % 3), seed) for part in range(3)]

    training = [score for seed in range(12) for score in piece(seed)]
    owners = np.repeat(np.arange(12), 3)
    alike = form_rows([score for seed in range(20, 28) for score in piece(seed)], training, owners, seed=1)
    assert [row["verdict"] for row in alike] == ["met"] * 5
    one_note = replace(training[0], notes=np.repeat(training[0].notes[:1], 32))
    still = {row["id"]: row for row in form_rows([one_note] * 8, training, owners, seed=1)}
    assert still["form.pitch_class_entropy"]["verdict"] == "missed"


def test_overlap_is_asked_for_as_nineteen_of_twenty_halves_have_it() -> None:
    asked = overlap_rows({"intervals": Overlap(0.82, 0.85, 0.8, 0.9), "durations": Overlap(0.79, 0.85, 0.8, 0.9)}, "x")
    assert [(row["verdict"], row["low"], row["reference"]) for row in asked] == [
        ("met", 0.8, 0.85),
        ("missed", 0.8, 0.85),
    ]


def test_memory_is_judged_against_people() -> None:
    people = Baseline(100, 10, 6.0, 9.0, 11, tuple(range(2, 12)))
    passages = [Passage(n, n, "piece", (1, 2), (1, 2), 0, "all notes") for n in (5, 9, 12)]
    high, longest = memorisation_rows([*passages[:2], None], people)
    assert (high["verdict"], longest["value"], longest["verdict"]) == ("met", 9.0, "met")
    assert memorisation_rows(passages, people)[1]["verdict"] == "missed"
    assert people.share_above(11) == pytest.approx(0.1)


def test_the_report_says_whether_copies_were_guarded_against() -> None:
    people = Baseline(500, 3, 6.0, 8.0, 9, (5, 6, 9))
    free, guarded = (memorisation_rows([None], people, longest_copy=notes)[0]["note"] for notes in (None, 8))
    assert free.endswith("no guard against copies")
    assert guarded.endswith("the guard against copies lets 8 notes through")


def test_white_jitter_and_clockwork_miss_human_timing() -> None:
    size, memory = timing_rows([12.0, 14.0], [0.5, 0.52], 10.0)
    assert (size["verdict"], memory["verdict"]) == ("met", "missed")
    size, memory = timing_rows([0.0, 0.0], [float("nan")] * 2, float("nan"))
    assert (size["verdict"], memory["verdict"]) == ("missed", "not measured")
