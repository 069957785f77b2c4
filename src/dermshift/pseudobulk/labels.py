"""Which pseudobulk every cell belongs to: two bytes per cell are kept, whatever its labels are stored as."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import capped, listed, nearest
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse
from dermshift.names import PATIENT, TIMEPOINT
from dermshift.pseudobulk.asked import CELL_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dermshift.pseudobulk.atlas import Atlas
    from dermshift.pseudobulk.frames import Column

Key = tuple[str | None, ...]
KEYS = (PATIENT, TIMEPOINT, CELL_TYPE)
STRETCH = 65_536
MOST = 10_000
"""More pseudobulks than this come from a column that is no label of a patient, a timepoint or a cell type."""


@dataclass
class Labels:
    """Labels of all cells.

    Parameters
    ----------
    group
        For each cell its place in `keys`, -1 where a label is missing.
    keys
        Patient, timepoint and cell type of each pseudobulk, as in the atlas.
    cells
        Cells of every combination of labels, None standing for a missing one.
    further
        Values of every further column by patient and timepoint.
    """

    group: NDArray[np.int16]
    keys: list[Key] = field(default_factory=list)
    cells: dict[Key, int] = field(default_factory=dict)
    further: dict[str, dict[tuple[str, str], set[str]]] = field(default_factory=dict)


def read_labels(atlas: Atlas, used: dict[str, str], columns: dict[str, Column]) -> Labels:
    """Return the labels of every cell.

    Parameters
    ----------
    used
        Name of the column by what it is for.
    columns
        The opened columns, by what they are for.

    Raises
    ------
    FormatError
        So many combinations that a column can be no label.
    """
    labels = Labels(np.full(atlas.n_cells, -1, dtype=np.int16))
    labels.further = {role: {} for role in columns if role not in KEYS}
    places: dict[Key, int] = {}
    for start in range(0, atlas.n_cells, STRETCH):
        stop = min(start + STRETCH, atlas.n_cells)
        combined, inverse = _combined([columns[role].codes(start, stop) for role in columns])
        counts = np.bincount(inverse, minlength=len(combined))
        own = np.empty(len(combined), dtype=np.int16)
        for place, (codes, count) in enumerate(zip(combined, counts, strict=True)):
            values = _texts(codes, columns)
            key = values[:3]
            labels.cells[key] = labels.cells.get(key, 0) + int(count)
            own[place] = -1 if None in key else places.setdefault(key, len(places))
            _note_further(labels, values, list(columns))
            if len(places) >= MOST or len(labels.cells) >= 2 * MOST:
                raise _too_many(atlas.path, used, columns)
        labels.group[start:stop] = own[inverse]
    labels.keys = list(places)
    return labels


def _combined(codes: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different rows of codes, and which of them each cell has."""
    inverse = np.zeros(len(codes[0]), dtype=np.int64)
    for column in codes:
        _, inverse = np.unique(inverse * (int(column.max(initial=0)) + 2) + column + 1, return_inverse=True)
    _, first = np.unique(inverse, return_index=True)
    return np.column_stack([column[first] for column in codes]), inverse


def _texts(codes: NDArray[np.int64], columns: dict[str, Column]) -> Key:
    return tuple(
        None if code < 0 else column.levels[code] for code, column in zip(codes, columns.values(), strict=True)
    )


def _note_further(labels: Labels, values: Key, roles: list[str]) -> None:
    patient, timepoint = values[:2]
    if None in values[:3] or patient is None or timepoint is None:
        return
    for role, value in zip(roles[3:], values[3:], strict=True):
        seen = labels.further[role].setdefault((patient, timepoint), set())
        if len(seen) <= 3:  # enough to show that it is not one value
            seen.add(value or "")


def _too_many(path: str, used: dict[str, str], columns: dict[str, Column]) -> FormatError:
    levels = ", ".join(f"'{used[role]}' {len(column.levels)}" for role, column in columns.items())
    action = "Name columns that hold labels; one of them seems to hold a value of each cell."
    return refuse(path, f"labels so far: {levels}", f"fewer than {MOST} pseudobulks", action)


def open_columns(
    path: str, used: dict[str, str], names: Sequence[str], opener: Callable[[str], Column]
) -> dict[str, Column]:
    """Return the columns the user named.

    Raises
    ------
    FormatError
        With every column that is not there, and the nearest name.
    """
    absent = [name for name in used.values() if name not in names]
    expected = f"one of {listed(names, 20)}" if names else "a table of the cells: this format has no columns of cells"
    action = "Correct the name of the column." if names else "Give a table with a barcode in its first column: --cells."
    problems = [
        Problem(f"{path}: columns of cells", f"no '{name}'{nearest(name, names)}", expected, action) for name in absent
    ]
    if problems:
        raise FormatError(*capped(problems))
    return {role: opener(name) for role, name in used.items()}
