"""Samples of one matrix that are on different scales: some log2, some counts, some normalised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from dermshift.checks.finding import listed
from dermshift.checks.scale_evidence import LOG2_MAXIMUM, MOSTLY
from dermshift.errors import Problem

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from dermshift.checks.views import MatrixView

Kind = Literal["log2 values", "whole numbers", "numbers with decimals", "unclear"]
APART = 20.0
"""How many times the largest value of the samples taken for log2 the others must reach: 2**5 is 32, 20 times 640."""


def kinds_of(values: npt.NDArray[np.float64]) -> list[Kind]:
    """Return what each sample (row) holds, by its own values alone."""
    return [_kind(row[np.isfinite(row)]) for row in values]


def _kind(row: npt.NDArray[np.float64]) -> Kind:
    positive = row[row != 0]
    if not positive.size:
        return "unclear"
    decimal = float((positive != np.floor(positive)).mean())
    if np.abs(positive).max() <= LOG2_MAXIMUM:
        return "log2 values" if decimal > MOSTLY else "unclear"
    if decimal == 0:
        return "whole numbers"
    return "numbers with decimals" if decimal > MOSTLY else "unclear"


def mixed(values: pd.DataFrame) -> dict[Kind, list[str]]:
    """Return the samples by what they hold where that differs among them, else an empty dictionary."""
    groups: dict[Kind, list[str]] = {}
    for name, kind in zip(values.index, kinds_of(values.to_numpy(float)), strict=True):
        groups.setdefault(kind, []).append(str(name))
    groups.pop("unclear", None)
    if len(groups) < 2 or ("whole numbers" not in groups and not _far_apart(values, groups)):
        return {}
    return groups


def _far_apart(values: pd.DataFrame, groups: dict[Kind, list[str]]) -> bool:
    """Tell log2 values beside linear ones from low and high samples of one scale."""
    with np.errstate(invalid="ignore"):
        tops = {kind: np.nanmedian(values.loc[names].to_numpy(float).max(axis=1)) for kind, names in groups.items()}
    return bool(tops["numbers with decimals"] > APART * tops["log2 values"])


def mixed_problem(view: MatrixView) -> Problem | None:
    """Return the problem of a matrix whose samples are on different scales, or None."""
    groups = mixed(view.values)
    if not groups:
        return None
    found = "; ".join(f"{kind} in {len(names)} samples ({listed(names, 5)})" for kind, names in sorted(groups.items()))
    expected = "all samples on one scale"
    action = "Take every sample from the same step of the same software, best the raw counts."
    return Problem(f"{view.path}, samples", found, expected, action)
