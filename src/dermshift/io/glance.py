"""A glance at the beginning of a file, which is enough to tell its format."""

from __future__ import annotations

import zlib
from pathlib import Path

from dermshift.io.bounded import GZIP

BEGINNING = 2**16
HDF5 = b"\x89HDF\r\n\x1a\n"


def first_bytes(path: Path | str) -> bytes:
    """Return the beginning of a regular file, unpacked if it is gzip; nothing of what cannot be read."""
    try:
        # A pipe would wait for ever.
        if not Path(path).is_file():
            return b""
        with Path(path).open("rb") as handle:
            start = handle.read(BEGINNING)
        return zlib.decompressobj(wbits=31).decompress(start, BEGINNING) if start.startswith(GZIP) else start
    except (OSError, ValueError, zlib.error):
        return b""


def first_lines(path: Path | str) -> list[str]:
    """Return the lines at the beginning of a text file; none of a binary one. The last may be cut off."""
    start = first_bytes(path)
    if b"\x00" in start:
        return []
    text = start.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
