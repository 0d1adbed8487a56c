"""What goes wrong at a terminal, in one line, and what the process ends with."""

import errno

DONE, REFUSED, MISUSED, STOPPED = 0, 1, 2, 130  # exit codes


class TerminalRefused(ValueError):
    """A wish of the command line that can't be met; the message says what to do about it."""

    code = "terminal_refused"


def reason_of(error: BaseException) -> str:
    """An error as one line for a person."""
    if isinstance(error, OSError):
        return _of_the_system(error)
    if isinstance(error, MemoryError):
        return "Out of memory: choose a smaller network (--set batch_size=8) or shorter samples."
    text = " ".join(str(error).split())
    if isinstance(error, TerminalRefused):
        return str(error)
    if not isinstance(error, ValueError) or not hasattr(error, "code"):
        return f"Something went wrong that should not: {type(error).__name__}: {text}. See where with --debug."
    return text[:1].upper() + text[1:]


def _of_the_system(error: OSError) -> str:
    name = f" {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"No space left on the disk to write{name}: free some, or choose another place with --out."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Not allowed to open or write{name}: change its permissions, or choose another place."
    if error.errno == errno.ENOENT:
        return f"There is no{name}: check the path."
    return f"The system could not read or write{name}: {error.strerror or error}."
