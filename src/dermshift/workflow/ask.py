"""Asking the process that has the libraries loaded (`dermshift.loaded`) to do a step: nothing heavy here."""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from pathlib import Path

SOCKET = "DERMSHIFT_STEPS"
"""Environment variable: address of the socket where steps are asked for."""
LENGTH = struct.Struct("!I")


def ask(address: str, words: list[str]) -> int | None:
    """Have the command `words` done by a copy of the loaded process, with our output, folder and environment.

    Returns
    -------
    Its exit code; None where nobody listens at `address`, so that the caller does the step itself.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(address)
    except OSError:
        return None
    with connection:
        order = {"words": words, "environment": dict(os.environ), "folder": str(Path.cwd())}
        body = json.dumps(order).encode()
        socket.send_fds(connection, [LENGTH.pack(len(body))], [sys.stdout.fileno(), sys.stderr.fileno()])
        connection.sendall(body)
        answer = connection.recv(1)
    if answer:
        return answer[0]
    print("dermshift: the process of this step was ended from outside, or ran out of memory", file=sys.stderr)  # noqa: T201
    return 1
