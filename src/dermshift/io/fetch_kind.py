"""What a fetched file has to be, and how it is seen to be whole."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.errors import DermshiftError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Parameters
    ----------
    name
        As messages call it.
    start
        Its first bytes, b"" for any.
    look
        Returns what is wrong with a file, "" if nothing is seen.
    """

    name: str
    start: bytes
    look: Callable[[Path], str]

    def damage(self, path: Path) -> str:
        """Return what is wrong with a file, "" if nothing is seen."""
        return "an empty file" if path.stat().st_size == 0 else self.look(path)


def _unpack(path: Path) -> str:
    try:
        with gzip.open(path) as handle:
            while handle.read(1 << 20):
                pass
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        return f"an incomplete or damaged gzip file: {error}"
    return ""


def _open_zip(path: Path) -> str:
    from dermshift.io.fetch_zip import broken

    return broken(path)


def _read_sets(path: Path) -> str:
    from dermshift.io.gene_files import read_gmt_text

    try:
        read_gmt_text(path.read_bytes(), str(path))
    except DermshiftError as error:
        return f"no gene sets as GMT: {error.problems[0].found} ({error.problems[0].where})"
    return ""


PLAIN = Kind("the file", b"", lambda _: "")
GZIP = Kind("a gzip file", b"\x1f\x8b", _unpack)
ZIP = Kind("a zip file", b"PK", _open_zip)
GMT = Kind("gene sets as GMT", b"", _read_sets)
