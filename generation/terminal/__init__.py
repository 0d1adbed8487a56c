"""Making music from the command line, without a server or a database: `python -m generation`."""
