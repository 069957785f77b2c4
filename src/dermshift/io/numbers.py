"""From fields to numbers, with the place of every field that is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import capped
from dermshift.errors import FormatError, Problem

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.io.text import Grid

MISSING = frozenset({"", "NA", "N/A", "#N/A", "NULL", "null", "None"})
GROUPED = re.compile(r"[+-]?\d{1,3}([,.' ]\d{3})+([.,]\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def to_numbers(grid: Grid, columns: list[int]) -> npt.NDArray[np.float64]:
    """Return rows x `columns` as float64; fields such as ``NA`` become NaN.

    Raises
    ------
    FormatError
        Fields that are text, or numbers with a decimal comma or thousands separator, by line and column.
    """
    values = np.empty((len(grid.rows), len(columns)))
    bad: list[Problem] = []
    count = 0
    for place, row in enumerate(grid.rows):
        cells = [row[column] for column in columns]
        try:
            values[place] = _plain(cells)
        except ValueError:
            # Only a row that has an odd field is read field by field.
            wrong = [(column, cell) for column, cell in zip(columns, cells, strict=True) if not _readable(cell)]
            count += len(wrong)
            bad += [_problem(grid, place, column, cell) for column, cell in wrong[: 11 - len(bad)]]
            values[place] = [_number(cell) for cell in cells]
    beyond = [(p, c) for p, c in np.argwhere(np.isinf(values)) if "inf" not in grid.rows[p][columns[c]].lower()]
    count += len(beyond)
    bad += [_too_large(grid, place, columns[column]) for place, column in beyond[: 11 - len(bad)]]
    if count:
        raise FormatError(*capped(bad, count))
    return values


def _plain(cells: list[str]) -> list[float]:
    text = "".join(cells)
    # Python reads 1_000 and foreign digits as numbers; a matrix should hold neither.
    if "_" in text or not text.isascii():
        raise ValueError
    return [float(cell) for cell in cells]


def _readable(cell: str) -> bool:
    return cell.strip() in MISSING or not np.isnan(_number(cell)) or cell.strip().lower().lstrip("+-") == "nan"


def _number(cell: str) -> float:
    try:
        return _plain([cell])[0]
    except ValueError:
        return float("nan")


def _problem(grid: Grid, place: int, column: int, cell: str) -> Problem:
    found = f"'{cell}', which is text"
    if DECIMAL_COMMA.fullmatch(cell.strip()) or GROUPED.fullmatch(cell.strip()):
        found = f"'{cell}': a decimal comma or a thousands separator"
    where = f"{grid.path}, line {grid.lines[place]}, column '{grid.header[column]}'"
    return Problem(
        where, found, "a number with a decimal point and no thousands separator", "Export the table with plain numbers."
    )


def _too_large(grid: Grid, place: int, column: int) -> Problem:
    where = f"{grid.path}, line {grid.lines[place]}, column '{grid.header[column]}'"
    found = f"'{grid.rows[place][column]}', which is beyond the largest number a computer holds"
    return Problem(where, found, "a count, or a log2 value", "Export the table again; the number is damaged.")
