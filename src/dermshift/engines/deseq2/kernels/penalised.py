"""Penalised likelihood of one gene's coefficients (log2), and its gradient from finite differences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.irls import likelihood_constant, likelihood_of_logs, means_with_logs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]

LOG2 = math.log(2.0)
LOG_SQRT_2PI = 0.918938533204672741780329736406
STEP = 1e-3
"""Step of R's finite differences, log2."""
IMPOSSIBLE = 1e300


@compiled
def penalised_loss(
    log2_beta: Floats, y: Floats, alpha: float, size_factors: Floats, rows: Rows, precision: float
) -> float:
    """Return the negative log posterior with a normal prior of this precision, every constant included."""
    n = len(y)
    mu, eta, logs = np.empty(n), np.empty(n), np.log(size_factors)
    means_with_logs(log2_beta * LOG2, rows, size_factors, logs, 0.0, mu, eta)
    total = -likelihood_constant(y, alpha) - likelihood_of_logs(y, mu, eta + logs, alpha)
    for value in log2_beta:
        total += 0.5 * precision * value * value + LOG_SQRT_2PI - 0.5 * math.log(precision)
    return total if math.isfinite(total) else IMPOSSIBLE


@compiled
def difference_gradient(
    log2_beta: Floats, y: Floats, alpha: float, size_factors: Floats, rows: Rows, precision: float, bound: float
) -> Floats:
    """Return central differences of `penalised_loss`, one-sided at the bound."""
    out, moved = np.empty(len(log2_beta)), log2_beta.copy()
    for i in range(len(out)):
        high, low = min(log2_beta[i] + STEP, bound), max(log2_beta[i] - STEP, -bound)
        moved[i] = high
        above = penalised_loss(moved, y, alpha, size_factors, rows, precision)
        moved[i] = low
        below = penalised_loss(moved, y, alpha, size_factors, rows, precision)
        moved[i] = log2_beta[i]
        out[i] = (above - below) / (high - low)
    return out
