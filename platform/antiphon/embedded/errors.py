"""What can go wrong while the embedded servers and processes are started."""


class EmbeddedError(Exception):
    """One line that says what was expected, what was found and what to do; `code` names the case."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class AlreadyRunning(EmbeddedError):
    """Another supervisor holds this home."""

    def __init__(self, message: str) -> None:
        super().__init__("already_running", message)


class StartFailed(EmbeddedError):
    """A server or a process did not come up."""

    def __init__(self, message: str) -> None:
        super().__init__("start_failed", message)
