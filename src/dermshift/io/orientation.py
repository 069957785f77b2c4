"""Samples in the columns or in the rows: told by the names of the sheet, never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from dermshift.checks.finding import Finding, listed
from dermshift.checks.name_variants import in_words, variants
from dermshift.io.decode import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

Axis = Literal["columns", "rows"]


def orient(path: str, columns: Sequence[str], rows: Sequence[str], samples: Sequence[str]) -> tuple[Axis, Finding]:
    """Return the axis that holds the samples, with the evidence.

    An axis is chosen when it alone holds samples of the sheet, or when it alone holds all of them.

    Raises
    ------
    FormatError
        Neither axis matches the sheet, or both do.
    """
    wanted_order = list(dict.fromkeys(samples))
    wanted = set(samples)
    hits: dict[Axis, int] = {"columns": len(wanted & set(columns)), "rows": len(wanted & set(rows))}
    counted = f"{hits['columns']} of {len(wanted)} samples of the sheet are column names, {hits['rows']} are row names"
    some: list[Axis] = [axis for axis, count in hits.items() if count]
    full: list[Axis] = [axis for axis, count in hits.items() if count == len(wanted)]
    for candidates in (some, full):
        if len(candidates) == 1:
            where = "genes in rows" if candidates[0] == "columns" else "samples in rows"
            return candidates[0], Finding("orientation", "note", f"{counted}: {where}")
    if some:
        action = "Rename the samples so that no gene bears the name of a sample."
        raise refuse(path, f"samples on both axes: {counted}", "sample names on one axis", action)
    pairs = max((variants(wanted_order, axis) for axis in (columns, rows)), key=len)
    if pairs:
        action = "Write the names in both files in one way: rename them in the sheet or in the matrix."
        raise refuse(path, in_words(pairs, len(wanted)), "the samples of the sheet as column or row names", action)
    found = f"{counted}; columns: {listed(columns, 5)}; rows: {listed(rows, 5)}; sheet: {listed(samples, 5)}"
    raise refuse(
        path, found, "the samples of the sheet as column or row names", "Use the same sample names in both files."
    )
