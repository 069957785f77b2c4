"""Pieces of a Zarr array packed with Blosc, which trusts the lengths at their head: these are looked at first."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from dermshift.io.decode import refuse

if TYPE_CHECKING:
    from pathlib import Path

HEAD = struct.Struct("<4xIII")
"""Four bytes, then the length unpacked, that of a block, and that of the whole piece."""
MOST_TIMES, SMALL = 10_000, 1_000_000


def need_whole_pieces(array: Path, metadata: Any) -> None:
    """Refuse an array with a piece that is cut off, or claims to hold what it cannot.

    Raises
    ------
    FormatError
        Naming the first such piece.
    """
    if not _is_blosc(metadata):
        return
    for piece in sorted(array.rglob("*")):
        if not piece.is_file() or piece.name.startswith(".") or piece.name == "zarr.json":
            continue
        size = piece.stat().st_size
        with piece.open("rb") as handle:
            head = handle.read(HEAD.size)
        unpacked, _, packed = HEAD.unpack(head) if len(head) == HEAD.size else (0, 0, -1)
        if packed != size or unpacked > max(SMALL, MOST_TIMES * size):
            found = f"a piece of {size} bytes that says it has {packed}, and {unpacked} unpacked"
            raise refuse(str(piece), found, "a whole piece, packed with Blosc", "Copy the folder again.")


def _is_blosc(metadata: Any) -> bool:
    if not isinstance(metadata, dict):
        return False
    codecs = metadata.get("codecs")
    last = codecs[-1] if isinstance(codecs, list) and codecs else None
    return any(isinstance(one, dict) and "blosc" in (one.get("id"), one.get("name"))
               for one in (metadata.get("compressor"), last))  # fmt: skip
