"""Command line: one verb per stage, errors as four-part messages, exit codes 0, 1 and 2."""

from __future__ import annotations

import os
import sys
import traceback

from dermshift.errors import EXIT_INPUT, DermshiftError

DEBUG = "DERMSHIFT_DEBUG"
ISSUES = "Please report it: the command, this message and the traceback (repeat with --debug)."


def main() -> None:
    """Run the command line; the only place where an exception becomes an exit code."""
    from dermshift.cli.app import app

    try:
        app()
    except DermshiftError as error:
        sys.exit(refuse(error))
    except Exception as fault:  # noqa: BLE001 -- a traceback is never the answer; --debug shows it
        sys.exit(confess(fault))


def refuse(error: DermshiftError) -> int:
    """Print every problem of wrong input and return the exit code."""
    count = len(error.problems)
    print(f"dermshift: {count} problem{'s' if count != 1 else ''} with the input\n", file=sys.stderr)
    print("\n\n".join(str(problem) for problem in error.problems), file=sys.stderr)
    return EXIT_INPUT


def confess(fault: Exception) -> int:
    """Print one line about a fault of the program and return the exit code."""
    if os.environ.get(DEBUG):
        traceback.print_exception(fault)
    print(f"dermshift: a fault of ours, not of your input: {type(fault).__name__}: {fault}", file=sys.stderr)
    print(ISSUES, file=sys.stderr)
    return 1
