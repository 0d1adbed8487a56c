"""A report as one HTML page that needs nothing else: words, tables, and plots with their numbers."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from generation.report.plots import draw_plots
from generation.report.shape import About, Charts, LossChart, Report, Row, TimingChart

STYLE_SHEET = Path(__file__).with_name("page.css")

TITLES = {
    "likelihood": "Surprise",
    "overlap": "Notes like the training pieces' notes",
    "excerpts": "Excerpts like the training pieces' excerpts",
    "form": "Form",
    "memorisation": "Memory",
    "timing": "Time",
}
WORDS = {
    "likelihood": "How surprised the network is by pieces that it has not heard, in nats a note: less is better. "
    "It should beat a trigram counted on the pieces that it has heard.",
    "overlap": "How much of the distributions of samples and training pieces lies over one another, on one grid, "
    "0 to 1. As much as 19 of 20 random halves of the training pieces have with the other half is what is asked for: "
    "more than the mean of the halves has, half of all real music would miss.",
    "excerpts": "The same for figures of whole excerpts: distances between samples and training excerpts should be "
    "distributed like distances among training excerpts (after Yang and Lerch, 2020).",
    "form": "Figures of excerpts after MusPy, as near those of the training pieces as 19 of 20 random halves of these "
    "are to each other, and the longest run of one token.",
    "memorisation": "The longest passage that a sample shares with a piece that the network learnt from, in any key "
    "and at any tempo; figures that go round count once. People share passages too: the same measure of each training "
    "piece against all the others is the baseline.",
    "timing": "How far strokes lie from the grid when the samples are played, the grid being found in what is heard, "
    "and how long one deviation is remembered in the next: people's timing is correlated over many notes, white "
    "jitter has an exponent of 0.5.",
}
GROUP_PLOTS = {
    "likelihood": ("loss", "likelihood"),
    "overlap": ("overlap", "pitch classes", "intervals", "inter-onset intervals", "durations", "velocities"),
    "excerpts": ("excerpts",),
    "form": (),
    "memorisation": ("memorisation",),
    "timing": ("timing", "players"),
}
CAPTIONS = {
    "loss": "Loss after each epoch",
    "likelihood": "Surprise by field of a note",
    "overlap": "Overlap of notes",
    "excerpts": "Overlap of excerpts",
    "memorisation": "Passages shared",
    "timing": "Distance from the grid",
    "players": "Size and memory of the timing, a dot a sample",
}
PASSAGES_SHOWN = 8

Cell = str | float | int | None
Table = tuple[Sequence[str], list[Sequence[Cell]]]


def report_page(report: Report) -> str:
    """The page, from its doctype on; the same report gives the same page."""
    about, charts = report["about"], report["charts"]
    plots, tables = draw_plots(charts), evidence(charts)
    sections = [_section(group, report, plots, tables) for group in TITLES]
    title = f"Report: {about['preset']}"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{STYLE_SHEET.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n"
        f"{_head(about, report['rows'])}\n{''.join(sections)}{_left_out(about)}</main>\n</body>\n</html>\n"
    )


def evidence(charts: Charts) -> dict[str, Table]:
    """The numbers behind each plot by its name: headings and rows."""
    likelihood, memorisation = charts["likelihood"], charts["memorisation"]
    tables: dict[str, Table] = {
        "loss": _loss_table(charts["loss"]),
        "likelihood": (
            ("field", "network", "trigram"),
            _rows(likelihood["fields"], likelihood["network"], likelihood["trigram"]),
        ),
        "memorisation": (
            ("notes, at least", "samples", "people"),
            _rows(memorisation["n_notes"], memorisation["samples"], memorisation["people"]),
        ),
        "timing": _timing_table(charts["timing"]),
        "players": (
            ("sample", "deviation, ms", "DFA exponent"),
            [
                (index + 1, *pair)
                for index, pair in enumerate(_rows(charts["timing"]["deviation_ms"], charts["timing"]["exponents"]))
            ],
        ),
    }
    for name, chart in (("overlap", charts["overlap"]), ("excerpts", charts["excerpts"])):
        columns = (chart["features"], chart["samples"], chart["halves"], chart["halves_low"], chart["halves_high"])
        tables[name] = (("feature", "samples", "halves", "5 %", "95 %"), _rows(*columns))
    for histogram in charts["histograms"]:
        rows = _rows(histogram["labels"], histogram["samples"], histogram["training"])
        tables[histogram["name"]] = ((histogram["unit"], "samples", "training pieces"), rows)
    return tables


def _loss_table(chart: LossChart) -> Table:
    return ("epoch", "loss", "held-out loss"), _rows(chart["epochs"], chart["loss"], chart["held_out_loss"])


def _timing_table(chart: TimingChart) -> Table:
    training: Sequence[Cell] = chart["training"] or [None] * len(chart["centres_ms"])
    return ("ms", "samples as played", "training pieces"), _rows(chart["centres_ms"], chart["played"], training)


def _rows(*columns: Sequence[Cell]) -> list[Sequence[Cell]]:
    return list(zip(*columns, strict=False))  # a chart without samples has empty columns


def _head(about: About, rows: Sequence[Row]) -> str:
    n_met, n_missed, n_unknown = (
        sum(row["verdict"] == verdict for row in rows) for verdict in ("met", "missed", "not measured")
    )
    unknown = f", {n_unknown} not measured" if n_unknown else ""
    facts = {
        "Learnt from": f"{about['n_learnt']} pieces, {about['n_notes_learnt']:,} notes",
        "Judged by": f"{about['n_held_out']} pieces kept from training",
        "Trained": _trained(about),
        "Samples": f"{about['n_samples']} of {about['notes_per_sample']} notes, seed {about['seed']}",
        "Network": f"{about['architecture'].replace('_', ' ')}, {about['codec']} codec",
    }
    items = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
    return (
        f"<header>\n<h1>{escape(about['preset'].capitalize())}, measured</h1>\n"
        f'<p class="score">{n_met} of {n_met + n_missed} targets met{unknown}</p>\n<dl>{items}</dl>\n</header>'
    )


def _trained(about: About) -> str:
    seconds = about["training_seconds"]
    took = f" in {seconds / 60:.1f} minutes" if seconds is not None and seconds >= 120 else ""
    took = f" in {seconds:.0f} s" if seconds is not None and seconds < 120 else took
    speed = about["terms_per_second"]
    return f"{about['epochs']} epochs{took}" + (f", {speed:,.0f} notes a second" if speed is not None else "")


def _section(group: str, report: Report, plots: dict[str, str], tables: dict[str, Table]) -> str:
    rows = [row for row in report["rows"] if row["group"] == group]
    figures = "".join(_figure(name, plots[name], tables[name]) for name in GROUP_PLOTS[group] if name in plots)
    passages = _passages(report) if group == "memorisation" else ""
    return (
        f'<section id="{group}">\n<h2>{TITLES[group]}</h2>\n<p>{WORDS[group]}</p>\n{_row_table(rows)}\n'
        f'<div class="plots">{figures}</div>\n{passages}</section>\n'
    )


def _row_table(rows: Sequence[Row]) -> str:
    elsewhere = any(_beside(row) for row in rows)
    names = ("figure", "here", "target", *(("elsewhere",) if elsewhere else ()), "")
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escape(row["name"])}{_note(row)}</th>'
        f'<td class="value"><span>{_value(row)}</span> {escape(row["unit"])}</td>'
        f'<td class="target" data-label="target">{escape(row["target"])}</td>'
        f"{f'<td class=beside>{_beside(row)}</td>' if elsewhere else ''}"
        f'<td class="verdict {row["verdict"].replace(" ", "-")}"><span>{row["verdict"]}</span></td></tr>\n'
        for row in rows
    )
    return f'<table class="rows"><thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table>'


def _note(row: Row) -> str:
    return f"<small>{escape(row['note'])}</small>" if row["note"] else ""


def _beside(row: Row) -> str:
    if row["reference"] is None or row["reference"] in (row["low"], row["high"]):
        return ""  # the target has said it
    return f"{_number(row['reference'])} <small>{escape(row['reference_name'])}</small>"


def _figure(name: str, plot: str, table: Table) -> str:
    caption = CAPTIONS.get(name, name.capitalize())
    return (
        f"<figure><figcaption>{escape(caption)}</figcaption>\n{plot}\n"
        f"<details><summary>Show the evidence</summary>{_numbers(table)}</details></figure>\n"
    )


def _numbers(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table[0])
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in table[1])
    return f'<div class="numbers"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _passages(report: Report) -> str:
    shown = report["passages"][:PASSAGES_SHOWN]
    if not shown:
        return ""
    items = "".join(
        f"<li><b>{passage['n_notes']} notes</b> of sample {passage['sample']} ({_bars(passage['bars'])}) are in "
        f"<i>{escape(passage['piece'])}</i> ({_bars(passage['piece_bars'])}, {_key(passage['semitones'])}; "
        f"{passage['reading']}). {_people(passage['people_share'])}</li>"
        for passage in shown
    )
    return f"<h3>The longest passages shared</h3>\n<ol>{items}</ol>\n"


def _bars(bars: Sequence[int]) -> str:
    first, last = bars[0], bars[-1]
    return f"bar {first}" if first == last else f"bars {first}–{last}"


def _key(semitones: int) -> str:
    if semitones == 0:
        return "at the same pitch"
    return f"{abs(semitones)} semitones {'lower' if semitones > 0 else 'higher'} there"


def _people(share: float | None) -> str:
    return "" if share is None else f"{share:.0%} of people's excerpts share as much with others."


def _left_out(about: About) -> str:
    lists = []
    if about["held_out"]:
        names = "".join(f"<li>{escape(name)}</li>" for name in about["held_out"])
        lists.append(
            f"<details><summary>{len(about['held_out'])} pieces kept from training</summary><ul>{names}</ul></details>"
        )
    if about["left_out"]:
        names = "".join(f"<li>{escape(one['name'])}: {escape(one['reason'])}</li>" for one in about["left_out"])
        lists.append(f"<details><summary>{len(about['left_out'])} pieces left out</summary><ul>{names}</ul></details>")
    return f'<section id="pieces">\n<h2>Pieces</h2>\n{"".join(lists)}\n</section>\n' if lists else ""


def _value(row: Row) -> str:
    value = row["value"]
    return f"{value:.1f}" if row["unit"] == "notes" and value is not None else _number(value)


def _text(cell: Cell) -> str:
    return escape(cell) if isinstance(cell, str) else _number(cell)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:.3g}" if abs(value) >= 100 else f"{value:.3f}"
