"""A kept interpreter beside the platform, `python -m tests.e2e.console`: Django takes longer to load than most answers.

Each line that comes in is a script as a JSON string; each line that goes out tells what it printed, or how it failed.
"""

import json
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO

import django


def answer(script: str) -> dict[str, str]:
    """Run a script in a namespace of its own: what it `printed`, or the traceback of how it `failed`."""
    from django.db import close_old_connections

    close_old_connections()  # PostgreSQL may have been another process when we last asked
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            exec(compile(script, "<asked>", "exec"), {"__name__": "__asked__"})
    except Exception:
        return {"failed": traceback.format_exc()}
    finally:
        close_old_connections()
    return {"printed": printed.getvalue()}


def main() -> None:
    """Answer until nobody asks any more."""
    django.setup()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
