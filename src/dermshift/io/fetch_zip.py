"""The one file of a zip archive, without trusting the archive: no name, number or size in it is taken at its word."""

from __future__ import annotations

import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from dermshift.errors import FetchError, Problem

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 64 << 20
"""Bytes of the unpacked file; the collections in use have less than a tenth of that."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError)


def broken(path: Path) -> str:
    """Return why a file cannot be opened as a zip archive, "" if it can: its list stands at the end."""
    try:
        with zipfile.ZipFile(path):
            return ""
    except (*DAMAGE, ValueError) as error:
        return f"an incomplete or damaged zip file: {error}"


def only_file(path: Path, suffix: str) -> bytes:
    """Return the content of the one file in the archive.

    Nothing is written, and the name in the archive is used for no path.

    Raises
    ------
    FetchError
        The archive holds another number of files, a file with a folder in its name, another suffix, a link, a
        password or another packing; or more than `LARGEST` bytes, or bytes that fail their checksum.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if found := unwelcome(members, suffix):
                raise refuse(path, found, suffix)
            with archive.open(members[0]) as handle:
                content = handle.read(LARGEST + 1)
    except (*DAMAGE, ValueError) as error:
        raise refuse(path, f"damaged: {error}", suffix) from error
    if len(content) > LARGEST:
        raise refuse(path, f"a file that unpacks to more than {LARGEST >> 20} MiB", suffix)
    return content


def unwelcome(members: list[zipfile.ZipInfo], suffix: str) -> str:
    """Return what about the list of an archive is not as expected, "" if nothing."""
    if len(members) != 1:
        return f"{len(members)} files: {', '.join(repr(one.filename) for one in members[:3])}".rstrip(": ")
    one = members[0]
    name = repr(one.filename)
    reasons = {
        f"a path: {name}": one.orig_filename != one.filename or any(sign in one.filename for sign in "/\\:"),
        f"another kind of file: {name}": not one.filename.endswith(suffix),
        f"a link: {name}": stat.S_ISLNK(one.external_attr >> 16),
        f"a file under a password: {name}": bool(one.flag_bits & ENCRYPTED),
        f"packing number {one.compress_type}": one.compress_type not in PACKINGS,
        f"a file that unpacks to {one.file_size} bytes": one.file_size > LARGEST,
    }
    return next((found for found, wrong in reasons.items() if wrong), "")


def refuse(path: Path, found: str, suffix: str) -> FetchError:
    """Return the error of an archive that is not opened."""
    expected = f"one {suffix} file of at most {LARGEST >> 20} MiB, without a folder, and nothing else"
    action = "Check the base address; fetch with --refresh, or unpack by hand what you trust and name its path."
    return FetchError(Problem(str(path), found, expected, action))
