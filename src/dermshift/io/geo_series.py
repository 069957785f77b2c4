"""The text of a GEO series matrix: metadata lines by key, and the numbered lines of its table."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dermshift.checks.finding import listed
from dermshift.io.decode import decode, read_bytes, refuse
from dermshift.io.text import fields

BEGIN, END = "!series_matrix_table_begin", "!series_matrix_table_end"
STARTS = (b"!series_", b"!sample_", b"^database", b"^series", b"^platform", b"^sample", b"^annotation")
AGAIN = "Download the file again; dermshift fetch ACCESSION does it and checks it."
Line = tuple[int, str]


@dataclass(frozen=True)
class Field:
    """A metadata line: its number in the file, its key (lower case, no ``!``) and its cells without quotes."""

    number: int
    key: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Series:
    """A series matrix, its table still text.

    Parameters
    ----------
    samples
        Accessions in the order of the columns.
    header
        Metadata lines, as they stand in the file; keys repeat.
    table
        Number and text of every line between begin and end, column names first; blank lines left out.
    oddities
        What was read leniently or not used above the table, in words.
    """

    path: str
    samples: tuple[str, ...]
    header: tuple[Field, ...]
    table: tuple[Line, ...]
    oddities: tuple[str, ...]

    def values(self, key: str) -> list[str]:
        """Return the different non-blank cells of every line of `key`, in order."""
        cells = (cell.strip() for field in self.header if field.key == key for cell in field.cells)
        return list(dict.fromkeys(cell for cell in cells if cell))

    def first(self, key: str) -> str:
        """Return the first non-blank cell of `key`, or an empty string."""
        return next(iter(self.values(key)), "")

    def by_sample(self, key: str) -> list[tuple[str, ...]]:
        """Return the lines of `key` that hold one cell per sample."""
        return [field.cells for field in self.header if field.key == key and len(field.cells) == len(self.samples)]

    @property
    def accession(self) -> str:
        """Accession of the series."""
        return self.first("series_geo_accession")

    @property
    def platform(self) -> str:
        """Platform of the samples; what the series says of its platforms counts only where it names one."""
        of_series = self.values("series_platform_id")
        return self.first("sample_platform_id") or (of_series[0] if len(of_series) == 1 else "")

    @property
    def arrays(self) -> bool:
        """Whether the series says that its samples were measured on arrays; a sequenced sample has a library."""
        by_array = any("array" in kind.lower() for kind in self.values("series_type"))
        return by_array and not self.values("sample_library_strategy")


def is_series(path: str) -> bool:
    """Tell by its first line whether a file is text of GEO, plain or gzip."""
    try:
        with Path(path).open("rb") as handle:
            packed = handle.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else Path(path).open("rb") as handle:
            start = handle.read(1000)
    except (OSError, EOFError, ValueError, zlib.error):
        return False  # whatever is wrong is said by the reader its ending asks for
    return start.removeprefix(b"\xef\xbb\xbf").lstrip(b' \r\n\t"').lower().startswith(STARTS)


def read_series(path: str) -> Series:
    """Read a series matrix as text.

    Raises
    ------
    FormatError
        Not readable, no complete table, samples named twice, or samples of several platforms.
    """
    text, notes = _text(path)
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    begin, end = _limits(numbered, path)
    header, strays = _header(numbered[:begin])
    table = tuple(numbered[begin + 1 : end])
    samples = _samples(header, table, path)
    ragged = [
        f"line {field.number} (!{field.key}) has {len(field.cells)} cells for {len(samples)} samples and is not used"
        for field in header
        if field.key.startswith("sample_") and len(field.cells) != len(samples)
    ]
    series = Series(path, samples, header, table, (*notes, *strays, *ragged))
    _need_one_platform(series)
    return series


def _text(path: str) -> tuple[str, tuple[str, ...]]:
    content = read_bytes(path)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if content.lstrip(b'"').lower().startswith(STARTS):
            # Prose of old submissions; the table is checked to be plain.
            number = content[: error.start].count(b"\n") + 1
            note = f"no UTF-8 from line {number} on: the prose was read as Latin-1"
            return decode(content.decode("latin-1").encode(), path), (note,)
    return decode(content, path), ()


def _mark(line: str) -> str:
    return line.strip().strip('"').lower()


def _limits(numbered: list[Line], path: str) -> tuple[int, int]:
    """Return the places of the begin and the end line."""
    begins = [place for place, (_, line) in enumerate(numbered) if _mark(line) == BEGIN]
    if not begins:
        raise refuse(path, _without_begin(numbered), f"a series matrix, with the line {BEGIN}", AGAIN)
    if len(begins) > 1:
        found = f"{BEGIN} on lines {listed(numbered[place][0] for place in begins)}"
        raise refuse(path, found, "one table", "Keep the series in files of their own.")
    begin = begins[0]
    end = next((place for place, (_, line) in enumerate(numbered) if place > begin and _mark(line) == END), None)
    where = f"{path}, line {numbered[-1][0]}"
    if end is None:
        found = f"the end of the file after {len(numbered) - begin - 1} lines of the table, without {END}"
        raise refuse(where, found, f"a complete table, closed by {END}", AGAIN)
    if end + 1 < len(numbered):
        found = f"{len(numbered) - end - 1} lines after {END}"
        where = f"{path}, line {numbered[end + 1][0]}"
        raise refuse(where, found, "nothing after the table", AGAIN)
    return begin, end


def _without_begin(numbered: list[Line]) -> str:
    if any(line.startswith("^") for _, line in numbered):
        return "another file of GEO (SOFT, as family files and annotations are)"
    ids = [number for number, line in numbered if _mark(line).startswith("id_ref")]
    begun = f"; the table seems to start on line {ids[0]}" if ids else ""
    return f"no line {BEGIN}{begun}"


def _header(lines: list[Line]) -> tuple[tuple[Field, ...], list[str]]:
    header, strays = [], []
    for number, line in lines:
        if line.lstrip('" ').startswith("!"):
            key, *cells = _cells(line)
            header.append(Field(number, key.strip().lstrip("!").lower(), tuple(cells)))
        elif not line.startswith(("^", "#")):
            strays.append(number)
    odd = [f"{len(strays)} lines that do not start with '!' are not used: {listed(strays)}"] if strays else []
    return tuple(header), odd


def _cells(line: str) -> list[str]:
    cells = line.split("\t")
    if all('"' not in cell.strip().removeprefix('"').removesuffix('"') for cell in cells):
        even = [cell.strip() for cell in cells]
        if all(cell.count('"') in (0, 2) and cell != '"' for cell in even):
            return [cell.strip('"') for cell in even]
    try:
        # Prose with quotes or tabs inside a cell; read leniently, the count of cells shows what went wrong.
        return next(csv.reader([line], delimiter="\t"))
    except csv.Error:
        return cells


def _samples(header: tuple[Field, ...], table: tuple[Line, ...], path: str) -> tuple[str, ...]:
    given = next((field for field in header if field.key == "sample_geo_accession"), None)
    where = f"{path}, header"
    names: tuple[str, ...] = ()
    if given is not None:
        where, names = f"{path}, line {given.number}", tuple(cell.strip() for cell in given.cells)
    elif table:
        where = f"{path}, line {table[0][0]}"
        names = tuple(cell.strip() for cell in fields(table[0][1], "\t", where)[1:])
    doubled = [name for name, count in Counter(names).items() if count > 1]
    if doubled or not all(names):
        found = f"the same sample twice: {listed(doubled)}" if any(doubled) else "a sample without a name"
        raise refuse(where, found, "each sample once", AGAIN)
    return names


def _need_one_platform(series: Series) -> None:
    platforms = series.values("sample_platform_id")
    if len(platforms) > 1:
        name = series.accession or "GSEnnn"
        action = f"GEO keeps one file per platform: take {name}-{platforms[0]}_series_matrix.txt.gz or another of them."
        found = f"samples of {len(platforms)} platforms: {listed(platforms)}"
        raise refuse(series.path, found, "samples of one platform", action)
