"""Tables without a header, and single columns of numbers: what programs that count write for one sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.errors import FormatError
from dermshift.io.decode import decode, read_bytes, refuse
from dermshift.io.numbers import to_numbers
from dermshift.io.text import SEPARATORS, Grid, fields, ragged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def read_rows(path: str, header: Sequence[str]) -> Grid:
    """Read a text file whose first line holds values already; `header` names the columns in messages.

    Raises
    ------
    FormatError
        As from `text.read_grid`.
    """
    text = decode(read_bytes(path), path)
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not numbered:
        raise refuse(path, "an empty file", "one row per gene", "Name a file with content.")
    separator = next((sign for sign in SEPARATORS if sign in numbered[0][1]), "\t")
    rows = [fields(line, separator, f"{path}, line {number}") for number, line in numbered]
    lines = [number for number, _ in numbered]
    if wrong := ragged(rows, lines, len(header), path):
        raise FormatError(*wrong)
    return Grid(path, list(header), rows, lines, separator)


def is_number(text: str) -> bool:
    """Tell whether a field is a number; a name of a column is none."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def column(grid: Grid, place: int) -> npt.NDArray[np.float64]:
    """Return one column as float64, as `to_numbers` does but in one go where nothing is odd."""
    cells = [row[place] for row in grid.rows]
    text = "".join(cells)
    if text.isascii() and "_" not in text:
        try:
            values = np.array([float(cell) for cell in cells])
        except ValueError:
            return to_numbers(grid, [place])[:, 0]
        if np.isfinite(values).all():
            return values
    return to_numbers(grid, [place])[:, 0]
