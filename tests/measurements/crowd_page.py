"""The tables of docs/crowd.md, written between its two markers."""

from typing import Any

from evolution.simulation import OURS, STUDY, STUDY_ON_GRID
from tests.measurements.crowd_summary import LEVELS

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
TITLES = {"10x3": "10, 3", "10x12": "10, 12", "50x3": "50, 3", "50x12": "50, 12"}
SHOWN = (OURS.name, "random start", STUDY_ON_GRID.name, STUDY.name)


def with_tables(page: str, summary: dict[str, Any]) -> str:
    """The page with the tables of this summary between its markers."""
    head, rest = page.split(BEGIN)
    return head + BEGIN + "\n\n" + tables(summary) + "\n" + END + rest.split(END)[1]


def tables(summary: dict[str, Any]) -> str:
    """Four tables: against the loop's best and against our end, ratings for each appeal, what each part is worth."""
    parts = (_against(summary), _catching_up(summary), _needed(summary), _parts(summary))
    return "\n".join(line for table in parts for line in [*table, ""])


def _against(summary: dict[str, Any]) -> list[str]:
    lines = [
        "| phrases, listeners | rooms | against | its best | its ratings | ours | times fewer (90%) | from random |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, here in summary.items():
        for row in here["chosen"]["against"]:
            own, start = row["of"][OURS.name], row["of"]["random start"]
            interval = f"{_times(own['low'])} to {_times(own['high'])}"
            lines.append(
                f"| {TITLES[name]} | {here['rooms']} | {row['peer']} | {row['level']:.2f} | {row['needed']:.0f} | "
                f"{_count(own['needed'])} | {_times(own['times_fewer'])} ({interval}) | "
                f"{_times(start['times_fewer'])} |"
            )
    return lines


def _catching_up(summary: dict[str, Any]) -> list[str]:
    lines = [
        "| phrases, listeners | against | ours in the end | ours is there after | the loop after | times fewer (90%) |",
        "|---|---|---|---|---|---|",
    ]
    for name, here in summary.items():
        for row in here["chosen"]["against"]:
            end = row["catching_up"]
            low, high = ("open" if end[bound] is None else f"{end[bound]:.1f}" for bound in ("low", "high"))
            times = "open" if end["times_fewer"] is None else f"{end['times_fewer']:.1f} ({low} to {high})"
            needed = f"{end['ours']:.0f} | {_count(end['peer'])}"
            lines.append(f"| {TITLES[name]} | {row['peer']} | {end['level']:.2f} | {needed} | {times} |")
    return lines


def _needed(summary: dict[str, Any]) -> list[str]:
    lines = [
        "| phrases, listeners | strategy | " + " | ".join(f"appeal {level:g}" for level in LEVELS) + " |",
        "|---|---|" + "---|" * len(LEVELS),
    ]
    for name, here in summary.items():
        for strategy in SHOWN:
            cells = [here["chosen"]["needed"][strategy][str(level)] for level in LEVELS]
            shown = [
                f"{_count(cell['mean'])} ({', '.join(_count(value) for value in cell['quartiles'])})" for cell in cells
            ]
            lines.append(f"| {TITLES[name]} | {strategy} | " + " | ".join(shown) + " |")
    return lines


def _parts(summary: dict[str, Any]) -> list[str]:
    parts = list(dict.fromkeys(part for here in summary.values() for part in here["chosen"]["parts"]))
    lines = [
        "| ours is ahead of | " + " | ".join(TITLES[name] for name in summary) + " |",
        "|---|" + "---|" * len(summary),
    ]
    for part in parts:
        if part in (STUDY.name, STUDY_ON_GRID.name):
            continue
        cells = [
            f"{row['gain']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f})" if row else "-"
            for row in (here["chosen"]["parts"].get(part) for here in summary.values())
        ]
        lines.append(f"| {part} | " + " | ".join(cells) + " |")
    return lines


def _count(value: float | None) -> str:
    return "never" if value is None else f"{value:.0f}"


def _times(value: float | None) -> str:
    """0 where ours never gets there, no number where the peer never does."""
    if value is None:
        return "never reached by it"
    return "not reached" if value == 0 else f"{value:.1f}"
