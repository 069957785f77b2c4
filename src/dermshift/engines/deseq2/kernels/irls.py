"""Coefficients of a negative binomial regression with log link, one gene at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.gram import cholesky, cross_product
from dermshift.engines.deseq2.kernels.special import log_gamma

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LARGE = 30.0
"""A coefficient (natural log) beyond this ends the iterations, as in R."""


@compiled
def means(beta: Floats, rows: Rows, size_factors: Floats, smallest: float, out: Floats) -> None:
    """Write the mean count of each library, at least `smallest`, into `out`."""
    for j in range(len(out)):
        eta = 0.0
        for a in range(rows.starts[j], rows.starts[j + 1]):
            eta += rows.values[a] * beta[rows.columns[a]]
        out[j] = max(size_factors[j] * math.exp(eta), smallest)


@compiled
def likelihood_constant(y: Floats, alpha: float) -> float:
    """Return the part of the log likelihood that the means do not change."""
    size = 1.0 / alpha
    at_size, log_alpha, total = log_gamma(size, math.log(size)), math.log(alpha), 0.0
    for j in range(len(y)):
        if y[j] > 0.0:
            total += log_gamma(y[j] + size, math.log(y[j] + size)) - at_size + y[j] * log_alpha
            total -= log_gamma(y[j] + 1.0, math.log(y[j] + 1.0))
    return total


@compiled
def likelihood_of_means(y: Floats, mu: Floats, alpha: float) -> float:
    """Return the part of the log likelihood that the means change: with the constant, the negative binomial's own."""
    total = 0.0
    for j in range(len(y)):
        fitted = math.log1p(alpha * mu[j])
        total -= fitted / alpha
        if y[j] > 0.0:
            total += y[j] * (math.log(mu[j]) - fitted)
    return total


@compiled
def means_with_logs(
    beta: Floats, rows: Rows, size_factors: Floats, logs: Floats, smallest: float, mu: Floats, eta: Floats
) -> None:
    """Write the means, and the logarithms of the means over the size factors, given the `logs` of those."""
    for j in range(len(mu)):
        eta[j] = 0.0
        for a in range(rows.starts[j], rows.starts[j + 1]):
            eta[j] += rows.values[a] * beta[rows.columns[a]]
        mu[j] = size_factors[j] * math.exp(eta[j])
        if mu[j] < smallest:
            mu[j] = smallest
            eta[j] = math.log(smallest) - logs[j]


@compiled
def likelihood_of_logs(y: Floats, mu: Floats, log_mu: Floats, alpha: float) -> float:
    """Return what `likelihood_of_means` does, given the logarithms of the means."""
    total = 0.0
    for j in range(len(y)):
        fitted = math.log1p(alpha * mu[j])
        total += y[j] * (log_mu[j] - fitted) - fitted / alpha
    return total


@compiled
def weighted_factor(mu: Floats, alpha: float, rows: Rows, ridge: Floats, weights: Floats, A: Floats) -> bool:
    """Write the weights and the Cholesky factor of ``X' W X + ridge``; return whether it is positive definite."""
    for j in range(len(mu)):
        weights[j] = mu[j] / (1.0 + alpha * mu[j])
    cross_product(weights, rows, A)
    for i in range(len(ridge)):
        A[i, i] += ridge[i]
    return cholesky(A, rows.first)


@compiled
def likelihood_block(begin: int, end: int, counts: Floats, mu: Floats, alpha: Floats, out: Floats) -> None:
    """Write the log likelihood of the genes from `begin` to `end`."""
    for g in range(begin, end):
        out[g] = likelihood_constant(counts[g], alpha[g]) + likelihood_of_means(counts[g], mu[g], alpha[g])
