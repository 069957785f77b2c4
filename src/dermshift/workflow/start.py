"""Starting the process that has the libraries loaded (`dermshift.loaded`), for the steps of one run on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.workflow.ask import SOCKET

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""As in the workflow: the linear algebra is small, and steps run side by side."""


@contextmanager
def steps_start_loaded() -> Iterator[dict[str, str]]:
    """Start the loaded process for as long as the block runs; yield the environment in which steps find it."""
    with tempfile.TemporaryDirectory(prefix="dermshift-") as folder:
        address = str(Path(folder) / "steps")
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-m", "dermshift.loaded", address]
        # Its standard input is our end of a pipe: closed when we end, however we end.
        with subprocess.Popen(  # noqa: S603 -- a list of our own arguments, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment
        ):
            yield {SOCKET: address}
