"""One download at a time in a folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # pragma: no cover -- systems without it go without a lock
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def alone(folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other process downloads into `folder`; the lock ends with the block or the process."""
    with (folder / ".lock").open("w") as handle:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                tell(f"another download into {folder} is at work; waiting for it")
                fcntl.flock(handle, fcntl.LOCK_EX)
            except OSError:
                tell(f"{folder} cannot be locked; let no other download run in it")
        yield
