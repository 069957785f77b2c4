"""Counts of STAR (``--quantMode GeneCounts``): one ReadsPerGene file per sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import capped
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse
from dermshift.io.kinds import kind_of, kinds_in
from dermshift.io.matrix import NO_HINTS, Hints, Matrix, Reader
from dermshift.io.one_per_sample import Part, find, shares, stack
from dermshift.io.plain_rows import column, read_rows
from dermshift.io.strand import COLUMNS, chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

SPECIAL = ("N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous")


def read_star(path: str, samples: Sequence[str], hints: Hints = NO_HINTS) -> Matrix:
    """Read the column of one strand from a folder of ReadsPerGene files; the rows of no gene are left out, and shown.

    Raises
    ------
    FormatError
        Files that cannot be read or do not fit together; samples of different strandedness, or of none that is plain.
    """
    assigned, said = find(path, "star", samples, hints)
    names = tuple(assigned.files)
    genes, values, moved = stack((_read(str(file)) for file in assigned.files.values()), "rows", len(names))
    place = {name: position for position, name in enumerate(genes)}
    kept = [position for name, position in place.items() if name not in SPECIAL]
    counts = values[:, kept, :]
    strand, evidence = chosen(path, counts.sum(axis=1), names, hints.strand)
    use = list(COLUMNS).index(strand)
    others = {name: values[:, place[name], use] for name in SPECIAL}
    return Matrix(
        values=counts[:, :, use],
        samples=names,
        genes=tuple(genes[position] for position in kept),
        symbols=None,
        unlisted=tuple(assigned.surplus),
        doubled=(),
        findings=(*said, *moved, *evidence, shares(others, counts[:, :, use].sum(axis=1))),
        files=tuple(sorted(str(file) for file in assigned.files.values())),
    )


def _read(path: str) -> Part:
    grid = read_rows(path, ("gene", *COLUMNS))
    names = tuple(row[0].strip() for row in grid.rows)
    expected = f"the rows {', '.join(SPECIAL)} and one row per gene"
    if names[: len(SPECIAL)] != SPECIAL or len(names) == len(SPECIAL):
        raise refuse(path, f"{len(names)} rows, the first ones {', '.join(names[:4])}", expected, "Run STAR again.")
    first = {name: line for line, name in reversed(list(zip(grid.lines, names, strict=True)))}
    wrong = [
        Problem(f"{path}, line {line}", f"'{name}' again" if name else "no name", "each gene once", "Run STAR again.")
        for line, name in zip(grid.lines, names, strict=True)
        if not name or first[name] != line
    ]
    if wrong:
        raise FormatError(*capped(wrong))
    return Part(path, names, np.column_stack([column(grid, place) for place in (1, 2, 3)]))


def _recognises(path: str) -> bool:
    return kinds_in(path, NO_HINTS) == ["star"] if Path(path).is_dir() else kind_of(path) == "star"


READER = Reader(
    name="star",
    summary="folder of STAR ReadsPerGene.out.tab files, one per sample; the strand is told by the counts",
    suffixes=(),
    function=read_star,
    recognises=_recognises,
)
