"""Rows of tables as plain values: numbers, texts, and None for everything missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping


def gene_row(table: pd.DataFrame, gene: str) -> pd.Series:
    """Return the row of a gene."""
    return table[table["gene_id"] == gene].iloc[0]


def rows_of(frame: pd.DataFrame, item: str) -> list[dict[str, Any]]:
    """Return the rows of an item as plain values."""
    return [plain_row(row) for row in frame[frame["item"] == item].to_dict("records")]


def one_row(frame: pd.DataFrame, item: str, **where: str) -> dict[str, Any]:
    """Return the row of an item with these labels, {} where there is none."""
    kept = frame["item"] == item
    for column, wanted in where.items():
        kept &= frame[column] == wanted
    rows = frame[kept].to_dict("records")
    return plain_row(rows[0]) if rows else {}


def plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row with None for everything missing."""
    return {str(key): value(cell) for key, cell in row.items()}


def value(cell: Any) -> Any:
    """Return a number, a text or None."""
    if isinstance(cell, str):
        return cell
    if cell is None or pd.isna(cell):
        return None
    return int(cell) if isinstance(cell, (int, np.integer)) else float(cell)
