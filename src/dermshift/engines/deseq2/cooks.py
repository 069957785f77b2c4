"""Cook's distances, the counts they replace and the p-values they withhold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import f, trim_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]
    Integers = NDArray[np.int64]

SMALLEST_DISPERSION = 0.04
CELL_SIZES = (3.5, 23.5)
TRIM = (1 / 3, 1 / 4, 1 / 8)
SCALE = (2.04, 1.86, 1.51)
"""Share trimmed at each end and the factor that undoes it, for cells of up to 3, up to 23, and more libraries."""


def cells(matrix: Floats) -> Integers:
    """Return a number for each library, equal where the design rows are."""
    return np.asarray(np.unique(matrix, axis=0, return_inverse=True)[1], dtype=np.int64).ravel()


def repeated(matrix: Floats, n: int) -> Booleans:
    """Return which libraries share their design row with at least `n` in all. R ``DESeq2:::nOrMoreInCell``."""
    cell = cells(matrix)
    return np.asarray(np.bincount(cell)[cell] >= n)


def cutoff(matrix: Floats) -> float:
    """Return the Cook's distance above which a count is an outlier: the 99 % point of F with p and n - p df."""
    n, p = matrix.shape
    return float(f.ppf(0.99, p, n - p))


def distances(counts: Floats, size_factors: Floats, mu: Floats, hat: Floats, matrix: Floats) -> Floats:
    """Return Cook's distance of every count (genes x libraries).

    References
    ----------
    R ``DESeq2:::calculateCooksDistance``.
    """
    alpha = robust_dispersions(counts / size_factors, matrix)[:, None]
    squared = (counts - mu) ** 2 / (mu + alpha * mu**2)
    return np.asarray(squared / matrix.shape[1] * hat / (1 - hat) ** 2)


def robust_dispersions(normalised: Floats, matrix: Floats) -> Floats:
    """Return moment dispersions from trimmed variances, so that one outlier does not hide itself.

    References
    ----------
    R ``DESeq2:::robustMethodOfMomentsDisp``.
    """
    enough = repeated(matrix, 3)
    variance = _cell_variance(normalised[:, enough], cells(matrix)[enough]) if enough.any() else _variance(normalised)
    mean = normalised.mean(axis=1)
    return np.asarray(np.maximum((variance - mean) / mean**2, SMALLEST_DISPERSION))


def _variance(values: Floats) -> Floats:
    centred = values - np.asarray(trim_mean(values, TRIM[2], axis=1))[:, None]
    return np.asarray(SCALE[2] * trim_mean(centred**2, TRIM[2], axis=1))


def _cell_variance(values: Floats, cell: Integers) -> Floats:
    found = []
    for level in np.unique(cell):
        inside = values[:, cell == level]
        size = int(np.searchsorted(CELL_SIZES, inside.shape[1]))
        centred = inside - np.asarray(trim_mean(inside, TRIM[size], axis=1))[:, None]
        found.append(SCALE[size] * np.asarray(trim_mean(centred**2, TRIM[size], axis=1)))
    return np.asarray(np.max(found, axis=0))


def replaced_counts(counts: Floats, size_factors: Floats, outlying: Booleans, replaceable: Booleans) -> Floats:
    """Return the counts with each outlier in a replaceable library set to the gene's trimmed mean.

    References
    ----------
    R ``DESeq2::replaceOutliersWithTrimmedMean``.
    """
    middle = np.asarray(trim_mean(counts / size_factors, 0.2, axis=1))
    imputed = np.floor(middle[:, None] * size_factors)
    return np.where(outlying & replaceable, imputed, counts)


def withheld(cooks: Floats, original: Floats, counts: Floats, matrix: Floats) -> Booleans:
    """Return the genes whose p-value is withheld: a library of a cell of three or more is an outlier.

    With two groups and nothing else, a gene is kept where three libraries or more have a larger count than the
    outlier: the outlier is then no artefact of one library.

    Parameters
    ----------
    cooks
        Distances that count, genes x libraries: zero where the count was replaced.
    original
        Distances before any replacement.

    References
    ----------
    R ``DESeq2:::recordMaxCooks`` and ``DESeq2::results``, argument ``cooksCutoff``.
    """
    enough = repeated(matrix, 3)
    if not enough.any():
        return np.zeros(len(counts), dtype=bool)
    out = np.asarray((cooks[:, enough] > cutoff(matrix)).any(axis=1))
    if matrix.shape[1] == 2 and len(np.unique(matrix, axis=0)) == 2:
        worst = counts[np.arange(len(counts)), np.nan_to_num(original, nan=-1.0).argmax(axis=1)]
        out &= (counts > worst[:, None]).sum(axis=1) < 3
    return out
