"""A process that has the heavy libraries loaded and starts each step of a run as a copy of itself.

Importing takes most steps longer than their work. Snakemake still decides what runs and when; only the start is shared.
It listens on a socket in a folder that its user alone may enter, and ends with the run that started it.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift import warm
from dermshift.workflow.ask import LENGTH
from dermshift.workflow.start import GENES, STUDY, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST: tuple[Callable[[], None], ...] = (warm.commands,)
"""What is done before anything else: every step asks for it."""
LOADED = (
    "typer._adapters", "pydantic.dataclasses", "dermshift.cli.load", "anndata", "dermshift.io.examine",
    "dermshift.cli.test", "dermshift.engines.deseq2.adapter", "dermshift.engines.limma.adapter",
    "dermshift.engines.voom.adapter", "dermshift.cli.enrich", "gseapy", "pylimma", "dermshift.enrich.configured",
    "dermshift.cli.asking", "dermshift.cli.outputs", "pyarrow.csv", "pyarrow.pandas_compat", "pyarrow.vendored.version",
    "pandas.io.formats.csvs", "statsmodels.stats.multitest", "statsmodels.iolib.summary2", "dermshift.cli.evidence",
    "dermshift.cli.judging", "dermshift.cli.multiverse", "dermshift.cli.specified", "dermshift.engines.deseq2.again",
    "dermshift.evidence.power_card", "dermshift.cli.dossier", "dermshift.evidence.dossier", "dermshift.cli.plot",
    "matplotlib.backends.backend_pdf", "matplotlib.backends.backend_svg", "seaborn", "adjustText", "dermshift.figures",
    "scanpy", "sklearn.decomposition", "dermshift.quality", "dermshift.cli.report", "jinja2", "plotly", "itables",
    "dermshift.report.page", "dermshift.cli.workbook", "xlsxwriter", "dermshift.report.workbook_rows",
    "dermshift.cli.bundle", "rocrate.rocrate", "dermshift.report.crate", "dermshift.report.headline",
)  # fmt: skip
"""What steps need, in the order of the stages: a step may be asked for before all is loaded."""
WARM: tuple[Callable[[], None], ...] = (warm.fitting, warm.ranking, warm.scripts)
"""What is done once all is loaded."""
READING: dict[str, Callable[[str], Callable[[], None]]] = {
    GENES: warm.known_genes,
    STUDY: warm.study,
    TABLE: warm.table,
}
"""What is read when it is named: of a study every step would read the same again."""


def serve(address: str) -> None:
    """Listen at `address` until standard input ends; get ready while nobody asks.

    Standard input names what steps are going to read, one a line: a kind of `READING` and, after a tab, its path.
    """
    loading = [partial(importlib.import_module, name) for name in LOADED]
    pending: list[Callable[[], object]] = [*FIRST, *loading, *WARM]
    gc.disable()  # what is loaded stays: looking for garbage would take a third of the time
    os.umask(0o077)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(address)
        listener.listen(64)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies: they answer themselves
        while True:
            ready, _, _ = select.select([listener.fileno(), 0], [], [], 0 if pending else None)
            if 0 in ready:
                lines = os.read(0, 1 << 16).decode().split("\n")
                if lines == [""]:
                    return
                named = (line.split("\t", 1) for line in lines if line)
                for kind, path in named:  # a study is what steps wait for
                    pending.insert(0 if kind == STUDY else len(pending), READING[kind](path))
            elif ready:
                _start(listener)
            elif pending:
                # A library or table that fails does so again in the step that needs it, and says why.
                with suppress(Exception):
                    pending.pop(0)()


def _start(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection, warnings.catch_warnings():
        # Python warns of copying a process that runs threads; the one here belongs to pyarrow's allocator, which copes.
        warnings.simplefilter("ignore", DeprecationWarning)
        if os.fork() == 0:
            listener.close()
            _work(connection)


def _work(connection: socket.socket) -> None:
    """Do the step that is asked for, in this copy, and answer with its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gc.freeze()  # copies share the memory of what is loaded: it is not looked at again
    gc.enable()
    code = 1
    try:
        order = _received(connection)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(order["folder"])
        sys.argv = ["dermshift", *order["words"]]
        _end_with(connection)
        code = _done()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        _end_with(connection, ends=False)
        connection.sendall(bytes([code]))
        os._exit(code)


def _received(connection: socket.socket) -> dict[str, Any]:
    head, descriptors, _, _ = socket.recv_fds(connection, LENGTH.size, 2)
    for place, descriptor in zip((1, 2), descriptors, strict=True):
        os.dup2(descriptor, place)
        os.close(descriptor)
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    (length,) = LENGTH.unpack(head)
    with connection.makefile("rb") as stream:
        order: dict[str, Any] = json.loads(stream.read(length))
    return order


def _end_with(connection: socket.socket, *, ends: bool = True) -> None:
    """Have the system end this copy when whoever asked for the step ends: SIGIO's default action."""
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(connection, fcntl.F_GETFL)
    fcntl.fcntl(connection, fcntl.F_SETFL, flags | os.O_ASYNC if ends else flags & ~os.O_ASYNC)


def _done() -> int:
    from dermshift.cli import main

    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
    os._exit(0)  # nothing is left to do, and to take the libraries down one by one takes most of a second
