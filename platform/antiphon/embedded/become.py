"""Turn from root into an ordinary user and run a command: `become.py UID GID plain|passing COMMAND...`.

`passing` keeps CAP_DAC_OVERRIDE (Linux), so that the command works in folders that only root may enter.
A program of its own, because between fork and exec there is no safe place for this in a Python process with threads.
"""

import ctypes
import os
import sys

PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1


def become(uid: int, gid: int, *, passing: bool) -> None:
    """Give up root for this user and group."""
    libc = ctypes.CDLL(None, use_errno=True) if passing and sys.platform == "linux" else None
    if libc is not None:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if libc is not None:
        kept = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)  # version, pid (0: this process)
        data = (ctypes.c_uint32 * 6)(kept, kept, kept)  # effective, permitted, inheritable; then the upper 32 bits
        libc.capset(header, data)
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), passing=sys.argv[3] == "passing")
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606 - the command of the process that started this one
