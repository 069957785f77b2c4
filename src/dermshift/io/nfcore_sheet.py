"""Sample sheets of nf-core pipelines (``sample,fastq_1,fastq_2,strandedness`` and more): one row per sample."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dermshift.checks.finding import capped, counted, listed
from dermshift.errors import FormatError, Problem

if TYPE_CHECKING:
    from dermshift.io.text import Grid

SAMPLE, FIRST_READS = "sample", "fastq_1"
PATHS = re.compile(r"fastq_\w+|\w*bam|bai|spring_\d")
"""Columns that say where the reads of a row are."""
OF_A_RUN = re.compile(r"run_\w+|base_count|read_count|lane|flowcell|md5_\d|seq_platform|seq_center|replicate_run")
"""Columns that differ between the runs of one sample; several values are joined."""


def one_row_per_sample(grid: Grid, sample: str = SAMPLE) -> Grid:
    """Merge the rows of a sample that was sequenced several times, and drop the columns of paths.

    Any other sheet (one without the columns ``sample`` and ``fastq_1``) is returned as it is.

    Parameters
    ----------
    sample
        Column that names the samples; where it is another than ``sample``, rows are not merged.

    Raises
    ------
    FormatError
        Rows of one sample that differ in anything but their files and runs, all of them.
    """
    if not {SAMPLE, FIRST_READS} <= set(grid.header) or sample != SAMPLE:
        return grid
    place = grid.header.index(SAMPLE)
    groups: dict[str, list[int]] = {}
    for number, row in enumerate(grid.rows):
        # A blank name is no sample: the check of blank cells names its line.
        groups.setdefault(row[place] or f"\n{number}", []).append(number)
    problems = [problem for rows in groups.values() for problem in _differences(grid, rows)]
    if problems:
        raise FormatError(*capped(problems))
    kept = [column for column, name in enumerate(grid.header) if not PATHS.fullmatch(name)]
    merged = [[_joined(grid, rows, column) for column in kept] for rows in groups.values()]
    return replace(
        grid,
        header=[grid.header[column] for column in kept],
        rows=merged,
        lines=[grid.lines[rows[0]] for rows in groups.values()],
        notes=(*grid.notes, _note(grid, groups)),
    )


def _differences(grid: Grid, rows: list[int]) -> list[Problem]:
    problems = []
    for column, name in enumerate(grid.header):
        cells = list(dict.fromkeys(grid.rows[row][column] for row in rows))
        if len(cells) > 1 and not PATHS.fullmatch(name) and not OF_A_RUN.fullmatch(name):
            where = f"{grid.path}, column '{name}', lines {listed(grid.lines[row] for row in rows)}"
            found = (
                f"{listed(map(repr, cells))} on rows of the sample '{grid.rows[rows[0]][grid.header.index(SAMPLE)]}'"
            )
            expected = "rows of one sample that differ in their files alone"
            problems.append(Problem(where, found, expected, "Correct the cell, or give different samples other names."))
    return problems


def _joined(grid: Grid, rows: list[int], column: int) -> str:
    return ";".join(dict.fromkeys(grid.rows[row][column] for row in rows))


def _note(grid: Grid, groups: dict[str, list[int]]) -> str:
    several = [f"'{name}' ({len(rows)} rows)" for name, rows in groups.items() if len(rows) > 1]
    text = f"an nf-core sheet: {counted(len(grid.rows), 'row')} of {counted(len(groups), 'sample')}"
    if several:
        text += f"; merged, as sequenced several times: {listed(several)}"
    return f"{text}; columns of paths left out: {listed(name for name in grid.header if PATHS.fullmatch(name))}"
