"""Two columns per sample, genes and counts: HTSeq, and any program that writes so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import Finding, capped
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import decode, read_bytes, refuse
from dermshift.io.glance import first_lines
from dermshift.io.kinds import files_of, kinds_in
from dermshift.io.matrix import NO_HINTS, Hints, Matrix, Reader
from dermshift.io.named_files import named_files
from dermshift.io.one_per_sample import Part, find, shares, stack
from dermshift.io.plain_rows import column, is_number, read_rows
from dermshift.io.text import SEPARATORS, Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    Symbols = tuple[str, ...] | None

SPECIAL = "__"
"""HTSeq's mark before rows that are no genes."""


def read_columns(path: str, samples: Sequence[str], hints: Hints = NO_HINTS) -> Matrix:
    """Read a folder of files with a column of genes and a column of counts; a column of symbols may stand between.

    Raises
    ------
    FormatError
        Files that cannot be read, or that do not list the same genes.
    """
    assigned, said = find(path, "columns", samples, hints)
    rest: list[dict[str, float]] = []
    symbols: list[Symbols] = []
    genes, values, moved = stack(_parts(assigned.files.values(), rest, symbols), "genes", len(assigned.files))
    return Matrix(
        values=values[:, :, 0],
        samples=tuple(assigned.files),
        genes=genes,
        symbols=symbols[0],
        unlisted=tuple(assigned.surplus),
        doubled=(),
        findings=(*said, *moved, *_left_out(rest, values[:, :, 0].sum(axis=1))),
        files=tuple(sorted(str(file) for file in assigned.files.values())),
    )


def _parts(files: Iterable[Path], rest: list[dict[str, float]], symbols: list[Symbols]) -> Iterator[Part]:
    """Yield genes and counts file by file; keep the reads of no gene, and the symbols of the first file."""
    for file in files:
        part, special, names = _read(str(file))
        rest.append(special)
        symbols += [] if symbols else [names]
        yield part


def _read(path: str) -> tuple[Part, dict[str, float], Symbols]:
    grid = _grid(path)
    values = column(grid, len(grid.header) - 1)
    special = [row[0].startswith(SPECIAL) for row in grid.rows]
    blank = [
        Problem(f"{path}, line {line}", "no name in the first column", "a name", "Name the row or remove it.")
        for line, row in zip(grid.lines, grid.rows, strict=True)
        if not row[0].strip()
    ]
    if blank:
        raise FormatError(*capped(blank))
    kept = [place for place, is_special in enumerate(special) if not is_special]
    if not kept:
        raise refuse(path, "no genes", "one row per gene", "Name a file with counts.")
    symbols = tuple(grid.rows[place][1] for place in kept) if len(grid.header) == 3 else None
    rest = {grid.rows[place][0]: float(values[place]) for place, is_special in enumerate(special) if is_special}
    return Part(path, tuple(grid.rows[place][0] for place in kept), values[kept, np.newaxis]), rest, symbols


def _grid(path: str) -> Grid:
    first = next((line for line in first_lines(path) if line.strip()), "")
    separator = next((sign for sign in SEPARATORS if sign in first), "\t")
    width = max(first.count(separator) + 1, 2)
    grid = read_rows(path, ("gene", "symbol", "count") if width == 3 else ("gene", "count"))
    if is_number(grid.rows[0][-1]) or grid.rows[0][-1].strip().upper() in ("NA", ""):
        return grid
    return Grid(path, grid.rows[0], grid.rows[1:], grid.lines[1:], grid.separator)


def _left_out(rest: Sequence[dict[str, float]], in_genes: npt.NDArray[np.float64]) -> tuple[Finding, ...]:
    names = dict.fromkeys(name for special in rest for name in special)
    if not names:
        return ()
    return (shares({name: np.array([special.get(name, 0.0) for special in rest]) for name in names}, in_genes),)


def _is_htseq(path: Path) -> bool:
    # The rows of no gene come last, so the whole file is read.
    return f"\n{SPECIAL}" in decode(read_bytes(str(path)), str(path))


def column_reader(folder: str, hints: Hints = NO_HINTS) -> Reader:
    """Return the reader for a folder of such files, by the first of them."""
    files = list(named_files(folder, hints.files).values()) if hints.files else files_of(folder, "columns")
    try:
        return HTSEQ if _is_htseq(files[0]) else ONE_SAMPLE_FILES
    except FormatError:
        return ONE_SAMPLE_FILES


def _name(path: str) -> str:
    """Return the name of the reader for a folder, or an empty string."""
    return column_reader(path).name if Path(path).is_dir() and kinds_in(path, NO_HINTS) == ["columns"] else ""


HTSEQ = Reader(
    name="htseq",
    summary="folder of HTSeq counts, one file per sample; the rows __no_feature ... are left out, and shown",
    suffixes=(),
    function=read_columns,
    recognises=lambda path: _name(path) == "htseq",
)
ONE_SAMPLE_FILES = Reader(
    name="one_sample_files",
    summary="folder of text files with a column of genes and a column of counts, one file per sample",
    suffixes=(),
    function=read_columns,
    recognises=lambda path: _name(path) == "one_sample_files",
)
