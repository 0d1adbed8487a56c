"""`report CHECKPOINT --data DIR`: how good a checkpoint's music is, as an HTML page and JSON."""

import argparse
import json
from pathlib import Path

from rich.console import Console

from generation.terminal.files import listed, read_checkpoint, read_folder, refuse_existing, write_whole
from generation.terminal.refusals import DONE, TerminalRefused
from generation.terminal.starting import start_networks

HELP = "measure a checkpoint against the pieces it learnt from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="a file that `train` wrote")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the MIDI files it was trained on")
    parser.add_argument("--samples", type=int, help="how many are drawn to be measured")
    parser.add_argument("--length", type=int, help="notes in each")
    parser.add_argument("--seed", type=int, default=1, help="of the samples that are measured (default: 1)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to (default: beside CHECKPOINT)")
    parser.add_argument("--force", action="store_true", help="overwrite files")


def run(options: argparse.Namespace, console: Console) -> int:
    """Measure and write; returns the exit code. Raises TerminalRefused and what measuring raises."""
    folder = options.out or options.checkpoint.parent
    page, data = (folder / f"{options.checkpoint.stem}-report{suffix}" for suffix in (".html", ".json"))
    refuse_existing([page, data], force=options.force)
    asked = {"n_samples": options.samples, "length": options.length}
    sizes = {name: value for name, value in asked.items() if value is not None}
    if min(sizes.values(), default=1) < 1:
        raise TerminalRefused("--samples, --length: expected whole numbers from 1 on.")
    pieces, refusals = read_folder(options.data)
    if refusals:
        console.print(f"Left out:\n{listed(refusals)}", markup=False, highlight=False)
    start_networks(console)
    from generation.report.building import build_report
    from generation.report.page import report_page

    checkpoint = read_checkpoint(options.checkpoint)
    with console.status("Measuring"):
        report = build_report(checkpoint, pieces, seed=options.seed, **sizes)
        html = report_page(report)
    write_whole(data, json.dumps(report, indent=2, allow_nan=False).encode())
    write_whole(page, html.encode())
    console.print(f"{page} and {data.name}", highlight=False)
    return DONE
