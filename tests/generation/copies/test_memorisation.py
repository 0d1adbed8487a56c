import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from generation.copies.memorisation import ALL, HIGHEST, MemorisationIndex
from generation.pieces import Piece
from generation.score.notes import Meter, Part, Score, sort_notes

Row = tuple[float, float, int, int, int]


def line(pitches: list[int], *, first: float = 0.0, step: float = 0.5) -> list[Row]:
    return [(first + index * step, step, pitch, 80, 0) for index, pitch in enumerate(pitches)]


def score_of(rows: list[Row], **context: object) -> Score:
    return replace(Score(sort_notes(rows)), **context)  # type: ignore[arg-type]


def random_pitches(n: int, seed: int) -> list[int]:
    return [int(pitch) for pitch in np.random.default_rng(seed).integers(48, 84, n)]


THEME = random_pitches(20, 1)
PIECES = [
    Piece("with the theme", score_of(line([*random_pitches(32, 2), *THEME, *random_pitches(20, 3)]))),
    Piece("another", score_of(line(random_pitches(80, 4)))),
]


@pytest.fixture(scope="module")
def index() -> MemorisationIndex:
    return MemorisationIndex.build(PIECES)


def test_a_copied_passage_is_found_with_piece_and_bars(index: MemorisationIndex) -> None:
    passage = index.longest_shared(score_of(line([*random_pitches(16, 5), *THEME, *random_pitches(9, 6)])))
    assert passage is not None
    assert passage.piece == "with the theme"
    assert 19 <= passage.n_notes <= 22
    assert passage.n_notes_repeated == passage.n_notes
    assert passage.piece_bars == (5, 7)
    assert passage.bars == (3, 5)
    assert passage.semitones == 0


@pytest.mark.parametrize("semitones", [-7, 3, 12])
def test_in_another_key_it_is_the_same_passage(index: MemorisationIndex, semitones: int) -> None:
    passage = index.longest_shared(score_of(line([pitch + semitones for pitch in THEME])))
    assert passage is not None
    assert (passage.piece, passage.semitones) == ("with the theme", semitones)
    assert passage.n_notes >= 19


@pytest.mark.parametrize("step", [0.25, 1.0, 0.75])
def test_at_another_pace_it_is_the_same_passage(index: MemorisationIndex, step: float) -> None:
    passage = index.longest_shared(score_of(line(THEME, step=step)))
    assert passage is not None
    assert (passage.piece, passage.n_notes >= 19) == ("with the theme", True)


def test_a_player_s_timing_does_not_hide_it(index: MemorisationIndex) -> None:
    late = np.random.default_rng(0).uniform(-0.04, 0.04, len(THEME))
    rows = [(1 + i * 0.5 + late[i], 0.4, pitch, 80, 0) for i, pitch in enumerate(THEME)]
    passage = index.longest_shared(score_of(rows))
    assert passage is not None
    assert passage.n_notes >= 19


def test_another_rhythm_is_another_passage(index: MemorisationIndex) -> None:
    rows, at = [], 0.0
    for i, pitch in enumerate(THEME):
        rows.append((at, 0.25, pitch, 80, 0))
        at += (0.25, 0.75, 1.5)[i % 3]
    passage = index.longest_shared(score_of(rows))
    assert passage is None or passage.n_notes < 6


def test_a_changed_note_ends_the_passage(index: MemorisationIndex) -> None:
    changed = [*THEME[:10], THEME[10] + 1, *THEME[11:]]
    passage = index.longest_shared(score_of(line(changed)))
    assert passage is not None
    assert passage.n_notes in (9, 10)


def test_a_melody_is_found_under_which_everything_else_is_new(index: MemorisationIndex) -> None:
    rng = np.random.default_rng(8)
    under = [(i * 0.5, 0.5, int(rng.integers(20, 40)), 60, 0) for i in range(len(THEME)) for _ in range(2)]
    passage = index.longest_shared(score_of([*line(THEME), *under]))
    assert passage is not None
    assert (passage.reading, passage.n_notes >= 19) == (HIGHEST, True)


