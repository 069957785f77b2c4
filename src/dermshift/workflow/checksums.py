"""Checksums of files, taken once for each state of a file.

When a step is done, Snakemake takes the checksum of each of its inputs for each of its outputs
(https://github.com/snakemake/snakemake/issues/4240): a step that makes dozens of files would be followed by up to a
second of hashing, in which nothing starts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def take_once() -> None:
    """Let the Snakemake of this process remember checksums, as long as a file keeps its size, date and place on disk.

    Called by the Snakefile; calling it again changes nothing.
    """
    from snakemake.io import _IOFile

    if not hasattr(_IOFile.checksum, "taken_once"):
        _IOFile.checksum = _remembering(_IOFile.checksum)


def _remembering(usual: Any) -> Any:
    known: dict[tuple[Any, ...], Any] = {}

    async def checksum(file: Any, threshold: int | None = None, **options: Any) -> Any:
        try:
            seen = None if file.is_storage else Path(file.file).stat()
        except OSError:
            seen = None
        if seen is None:
            return await usual(file, threshold, **options)
        state = (file.file, seen.st_ino, seen.st_size, seen.st_mtime_ns, threshold, *sorted(options.items()))
        if state not in known:
            known[state] = await usual(file, threshold, **options)
        return known[state]

    checksum.taken_once = True  # type: ignore[attr-defined]
    return checksum
