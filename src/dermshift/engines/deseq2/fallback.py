"""Coefficients of the few genes on which reweighted least squares does not converge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from dermshift.engines.deseq2.kernels.gram import design_rows
from dermshift.engines.deseq2.kernels.penalised import difference_gradient, penalised_loss

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LARGE = 30.0
"""Bound of a coefficient, log2, as in R."""
AS_R = {"ftol": 1e7 * float(np.finfo(float).eps), "gtol": 0.0, "maxcor": 5, "maxiter": 100}
"""When R's ``optim`` stops, and how many steps it remembers."""


def maximise(
    y: Floats, matrix: Floats, size_factors: Floats, alpha: float, start: Floats, prior_precision: float
) -> tuple[Floats, bool]:
    """Return the coefficients (log2) of one gene that maximise the penalised likelihood, and whether it converged.

    Such a gene has a level without counts, towards which the likelihood is nearly flat: where the search stops is part
    of the answer. So the search is R's, its finite differences included.

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
    R ``DESeq2:::fitNbinomGLMsOptim``; R ``optim``, method L-BFGS-B.
    """
    rows = design_rows(matrix)

    def loss(beta: Floats) -> float:
        return penalised_loss(beta, y, alpha, size_factors, rows, prior_precision)

    def gradient(beta: Floats) -> Floats:
        return difference_gradient(beta, y, alpha, size_factors, rows, prior_precision, LARGE)

    bounds = [(-LARGE, LARGE)] * len(start)
    first = np.clip(start, -LARGE, LARGE)
    found = minimize(loss, first, jac=gradient, method="L-BFGS-B", bounds=bounds, options=AS_R)
    return np.asarray(found.x, dtype=float), bool(found.success)
