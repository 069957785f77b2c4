"""Coefficients of the few genes on which reweighted least squares does not converge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LARGE = 30.0
"""Bound of a coefficient, log2, as in R."""
LOG2 = float(np.log(2))


def maximise(
    y: Floats, matrix: Floats, size_factors: Floats, alpha: float, start: Floats, prior_precision: float
) -> tuple[Floats, bool]:
    """Return the coefficients (log2) of one gene that maximise the penalised likelihood, and whether it converged.

    Parameters
    ----------
    y
        Counts, shape (libraries,).
    matrix
        Design matrix, libraries x columns.
    alpha
        Dispersion.
    start
        First guess (log2), shape (columns,).
    prior_precision
        Inverse variance of the wide normal prior of every coefficient (log2).

    References
    ----------
    R ``DESeq2:::fitNbinomGLMsOptim``, which takes its gradient from finite differences.
    """

    def loss(beta: Floats) -> tuple[float, Floats]:
        eta = LOG2 * (matrix @ beta)
        mu = size_factors * np.exp(eta)
        fitted = np.log1p(alpha * mu)
        value = -(y * (np.log(size_factors) + eta - fitted) - fitted / alpha).sum()
        gradient = -LOG2 * (matrix.T @ ((y - mu) / (1 + alpha * mu)))
        return value + 0.5 * prior_precision * (beta @ beta), gradient + prior_precision * beta

    bounds = [(-LARGE, LARGE)] * len(start)
    options = {"ftol": 1e-13, "gtol": 1e-10, "maxiter": 500}
    found = minimize(loss, np.clip(start, -LARGE, LARGE), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(found.x, dtype=float), bool(found.success)
