"""Run benchmarks: `python -m tests.benchmarks [NAME ...] [--small] [--json]`.

Prints a table; with `--json` also one JSON object a benchmark, the last line being the last one's. A missed target is
shown as missed and is no failure; a benchmark that can't be run here is shown as skipped, with the reason; one that
crashes is shown as an error, and the exit status is 1.
"""

import argparse
import importlib
import json
import sys
import traceback
from collections.abc import Sequence

from tests.benchmarks.result import Result

NAMES = (
    "parse",
    "train",
    "train-gpu",
    "sample",
    "sample-many",
    "render",
    "breed",
    "fitness",
    "crowd",
    "rooms",
    "advance",
)
WIDTHS = (12, 12, 12, 22, 10, 10, 8)
HEADINGS = ("name", "ours", "peer", "unit", "ratio", "target", "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks named (all when none is) and print them; 1 when one crashed."""
    options = _parse(arguments)
    print(_row(HEADINGS))
    outcomes: list[Result | Exception] = []
    for name in options.names or NAMES:
        outcome = _run(name, small=options.small)
        outcomes.append(outcome)
        print(_describe(name, outcome), flush=True)
    if options.json:
        for name, outcome in zip(options.names or NAMES, outcomes, strict=True):
            print(json.dumps(_as_json(name, outcome)))
    return int(any(isinstance(outcome, Exception) for outcome in outcomes))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Figures against a peer, same run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(NAMES)}; all without")
    parser.add_argument("--json", action="store_true", help="print one JSON object a benchmark at the end")
    parser.add_argument("--small", action="store_true", help="the small version that the tests run")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"expected names among {', '.join(NAMES)}; got {unknown[0]}")
    return options


def _run(name: str, *, small: bool) -> Result | Exception:
    """The benchmark's result, or what it failed with; each module is imported only when it is wanted."""
    try:
        module = importlib.import_module(f"tests.benchmarks.{name.replace('-', '_')}")
        result = module.run(small=small)
    except Exception as error:  # one broken benchmark must not hide the others
        traceback.print_exc(file=sys.stderr)
        return error
    if not isinstance(result, Result):
        return TypeError(f"run: expected a Result from {name}, got {type(result).__name__}")
    return result


def _describe(name: str, outcome: Result | Exception) -> str:
    if isinstance(outcome, Exception):
        return f"{name:<{WIDTHS[0]}}  error: {type(outcome).__name__}: {outcome}"
    if outcome.skipped is not None:
        return f"{name:<{WIDTHS[0]}}  skipped: {outcome.skipped}"
    met = "met" if outcome.met else "missed"
    figures = [_short(outcome.ours), _short(outcome.peer), outcome.unit, _short(outcome.ratio), _short(outcome.target)]
    detail = "".join(f"\n{'':{WIDTHS[0]}}  {key}: {_short(value)}" for key, value in outcome.detail.items())
    return _row([name, *figures, met]) + detail


def _as_json(name: str, outcome: Result | Exception) -> dict[str, object]:
    if isinstance(outcome, Exception):
        return {"name": name, "error": f"{type(outcome).__name__}: {outcome}"}
    return outcome.to_json()


def _row(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def _short(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
