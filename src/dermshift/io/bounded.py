"""Reading without end is no reading: a file, packed or not, has a largest size."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.errors import FormatError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 4 * 2**30
"""Largest text that is read, unpacked: 60,000 genes x 10,000 samples at 7 characters a value."""
MOST_TIMES = 500
"""How many times its size a gzip file may unpack to; tables of counts reach 20, deflate itself ends at 1032."""
SMALL = 50_000_000
"""Up to this many bytes nothing is said about the ratio: a small table of zeros packs well."""
CHUNK = 2**24
GZIP = b"\x1f\x8b"


def need_bounded(path: Path | str) -> None:
    """Refuse a file that is larger than any table, before it is read.

    Raises
    ------
    FormatError
        The file is larger than `MOST_BYTES`.
    OSError
        It cannot be looked at.
    """
    size = Path(path).stat().st_size
    if size > MOST_BYTES:
        raise _too_large(path, f"{size:,} bytes")


def unpack(content: bytes, path: Path | str) -> bytes:
    """Return the unpacked bytes of a gzip file, bounded in size and in its ratio.

    Raises
    ------
    FormatError
        The file is damaged or unpacks to too much.
    """
    try:
        return b"".join(_chunks(content, path))
    except (EOFError, OSError, zlib.error) as error:
        action = "Copy or download the file again."
        raise FormatError(Problem(str(path), f"damaged gzip: {error}", "a complete gzip file", action)) from error


def _chunks(content: bytes, path: Path | str) -> Iterator[bytes]:
    total = 0
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        while chunk := packed.read(CHUNK):
            total += len(chunk)
            if total > MOST_BYTES:
                raise _too_large(path, f"more than {MOST_BYTES:,} bytes once it is unpacked")
            if total > max(SMALL, MOST_TIMES * len(content)):
                raise _too_large(path, f"a gzip file that unpacks to more than {MOST_TIMES} times its size")
            yield chunk


def _too_large(path: Path | str, found: str) -> FormatError:
    expected = f"a table of at most {MOST_BYTES:,} bytes, packed at most {MOST_TIMES} times"
    return FormatError(Problem(str(path), found, expected, "Check the file; a larger study goes in as .h5ad."))
