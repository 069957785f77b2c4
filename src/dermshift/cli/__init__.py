"""Command line: one verb per stage, errors as four-part messages, exit codes 0, 1 and 2."""

from __future__ import annotations

import errno
import gc
import os
import re
import sys
import traceback

from dermshift.errors import EXIT_INPUT, DermshiftError, Problem

DEBUG = "DERMSHIFT_DEBUG"
MACHINE = {
    errno.ENOSPC: "Free some space",
    errno.EDQUOT: "Free some space, or ask for a larger quota",
    errno.EFBIG: "Raise the limit on the size of files",
    errno.EROFS: "Make the place writable, or set out in the configuration to a folder that is",
    errno.EACCES: "Make the place writable, or set out in the configuration to a folder that is",
    errno.EIO: "Have the disk looked at",
}
"""Errors of the machine, neither of the input nor of ours, and what to do about them."""
HDF5 = re.compile(r"filename = '(?P<name>[^']*)'.*errno = (?P<number>\d+)", re.DOTALL)
SELDOM = 20_000
"""Objects after which Python looks for garbage: every 700, as it would, takes a sixth of what makes many that stay."""
ISSUES = "Please report it: the command, this message and the traceback (repeat with --debug)."


def main() -> None:
    """Run the command line; the only place where an exception becomes an exit code."""
    from dermshift.cli.app import commands
    from dermshift.cli.as_step import as_step

    gc.set_threshold(SELDOM)
    try:
        with as_step(sys.argv[1:]):
            commands()()
    except DermshiftError as error:
        sys.exit(refuse(error))
    except Exception as fault:  # noqa: BLE001 -- a traceback is never the answer; --debug shows it
        machine = machine_error(fault)
        sys.exit(stopped(machine) if machine else confess(fault))


def refuse(error: DermshiftError) -> int:
    """Print every problem of wrong input and return the exit code."""
    count = len(error.problems)
    print(f"dermshift: {count} problem{'s' if count != 1 else ''} with the input\n", file=sys.stderr)
    print("\n\n".join(str(problem) for problem in error.problems), file=sys.stderr)
    return EXIT_INPUT


def machine_error(fault: Exception) -> OSError | None:
    """Return the error of the machine behind a fault, if there is one: HDF5 only tells its number in a message."""
    if isinstance(fault, OSError) and fault.errno in MACHINE:
        return fault
    told = HDF5.search(str(fault))
    if told is None or int(told["number"]) not in MACHINE:
        return None
    return OSError(int(told["number"]), os.strerror(int(told["number"])), told["name"])


def stopped(error: OSError) -> int:
    """Print why the machine did not let us go on and return the exit code; whatever was finished stays whole."""
    action = f"{MACHINE[error.errno or 0]}; then start the same command again: it goes on where it stopped."
    where, found = str(error.filename or "a file"), str(error.strerror)
    print(f"dermshift: stopped by the machine\n\n{Problem(where, found, 'room to write', action)}", file=sys.stderr)
    return 1


def confess(fault: Exception) -> int:
    """Print one line about a fault of the program and return the exit code."""
    if os.environ.get(DEBUG):
        traceback.print_exception(fault)
    print(f"dermshift: a fault of ours, not of your input: {type(fault).__name__}: {fault}", file=sys.stderr)
    print(ISSUES, file=sys.stderr)
    return 1
