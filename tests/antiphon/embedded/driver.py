"""A supervisor over small stand-in processes, run by the tests as a process of its own: `driver.py ROOT SECONDS`."""

import sys
from pathlib import Path

from antiphon.embedded.home import Home
from antiphon.embedded.supervisor import Supervisor
from antiphon.embedded.table import ProcessSpec

# Ends when asked to.
POLITE = "import time; print('polite is up', flush=True); time.sleep(600)"
# Neither it nor its own child listens to SIGTERM or SIGINT.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
# Dies at once, with something to say.
BROKEN = "raise SystemExit('no module named music')"


def main(root: str, grace_seconds: str) -> None:
    """Keep the stand-ins running until a signal comes."""

    def say(line: str) -> None:
        print(line, flush=True)

    supervisor = Supervisor(Home(Path(root)), say=say, grace_seconds=float(grace_seconds))
    with supervisor.running():
        for name, source in (("polite", POLITE), ("stubborn", STUBBORN), ("broken", BROKEN)):
            supervisor.keep(ProcessSpec(name, [sys.executable, "-c", source], {}))
        say("ready")
        supervisor.watch()


if __name__ == "__main__":
    main(*sys.argv[1:])
