"""One run of a study at a time: locks that end with their holder, however it ends."""

from __future__ import annotations

import fcntl
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KEPT = ".dermshift"
"""Folder beside the studies for what a run keeps between runs: settings, locks, seals."""


@dataclass(frozen=True)
class Place:
    """Where a study's results are, and beside them what its runs keep."""

    name: str
    folder: Path

    def kept(self, kind: str) -> Path:
        """Return the path of a file that runs of this study keep."""
        return self.folder.parent / KEPT / f"{self.folder.name}.{kind}"


@contextmanager
def locked(places: Sequence[Place]) -> Iterator[tuple[int, ...]]:
    """Hold an advisory lock on each study; the kernel frees it when the holder ends. Yield the descriptors.

    Raises
    ------
    ConfigError
        Another run holds one of them, or a step of an earlier run is still at work; none is held then.
    """
    held, problems = [], []
    with ExitStack() as stack:
        for place in places:
            path = place.kept("lock")
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = stack.enter_context(path.open("w"))
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                problems.append(_busy(path, "another run of this study"))
            held.append(handle.fileno())
            if busy(place.kept("steps")):
                problems.append(_busy(place.kept("steps"), "a step of an earlier run, still at work"))
        if problems:
            raise ConfigError.of(problems)
        yield tuple(held)


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Hold the lock of a step on the study in `folder`; steps share it."""
    path = Place("", folder).kept("steps")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


def busy(path: Path) -> bool:
    """Tell whether somebody holds the lock at `path`; nothing is written."""
    try:
        with path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _busy(path: Path, found: str) -> Problem:
    return Problem(str(path), found, "one run at a time", "Wait for it to end, or stop it.")
