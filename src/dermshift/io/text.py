"""Text files as they come: bytes to rows of fields, with every oddity named by its line."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

from dermshift.checks.finding import capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import decode, need_plain, read_bytes, refuse

SEPARATORS = {"\t": "tab", ",": "comma", ";": "semicolon"}


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


def read_grid(path: str) -> Grid:
    """Read a delimited text file, plain or gzip, as text.

    Raises
    ------
    FormatError
        Everything wrong with the layout: encoding, empty file, separator, header names, ragged rows, quotes.
    """
    text = decode(read_bytes(path), path)
    need_plain(text, path)
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not numbered:
        raise refuse(path, "an empty file", "a header line and rows", "Name a file with content.")
    separator = _separator(numbered[0][1], f"{path}, line {numbered[0][0]}")
    header = fields(numbered[0][1], separator, f"{path}, line {numbered[0][0]}")
    if len(numbered) == 1:
        raise refuse(path, "a header and no rows", "at least one row below the header", "Name a file with content.")
    rows = (
        [fields(line, separator, f"{path}, line {number}") for number, line in numbered[1:]]
        if '"' in text
        else [line.split(separator) for _, line in numbered[1:]]
    )
    lines = [number for number, _ in numbered[1:]]
    notes: tuple[str, ...] = ()
    # Only with tabs, as R writes row names: with commas an unquoted decimal comma would look the same.
    if separator == "\t" and {len(row) for row in rows} == {len(header) + 1}:
        header = ["", *header]
        notes = ("the header is one field shorter than every row: the first field of a row was read as its name",)
    problems = [*header_problems(header, path), *ragged(rows, lines, len(header), path)]
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


def fields(line: str, separator: str, where: str) -> list[str]:
    """Return the fields of one line, quotes removed.

    Raises
    ------
    FormatError
        A quote that does not close within the line.
    """
    if '"' not in line:
        return line.split(separator)
    try:
        # Line by line, so that an open quote is reported where it stands instead of swallowing the rest of the file.
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        raise refuse(
            where, f"a broken quotation: {error}", "closed quotes within one line", "Repair the quotes."
        ) from error


def header_problems(header: list[str], path: str) -> list[Problem]:
    """Return a problem for names that are blank, and one for names that stand twice."""
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


def ragged(rows: list[list[str]], lines: list[int], width: int, path: str) -> list[Problem]:
    """Return a problem for every row that has not `width` fields."""
    hint = "Repair the line. Extra fields may come from decimal commas or thousands separators without quotes."
    return capped(
        [
            Problem(f"{path}, line {line}", f"{len(row)} fields", f"{width} fields, as in the header", hint)
            for row, line in zip(rows, lines, strict=True)
            if len(row) != width
        ]
    )
