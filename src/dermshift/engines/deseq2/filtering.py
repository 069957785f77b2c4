"""Independent filtering: leave out the genes with the lowest counts, so that most of the others can be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.deseq2.lowess import lowess
from dermshift.fdr import benjamini_hochberg

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Counts = npt.NDArray[np.int64]

SHARES, MOST_LEFT_OUT = 50, 0.95
TOO_FEW, SMOOTHING = 10, 1 / 5


@dataclass(frozen=True)
class Filtered:
    """Adjusted p-values over the genes above a threshold.

    Parameters
    ----------
    fdr
        Shape (n,), NaN below the threshold and where p is NaN.
    threshold
        Smallest mean count that is kept.
    theta
        Share of the genes below it.
    rejections
        Genes with an adjusted p-value below alpha at this threshold.
    """

    fdr: Array
    threshold: float
    theta: float
    rejections: int


def independent_filter(base_mean: npt.ArrayLike, p: npt.ArrayLike, alpha: float) -> Filtered:
    """Return adjusted p-values after the filter that finds nearly the most genes at `alpha`.

    Parameters
    ----------
    base_mean
        Shape (n,), mean normalised count of every gene of the matrix, zero for genes without counts.
    p
        Shape (n,), p-values; NaN is no test.
    alpha
        False discovery rate the rejections are counted at.

    References
    ----------
    Bourgon, Gentleman and Huber 2010, doi:10.1073/pnas.0914005107; R ``DESeq2:::pvalueAdjustment``.
    """
    means, p_values = np.asarray(base_mean, float), np.asarray(p, float)
    theta = shares_left_out(means)
    cutoffs = quantiles(means, theta)
    rejections = rejection_counts(means, p_values, cutoffs, alpha)
    j = chosen(theta, rejections)
    kept = np.where(means >= cutoffs[j], p_values, np.nan)
    return Filtered(benjamini_hochberg(kept), float(cutoffs[j]), float(theta[j]), int(rejections[j]))


def shares_left_out(means: Array) -> Array:
    """Return the 50 shares tried: from the share of zero means to 95 %, or to 100 % when that many are zero."""
    lowest = float(np.mean(means == 0))
    return np.linspace(lowest, MOST_LEFT_OUT if lowest < MOST_LEFT_OUT else 1, SHARES)


def quantiles(values: Array, shares: Array) -> Array:
    """Return R's default (type 7) quantiles, to the last digit: a gene may lie exactly on one."""
    ordered = np.sort(values)
    index = (len(values) - 1) * shares + 1
    low, high = np.floor(index), np.ceil(index)
    below, above = ordered[low.astype(int) - 1], ordered[high.astype(int) - 1]
    share = index - low
    between = (index > low) & (above != below)
    return np.asarray(np.where(between, (1 - share) * below + share * above, below), float)


def rejection_counts(means: Array, p: Array, cutoffs: Array, alpha: float) -> Counts:
    """Return the number of adjusted p-values below `alpha` among the genes at or above each cutoff."""
    order = np.argsort(p)[: int(np.sum(~np.isnan(p)))]
    ordered_p, ordered_means = p[order], means[order]
    counts = []
    for cutoff in cutoffs:
        kept = ordered_p[ordered_means >= cutoff]
        passing = np.flatnonzero(len(kept) / np.arange(1, len(kept) + 1) * kept < alpha)
        counts.append(passing[-1] + 1 if passing.size else 0)
    return np.array(counts, int)


def chosen(theta: Array, rejections: Counts) -> int:
    """Return the first share whose rejections come near the top of their smoothed curve.

    Near: within the root mean square of the residuals. With at most 10 rejections anywhere nothing is left out.
    """
    if rejections.max() <= TOO_FEW:
        return 0
    smooth = lowess(theta, rejections, SMOOTHING)
    some = rejections > 0
    residual = rejections[some] - smooth[some]
    above = np.flatnonzero(rejections > smooth.max() - np.sqrt(np.mean(residual**2)))
    return int(above[0]) if above.size else 0
