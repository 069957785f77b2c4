"""What is left of a result without each patient in turn: the protection a paired design has against one odd patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.evidence.badges import summary
from dermshift.paired.changes import item_notes, too_few
from dermshift.paired.moderated import Moments, moments_of, statistics, t_tests

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.paired.changes import Changes

    Array = npt.NDArray[np.float64]

__all__ = ["LONG_COLUMNS", "leave_one_out", "summary"]

LONG_COLUMNS = (
    "item",
    "left_out",
    "estimate",
    "standard_error",
    "df",
    "ci_lower",
    "ci_upper",
    "p_value",
    "note",
)

ROUNDING = 1e-13
"""Sums of squares below this share of the sum with all patients are rounding."""


def leave_one_out(changes: Changes, *, moderated: bool) -> pd.DataFrame:
    """Test every item with all patients and without each, in closed form from the sums over all patients.

    Parameters
    ----------
    moderated
        Whether variances borrow strength from all items, anew in each refit.

    Returns
    -------
    One row per item and refit, items in their order: ``item``, ``left_out`` (patient; "" for all patients),
    ``estimate``, ``standard_error``, ``df``, ``ci_lower``, ``ci_upper`` (95 %), ``p_value``, ``note`` (why there is no
    test). A refit with fewer than three patients in a group has an estimate and no test.
    """
    names = changes.values.columns
    full = t_tests(changes, moderated=moderated)
    parts = [full.assign(left_out="")]
    usable = (item_notes(changes) == "").to_numpy()
    found = moments_of(changes, usable) if not changes.reason else None
    for row, patient in enumerate(changes.patients):
        part = pd.DataFrame(np.nan, index=range(len(names)), columns=list(LONG_COLUMNS[2:8]))
        part = part.assign(item=names.to_numpy(object), left_out=patient, note=full["note"])
        if found is not None and usable.any():
            numbers = _without(changes, row, usable, found, moderated=moderated)
            part.loc[usable, list(numbers)] = numbers.to_numpy(object)
        parts.append(part)
    order = np.arange(len(names) * len(parts)).reshape(len(parts), -1).T.ravel()
    long = pd.concat([part[list(LONG_COLUMNS)] for part in parts], ignore_index=True)
    numeric = dict.fromkeys(LONG_COLUMNS[2:8], float)
    return long.iloc[order].reset_index(drop=True).astype(numeric)


def _without(
    changes: Changes, row: int, usable: npt.NDArray[np.bool_], full: Moments, *, moderated: bool
) -> pd.DataFrame:
    """Return the numbers of one refit for the usable items."""
    left, reason = _left(changes, row, usable, full)
    numbers = pd.DataFrame(np.nan, index=range(int(usable.sum())), columns=list(LONG_COLUMNS[3:8]))
    numbers = numbers.assign(estimate=left.estimate, note=reason)
    if not numbers["note"].any() and len(numbers):
        varies = left.variance * left.df > ROUNDING * full.variance * full.df
        numbers.loc[~varies, "note"] = "the same change in every other patient"
        kept = Moments(left.estimate[varies], left.variance[varies], left.df, left.factor)
        if varies.any():
            columns = statistics(kept, moderated=moderated)
            numbers.loc[varies, list(LONG_COLUMNS[3:8])] = np.column_stack([columns[c] for c in LONG_COLUMNS[3:8]])
    return numbers


def _left(changes: Changes, row: int, usable: npt.NDArray[np.bool_], full: Moments) -> tuple[Moments, str]:
    """Return the moments without one patient, and why they allow no test."""
    if changes.covariate is not None:
        others = changes.without(changes.patients[row])
        flat = others.covariate is None or others.covariate.nunique() < 2
        return (full if flat else moments_of(others, usable)), others.reason
    left, sizes = _downdated(changes.values.to_numpy(float)[:, usable], changes.first, row, full)
    return left, too_few(sizes, changes.levels)


def _downdated(
    values: Array, first: npt.NDArray[np.bool_] | None, row: int, full: Moments
) -> tuple[Moments, tuple[int, ...]]:
    """Take one patient out of the means and sums of squares; return also the patients left in each group.

    The mean without d is (n m - d)/(n - 1), the sum of squares about it loses n (d - m)^2/(n - 1).
    """
    own = np.ones(len(values), bool) if first is None else first == first[row]
    n = int(own.sum())
    others = () if first is None else (len(values) - n,)
    mean = values[own].mean(axis=0)
    off = values[row] - mean
    sign = 1.0 if first is None or first[row] else -1.0
    squares = np.maximum(full.variance * full.df - n / (n - 1) * off**2, 0)
    factor = float(np.sqrt(1 / (n - 1) + sum(1 / size for size in others)))
    left = Moments(full.estimate - sign * off / (n - 1), squares / (full.df - 1), full.df - 1, factor)
    sizes = (n - 1, *others)
    return left, sizes if first is None or first[row] else sizes[::-1]
