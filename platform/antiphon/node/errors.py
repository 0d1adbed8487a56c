"""What can go wrong between a node and the platform, or with a job on the node."""


class NodeError(Exception):
    """The base of a node's errors."""


class Misconfigured(NodeError):
    """An environment variable is missing or wrong; the message says which."""


class Unreachable(NodeError):
    """The platform did not answer, for as long as it was worth waiting."""


class Refused(NodeError):
    """The platform answered, and said no."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{message} ({status}, {code})")
        self.status = status
        self.code = code
        self.message = message


class JobImpossible(NodeError):
    """Doing this job again would not help; the message says why."""
