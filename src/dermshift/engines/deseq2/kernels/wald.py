"""Standard error of a contrast of one gene's coefficients."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.gram import Rows, backward, forward
from dermshift.engines.deseq2.kernels.irls import means, weighted_factor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@compiled
def error_block(
    begin: int, end: int, beta: Floats, alpha: Floats, size_factors: Floats, rows: Rows, ridge: Floats,
    smallest: float, contrast: Floats, out: Floats,
) -> None:  # fmt: skip
    """Write the standard error (natural log) of ``contrast @ beta`` of the genes from `begin` to `end`, or NaN.

    With A = X' W X + ridge the covariance is A^-1 X' W X A^-1, so that the variance of the contrast c is
    ``c'u - u' ridge u`` with ``u = A^-1 c``.

    References
    ----------
    R ``DESeq2:::getContrast`` (C++ ``fitBeta``).
    """
    n, p = len(size_factors), len(contrast)
    mu, weights, A, u = np.empty(n), np.empty(n), np.empty((p, p)), np.empty(p)
    for g in range(begin, end):
        out[g] = np.nan
        means(beta[g], rows, size_factors, smallest, mu)
        if not weighted_factor(mu, alpha[g], rows, ridge, weights, A):
            continue
        u[:] = contrast
        forward(A, rows.first, u)
        backward(A, rows.first, u)
        variance = 0.0
        for i in range(p):
            variance += contrast[i] * u[i] - ridge[i] * u[i] * u[i]
        out[g] = math.sqrt(variance) if variance > 0.0 else np.nan
