#!/usr/bin/env python
"""Django's command line. It needs the environment that `python -m antiphon.embedded run -- COMMAND` sets."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiphon.config.settings")
    execute_from_command_line(sys.argv)
