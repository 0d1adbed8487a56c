"""Why a job cannot be had, or no longer is."""

from typing import ClassVar

from antiphon.core.errors import Conflict


class JobUnavailable(Conflict):
    """A claim that was not granted. Whoever asked has nothing to do."""


class JobGone(JobUnavailable):
    """The job is done, has failed, or what it was about was deleted."""

    code: ClassVar[str] = "gone"


class JobTaken(JobUnavailable):
    """Somebody else holds the job's lease."""

    code: ClassVar[str] = "taken"


class JobCancelled(JobUnavailable):
    """The job was cancelled."""

    code: ClassVar[str] = "cancelled"


class LeaseLost(Conflict):
    """The lease ran out and the job went on without this holder."""

    code: ClassVar[str] = "lease_lost"
