"""Merged counts of nf-core/rnaseq: the file itself, or the pipeline's output folder."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, listed
from dermshift.io.decode import refuse
from dermshift.io.glance import first_lines
from dermshift.io.matrix import NO_HINTS, Hints, Matrix, Reader
from dermshift.io.text import Grid, read_grid
from dermshift.io.text_matrix import matrix_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = re.compile(
    r"""(?P<by>salmon|kallisto|rsem)\.merged\.(?P<level>gene|transcript)_(?P<what>counts|tpm|lengths)
    (?P<scaled>_length_scaled|_scaled)?(?![a-z_]).*\.tsv(\.gz)?""",
    re.VERBOSE,
)
FOLDERS = ("", "star_salmon", "star_rsem", "salmon", "kallisto", "bowtie2_salmon", "hisat2")
"""Where the pipeline puts them, the usual route first."""
ORDER = ("_length_scaled", "_scaled", "")
TRANSCRIPTS = "transcript_id(s)"
"""A column RSEM's merged counts have beside the genes."""
SCALED = "counts_length_scaled.tsv"


def read_nfcore(path: str, samples: Sequence[str], _hints: Hints = NO_HINTS) -> Matrix:
    """Read merged gene counts; of an output folder the length-scaled ones where there are any.

    Raises
    ------
    FormatError
        Values that are no gene counts, or as from `text_matrix.read_text_matrix`.
    """
    file, said = _pick(path)
    kind = NAME.search(Path(file).name)
    if kind and (kind["level"], kind["what"]) != ("gene", "counts"):
        found = f"{kind['level']} {kind['what']} of {kind['by']}"
        raise refuse(file, found, "counts of genes", f"Name {kind['by']}.merged.gene_{SCALED} of the same folder.")
    grid = _without(read_grid(file), TRANSCRIPTS)
    text = f"nf-core/rnaseq, {len(grid.rows)} rows, {len(grid.header)} columns"
    matrix = matrix_of(grid, samples, text)
    files = (file,) if file != path else ()
    return replace(matrix, findings=(*said, *matrix.findings, _which(file)), estimated=True, files=files)


def _without(grid: Grid, name: str) -> Grid:
    if name not in grid.header[1:]:
        return grid
    place = grid.header.index(name, 1)
    rows = [[*row[:place], *row[place + 1 :]] for row in grid.rows]
    return Grid(
        grid.path, [*grid.header[:place], *grid.header[place + 1 :]], rows, grid.lines, grid.separator, grid.notes
    )


def _which(file: str) -> Finding:
    """Say how the counts were made, and whether they may be used without offsets."""
    kind = NAME.search(Path(file).name)
    if kind is None or kind["by"] == "rsem":
        text = "expected counts of RSEM: not scaled for the lengths of transcripts; no offsets are used"
        return Finding("estimated_counts", "note", text)
    if kind["scaled"] == "_length_scaled":
        return Finding("estimated_counts", "note", f"length-scaled counts of {kind['by']}; no offsets are used")
    if kind["scaled"]:
        text = f"abundances of {kind['by']} scaled to the depth of the libraries; no offsets are used"
        return Finding("estimated_counts", "note", text)
    text = f"plain counts of {kind['by']}, to be used with offsets for the lengths of transcripts, which are not read"
    right = f"{kind['by']}.merged.gene_{SCALED}"
    return Finding("estimated_counts", "warning", f"{text}: {right} of the same run is the right file without offsets")


def merged_files(folder: str) -> list[Path]:
    """Return the merged gene counts in an output folder of the pipeline, the one to read first."""
    found: list[tuple[int, int, Path]] = []
    for place, name in enumerate(FOLDERS):
        below = Path(folder) / name
        for file in sorted(below.glob("*.merged.gene_counts*.tsv*")) if below.is_dir() else ():
            if (kind := NAME.fullmatch(file.name)) and file.is_file():
                found.append((place, ORDER.index(kind["scaled"] or ""), file))
    return [file for _, _, file in sorted(found)]


def _pick(path: str) -> tuple[str, tuple[Finding, ...]]:
    if not Path(path).is_dir():
        return path, ()
    files = merged_files(path)
    if not files:
        expected = "an output folder with salmon.merged.gene_counts_length_scaled.tsv or its like"
        raise refuse(
            path, "a folder without merged counts of genes", expected, "Name the output folder of the pipeline."
        )
    first, *others = files
    text = f"read {first.relative_to(path)}"
    more = listed((file.relative_to(path) for file in others), 20)
    return str(first), (Finding("matrix_files", "note", f"{text}; also there, not read: {more or 'none'}"),)


def is_nfcore(path: str) -> bool:
    """Tell by the name of a file, or by what a folder holds, whether nf-core/rnaseq wrote it."""
    if Path(path).is_dir():
        return bool(merged_files(path))
    name = Path(path).name
    if NAME.search(name):
        return True
    header = (first_lines(path) or [""])[0].split("\t")
    return header[:2] == ["gene_id", TRANSCRIPTS]


READER = Reader(
    name="nfcore_rnaseq",
    summary="merged gene counts of nf-core/rnaseq (salmon, kallisto, RSEM), or its output folder; estimated counts",
    suffixes=(),
    function=read_nfcore,
    recognises=is_nfcore,
)
