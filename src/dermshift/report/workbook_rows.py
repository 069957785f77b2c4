"""Whole columns into a worksheet at once: a workbook of a million cells, ten times as fast as cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from xlsxwriter.format import Format


class Rows(Worksheet):  # type: ignore[misc]
    """A worksheet of XlsxWriter that writes the rows of a table as text, below the cells that were set one by one.

    XlsxWriter keeps each cell as an object and writes it by a dozen calls. What is written here is what it would write,
    with numbers of six digits: cells with their reference, format, and shared text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._columns: list[tuple[str, Format | Sequence[Format], list[str]]] = []
        self._top = 0

    def add_numbers(self, start: tuple[int, int], values: pd.Series, look: Format) -> None:
        """Add a column of numbers from the cell `start` on; NaN and infinite values leave the cell empty."""
        numbers = values.to_numpy(float, na_value=np.nan).tolist()
        finite = np.isfinite(numbers)
        cells = [f"<v>{number:.6G}</v>" if shown else "" for number, shown in zip(numbers, finite, strict=True)]
        self._add(start, look, cells)

    def add_texts(self, start: tuple[int, int], texts: Sequence[str], looks: Sequence[Format]) -> None:
        """Add a column of texts with a format each; an empty text leaves the cell empty."""
        share = self.str_table._get_shared_string_index
        self._add(start, looks, [f"<v>{share(text)}</v>" if text else "" for text in texts])

    def _add(self, start: tuple[int, int], look: Format | Sequence[Format], cells: list[str]) -> None:
        self._top, place = start
        if cells:
            self._check_dimensions(self._top + len(cells) - 1, place)
        self._columns.append((xl_col_to_name(place), look, cells))

    def _write_rows(self) -> None:
        super()._write_rows()
        columns = [_cells(*column, self._top + 1) for column in self._columns]
        for number, cells in enumerate(zip(*columns, strict=True), self._top + 1):
            self.fh.write(f'<row r="{number}">{"".join(cells)}</row>')


def _cells(letter: str, look: Any, values: list[str], top: int) -> list[str]:
    rows = enumerate(values, top)
    if isinstance(look, (list, tuple)):
        styles = [one._get_xf_index() for one in look]
        return [
            f'<c r="{letter}{row}" s="{style}" t="s">{value}</c>' if value else ""
            for (row, value), style in zip(rows, styles, strict=True)
        ]
    style = look._get_xf_index()
    return [f'<c r="{letter}{row}" s="{style}">{value}</c>' if value else "" for row, value in rows]
