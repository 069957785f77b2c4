"""From the bytes of a file to its text, or a plain word on why not."""

from __future__ import annotations

import re
from pathlib import Path

from dermshift.errors import FormatError, Problem
from dermshift.io.bounded import GZIP, need_bounded, unpack
from dermshift.io.cache import missing
from dermshift.io.fetch_record import altered

NUL, NEWLINE = b"\x00", b"\n"
FOREIGN = {
    b"PK\x03\x04": "a zip archive, as Excel workbooks are",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x89HDF": "an HDF5 file",
    b"%PDF": "a PDF document",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"PAR1": "a Parquet file",
    **{b"\x80" + bytes([protocol]): "a pickle, which could run code and is never opened" for protocol in range(2, 6)},
}
ENDINGS = {
    (".pkl", ".pickle", ".joblib", ".npy", ".npz"): ("a Python object, which could run code and is never opened",
                                                     "Write it as CSV, TSV or .h5ad."),
    (".rds", ".rda", ".rdata"): ("an R object, which only R can read", "In R: write.csv(counts, 'counts.csv')."),
    (".loom", ".mat", ".sav", ".dta", ".sas7bdat"): ("a format that is not read", "Write it as CSV, TSV or .h5ad."),
}  # fmt: skip
"""What is known by its name alone."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def refuse(where: str, found: str, expected: str, action: str) -> FormatError:
    """Return a `FormatError` of one problem."""
    return FormatError(Problem(where, found, expected, action))


def refuse_ending(path: str) -> None:
    """Refuse a file of a kind that no reader opens, by its ending, with what to do instead."""
    for endings, (what, action) in ENDINGS.items():
        if path.lower().endswith(endings):
            raise refuse(path, what, "a table of values", action)


def _unreadable(path: str, error: OSError | ValueError) -> FormatError:
    if (absent := missing(path)) is not None:
        return FormatError(absent)
    reason = getattr(error, "strerror", None) or str(error)
    return refuse(path, reason, "a readable file", "Check the path; it is relative to the working folder.")


def need_file(path: str) -> str:
    """Return `path`, or refuse one that cannot be opened.

    Raises
    ------
    FormatError
        As from `read_bytes`.
    """
    try:
        with Path(path).open("rb"):
            return path
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file, unpacked if it is gzip (told by its content, not its name).

    Raises
    ------
    FormatError
        Not there, not readable, too large (`bounded`), damaged, or not the file that was fetched into the cache.
    """
    try:
        need_bounded(path)
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if (changed := altered(path, content)) is not None:
        raise FormatError(changed)
    return unpack(content, path) if content.startswith(GZIP) else content


def foreign(content: bytes) -> str:
    """Return what a file is by its first bytes, in words, where it is no text and no gzip; else an empty string."""
    return next((name for magic, name in FOREIGN.items() if content.startswith(magic)), "")


def need_plain(text: str, path: str) -> None:
    """Refuse control characters: nobody sees them, a terminal obeys them, and no picture can hold them.

    Raises
    ------
    FormatError
        With the line of the first.
    """
    if (found := CONTROL.search(text)) is not None:
        where = f"{path}, line {text.count(chr(10), 0, found.start()) + 1}"
        action = "Remove it, or export the table again as UTF-8 text."
        raise refuse(where, f"the control character {found[0]!r}", "printable text", action)


def decode(content: bytes, path: str) -> str:
    """Return the text of UTF-8 bytes, without byte-order mark and with plain newlines."""
    expected = "UTF-8 text (CSV or TSV)"
    if name := foreign(content):
        raise refuse(path, name, expected, "Export the table as CSV or TSV and name that file.")
    if content.startswith(UTF16):
        raise refuse(path, "UTF-16 text", expected, "Save the file as 'CSV UTF-8'.")
    if NUL in content:
        where = f"{path}, line {content[: content.index(NUL)].count(NEWLINE) + 1}"
        raise refuse(where, "a NUL byte", expected, "Export the table again as UTF-8 text.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{path}, line {content[: error.start].count(NEWLINE) + 1}"
        found = f"byte 0x{content[error.start]:02X}, which is no UTF-8; the file may be Latin-1 (Windows-1252)"
        raise refuse(where, found, expected, "Save the file as 'CSV UTF-8'.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
