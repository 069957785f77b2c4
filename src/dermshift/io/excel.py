"""Tables in Excel workbooks, as text: a matrix or a sample sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse
from dermshift.io.excel_book import EXCEL, OLD, opened, split
from dermshift.io.excel_cells import Cells, read_cells
from dermshift.io.matrix import NO_HINTS, Hints, Matrix, Reader
from dermshift.io.text import Grid, header_problems, read_grid
from dermshift.io.text_matrix import matrix_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CELLS = 2**28


def read_book(path: str) -> Grid:
    """Read one sheet of a workbook as text; the first row that is not blank is the header.

    Parameters
    ----------
    path
        ``book.xlsx``, or ``book.xlsx#Sheet`` where several sheets hold something.

    Raises
    ------
    FormatError
        No workbook that can be read, an unclear sheet, or cells that hold no plain value; with all places.
    """
    with opened(path) as (book, sheet):
        cells = read_cells(path, book, sheet)
    name = f"sheet '{cells.sheet}'"
    if not cells.rows:
        raise refuse(path, f"{name} is empty", "a header and rows", "Name a sheet with content.")
    if len(cells.rows) == 1:
        raise refuse(path, "a header and no rows", "at least one row below the header", "Name a sheet with content.")
    (_, header), *rows = cells.rows
    width = max(len(row) for _, row in cells.rows)
    if width * len(cells.rows) > MOST_CELLS:
        found = f"{len(cells.rows)} rows, one of them {width} cells wide"
        raise refuse(path, found, f"at most {MOST_CELLS:,} cells", "Remove what stands beside the table.")
    header = [*header, *[""] * (width - len(header))]
    problems = [*header_problems(header, path), *_merged(path, cells)]
    if problems:
        raise FormatError(*problems)
    full = [[*row, *[""] * (width - len(row))] for _, row in rows]
    return Grid(path, header, full, [number for number, _ in rows], "\t", (name, *_hidden(cells)))


def read_table(path: str) -> Grid:
    """Read a table as text, from a workbook or from CSV or TSV.

    Raises
    ------
    FormatError
        As from `read_book` and `text.read_grid`.
    """
    return read_book(path) if is_book(path) else read_grid(path)


def read_excel_matrix(path: str, samples: Sequence[str], _hints: Hints = NO_HINTS) -> Matrix:
    """Read a matrix from one sheet of a workbook.

    Raises
    ------
    FormatError
        As from `read_book` and `text_matrix.read_text_matrix`.
    """
    from dataclasses import replace

    grid = read_book(path)
    matrix = matrix_of(grid, samples, f"Excel, {len(grid.rows)} rows, {len(grid.header)} columns")
    hidden = [Finding("hidden_cells", "warning", note) for note in grid.notes if note.startswith("hidden")]
    return replace(matrix, findings=(*matrix.findings, *hidden), files=(split(path)[0],))


def _merged(path: str, cells: Cells) -> list[Problem]:
    return capped(
        [
            Problem(f"{path}, cells {area}", "merged cells", "one value per cell", "Unmerge the cells.")
            for area in cells.merged
        ]
    )


def _hidden(cells: Cells) -> tuple[str, ...]:
    parts = []
    if cells.hidden_rows:
        parts.append(f"rows {listed(cells.hidden_rows)}")
    if cells.hidden_columns:
        parts.append(f"columns {listed(cells.hidden_columns)}")
    return (f"hidden in Excel, and read like the others: {'; '.join(parts)}",) if parts else ()


def is_book(path: str) -> bool:
    """Tell by its name whether a file is a workbook."""
    return split(path)[0].lower().endswith((*EXCEL, *OLD))


READER = Reader(
    name="excel",
    summary="count or log2 matrix in an Excel workbook (.xlsx); book.xlsx#Sheet names a sheet",
    suffixes=EXCEL,
    function=read_excel_matrix,
    recognises=is_book,
)
