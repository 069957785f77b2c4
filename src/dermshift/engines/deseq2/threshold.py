"""Test an estimate against a threshold of change rather than against none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm, t

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from dermshift.engines.base import Alternative

    Floats = NDArray[np.float64]


def threshold_test(
    estimate: Floats,
    error: Floats,
    df: ArrayLike = np.inf,
    *,
    threshold: float = 0.0,
    alternative: Alternative = "greaterAbs",
) -> tuple[Floats, Floats]:
    """Return statistic and p-value of an estimate against a threshold.

    The threshold applies to the tested contrast itself, whatever its weights, and p reaches 1.

    Parameters
    ----------
    estimate, error
        Estimate of the contrast and its standard error, in one unit; shape (genes,).
    df
        Degrees of freedom of the t curve; infinite for the normal curve.
    threshold
        Not negative, in the unit of the estimate.
    alternative
        What is claimed: the change exceeds the threshold in either direction (``greaterAbs``), stays within it
        (``lessAbs``), exceeds it upwards (``greater``) or downwards (``less``).

    References
    ----------
    R ``DESeq2::results``, arguments ``lfcThreshold`` and ``altHypothesis``.
    """
    above, below = (estimate - threshold) / error, (estimate + threshold) / error
    if alternative == "greaterAbs":
        beyond = (np.abs(estimate) - threshold) / error
        return np.sign(estimate) * np.maximum(beyond, 0), np.minimum(1.0, 2 * upper_tail(beyond, df))
    if alternative == "lessAbs":
        inside = np.minimum(np.maximum(-above, 0), np.maximum(below, 0))
        return inside, np.maximum(upper_tail(-above, df), upper_tail(below, df))
    if alternative == "greater":
        return np.maximum(above, 0), upper_tail(above, df)
    return np.minimum(below, 0), upper_tail(-below, df)


def upper_tail(statistic: Floats, df: ArrayLike) -> Floats:
    """Return the probability above the statistic under t with `df` degrees of freedom, normal where infinite."""
    degrees = np.broadcast_to(np.asarray(df, dtype=float), np.shape(statistic))
    curved = np.isfinite(degrees)
    p = norm.sf(statistic)
    p[curved] = t.sf(statistic[curved], degrees[curved])
    return np.asarray(p, dtype=float)
