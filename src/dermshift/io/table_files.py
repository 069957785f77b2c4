"""Result tables on disk: tab-separated UTF-8, full precision, NA for missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.errors import FormatError, Problem
from dermshift.io.atomic import replacing
from dermshift.names import GENE_ID
from dermshift.tables import require

if TYPE_CHECKING:
    from dermshift.names import Column

NEVER_MISSING = (
    GENE_ID, "identifier", "set_name", "item", "left_out", "patient", "sample", "library", "symbol", "set_a", "set_b",
)  # fmt: skip
"""Identifiers: here the text ``NA`` is a name, not a gap."""


def write_table(frame: pd.DataFrame, path: Path | str, columns: tuple[Column, ...]) -> None:
    """Write `frame` atomically with the columns, order and kinds of the registry `columns`.

    Floats are written so that reading returns the same double.

    Raises
    ------
    FormatError
        A column is missing or unknown (see `tables.require`).
    """
    table = require(frame, columns, str(path))
    with replacing(path) as temporary:
        table.to_csv(temporary, sep="\t", index=False, na_rep="NA", lineterminator="\n", encoding="utf-8")


def read_table(path: Path | str, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Read a table `write_table` wrote; text ``NA`` becomes NaN except in identifier columns.

    Raises
    ------
    FormatError
        The file is missing, is no such table, or a cell is not of the registered kind.
    """
    try:
        # Text first: identifiers such as 007, 1E5 and NA must survive.
        frame = pd.read_csv(Path(path), sep="\t", dtype=str, na_filter=False, encoding="utf-8")
        kinds = {column.name: column.kind for column in columns}
        typed = {name: _typed(frame[name], kinds.get(str(name), "text")) for name in frame.columns}
    except (OSError, ValueError) as error:
        problem = Problem(str(path), str(error), "a table of dermshift", "Run the step that writes it again.")
        raise FormatError(problem) from error
    return require(pd.DataFrame(typed), columns, str(path))


def _typed(column: pd.Series[str], kind: str) -> pd.Series:
    text = column.to_numpy(object)
    missing = text == "NA"
    if kind == "float":
        return pd.Series(np.where(missing, "nan", text).astype(float))
    if kind == "integer":
        whole = [pd.NA if gap else int(cell) for cell, gap in zip(text, missing, strict=True)]
        return pd.Series(whole, dtype="Int64")
    if column.name in NEVER_MISSING:
        return pd.Series(text, dtype=object)
    return pd.Series(np.where(missing, np.nan, text), dtype=object)
