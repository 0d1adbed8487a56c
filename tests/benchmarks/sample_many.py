"""`sample-many`: 64 pieces of 500 notes drawn together, against the paper's loop over `predict`."""

from tests.benchmarks.result import Result
from tests.benchmarks.sample import measure

TARGET = 700.0


def run(*, small: bool = False) -> Result:
    """Notes a second of all pieces together."""
    return measure("sample-many", TARGET, count=3 if small else 64, small=small)
