"""Least squares for many items that share one design: the patients' changes on group means and a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.paired.changes import Changes

LEVEL = 0.95


@dataclass(frozen=True)
class Fit:
    """One contrast of a fit.

    Parameters
    ----------
    numbers
        4 x items: estimate, lower and upper end of the 95 % interval, two-sided p of t.
    unscaled
        Variance of the contrast divided by the residual variance.
    df
        Residual degrees of freedom.
    """

    numbers: npt.NDArray[np.float64]
    unscaled: float
    df: int


def group_means(changes: Changes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the design of the group means (or of intercept and slope), patients x columns, and the contrast wanted."""
    first = changes.first
    if changes.covariate is not None:
        x = changes.covariate.to_numpy(float)
        return np.column_stack([np.ones(len(x)), x - x.mean()]), np.array([0.0, 1.0])
    if first is None:
        return np.ones((len(changes.values), 1)), np.array([1.0])
    return np.column_stack([first, ~first]).astype(float), np.array([1.0, -1.0])


def least_squares(
    design: npt.NDArray[np.float64], contrast: npt.NDArray[np.float64], values: npt.NDArray[np.float64]
) -> Fit:
    """Fit a full-rank design, patients x coefficients, to values, patients x items."""
    from scipy.stats import t as student

    q, r = np.linalg.qr(design)
    weights = np.linalg.solve(r.T, contrast)
    estimate = weights @ (q.T @ values)
    df = design.shape[0] - design.shape[1]
    unscaled = float(weights @ weights)
    error = np.sqrt((residuals(design, values) ** 2).sum(axis=0) / df * unscaled)
    with np.errstate(divide="ignore", invalid="ignore"):  # items that do not vary are withheld by the caller
        p = 2 * student.sf(np.abs(estimate / error), df)
    half = student.ppf((1 + LEVEL) / 2, df) * error
    return Fit(np.stack([estimate, estimate - half, estimate + half, p]), unscaled, df)


def residuals(design: npt.NDArray[np.float64], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return what a full-rank design leaves of each column of `values`."""
    q, _ = np.linalg.qr(design)
    left: npt.NDArray[np.float64] = values - q @ (q.T @ values)
    return left


def correlations(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Correlate each column of residuals `a` with the residuals `b`; NaN where one of them does not vary."""
    with np.errstate(divide="ignore", invalid="ignore"):
        r: npt.NDArray[np.float64] = (a.T @ b) / np.sqrt((a**2).sum(axis=0) * (b**2).sum())
    return r
