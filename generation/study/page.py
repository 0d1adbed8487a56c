"""A study's folder as people open it: `study.md` with its table, `study.json`, and the plots beside them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from generation.study.looks import Look, StudyFacts
from generation.study.plan import StudyPlan
from generation.study.plots import loss_curves_svg, sweeps_svg
from generation.study.tables import markdown_table, sweep_rows

TABLE, FIGURES = "study.md", "study.json"
CURVES, SWEEPS = "study-epochs.svg", "study-sweeps.svg"


def write_study(looks: Sequence[Look], facts: StudyFacts, plan: StudyPlan, folder: Path, *, title: str) -> list[Path]:
    """Write table, figures and plots into the folder; their paths, the table's first."""
    rows = sweep_rows(looks, plan)
    folder.mkdir(parents=True, exist_ok=True)
    text = _words(facts, plan, title) + markdown_table(rows) + f"\n![Loss by epoch]({CURVES})\n\n![Sweeps]({SWEEPS})\n"
    figures = {
        "plan": asdict(plan),
        "facts": asdict(facts),
        "rows": [asdict(row) for row in rows],
        "looks": [json.loads(look.to_json()) for look in looks],
    }
    contents = {
        TABLE: text,
        FIGURES: json.dumps(figures, indent=1, allow_nan=False) + "\n",
        CURVES: loss_curves_svg(looks, plan),
        SWEEPS: sweeps_svg(rows),
    }
    for name, content in contents.items():
        (folder / name).write_text(content)
    return [folder / name for name in contents]


def _words(facts: StudyFacts, plan: StudyPlan, title: str) -> str:
    extent = "whole pieces" if plan.notes_per_piece is None else f"the first {plan.notes_per_piece} notes of each piece"
    seeds = (
        f"{len(plan.seeds)} seeds; figures are mean ± standard deviation over them" if len(plan.seeds) > 1 else "1 seed"
    )
    lines = [
        f"# The sweeps on {title}",
        "",
        f"{facts.n_pieces} pieces ({extent}), {facts.n_tokens} tokens, {facts.n_different} of them different.",
        f"{plan.held_out:.0%} of the pieces are held out.",
        f"Three LSTM layers of {plan.lstm_units}, dense {plan.dense_units}, {seeds}.",
        f"A network that hears nothing reaches {facts.unigram_nats:.2f} nats a token at best.",
    ]
    return "\n".join(lines) + "\n\n"
