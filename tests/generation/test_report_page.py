import re
from html.parser import HTMLParser

import pytest

from generation.report.page import evidence, report_page
from generation.report.plots import draw_plots
from generation.report.rows import row
from generation.report.shape import Charts, HistogramChart, OverlapChart, Report

VOID = {"meta", "br", "link"}


def overlap_chart() -> OverlapChart:
    return {
        "features": ["intervals", "durations"],
        "samples": [0.8, 0.9],
        "halves": [0.85, 0.7],
        "halves_low": [0.8, 0.6],
        "halves_high": [0.9, 0.8],
    }


def histogram(name: str, n: int) -> HistogramChart:
    shares = [1 / n] * n
    return {"name": name, "unit": "bins", "labels": [str(i) for i in range(n)], "samples": shares, "training": shares}


def example() -> Report:
    """A report of made-up figures."""
    charts: Charts = {
        "loss": {"epochs": [1, 2], "loss": [9.0, 8.0], "held_out_loss": [9.0, None], "best_epoch": 1},
        "likelihood": {"fields": ["degree", "bar_step"], "network": [1.0, 0.2], "trigram": [1.5, 0.3]},
        "overlap": overlap_chart(),
        "excerpts": overlap_chart(),
        "histograms": [histogram("pitch classes", 12), histogram("intervals", 49)],
        "memorisation": {"n_notes": [1, 2], "samples": [1.0, 0.5], "people": [1.0, 0.8], "excerpt_notes": 100},
        "timing": {
            "centres_ms": [-2.0, 0.0, 2.0],
            "played": [0.2, 0.5, 0.3],
            "training": [],
            "deviation_ms": [9.0, None],
            "exponents": [0.8, None],
            "human_ms": [5.0, 25.0],
            "human_exponents": [0.7, 1.0],
        },
    }
    return {
        "version": 1,
        "about": {
            "preset": "quick",
            "codec": "expressive",
            "architecture": "every_step",
            "seed": 1,
            "n_samples": 2,
            "notes_per_sample": 500,
            "excerpt_notes": 64,
            "n_pieces": 10,
            "n_learnt": 9,
            "n_notes_learnt": 12345,
            "n_held_out": 1,
            "held_out": ["<b>bold</b>.mid"],
            "left_out": [{"name": "waltz.mid", "reason": "in 3/4 & odd"}],
            "epochs": 2,
            "terms_per_second": None,
            "training_seconds": 90.0,
            "report_seconds": 3.0,
        },
        "rows": [
            row("likelihood", "Surprise", 8.0, unit="nats", high=8.5, target="under the trigram's 8.5", reference=8.5),
            row("form.groove", "Groove", 0.5, low=0.9, target="at least 0.9", reference=0.95, reference_name="pieces"),
            row("memorisation.longest", "Longest passage", None, note="no samples <yet>"),
        ],
        "charts": charts,
        "passages": [
            {
                "sample": 1,
                "n_notes": 9,
                "n_notes_repeated": 12,
                "piece": "<script>alert(1)</script>.mid",
                "piece_bars": [3, 5],
                "bars": [7, 7],
                "semitones": -5,
                "reading": "all notes",
                "people_share": 0.25,
            }
        ],
    }


class Reader(HTMLParser):
    """Checks that what is opened is closed, and remembers ids, links and words."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.sources: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "xlink:href"):
                self.sources.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def read_page(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def page() -> str:
    return report_page(example())


@pytest.fixture(scope="module")
def plots() -> dict[str, str]:
    return draw_plots(example()["charts"])


def test_a_page_is_whole_and_needs_nothing_else(page: str) -> None:
    reader = read_page(page)
    assert page.startswith("<!doctype html>")
    assert len(reader.ids) == len(set(reader.ids))
    assert all(source.startswith("#") for source in reader.sources)
    assert {source[1:] for source in reader.sources} <= set(reader.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(reader.ids)


def test_every_row_says_in_words_whether_it_is_met(page: str) -> None:
    words = read_page(page).words
    assert "1 of 2 targets met, 1 not measured" in words
    for one in example()["rows"]:
        assert one["name"] in words
        assert one["verdict"] in words
    assert "9 notes of sample 1 (bar 7)" in words


def test_names_of_files_are_text_and_never_markup(page: str) -> None:
    assert "<script" not in page
    assert "<b>bold" not in page
    assert "<script>alert(1)</script>.mid" in read_page(page).words
    assert "in 3/4 & odd" in read_page(page).words


def test_every_plot_has_its_numbers_beside_it(page: str, plots: dict[str, str]) -> None:
    assert set(plots) == set(evidence(example()["charts"]))
    assert page.count("<figure>") == page.count("Show the evidence") == len(plots)


def test_the_same_report_gives_the_same_bytes(page: str) -> None:
    assert report_page(example()) == page


def test_two_reports_share_a_page_without_sharing_ids(plots: dict[str, str]) -> None:
    others = draw_plots(example()["charts"], prefix="other")
    ids, other_ids = (set(re.findall(r'\bid="([^"]+)"', "".join(two.values()))) for two in (plots, others))
    assert len(ids) == len(other_ids) > 0
    assert not ids & other_ids


def test_plots_take_their_colours_from_the_page_and_leave_its_style_alone(plots: dict[str, str]) -> None:
    for svg in plots.values():
        assert "<style" not in svg
        assert "var(--ink-soft" in svg
        assert "#01020" not in svg
        assert set(re.findall(r"(?:fill|stroke): (#\w+)", svg)) <= {"#ffffff"}


def test_what_was_not_measured_has_no_plot_and_no_broken_page() -> None:
    report = example()
    charts: dict[str, dict[str, list[object]]] = report["charts"]  # type: ignore[assignment]
    for name in ("likelihood", "overlap", "excerpts", "memorisation", "timing", "loss"):
        for key, values in charts[name].items():
            if isinstance(values, list) and not key.startswith("human"):
                charts[name][key] = []
    report["charts"]["histograms"] = []
    assert draw_plots(report["charts"]) == {}
    assert "Show the evidence" not in read_page(report_page(report)).words
