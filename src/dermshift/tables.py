"""Result tables: what every table must hold before it may be written, and numbers as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from dermshift.errors import FormatError, Problem
from dermshift.names import DE_COLUMNS, STATUSES, column_names

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.names import Column

DETable: TypeAlias = pd.DataFrame
"""One row per gene, columns `names.DE_COLUMNS`."""

EnrichmentTable: TypeAlias = pd.DataFrame
"""One row per gene set, method and direction, columns `names.SET_COLUMNS`."""


def require(frame: pd.DataFrame, columns: tuple[Column, ...], where: str) -> pd.DataFrame:
    """Return `frame` with its columns in registry order and of the registered kind.

    Raises
    ------
    FormatError
        A column is missing or unknown.
    """
    names = column_names(columns)
    missing = [name for name in names if name not in frame]
    unknown = [str(name) for name in frame.columns if name not in names]
    if missing or unknown:
        raise FormatError(
            Problem(
                where=where,
                found=f"columns missing: {missing or 'none'}; unknown: {unknown or 'none'}",
                expected=f"exactly {', '.join(names)}",
                action="Report this as a fault of dermshift, or restore the table it wrote.",
            )
        )
    kinds = {"text": "object", "float": "float64", "integer": "Int64"}
    wrong = {column.name: kinds[column.kind] for column in columns if frame[column.name].dtype != kinds[column.kind]}
    return frame[names].astype(wrong) if wrong else frame[names]


def require_de(frame: pd.DataFrame, where: str) -> DETable:
    """Return a valid `DETable`: registered columns, known statuses, unique gene ids, p in (0, 1] or NaN.

    p-values below the smallest double are written as that double, so that a logarithm of p is always finite.
    """
    table = require(frame, DE_COLUMNS, where)
    p = table["p_value"].to_numpy(float)
    table["p_value"] = np.where(p == 0, np.finfo(float).tiny, p)
    bad = [
        text
        for text, wrong in (
            ("an unknown status", ~table["status"].isin(STATUSES)),
            ("a repeated gene_id", table["gene_id"].duplicated()),
            ("a p_value outside (0, 1]", (table["p_value"] < 0) | (table["p_value"] > 1)),
        )
        if wrong.any()
    ]
    if bad:
        raise FormatError(
            Problem(
                where, "; ".join(bad), "a table as docs/output.md describes", "Report this as a fault of dermshift."
            )
        )
    return table


def in_digits(values: npt.NDArray[np.float64], digits: int) -> list[str]:
    """Return numbers as text of so many significant digits, ``nan`` where missing.

    One format for all of them: a column may hold every gene, and one by one they take several times as long.
    """
    return ("\n".join([f"%.{digits}g"] * len(values)) % tuple(values.tolist())).splitlines()
