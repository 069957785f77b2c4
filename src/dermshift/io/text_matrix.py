"""Expression matrices as CSV or TSV, plain or gzip, genes in rows or samples in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, capped
from dermshift.errors import FormatError, Problem
from dermshift.io.matrix import NO_HINTS, SYMBOL_COLUMNS, Hints, Matrix, Reader, pick
from dermshift.io.numbers import to_numbers
from dermshift.io.orientation import orient
from dermshift.io.text import SEPARATORS, Grid, read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_text_matrix(path: str, samples: Sequence[str], _hints: Hints = NO_HINTS) -> Matrix:
    """Read a delimited matrix whose first column holds names.

    Parameters
    ----------
    samples
        Samples of the sheet; they tell which axis is which.

    Raises
    ------
    FormatError
        Layout, orientation, or fields that are no numbers; with all places.
    """
    grid = read_grid(path)
    text = f"{len(grid.rows)} rows, {len(grid.header)} columns, separated by {SEPARATORS[grid.separator]}"
    return matrix_of(grid, samples, text)


def matrix_of(grid: Grid, samples: Sequence[str], layout: str) -> Matrix:
    """Return the matrix a table holds, whatever kind of file the table was read from.

    Parameters
    ----------
    layout
        The table in words.

    Raises
    ------
    FormatError
        As from `read_text_matrix`.
    """
    names = [row[0] for row in grid.rows]
    axis, oriented = orient(grid.path, grid.header[1:], names, samples)
    blank = [
        Problem(f"{grid.path}, line {line}", "no name in the first column", "a name", "Name the row or remove it.")
        for line, name in zip(grid.lines, names, strict=True)
        if not name.strip()
    ]
    if blank:
        raise FormatError(*capped(blank))
    said = Finding("matrix_layout", "note", "; ".join((layout, *grid.notes)))
    read = _genes_in_rows if axis == "columns" else _samples_in_rows
    return read(grid, names, samples, (said, oriented))


def _genes_in_rows(grid: Grid, genes: list[str], samples: Sequence[str], findings: tuple[Finding, ...]) -> Matrix:
    symbol = next((grid.header.index(name, 1) for name in SYMBOL_COLUMNS if name in grid.header[1:]), None)
    names = ["" if place == symbol else name for place, name in enumerate(grid.header)][1:]
    places, unlisted, doubled = pick(names, samples)
    values = to_numbers(grid, [place + 1 for place in places])
    return Matrix(
        values=values.T.copy(),
        samples=tuple(names[place] for place in places),
        genes=tuple(genes),
        symbols=None if symbol is None else tuple(row[symbol] for row in grid.rows),
        unlisted=tuple(name for name in unlisted if name),
        doubled=doubled,
        findings=findings,
    )


def _samples_in_rows(grid: Grid, names: list[str], samples: Sequence[str], findings: tuple[Finding, ...]) -> Matrix:
    places, unlisted, doubled = pick(names, samples)
    rows, lines = [grid.rows[place] for place in places], [grid.lines[place] for place in places]
    chosen = Grid(grid.path, grid.header, rows, lines, grid.separator)
    values = to_numbers(chosen, list(range(1, len(grid.header))))
    genes = tuple(grid.header[1:])
    return Matrix(values, tuple(names[place] for place in places), genes, None, unlisted, doubled, findings)


READER = Reader(
    name="text",
    summary="count or log2 matrix as CSV or TSV, plain or gzip; genes or samples in rows, optional gene_name column",
    suffixes=(".csv", ".tsv", ".txt", ".tab", ".csv.gz", ".tsv.gz", ".txt.gz", ".tab.gz"),
    function=read_text_matrix,
)
