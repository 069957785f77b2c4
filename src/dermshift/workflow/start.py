"""Starting the process that has the libraries loaded (`dermshift.loaded`), for the steps of one run on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from dermshift.workflow.ask import SOCKET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""As in the workflow: the linear algebra is small, and steps run side by side."""
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20)}
"""Bytes, read by the GNU C library: what one array leaves the next one takes.

By default most arrays of a study are asked of the system and given back one by one, which clears each page anew.
"""

GENES, STUDY, TABLE = "genes", "study", "table"
"""Kinds of files that are named to the loaded process: known genes, a study, the table of a question."""
STUDY_FILE, TABLES, FITS = "study.h5ad", "tables", "fits"
"""Where these are, below the folder of a study."""


class Loaded(NamedTuple):
    """The loaded process: the environment in which steps find it, and where it hears what steps will read."""

    environment: dict[str, str]
    words: IO[bytes]

    def expect(self, kind: str, paths: Iterable[str]) -> None:
        """Name files of one kind that steps are going to read, so that they are read once."""
        with suppress(BrokenPipeError):
            self.words.write("".join(f"{kind}\t{path}\n" for path in dict.fromkeys(paths)).encode())
            self.words.flush()

    def made(self, files: Iterable[Path]) -> None:
        """Tell what a step has made: a study, and the tables of a fit, are read in advance for the steps that wait."""
        made = list(files)
        self.expect(STUDY, (str(file) for file in made if file.name == STUDY_FILE))
        if any(file.parent.name == FITS for file in made):
            self.expect(TABLE, (str(file) for file in made if file.parent.name == TABLES))


@contextmanager
def steps_start_loaded() -> Iterator[Loaded]:
    """Start the loaded process for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="dermshift-") as folder:
        address = str(Path(folder) / "steps")
        fixed = {**dict.fromkeys(ONE_THREAD, "1"), "MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}
        environment = {**KEEP_MEMORY, **os.environ, **fixed}
        command = [sys.executable, "-m", "dermshift.loaded", address]
        # Its standard input is our end of a pipe: closed when we end, however we end.
        with subprocess.Popen(  # noqa: S603 -- a list of our own arguments, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment
        ) as process:
            yield Loaded({SOCKET: address}, cast("IO[bytes]", process.stdin))
