"""Become a child process: `launch.py PARENT SIGNAL UID GID COMMAND...`, run by `process.Program` and by nothing else.

A small program of its own instead of Python code between fork and exec, which may hang when threads run. It gives
up root (`UID`, `GID`; `-` keeps the user), asks Linux to send `SIGNAL` when the parent dies, and becomes `COMMAND`.
It imports nothing of ours: it runs with `python -I -S`, before the user is changed.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Replace this process by the command; ends with 127 and one line when the command cannot be run."""
    parent, death_signal, uid, gid, *command = arguments
    # A shell starts background jobs with SIGINT ignored, and that would be inherited: Postgres stops by SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        # After the change of user, which clears it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606  (no shell is wanted)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