def test_a_texture_is_found_by_all_its_notes() -> None:
    rng = np.random.default_rng(9)
    rows = [(float(i), 1.0, int(pitch), 80, 0) for i in range(12) for pitch in rng.choice(40, 3, replace=False) + 40]
    index = MemorisationIndex.build([Piece("chords", score_of(rows)), PIECES[1]])
    passage = index.longest_shared(score_of(rows))
    assert passage is not None
    assert (passage.reading, passage.n_notes) == (ALL, 36)


def test_a_figure_that_goes_round_counts_once() -> None:
    ostinato = [60, 67, 64, 72] * 10
    index = MemorisationIndex.build([Piece("ostinato", score_of(line(ostinato)))])
    passage = index.longest_shared(score_of(line(ostinato)))
    assert passage is not None
    assert passage.n_notes_repeated == 40
    assert passage.n_notes <= 9


def test_each_instrument_is_a_line_and_drums_are_none() -> None:
    parts = (Part("flute", 73), Part("bass", 33), Part("drums", 0, is_drum=True))
    rows = [(i * 0.5, 0.5, pitch, 80, 1) for i, pitch in enumerate(THEME)]
    rows += [(i * 0.5, 0.5, 90 - i % 3, 80, 0) for i in range(len(THEME))]
    rows += [(i * 0.5, 0.5, 36 + i % 7, 80, 2) for i in range(len(THEME))]
    index = MemorisationIndex.build([Piece("band", Score(sort_notes(rows), parts=parts))])
    found = index.longest_shared(score_of(line(THEME)))
    assert found is not None
    assert found.n_notes == 20
    assert index.longest_shared(Score(sort_notes(rows[-20:]), parts=parts)) is None


def test_bars_are_those_of_the_meters() -> None:
    meters = (Meter(0.0, 3, 4), Meter(6.0, 4, 4))
    score = score_of(line(THEME, first=6.0), meters=meters)
    passage = MemorisationIndex.build([Piece("waltz", score)]).longest_shared(score_of(line(THEME)))
    assert passage is not None
    assert (passage.piece_bars, passage.bars) == ((3, 5), (1, 3))


def test_nothing_shared_or_nothing_there_is_none(index: MemorisationIndex) -> None:
    assert index.longest_shared(score_of([])) is None
    assert index.longest_shared(score_of(line([60]))) is None
    assert MemorisationIndex.build([]).longest_shared(score_of(line(THEME))) is None


def test_people_share_what_their_pieces_have_in_common() -> None:
    pieces = [
        Piece(str(n), score_of(line([*random_pitches(25, n), *THEME, *random_pitches(25, n + 50)]))) for n in range(4)
    ]
    baseline = MemorisationIndex.build(pieces).baseline(70)
    assert (baseline.excerpt_notes, baseline.n_excerpts) == (70, 4)
    assert 19 <= baseline.median <= 22
    assert baseline.longest == baseline.lengths[-1]
    assert baseline.share_above(19) == 1.0


def test_shorter_excerpts_share_less_and_pieces_of_nothing_in_common_little() -> None:
    index = MemorisationIndex.build([Piece(str(n), score_of(line(random_pitches(200, n)))) for n in range(5)])
    short, long = index.baseline(20), index.baseline(200)
    assert short.n_excerpts == 50
    assert short.median <= long.median <= 5
    assert index.baseline(1000).excerpt_notes == 200


def test_a_piece_alone_shares_nothing() -> None:
    baseline = MemorisationIndex.build(PIECES[:1]).baseline(30)
    assert baseline.longest == 0
    with pytest.raises(ValueError, match="at least 2"):
        MemorisationIndex.build(PIECES).baseline(1)


@pytest.mark.parametrize(
    "module", ["copies.memorisation", "likelihood.trigram", "overlap", "report.page", "report.shape"]
)
def test_what_web_processes_and_workers_use_brings_no_tensorflow(module: str) -> None:
    check = f"import sys, generation.{module}; sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
