"""`python -m evolution`; see `evolution.terminal.command`."""

from evolution.terminal.command import main

if __name__ == "__main__":
    main(prog_name="python -m evolution")
