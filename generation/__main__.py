"""`python -m generation COMMAND`; see `generation.terminal.command`."""

import sys

from generation.terminal.command import main

if __name__ == "__main__":
    sys.exit(main())
