"""``python -m dermshift``."""

from __future__ import annotations

import os
import sys


def start() -> None:
    """Let the process that has the libraries loaded do a step of the workflow, where there is one; else do it here."""
    from dermshift.workflow.ask import SOCKET, ask

    if (address := os.environ.get(SOCKET)) and (code := ask(address, sys.argv[1:])) is not None:
        sys.exit(code)
    from dermshift.cli import main

    main()


if __name__ == "__main__":
    start()
