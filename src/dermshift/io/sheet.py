"""The sample sheet: read as text, renamed to canonical columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.checks import Finding, SheetView, check_columns
from dermshift.checks.finding import listed, nearest
from dermshift.errors import Problem
from dermshift.io.decode import refuse
from dermshift.io.dosing import has_doses, read_regimens, with_doses
from dermshift.io.excel import read_table
from dermshift.io.geo_cache import portable
from dermshift.io.nfcore_sheet import one_row_per_sample
from dermshift.names import DERIVED, MAPPED, TIMEPOINT

if TYPE_CHECKING:
    from dermshift.study import StudySpec

SAMPLE = "sample"
ROW_NAMES = "row_names"
"""What a nameless first column is called beside one called ``sample``, which then names the samples."""
RESERVED = ("_index", SAMPLE, *MAPPED)


def read_sheet(spec: StudySpec, asked: frozenset[str]) -> tuple[SheetView, tuple[Finding, ...]]:
    """Read the sample sheet of `spec`; columns that are no role are kept.

    Raises
    ------
    FormatError
        The file cannot be read. Wrong content is no error here but a finding.
    """
    _need_sheet(spec)
    grid = one_row_per_sample(read_table(spec.samples), spec.columns.get(SAMPLE, SAMPLE))
    # A sheet written with row names has a nameless first column.
    nameless = ROW_NAMES if SAMPLE in grid.header[1:] else SAMPLE
    header = [grid.header[0].strip() or nameless, *grid.header[1:]]
    columns_found = check_columns(spec, asked, [*header, *(DERIVED if has_doses(spec) else ())])
    frame = pd.DataFrame(grid.rows, columns=header, dtype=object)
    names = _canonical(spec, header)
    renamed = [f"'{old}' is kept as '{new}'" for old, new in names.items() if old != new and new not in RESERVED]
    notes = tuple(Finding("sheet_names", "note", text) for text in (*grid.notes, *renamed))
    frame = frame.rename(columns=names).set_index(SAMPLE)
    kept, left_out, said = _taking_part(spec, frame)
    lines = tuple(line for line, keep in zip(grid.lines, kept, strict=True) if keep)
    view = SheetView(spec, frame[kept], lines, asked, left_out)
    view = with_doses(view, read_regimens(spec.regimens)) if has_doses(spec) else view
    return view, (columns_found, *notes, *said)


def _taking_part(spec: StudySpec, frame: pd.DataFrame) -> tuple[list[bool], tuple[str, ...], list[Finding]]:
    """Return which rows take part, the samples of other timepoints that do not, and what is to be said of them."""
    if not spec.other_timepoints or TIMEPOINT not in frame:
        return [True] * len(frame), (), []
    labels = frame[TIMEPOINT]
    kept = [label not in spec.other_timepoints for label in labels]
    left_out = tuple(str(sample) for sample, keep in zip(frame.index, kept, strict=True) if not keep)
    evidence = f"{len(left_out)} samples of other timepoints take no part: {listed(left_out) or 'none'}"
    absent = [label for label in spec.other_timepoints if label not in set(labels)]
    compared = {spec.timepoints.before, *spec.timepoints.visits}
    both = tuple(
        Problem(
            f"timepoints.others: '{label}'",
            "a timepoint that is compared",
            f"labels other than {listed(sorted(compared))}",
            "Leave it out of timepoints.others, or correct before and after.",
        )
        for label in spec.other_timepoints
        if label in compared
    )
    problems = both + tuple(
        Problem(
            f"{spec.samples}, column '{spec.columns.get(TIMEPOINT, TIMEPOINT)}'",
            f"no sample with the timepoint '{label}'{nearest(label, dict.fromkeys(labels))}",
            "a label of the sheet",
            "Correct timepoints.others.",
        )
        for label in absent
    )
    return kept, left_out, [Finding("other_timepoints", "error" if problems else "note", evidence, problems)]


def _need_sheet(spec: StudySpec) -> None:
    """Say of a series from GEO how its sheet comes about; nobody has written one beforehand."""
    series = portable(spec.matrix)
    if series != spec.matrix and not Path(spec.samples).exists():
        expected = "a sheet of the samples, confirmed by hand"
        action = f"Run: dermshift sheet {series} --out {spec.samples}, then complete and confirm every row."
        raise refuse(spec.samples, "No such file or directory", expected, action)


def _canonical(spec: StudySpec, header: list[str]) -> dict[str, str]:
    """Map sheet columns to canonical names; no other column takes the name of a role, nor one HDF5 cannot hold."""
    sample = spec.columns.get(SAMPLE, SAMPLE if header[0] == ROW_NAMES and SAMPLE in header else header[0])
    roles = {column: role for role, column in spec.columns.items() if role in MAPPED and column in header}
    roles[sample if sample in header else header[0]] = SAMPLE
    names = {}
    taken = set(roles.values())
    reserved = {*RESERVED, *(DERIVED if has_doses(spec) else ())}
    for column in header:
        free = column.replace("/", "_")
        if column not in roles and (free in reserved or free in taken):
            free = f"{free.strip('_')}_in_sheet"
        while column not in roles and free in taken:
            free = f"{free}_"
        names[column] = roles.get(column, free)
        taken.add(names[column])
    return names
