"""Which pseudobulks are made: enough cells, safe names, and one value of every further column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.checks.finding import capped, listed
from dermshift.errors import Problem, SheetError
from dermshift.names import COMPARTMENT, PATIENT, SAFE_ID, SEX, TIMEPOINT
from dermshift.pseudobulk.asked import CELL_TYPE
from dermshift.pseudobulk.safe import safe_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.pseudobulk.labels import Labels

FEW, MISSING = "fewer than --min-cells", "missing"
SAFE = "letters, digits, '.', '_' and '-', the first a letter or digit"


@dataclass(frozen=True)
class Groups:
    """Pseudobulks that are made, in the order of patient, timepoint and cell type.

    Parameters
    ----------
    rows
        One record per pseudobulk: sample, patient, timepoint, compartment, further columns, cell_type, n_cells.
    dropped
        One record per combination that is not made, with the reason.
    group
        Pseudobulk of every cell, -1 for none.
    """

    rows: list[dict[str, Any]]
    dropped: list[dict[str, Any]]
    group: NDArray[np.int16]


def make_groups(labels: Labels, used: dict[str, str], path: str, min_cells: int) -> Groups:
    """Return the pseudobulks.

    Raises
    ------
    SheetError
        Unsafe labels, cell types that share a name, a column with several values where one is needed, nothing left.
    """
    problems: list[Problem] = []
    for place, role in enumerate((PATIENT, TIMEPOINT)):
        problems += _unsafe({str(key[place]) for key in labels.keys}, f"{path}: column '{used[role]}'")
    where = f"{path}: column '{used[CELL_TYPE]}'"
    types, sharing = safe_names({str(key[2]) for key in labels.keys}, where)
    problems += sharing + _varying(labels, used, path)
    kept = sorted(key for key in labels.keys if labels.cells[key] >= min_cells)
    rows = [_row(key, types, labels) for key in kept]
    problems += _doubled([row["sample"] for row in rows], path)
    if not kept and not problems:
        largest = max((labels.cells[key] for key in labels.keys), default=0)
        found = f"no pseudobulk of {min_cells} cells; {len(labels.keys)} smaller ones, the largest of {largest}"
        action = "Lower --min-cells, or check the columns of patient, timepoint and cell type."
        problems.append(Problem(path, found, f"pseudobulks of at least {min_cells} cells", action))
    if problems:
        raise SheetError(*problems)
    place_of = {key: place for place, key in enumerate(kept)}
    renumbered = np.array([*(place_of.get(key, -1) for key in labels.keys), -1], dtype=np.int16)
    return Groups(rows, _dropped(labels, min_cells), renumbered[labels.group])


def _unsafe(names: set[str], where: str) -> list[Problem]:
    action = "Rename it in the atlas or in the table of cells."
    return capped([Problem(where, repr(name), SAFE, action) for name in sorted(names) if not SAFE_ID.fullmatch(name)])


def _varying(labels: Labels, used: dict[str, str], path: str) -> list[Problem]:
    problems = []
    for role, by_visit in labels.further.items():
        seen: dict[str, set[str]] = {}
        for (patient, timepoint), values in sorted(by_visit.items()):
            # Sex is one of a patient; a dose, say, may differ between the visits.
            seen.setdefault(patient if role == SEX else f"{patient} at {timepoint}", set()).update(values)
        unit = "patient" if role == SEX else "patient and timepoint"
        problems += [
            Problem(
                f"{path}: column '{used[role]}', {place}",
                f"several values: {listed((value or 'missing' for value in sorted(values)), 4)}",
                f"one value per {unit}",
                "Correct the cells, or leave the column out.",
            )
            for place, values in seen.items()
            if len(values) > 1
        ]
    return capped(problems)


def _row(key: tuple[str | None, ...], types: dict[str, str], labels: Labels) -> dict[str, Any]:
    patient, timepoint, cell_type = (str(part) for part in key)
    compartment = types[cell_type]
    row = {"sample": f"{patient}.{timepoint}.{compartment}", PATIENT: patient, TIMEPOINT: timepoint}
    row |= {COMPARTMENT: compartment}
    row |= {role: min(values[patient, timepoint]) for role, values in labels.further.items()}
    return row | {CELL_TYPE: cell_type, "n_cells": labels.cells[key]}


def _doubled(samples: list[str], path: str) -> list[Problem]:
    doubled = sorted({name for name in samples if samples.count(name) > 1})
    action = "Rename a patient, timepoint or cell type: joined by dots they are not told apart."
    return [Problem(path, f"the sample name '{name}' twice", "each sample once", action) for name in doubled]


def _dropped(labels: Labels, min_cells: int) -> list[dict[str, Any]]:
    rows = []
    for key, cells in labels.cells.items():
        gaps = [role for role, part in zip((PATIENT, TIMEPOINT, CELL_TYPE), key, strict=True) if part is None]
        if gaps or cells < min_cells:
            reason = f"{MISSING}: {', '.join(gaps)}" if gaps else FEW
            named = {role: part or "" for role, part in zip((PATIENT, TIMEPOINT, CELL_TYPE), key, strict=True)}
            rows.append({"reason": reason} | named | {"n_cells": cells})
    return sorted(rows, key=lambda row: tuple(map(str, row.values())))
