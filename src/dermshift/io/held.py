"""What was read in advance, known by the state of its file: a step that starts as a copy of a process finds it read."""

from __future__ import annotations

from pathlib import Path

State = tuple[int, ...]


def state(path: Path | str) -> State:
    """Return which file it is, its date and its size; nothing where there is none, of which reading tells."""
    try:
        found = Path(path).stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
