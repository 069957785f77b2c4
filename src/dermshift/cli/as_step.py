"""What a verb does besides when it is a step of the workflow: a log that names it, a lock for as long as it writes."""

from __future__ import annotations

import os
import resource
import shlex
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.workflow.locks import at_work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STEP = "DERMSHIFT_STEP"
"""Environment variable in which the workflow names the step, study first."""
MEGABYTE = 1024 if sys.platform == "linux" else 1024**2
"""Units of ``ru_maxrss`` in a megabyte."""


@contextmanager
def as_step(words: Sequence[str]) -> Iterator[None]:
    """Where the block is a step of the workflow, name it in its log, with command, time and memory, and hold a lock.

    The lock tells the next run that this step still writes, should the run that started it be gone.
    """
    if not (step := os.environ.pop(STEP, "")):
        yield
        return
    start = time.monotonic()
    command = shlex.join(["dermshift", *words])
    with ExitStack() as stack:
        try:
            for folder in (Path(word.removeprefix("--out=")) for word in words if word.startswith("--out=")):
                stack.enter_context(at_work(folder))
        finally:  # once it is said, it is locked
            print(f"step: {step}\nfolder: {Path.cwd()}\nrepeat: {command}", file=sys.stderr, flush=True)
        try:
            yield
        finally:
            seconds, cpu, memory = time.monotonic() - start, _cpu(), _peak()
            print(f"took: {seconds:.2f} s, {cpu:.2f} s of processor, {memory:.0f} MB at most", file=sys.stderr)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    """Return the largest memory of this process or of one it started, in MB."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) / MEGABYTE
