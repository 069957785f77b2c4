"""Text files as they come: bytes to rows of fields, with every oddity named by its line."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dermshift.errors import FormatError, Problem
from dermshift.checks.finding import capped, listed

SEPARATORS = {"\t": "tab", ",": "comma", ";": "semicolon"}
FOREIGN = {
    b"PK\x03\x04": "a zip archive, as Excel workbooks are",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x89HDF": "an HDF5 file",
    b"%PDF": "a PDF document",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
}
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Grid:
    """A rectangular text file.

    Parameters
    ----------
    header
        Names of the first line; where the header was one short, "" stands for the column of row names.
    rows
        Fields as text, each as long as `header`.
    lines
        Line number in the file of each row, the header being line 1.
    notes
        What was read leniently, in words.
    """

    path: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    separator: str
    notes: tuple[str, ...] = ()


def refuse(where: str, found: str, expected: str, action: str) -> FormatError:
    """Return a `FormatError` of one problem."""
    return FormatError(Problem(where, found, expected, action))


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file, unpacked if it is gzip (told by its content, not its name)."""
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(
            path, reason, "a readable file", "Check the path; it is relative to the working folder."
        ) from error
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise refuse(
            path, f"damaged gzip: {error}", "a complete gzip file", "Copy or download the file again."
        ) from error


def decode(content: bytes, path: str) -> str:
    """Return the text of UTF-8 bytes, without byte-order mark and with plain newlines."""
    expected = "UTF-8 text (CSV or TSV)"
    for magic, name in FOREIGN.items():
        if content.startswith(magic):
            raise refuse(path, name, expected, "Export the table as CSV or TSV and name that file.")
    if content.startswith(UTF16):
        raise refuse(path, "UTF-16 text", expected, "Save the file as 'CSV UTF-8'.")
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        raise refuse(f"{path}, line {line}", "a NUL byte", expected, "Export the table again as UTF-8 text.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"byte 0x{content[error.start]:02X}, which is no UTF-8; the file may be Latin-1 (Windows-1252)"
        raise refuse(f"{path}, line {line}", found, expected, "Save the file as 'CSV UTF-8'.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_grid(path: str) -> Grid:
    """Read a delimited text file, plain or gzip, as text.

    Raises
    ------
    FormatError
        Everything wrong with the layout: encoding, empty file, separator, header names, ragged rows, quotes.
    """
    text = decode(read_bytes(path), path)
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not numbered:
        raise refuse(path, "an empty file", "a header line and rows", "Name a file with content.")
    separator = _separator(numbered[0][1], f"{path}, line {numbered[0][0]}")
    header = _fields(numbered[0][1], separator, f"{path}, line {numbered[0][0]}")
    if len(numbered) == 1:
        raise refuse(path, "a header and no rows", "at least one row below the header", "Name a file with content.")
    rows = [_fields(line, separator, f"{path}, line {number}") for number, line in numbered[1:]]
    lines = [number for number, _ in numbered[1:]]
    notes: tuple[str, ...] = ()
    if {len(row) for row in rows} == {len(header) + 1}:
        header = ["", *header]
        notes = ("the header is one field shorter than every row: the first field of a row was read as its name",)
    problems = [*_header_problems(header, path), *_ragged(rows, lines, len(header), path)]
    if problems:
        raise FormatError(*problems)
    return Grid(path, header, rows, lines, separator, notes)


def _separator(header: str, where: str) -> str:
    # The bare header decides, since values may hold commas as decimal signs.
    counts = {separator: header.count(separator) for separator in SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    if counts[best] == 0:
        raise refuse(
            where,
            f"one field: {header[:80]!r}",
            "fields separated by tab, comma or semicolon",
            "Export the table as CSV or TSV.",
        )
    return "\t" if counts["\t"] else best


def _fields(line: str, separator: str, where: str) -> list[str]:
    if '"' not in line:
        return line.split(separator)
    try:
        # Line by line, so that an open quote is reported where it stands instead of swallowing the rest of the file.
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        raise refuse(
            where, f"a broken quotation: {error}", "closed quotes within one line", "Repair the quotes."
        ) from error


def _header_problems(header: list[str], path: str) -> list[Problem]:
    # A blank first name is how R and pandas mark the column of row names.
    blank = [str(place) for place, name in enumerate(header, 1) if place > 1 and not name.strip()]
    doubled = [name for name, count in Counter(header).items() if count > 1 and name.strip()]
    where = f"{path}, header"
    problems = []
    if blank:
        found = f"no name for column {listed(blank)}"
        problems.append(Problem(where, found, "a name for every column", "Name the columns or remove them."))
    if doubled:
        found = f"the same name twice: {listed(doubled)}"
        problems.append(Problem(where, found, "every name once", "Rename or remove the repeated columns."))
    return problems


def _ragged(rows: list[list[str]], lines: list[int], width: int, path: str) -> list[Problem]:
    hint = "Repair the line. Extra fields may come from decimal commas or thousands separators without quotes."
    return capped(
        [
            Problem(f"{path}, line {line}", f"{len(row)} fields", f"{width} fields, as in the header", hint)
            for row, line in zip(rows, lines, strict=True)
            if len(row) != width
        ]
    )
